"""A schedule outside the database: rows, links, calendars, and what reading them kept, changed or lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from projects.domain.kinds import Constraint, LinkKind, TaskKind

MONDAY_TO_FRIDAY = "1111100"
EVERY_DAY = "1111111"
LONGEST_NAME = 200
LONGEST_NOTES = 500
LONGEST_CALENDAR = 80
LONGEST_KEY = 60
LONGEST_DURATION = 20_000  # working days, eighty years
LONGEST_LAG = 20_000
DEEPEST = 20
NAMED = 20


class PlanFileError(Exception):
    """The file cannot be read as a schedule; the text is a sentence for the user."""


class Fate(StrEnum):
    """What becomes of something that the file says."""

    KEPT = "kept"
    CHANGED = "changed"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One line of the report: what was kept, changed or lost, how often, in which rows and why."""

    fate: Fate
    what: str
    why: str
    count: int
    tasks: tuple[str, ...] = ()  # the first of them, by row and name


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """Days that are not as the week says."""

    first: date
    last: date
    is_working: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """The days on which work is done; `weekdays` starts on Monday, 1 = worked."""

    key: str
    name: str
    weekdays: str = MONDAY_TO_FRIDAY
    exceptions: tuple[ExceptionRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """
    One row of the plan, in order. `depth` is 0 at the top.

    `number` is our own record's number where the file came from here. Durations are whole working days;
    `finish` is the last day worked. A summary row carries no duration, progress or cost of its own.
    """

    key: str
    name: str
    depth: int = 0
    number: int | None = None
    kind: TaskKind = TaskKind.WORK
    calendar: str | None = None
    duration: int = 1
    constraint: Constraint = Constraint.NONE
    constraint_date: date | None = None
    start: date | None = None
    finish: date | None = None
    actual_start: date | None = None
    actual_finish: date | None = None
    percent_complete: int = 0
    planned_cost: Decimal | None = None
    notes: str = ""
    is_summary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """What a row waits for. The lag is in working days, or in days of 24 hours when elapsed."""

    predecessor: str
    successor: str
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0
    is_elapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRow:
    """What the file says was approved for one row."""

    task: str
    start: date | None
    finish: date | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """
    A whole schedule. `default_calendar` is the key of the calendar of rows that name none.

    `status_on` is the day as of which its dates were computed, where it says so.
    """

    title: str = ""
    format: str = ""
    start: date | None = None
    status_on: date | None = None
    default_calendar: str | None = None
    calendars: tuple[CalendarRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    baseline: tuple[BaselineRow, ...] = ()
    losses: tuple[Loss, ...] = ()

    @property
    def cost(self) -> Decimal:
        """Return the sum of all planned costs."""
        return sum((task.planned_cost or Decimal(0) for task in self.tasks), Decimal(0))


@dataclass(slots=True)
class ReadingLedger:
    """Collects what became of the file's contents, one line for each kind of event."""

    _lines: dict[tuple[Fate, str, str], tuple[int, list[str]]] = field(default_factory=dict)

    def note(
        self, fate: Fate, what: str, why: str, *, task: str | None = None, count: int = 1
    ) -> None:
        """Add `count` to a line; the first rows are kept by name."""
        number, tasks = self._lines.get((fate, what, why), (0, []))
        if task is not None and len(tasks) < NAMED:
            tasks.append(task)
        self._lines[(fate, what, why)] = (number + count, tasks)

    def kept(self, what: str, why: str, *, count: int) -> None:
        if count:
            self.note(Fate.KEPT, what, why, count=count)

    def changed(self, what: str, why: str, *, task: str | None = None, count: int = 1) -> None:
        if count:
            self.note(Fate.CHANGED, what, why, task=task, count=count)

    def lost(self, what: str, why: str, *, task: str | None = None, count: int = 1) -> None:
        if count:
            self.note(Fate.LOST, what, why, task=task, count=count)

    def losses(self) -> tuple[Loss, ...]:
        """Return the lines, lost first, then changed, then kept, each in the order first seen."""
        order = (Fate.LOST, Fate.CHANGED, Fate.KEPT)
        found = [
            Loss(fate=fate, what=what, why=why, count=count, tasks=tuple(tasks))
            for (fate, what, why), (count, tasks) in self._lines.items()
        ]
        return tuple(sorted(found, key=lambda loss: order.index(loss.fate)))


def steady_depths(depths: Sequence[int]) -> list[int]:
    """Return depths in which no row lies more than one level below the row it belongs to."""
    steady: list[int] = []
    above: list[int] = []
    for depth in depths:
        while above and above[-1] >= depth:
            above.pop()
        steady.append(min(len(above), DEEPEST))
        above.append(depth)
    return steady


def summaries(depths: Sequence[int]) -> list[bool]:
    """Say for each row whether the next one lies below it."""
    return [below > depth for depth, below in zip(depths, [*depths[1:], 0], strict=False)]


def plain_notes(text: str) -> str:
    """Return notes as a file can hold them: without control characters, and no blanks around them."""
    lines = text.replace("\r\n", "\n")
    return "".join(c for c in lines if c >= " " or c in "\n\t").strip()


def clean(text: str, longest: int) -> str:
    """Return one line of text without control characters, cut to `longest`."""
    return " ".join("".join(c if c >= " " and c != "\x7f" else " " for c in text).split())[:longest]
