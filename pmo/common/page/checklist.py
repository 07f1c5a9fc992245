"""
The steps to the first summary, each read from the data by the app that knows it.

An app registers its steps, and the empty tables it offers, from its `ready()`. Nothing is stored:
a step is done when the data says so. What may be done is asked of the policy by the step itself, so
that every link works for the person who reads it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStepLink:
    """A place that leads on; with `posts` the button acts by itself instead of opening a page."""

    label: str
    url: str
    icon: str = ""
    posts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An empty table to download and fill in, as a part of one step where `step` names it."""

    label: str
    text: str
    url: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a step is: whether done, what there is in a sentence, and what this reader may do."""

    done: bool
    text: str
    actions: Sequence[FirstStepLink] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One step as a page shows it; `state` is "done", "next" or "todo"."""

    key: str
    title: str
    state: str
    text: str
    actions: Sequence[FirstStepLink]
    files: Sequence[File] = ()

    @property
    def word(self) -> str:
        return {"done": "Done", "next": "Next"}.get(self.state, "To do")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """All steps for one reader."""

    steps: Sequence[FirstStep]
    files: Sequence[File] = field(default=())

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)

    @property
    def left(self) -> str:
        """How many steps are left, in words."""
        left = self.total - self.done
        word = WORDS[left] if left < len(WORDS) else f"{left:,}"
        return f"{word} {'step' if left == 1 else 'steps'}"


StateOf = Callable[[Any], State]
FileOf = Callable[[Any], File | None]
_steps: dict[str, tuple[int, str, StateOf]] = {}
_files: dict[str, tuple[int, FileOf]] = {}
_ends: dict[str, Callable[[], bool]] = {}
_END = "end"


def step(key: str, *, order: int, title: str) -> Callable[[StateOf], StateOf]:
    """Register a step; its function takes the reader and returns the State."""

    def register(state_of: StateOf) -> StateOf:
        _steps[key] = (order, title, state_of)
        return state_of

    return register


def file(key: str, *, order: int) -> Callable[[FileOf], FileOf]:
    """Register an empty table; its function takes the reader, and returns None where it is not theirs."""

    def register(file_of: FileOf) -> FileOf:
        _files[key] = (order, file_of)
        return file_of

    return register


def ends_when(is_over: Callable[[], bool]) -> Callable[[], bool]:
    """Register how one sees, in one question, that the list has done its work."""
    _ends[_END] = is_over
    return is_over


def is_over() -> bool:
    """Say whether the last step is done; then nobody needs the list any more."""
    return _ends[_END]() if _END in _ends else False


def checklist_for(user: Any) -> Checklist:
    """
    Read all steps for this reader.

    The order is the reader's own, so the next step is the first that they can do something about;
    where there is none, the first that is open at all.
    """
    found = [
        (key, title, state_of(user))
        for key, (_, title, state_of) in sorted(_steps.items(), key=lambda one: one[1][0])
    ]
    files = [
        offered
        for _, file_of in sorted(_files.values(), key=lambda one: one[0])
        if (offered := file_of(user)) is not None
    ]
    to_do = [(key, state) for key, _, state in found if not state.done]
    their_own = [key for key, state in to_do if state.actions]
    following = (their_own or [key for key, _ in to_do] or [""])[0]
    steps = [
        FirstStep(
            key=key,
            title=title,
            state="done" if state.done else "next" if key == following else "todo",
            text=state.text,
            actions=state.actions,
            files=[one for one in files if one.step == key],
        )
        for key, title, state in found
    ]
    return Checklist(steps=steps, files=[one for one in files if one.step != following])
