"""
What higher apps add to `manage.py rounds`: words after it, and lines of its welcome.

The command stands in the lowest app, which knows no people; an app registers from its `ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

Arguments = Callable[[CommandParser], None]
Action = Callable[..., None]
Greeting = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """One word after `manage.py rounds`; `run(command, **options)` raises CommandError to refuse."""

    name: str
    help: str
    run: Action
    arguments: Arguments


_known: dict[str, Subcommand] = {}
_greetings: list[Greeting] = []


def subcommand(name: str, *, help_text: str, arguments: Arguments) -> Callable[[Action], Action]:
    """Register what `manage.py rounds NAME` does."""

    def register(run: Action) -> Action:
        _known[name] = Subcommand(name=name, help=help_text, run=run, arguments=arguments)
        return run

    return register


def add_to(parsers: Any) -> None:
    """Let the command line take every registered word."""
    for known in _known.values():
        known.arguments(parsers.add_parser(known.name, help=known.help))


def run(action: str, command: BaseCommand, **options: Any) -> None:
    """Do what the word says."""
    _known[action].run(command, **options)


def greeting(lines: Greeting) -> Greeting:
    """Register lines for the welcome of a start; they are asked for with the address it serves."""
    if lines not in _greetings:
        _greetings.append(lines)
    return lines


def greetings(base_url: str) -> list[str]:
    """Return the lines that the apps add to the welcome; empty when none has anything to say."""
    return [line for lines in _greetings for line in lines(base_url)]
