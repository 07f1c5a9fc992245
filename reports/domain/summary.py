"""
What stands on the executives' page, made from the lines that its reader may see.

The order is fixed: state, decisions, money, projects that need attention, milestones, risks, what
began and ended, what approvals owe, messages that are late, what is on track. Every list says how many it leaves out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from pmo.common.folding import by_name, fold
from projects.domain.colors import ORDER, Color, worst
from reports.domain.key_figures import KeyFigures, figures_in
from reports.domain.landing import LandingSum, landing_of
from reports.domain.lines import Mark, ProjectLine, Seen
from reports.domain.money import Sum, sum_of, year_sum_of

SOON = timedelta(days=30)
ATTENTION_ROWS = 7
DECISION_ROWS = 8
MILESTONE_ROWS = 6
RISK_ROWS = 5
ENDED_ROWS = 12
ON_TRACK_ROWS = 40
UNSENT_ROWS = 7
OWING_ROWS = 7

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Top(Generic[T]):
    """The first rows of a list, and how many there are in all."""

    rows: tuple[T, ...] = ()
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.rows)

    def __bool__(self) -> bool:
        return self.total > 0

    def written(self, write: Callable[[T], R]) -> "Top[R]":
        """Return the same rows as `write` writes them, of as many."""
        return Top(rows=tuple(write(row) for row in self.rows), total=self.total)


def top(rows: Sequence[T], limit: int) -> Top[T]:
    return Top(rows=tuple(rows[:limit]), total=len(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDecision:
    line: ProjectLine
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMark:
    line: ProjectLine
    mark: Mark
    days: int  # until it is due; negative = missed by so many days


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPage:
    """One reader's page; `since` is the freeze it is compared with."""

    as_of: date
    since: date | None
    is_all: bool
    figures: KeyFigures
    money: Sum
    year: Sum
    landing: LandingSum
    forecast_moved: Decimal | None
    decisions: Top[AskedDecision] = field(default_factory=Top)
    attention: Top[ProjectLine] = field(default_factory=Top)
    missed: Top[DueMark] = field(default_factory=Top)
    soon: Top[DueMark] = field(default_factory=Top)
    risks: Top[ProjectLine] = field(default_factory=Top)
    ended: Top[ProjectLine] = field(default_factory=Top)
    new: Top[ProjectLine] = field(default_factory=Top)
    on_track: Top[ProjectLine] = field(default_factory=Top)
    owing: Top[ProjectLine] = field(default_factory=Top)  # by what approvals owe, the most first
    unsent: Top[ProjectLine] = field(default_factory=Top)  # by late messages, the most first


def page_for(seen: Seen, *, as_of: date, since: date | None) -> SummaryPage:
    """Compute everything anew from the lines a reader may see, so that nothing hidden adds in."""
    running = seen.running
    stays = [line for line in seen.lines if line.stays]
    moves = [line.forecast_moved for line in stays if line.forecast_moved is not None]
    missed, soon = _due(running, as_of)
    return SummaryPage(
        as_of=as_of,
        since=since,
        is_all=seen.is_all,
        figures=figures_in(seen, as_of=as_of, is_compared=since is not None),
        money=sum_of(running),
        year=year_sum_of(running),
        landing=landing_of(seen),
        forecast_moved=sum(moves, Decimal()) if moves else None,
        decisions=top(_decisions(running, as_of), DECISION_ROWS),
        attention=top(attention(running), ATTENTION_ROWS),
        missed=top(missed, MILESTONE_ROWS),
        soon=top(soon, MILESTONE_ROWS),
        risks=top(_risks(running), RISK_ROWS),
        ended=top(_by_name([line for line in seen.lines if line.is_ended]), ENDED_ROWS),
        new=top(_by_name([x for x in running if x.is_new and since is not None]), ENDED_ROWS),
        on_track=top(_by_name([line for line in running if _is_quiet(line)]), ON_TRACK_ROWS),
        owing=top(_owing(running), OWING_ROWS),
        unsent=top(_unsent(running), UNSENT_ROWS),
    )


def _owing(running: Sequence[ProjectLine]) -> list[ProjectLine]:
    found = [line for line in running if line.late_conditions or line.unratified]
    return sorted(
        found,
        key=lambda x: (-x.unratified, -x.late_conditions, *by_name(x.name, x.id)),
    )


def _unsent(running: Sequence[ProjectLine]) -> list[ProjectLine]:
    late = [line for line in running if line.late_messages]
    return sorted(late, key=lambda line: (-line.late_messages, *by_name(line.name, line.id)))


def effective(line: ProjectLine) -> Color:
    """Return the worse of declared and measured: a green report does not hide red data."""
    return worst([line.color, Color(line.measured)]) if line.is_disputed else line.color


def _is_quiet(line: ProjectLine) -> bool:
    return effective(line) == Color.GREEN and not line.is_worse


def attention(lines: Sequence[ProjectLine]) -> list[ProjectLine]:
    """Return what an executive should look at, the worst first, money at risk first inside."""
    found = [
        line
        for line in lines
        if effective(line) in (Color.RED, Color.AMBER) or line.is_silent or line.is_worse
    ]
    return sorted(found, key=_urgency)


def _urgency(line: ProjectLine) -> tuple[int, int, Decimal, str, int]:
    at_risk = max(line.cost_variance or Decimal(), Decimal())
    return (ORDER[effective(line)], ORDER[line.color], -at_risk, *by_name(line.name, line.id))


def _decisions(lines: Sequence[ProjectLine], as_of: date) -> list[AskedDecision]:
    asked = [line for line in lines if line.help_needed]
    asked.sort(key=lambda x: (x.help_due or date.max, ORDER[x.color], *by_name(x.name, x.id)))
    return [
        AskedDecision(line=line, is_overdue=line.help_due is not None and line.help_due < as_of)
        for line in asked
    ]


def _due(lines: Sequence[ProjectLine], as_of: date) -> tuple[list[DueMark], list[DueMark]]:
    """Return the missed milestones, longest first, and those of the next 30 days, nearest first."""
    missed, soon = [], []
    for line in lines:
        for mark in line.milestones:
            if mark.is_done or mark.due_date is None:
                continue
            due = DueMark(line=line, mark=mark, days=(mark.due_date - as_of).days)
            if mark.due_date < as_of:
                missed.append(due)
            elif mark.due_date <= as_of + SOON:
                soon.append(due)

    def by_date(due: DueMark) -> tuple[int, str, int, str]:
        return (due.days, *by_name(due.line.name, due.line.id), fold(due.mark.name))

    return sorted(missed, key=by_date), sorted(soon, key=by_date)


def _risks(lines: Sequence[ProjectLine]) -> list[ProjectLine]:
    rated = [line for line in lines if line.top_risk and line.top_risk_score is not None]
    return sorted(rated, key=lambda x: (-(x.top_risk_score or 0), *by_name(x.name, x.id)))


def _by_name(lines: list[ProjectLine]) -> list[ProjectLine]:
    return sorted(lines, key=lambda line: by_name(line.name, line.id))
