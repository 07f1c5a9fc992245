"""
How wrong were earlier forecasts, and what does that say about today's?

Each forecast of a finished project is compared with what came: cost as (actual − forecast)/forecast,
finish as (actual − forecast) in days and as a share of the duration it spoke of. A project counts once
in each quarter of its course (with the median of what it said there), so that long projects do not
outvote short ones. The band holds the middle 80 % (10th to 90th percentile, linear between ranks).
This is reference-class forecasting (Kahneman and Tversky; Flyvbjerg) with the house's own history.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from projects.domain.namesakes import Named, told_apart

LEAST_PROJECTS = 5
QUARTERS = 4
LOW, HIGH = Decimal("0.1"), Decimal("0.9")


class FrozenForecast(NamedTuple):
    """What was forecast on a day; None where nothing was."""

    day: date
    finish: date | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """
    A finished project: when it ran, what it cost, and what was forecast on the way.

    `typical` is how far that was off, in all of its course and in each quarter, where it was worked out
    before; then `said` is not needed.
    """

    start: date
    finish: date
    cost: Decimal | None
    said: Sequence[FrozenForecast] = ()
    typical: Sequence["Typical"] = ()
    key: int = 0
    name: str = ""
    manager: str = ""
    manager_key: int | None = None  # None where only the name is known
    category: str = ""


class Miss(NamedTuple):
    """
    How far one forecast was off; positive is dearer or later than forecast.

    `quarter` is 0 to 3: how much of the project's course had passed. Shares are of the forecast cost
    and of the forecast duration; None where that was not forecast.
    """

    quarter: int
    cost: Decimal | None
    finish: Decimal | None
    days: int | None


class Typical(NamedTuple):
    """How far one project's forecasts were off: shares of cost and of duration, and days."""

    cost: Decimal | None = None
    finish: Decimal | None = None
    days: Decimal | None = None


Pick = Callable[[Miss], Decimal | int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissBand:
    """
    Median and middle 80 % of the misses; all None with a reason when too few projects finished.

    `is_lent` says that they are those of more projects than were asked for, which were too few.
    """

    projects: int
    median: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    reason: str = ""
    is_lent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Bands of cost (share of forecast), finish (share of duration) and days, over one group."""

    name: str
    cost: MissBand
    finish: MissBand
    days: MissBand


def misses(project: Finished) -> list[Miss]:
    """Compare every forecast made while the project ran with what came."""
    course = (project.finish - project.start).days
    found = []
    for said in project.said:
        if not project.start <= said.day < project.finish:
            continue
        quarter = (said.day - project.start).days * QUARTERS // course
        days = None if said.finish is None else (project.finish - said.finish).days
        forecast = None if said.finish is None else (said.finish - project.start).days
        found.append(
            Miss(
                quarter=quarter,
                cost=None
                if project.cost is None or not said.cost
                else (project.cost - said.cost) / said.cost,
                finish=Decimal(days) / forecast if days is not None and forecast else None,
                days=days,
            )
        )
    return found


def accuracy(
    projects: Iterable[Finished],
    *,
    name: str = "",
    quarter: int | None = None,
    least: int = LEAST_PROJECTS,
) -> Accuracy:
    """Pool the misses of finished projects, of one quarter of their course or of all of it."""
    found = (typical_of(project, quarter=quarter) for project in projects)
    return pooled(found, name=name, least=least)


def typical_of(project: Finished, *, quarter: int | None = None) -> Typical:
    """Return how far one project's forecasts were off, in one quarter of its course or in all of it."""
    found = project.typical or typicals(project)
    return found[0 if quarter is None else 1 + quarter]


def typicals(project: Finished) -> list[Typical]:
    """Return how far its forecasts were off in all of its course, and in each quarter."""
    rows = misses(project)
    quarters = [[miss for miss in rows if miss.quarter == quarter] for quarter in range(QUARTERS)]
    return [
        Typical(
            cost=_typical(some, lambda miss: miss.cost),
            finish=_typical(some, lambda miss: miss.finish),
            days=_typical(some, lambda miss: miss.days),
        )
        for some in (rows, *quarters)
    ]


def pooled(found: Iterable[Typical], *, name: str = "", least: int = LEAST_PROJECTS) -> Accuracy:
    """Pool what is typical of each project; every project counts once."""
    rows = list(found)

    def band(values: Iterable[Decimal | None]) -> MissBand:
        return band_of([value for value in values if value is not None], least=least)

    return Accuracy(
        name=name,
        cost=band(row.cost for row in rows),
        finish=band(row.finish for row in rows),
        days=band(row.days for row in rows),
    )


def lent(own: Accuracy, wider: Accuracy) -> Accuracy:
    """Fill in what is not known of a group from a wider one, band by band, and mark it as lent."""
    return replace(
        own,
        cost=_lent(own.cost, wider.cost),
        finish=_lent(own.finish, wider.finish),
        days=_lent(own.days, wider.days),
    )


def _lent(own: MissBand, wider: MissBand) -> MissBand:
    return own if own.median is not None or wider.median is None else replace(wider, is_lent=True)


def _typical(rows: list[Miss], pick: Pick) -> Decimal | None:
    """Return a project's own typical miss: the mean of the medians of its quarters."""
    by_quarter: dict[int, list[Decimal]] = defaultdict(list)
    for row in rows:
        value = pick(row)
        if value is not None:
            by_quarter[row.quarter].append(Decimal(value))
    medians = [median(values) for values in by_quarter.values()]
    return sum(medians, Decimal()) / len(medians) if medians else None


def band_of(values: Sequence[Decimal], *, least: int = LEAST_PROJECTS) -> MissBand:
    """Return median and 80 % band of one value for each project."""
    if len(values) < least:
        have = "project has" if len(values) <= 1 else "projects have"
        count = f"Only {len(values)}" if values else "No"
        return MissBand(
            projects=len(values),
            reason=f"{count} finished {have} such forecasts; {least} are needed.",
        )
    ranked = sorted(values)
    return MissBand(
        projects=len(ranked),
        median=_quantile(ranked, Decimal("0.5")),
        low=_quantile(ranked, LOW),
        high=_quantile(ranked, HIGH),
    )


def _quantile(ranked: Sequence[Decimal], share: Decimal) -> Decimal:
    place = share * (len(ranked) - 1)
    below = int(place)
    if below + 1 == len(ranked):
        return ranked[below]
    return ranked[below] + (place - below) * (ranked[below + 1] - ranked[below])


class GroupKey(NamedTuple):
    """What finished projects are pooled by; those of one id are one group, whatever it is called."""

    id: int | None
    name: str


def grouped(
    projects: Iterable[Finished],
    key: Callable[[Finished], GroupKey],
    *,
    least: int = LEAST_PROJECTS,
) -> list[Accuracy]:
    """
    Pool by manager or category, in the order of their names; the unnamed are left out.

    Two of one name are told apart by the name of a project of theirs.
    """
    groups: dict[int | str, list[Finished]] = defaultdict(list)
    names: dict[int | str, str] = {}
    for project in projects:
        said = key(project)
        if said.name:
            place: int | str = said.name if said.id is None else said.id
            groups[place].append(project)
            names[place] = said.name
    apart = told_apart(
        Named(names[place], (min(one.name for one in some),)) for place, some in groups.items()
    )
    found = sorted(zip(apart, groups.values(), strict=True), key=lambda pair: pair[0])
    return [accuracy(some, name=name, least=least) for name, some in found]
