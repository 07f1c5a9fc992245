"""How accurate past forecasts were: the tables of the page, and what stands where too few are known."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pmo.common.page import formats
from pmo.organization.current import category_name
from projects.domain.earning.memory import LEAST_PROJECTS, Accuracy, Finished, MissBand, accuracy
from reports.selectors.landing import MissHistory

TITLE = "How accurate past forecasts were"
WHOSE = "The managers’ forecast"
NAMED = 12  # groups that one sentence names


class AccuracyRow(NamedTuple):
    """How far forecasts of one group were off, in words."""

    name: str
    cost: str
    finish: str
    days: str
    projects: str
    reason: str

    @property
    def is_known(self) -> bool:
        return bool(self.cost or self.finish or self.days)


class AccuracyTable(NamedTuple):
    """Groups with enough finished projects; the others are named in a sentence."""

    title: str
    noun: str
    rows: Sequence[AccuracyRow]
    too_few: str


class FinishedRow(NamedTuple):
    """How far one finished project's forecasts were off (median)."""

    url: str
    name: str
    sub: str
    finished: date
    cost: str
    finish: str
    days: str
    reason: str


def sub(title: str) -> str:
    return f"{title}. Finished projects and done milestones that you can see."


def tables(history: MissHistory) -> list[AccuracyTable]:
    return [
        AccuracyTable("All projects", "Projects", [_row(history.whole)], ""),
        AccuracyTable(
            "By how far the project had come",
            "Quarter",
            [_row(group) for group in history.quarters],
            "",
        ),
        _grouped("By category", "Category", history.categories),
        _grouped("By manager", "Manager", history.managers),
    ]


def _grouped(title: str, noun: str, groups: Sequence[Accuracy]) -> AccuracyTable:
    """Fold the groups that cannot be judged: a page of dashes says nothing."""
    known = [_row(group) for group in groups if _is_known(group)]
    others = [f"{group.name} ({_projects(group):,})" for group in groups if not _is_known(group)]
    named = others[:NAMED]
    if more := len(others) - len(named):
        named.append(f"{more:,} more")
    few = f"Fewer than {LEAST_PROJECTS} finished projects: {formats.listing(named)}."
    return AccuracyTable(title, noun, known, few if others else "")


def _is_known(group: Accuracy) -> bool:
    return group.cost.median is not None or group.finish.median is not None


def _projects(group: Accuracy) -> int:
    return max(group.cost.projects, group.finish.projects)


def _row(group: Accuracy) -> AccuracyRow:
    return AccuracyRow(
        name=group.name,
        cost=_shares(group.cost),
        finish=_shares(group.finish),
        days=_days(group.days),
        projects=formats.number(_projects(group)),
        reason=group.cost.reason or group.finish.reason,
    )


def _shares(band: MissBand) -> str:
    if band.median is None:
        return ""
    low, high = formats.signed_percent(band.low), formats.signed_percent(band.high)
    return f"{formats.signed_percent(band.median)} ({low} to {high})"


def _days(band: MissBand) -> str:
    if band.median is None or band.low is None or band.high is None:
        return ""
    low, high = (formats.number(value, 0, plus=True) for value in (band.low, band.high))
    return f"{formats.number(band.median, 0, plus=True)} ({low} to {high})"


def finished_row(one: Finished, *, url: str) -> FinishedRow:
    """Write one finished project, which stands at `url`."""
    own = accuracy([one], least=1)
    category = category_name(one.category)
    return FinishedRow(
        url=url,
        name=one.name,
        sub=" · ".join(filter(None, (category, one.manager))),
        finished=one.finish,
        cost=_share(own.cost),
        finish=_share(own.finish),
        days="" if own.days.median is None else formats.number(own.days.median, 0, plus=True),
        reason="No forecast was frozen while it ran.",
    )


def _share(band: MissBand) -> str:
    return "" if band.median is None else formats.signed_percent(band.median)
