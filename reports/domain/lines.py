"""
One project's line in a summary or variance report: how it stood at a freeze and at the one before.

Lines are stored as sparse JSON: what is empty is left out, dates are ISO text, amounts are decimal
text, so that the stored text is the same on every database.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from projects.domain.colors import Color, is_better
from projects.domain.earning.memory import Typical
from projects.domain.stages import REPORTING
from reports.domain.figure_table import Kind, line_kinds

LEFT = "left"  # the `stage` of a project that was taken out of the portfolio
NO_MISSES: Mapping[int, Typical] = MappingProxyType({})


class Memory(NamedTuple):
    """How far forecasts of finished projects were off, by project id: of the portfolio, and of others."""

    finished: Mapping[int, Typical] = NO_MISSES
    elsewhere: Mapping[int, Typical] = NO_MISSES


NOTHING = Memory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A milestone as frozen; `due_date` is the actual date once done, else the forecast."""

    name: str
    kind: str = ""
    baseline_date: date | None = None
    due_date: date | None = None
    is_done: bool = False
    due_date_before: date | None = None

    @property
    def slip_days(self) -> int | None:
        """Days from baseline to due, positive = late; None when either is not known."""
        return _days(self.baseline_date, self.due_date)

    @property
    def moved_days(self) -> int | None:
        """Days the date moved since the freeze before, positive = later; None when not known."""
        return _days(self.due_date_before, self.due_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """Figures of one project; None is not known and `reasons` says why. `…_before`: a freeze ago."""

    id: int
    code: str = ""
    name: str = ""
    unit_name: str = ""
    category: str = ""
    category_name: str = ""  # as it was called when the document was made; release 0.1 kept none
    manager_name: str = ""
    # whom the names mean; None in documents of before these were kept
    unit_id: int | None = None
    manager_id: int | None = None
    manager_left: bool = False  # was deactivated when the document was made
    # due for five working days on the freeze, and unsent when the document was made
    late_messages: int = 0
    # of its approvals, overdue on the freeze, and open when the document was made
    late_conditions: int = 0
    unratified: int = 0
    stage: str = ""
    is_active: bool = False
    was_active: bool = False

    overall: str = Color.NONE
    overall_before: str | None = None
    measured: str = Color.NONE
    measured_rule: str = ""
    is_disputed: bool = False
    is_silent: bool = False  # owes a report and gave none that is still fresh
    note: str = ""
    published_rating: str = (
        ""  # the rating in the words of whoever published it, where that is not ours
    )
    updated_on: date | None = None
    update_due: bool | None = None  # owes this week's update; release 0.1 kept only `is_silent`

    approved_budget: Decimal | None = None
    spent: Decimal | None = None
    forecast_cost: Decimal | None = None
    forecast_cost_before: Decimal | None = None
    # of earned value; what cannot be added up says why in `eac_reason`
    budget_at_completion: Decimal | None = None
    planned_value: Decimal | None = None
    earned_value: Decimal | None = None
    eac: Decimal | None = None
    eac_low: Decimal | None = None
    eac_high: Decimal | None = None
    eac_method: str = ""
    eac_reason: str = ""
    fiscal_year: int | None = None
    year_budget: Decimal | None = None
    year_forecast: Decimal | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)

    baseline_finish: date | None = None
    forecast_finish: date | None = None
    forecast_finish_before: date | None = None
    forecast_finish_ev: date | None = None  # at the pace in time so far
    is_finished: bool = False
    milestones_late: int = 0
    milestones_late_before: int = 0
    lacks_milestones: bool = False
    milestones_open: int | None = None  # release 0.1 kept none
    milestones: tuple[Mark, ...] = ()
    milestones_apart: int = 0  # how many are kept beside the line and not in it

    high_risks: int = 0
    high_risks_before: int = 0
    lacks_register: bool = False
    open_risks: int | None = None  # release 0.1 kept none
    top_risk: str = ""
    top_risk_score: int | None = None
    top_risk_score_before: int | None = None

    help_needed: str = ""
    help_from: str = ""
    help_due: date | None = None

    @property
    def cost_variance(self) -> Decimal | None:
        """Forecast minus approved, positive = over; None when either is not known."""
        return _minus(self.forecast_cost, self.approved_budget)

    @property
    def year_variance(self) -> Decimal | None:
        return _minus(self.year_forecast, self.year_budget)

    @property
    def forecast_moved(self) -> Decimal | None:
        """How much the forecast cost moved since the freeze before; None when not known."""
        return _minus(self.forecast_cost, self.forecast_cost_before)

    @property
    def finish_slip_days(self) -> int | None:
        return _days(self.baseline_finish, self.forecast_finish)

    @property
    def finish_moved(self) -> int | None:
        """Days the finish moved since the freeze before, positive = later; None when not known."""
        return _days(self.forecast_finish_before, self.forecast_finish)

    @property
    def owes_report(self) -> bool:
        """True for a running project in a stage that reports every week."""
        return self.is_active and self.stage in REPORTING

    @property
    def owes_update(self) -> bool:
        """True when the week's update is missing; a line of release 0.1 says what it was issued with."""
        return self.is_silent if self.update_due is None else self.owes_report and self.update_due

    @property
    def is_new(self) -> bool:
        return self.is_active and not self.was_active

    @property
    def is_ended(self) -> bool:
        return self.was_active and not self.is_active

    @property
    def stays(self) -> bool:
        return self.is_active and self.was_active

    @property
    def is_worse(self) -> bool:
        return self.stays and is_better(
            _COLORS[self.overall_before or Color.NONE.value], self.color
        )

    @property
    def is_better(self) -> bool:
        return self.stays and is_better(
            self.color, _COLORS[self.overall_before or Color.NONE.value]
        )

    @property
    def is_silenced(self) -> bool:
        """True when it had a color at the freeze before and has none now."""
        return self.stays and self.color == Color.NONE != (self.overall_before or Color.NONE)

    @property
    def is_resumed(self) -> bool:
        """True when it had no color at the freeze before and has one now."""
        return self.stays and self.color != Color.NONE == (self.overall_before or Color.NONE)

    @property
    def color(self) -> Color:
        return _COLORS[self.overall]


_COLORS = {color.value: color for color in Color}  # ten times faster than Color(…), and asked often


def _minus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _days(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None else (end - start).days


_KINDS = dict(line_kinds())
_DATES = tuple(name for name, kind in _KINDS.items() if kind is Kind.DATE)
_AMOUNTS = tuple(name for name, kind in _KINDS.items() if kind is Kind.MONEY)
# what documents of release 0.1 call the fields of a line; they are sealed as they are
FIRST_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "manager": "manager_name",
        "unit": "unit_name",
        "approved": "approved_budget",
        "forecast": "forecast_cost",
        "forecast_before": "forecast_cost_before",
        "budget": "budget_at_completion",
        "planned": "planned_value",
        "earned": "earned_value",
        "year": "fiscal_year",
        "finish": "forecast_finish",
        "finish_before": "forecast_finish_before",
        "pace_finish": "forecast_finish_ev",
        "late_milestones": "milestones_late",
        "late_milestones_before": "milestones_late_before",
        "published": "published_rating",
    }
)
FIRST_MARK_NAMES: Mapping[str, str] = MappingProxyType(
    {"baseline": "baseline_date", "due": "due_date", "due_before": "due_date_before"}
)
# zero is a value here
_KEPT = {*_AMOUNTS, "id", "update_due", "milestones_open", "open_risks"}
_NAMES = tuple(f.name for f in fields(ProjectLine))
_MARK_NAMES = tuple(f.name for f in fields(Mark))
_values_of, _mark_values_of = attrgetter(*_NAMES), attrgetter(*_MARK_NAMES)
_WRITTEN: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {date: date.isoformat, Decimal: "{:.2f}".format, Color: lambda color: str(color.value)}
)


def to_json(line: ProjectLine) -> dict[str, Any]:
    """Write the line without what is empty."""
    stored = _sparse(zip(_NAMES, _values_of(line), strict=True))
    if line.milestones:
        stored["milestones"] = [
            _sparse(zip(_MARK_NAMES, _mark_values_of(mark), strict=True))
            for mark in line.milestones
        ]
    return stored


def _sparse(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Keep what says something, as JSON has it; asked of sixty fields of ten thousand lines."""
    stored: dict[str, Any] = {}
    for name, value in values:
        if not value and (value is None or name not in _KEPT):
            continue
        write = _WRITTEN.get(value.__class__)
        stored[name] = write(value) if write else value
    return stored


_BETWEEN = re.compile(r"[\s,]*")


def rows_in(text: str) -> Iterator[dict[str, Any]]:
    """Yield what the first list of a JSON text holds, one by one; decoded it is ten times as large."""
    decode = json.JSONDecoder().raw_decode
    place = _past_comma(text, text.index("[") + 1)
    while text[place] != "]":
        stored, place = decode(text, place)
        yield stored
        place = _past_comma(text, place)


def _past_comma(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def named(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored line under today's names, whatever release wrote it."""
    found = {FIRST_NAMES.get(name, name): value for name, value in stored.items()}
    if "milestones" in found:
        found["milestones"] = [named_mark(one) for one in found["milestones"]]
    return found


def named_mark(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {FIRST_MARK_NAMES.get(name, name): value for name, value in stored.items()}


def from_json(stored: Mapping[str, Any]) -> ProjectLine:
    values = named(stored)
    for name in _DATES:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in _AMOUNTS:
        if name in values:
            values[name] = Decimal(values[name])
    if "milestones" in values:
        values["milestones"] = tuple(mark_from_json(one) for one in values["milestones"])
    return ProjectLine(**values)


def mark_from_json(stored: Mapping[str, Any]) -> Mark:
    values = named_mark(stored)
    return Mark(
        name=values["name"],
        kind=values.get("kind", ""),
        baseline_date=_day(values.get("baseline_date")),
        due_date=_day(values.get("due_date")),
        is_done=values.get("is_done", False),
        due_date_before=_day(values.get("due_date_before")),
    )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    The lines that one reader may see, and how many of the running projects are hidden.

    `finished` says how far the forecasts of the portfolio's finished projects were off, and `elsewhere`
    those of other portfolios, of those the reader may see.
    """

    lines: tuple[ProjectLine, ...]
    hidden: int
    is_all: bool
    finished: tuple[Typical, ...] = ()
    elsewhere: tuple[Typical, ...] = ()

    @classmethod
    def of(
        cls,
        stored: Iterable[Mapping[str, Any]],
        visible: Collection[int],
        memory: Memory = NOTHING,
    ) -> Self:
        """Take what is visible, one line at a time."""
        lines: list[ProjectLine] = []
        left_out = hidden = 0
        for one in stored:
            if one["id"] in visible:
                lines.append(from_json(one))
            else:
                left_out += 1
                hidden += bool(one.get("is_active"))
        return cls(
            lines=tuple(lines),
            hidden=hidden,
            is_all=not left_out,
            finished=_visible(memory.finished, visible),
            elsewhere=_visible(memory.elsewhere, visible),
        )

    @property
    def running(self) -> tuple[ProjectLine, ...]:
        return tuple(line for line in self.lines if line.is_active)


def _visible(misses: Mapping[int, Typical], visible: Collection[int]) -> tuple[Typical, ...]:
    return tuple(miss for pk, miss in misses.items() if pk in visible)
