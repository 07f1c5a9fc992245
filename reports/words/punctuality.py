"""How accurate milestone forecasts were, in sentences and in the cells of tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.common.page import formats
from projects.domain.earning.punctuality import (
    HORIZONS,
    DoneMilestone,
    Spread,
    corrected,
    nearest_horizon,
    spread_of_project,
)
from reports.selectors.punctuality import (
    WEEKS,
    ProjectMilestones,
    Punctuality,
    PunctualityGroup,
    Spreads,
)

PROJECT_HORIZONS = (4, 13)
SHOWN = 12  # done milestones on a project's page


class HorizonCell(NamedTuple):
    """How far milestones were off at one horizon, of how many; or why nobody can say."""

    value: str
    of: str
    reason: str


class HorizonRow(NamedTuple):
    name: str
    cells: Sequence[HorizonCell]


class PastForecast(NamedTuple):
    """One done milestone: when it came, and for each horizon its forecast and how far that was off."""

    name: str
    done: str
    said: Sequence[tuple[str, str]]


def _before(weeks: int) -> str:
    return f"{weeks} weeks before"


def finding(spreads: Spreads, *, who: str = "milestone") -> str:
    """Say how much later the median milestone came than forecast, at the shortest horizon known."""
    for weeks, spread in spreads.items():
        if spread.median is not None:
            return _finding(int(formats.rounded(spread.median, 0)), weeks, who)
    return ""


def _finding(days: int, weeks: int, who: str) -> str:
    if not days:
        return f"The median {who} came on the day forecast {_before(weeks)}"
    return f"The median {who} came {formats.moved(days)} than forecast {_before(weeks)}"


def lede(found: Punctuality) -> str:
    """Say the finding with its range, or why there is none."""
    known = [spread for spread in found.whole.values() if spread.median is not None]
    if not known:
        return (
            "We cannot yet say how accurate milestone forecasts are."
            f" {found.whole[HORIZONS[0]].reason}"
        )
    low, high = _days_off(known[0].low), _days_off(known[0].high)
    return f"{finding(found.whole)}; 80% came between {low} and {high}."


def _days_off(value: Decimal | None) -> str:
    days = int(formats.rounded(value or 0, 0))
    return f"{formats.count(abs(days), 'day')} {'earlier' if days < 0 else 'later'}"


def _band(spread: Spread) -> str:
    low, high = (formats.number(value, 0, plus=True) for value in (spread.low, spread.high))
    return f"{low} to {high}"


def since(found: Punctuality) -> str:
    day = formats.day(found.since)
    return f"Milestones done in the last {WEEKS} weeks, since {day}. Recalculated every hour."


def tables(found: Punctuality) -> list[tuple[str, str, list[HorizonRow]]]:
    """Return title, heading of the first column and rows of each table."""
    whole = [PunctualityGroup("All milestones", found.whole)]
    return [
        ("All milestones", "Milestones", _rows(whole)),
        ("Milestones by kind", "Kind", _rows(found.kinds)),
        ("Milestones by category", "Category", _rows(found.categories)),
        ("Milestones by manager", "Manager", _rows(found.managers)),
    ]


def _rows(groups: Sequence[PunctualityGroup]) -> list[HorizonRow]:
    return [
        HorizonRow(group.name, [_cell(spread) for spread in group.spreads.values()])
        for group in groups
    ]


def _cell(spread: Spread) -> HorizonCell:
    milestones = formats.count(spread.milestones, "milestone")
    of = f"{milestones}, {formats.count(spread.projects, 'project')}"
    value = f"{formats.number(spread.median, 0, plus=True)} ({_band(spread)})"
    return HorizonCell("" if spread.median is None else value, of, spread.reason)


def project_card(found: ProjectMilestones) -> Mapping[str, object]:
    """Return what a project's page shows of its done milestones, and what that says of the next."""
    spreads = {weeks: spread_of_project(found.came, weeks) for weeks in PROJECT_HORIZONS}
    title = finding(spreads, who="milestone of this project")
    return {
        "title": title or "How accurate past milestone forecasts were",
        "reason": "" if title else spreads[PROJECT_HORIZONS[0]].reason,
        "next": _next(found.next_name, found.next_due, spreads, found.asked_at),
        "heads": [f"Forecast {_before(weeks)}" for weeks in PROJECT_HORIZONS],
        "rows": [_past(one) for one in found.came[:SHOWN]],
        "more": max(len(found.came) - SHOWN, 0),
    }


def _past(one: DoneMilestone) -> PastForecast:
    said = [(one.forecast(weeks), one.days(weeks)) for weeks in PROJECT_HORIZONS]
    cells = [("" if off is None else formats.day(day), _came(off)) for day, off in said]
    return PastForecast(one.name, formats.day(one.done), cells)


def _came(days: int | None) -> str:
    if days is None:
        return ""
    return f"came {formats.moved(days)}" if days else "came on that day"


def _next(name: str, due: date | None, spreads: Spreads, today: date) -> str:
    """Say when the next milestone comes if it is off as those before were; "" when not known."""
    known = [weeks for weeks, spread in spreads.items() if spread.median is not None]
    if due is None or not known:
        return ""
    weeks = nearest_horizon((due - today).days, known)
    expected = corrected(due, spreads[weeks].median)
    head = f"The next one, {name}, is forecast for {formats.day(due)}"
    if expected == due:
        return f"{head}; the median forecast made {_before(weeks)} was right."
    return (
        f"{head}; if it is off as the median forecast made {_before(weeks)}, it will come on"
        f" {formats.day(expected)}."
    )
