"""
What waits for somebody: each app says what of its own does, and the home page shows all of it.

An app registers a finder from its `ready()`. A finder takes the person and today, and returns what that
person alone, or with others, has to do next; it costs a constant number of queries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingItem:
    """
    One thing to do: `text` begins with a verb, `about` names what it belongs to.

    `due` is the last day on which it is in time; None is no day.
    """

    text: str
    url: str
    about: str = ""
    due: date | None = None


Finder = Callable[[Any, date], Sequence[WaitingItem]]
_finders: dict[str, tuple[int, Finder]] = {}


def finds_waiting(key: str, *, order: int) -> Callable[[Finder], Finder]:
    """Register what an app finds under a key of its own; `order` breaks ties between days."""

    def register(finder: Finder) -> Finder:
        _finders[key] = (order, finder)
        return finder

    return register


def waiting_for(person: Any, *, today: date) -> list[WaitingItem]:
    """Return what waits for a person: what is due first stands first, what has no day last."""
    found = [
        (item.due is None, item.due or today, order, item)
        for order, finder in sorted(_finders.values(), key=lambda one: one[0])
        for item in finder(person, today)
    ]
    return [one[3] for one in sorted(found, key=lambda one: one[:3])]
