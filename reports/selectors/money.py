"""Money of a portfolio and day, whole and by group, from snapshot rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, FilteredRelation, Max, Min, Q, Sum, Value, When

from pmo.common.folding import fold
from pmo.common.records.search import as_read
from projects.domain.namesakes import Named, told_apart
from reports.domain.figure_table import Use, names_in
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.key_figures import YEAR_VARIANCE, shown
from reports.selectors.visible_rows import VisibleRows

AMOUNTS = names_in(Use.STATED)
REASONS_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBy:
    """How projects are grouped: the column that tells groups apart and the one with their name."""

    noun: str
    plural: str
    key: str
    name: str
    nameless: str
    said: str = ""  # the column with its name as it is shown, where that is another
    tag: str = ""  # the column that tells namesakes apart
    overlaps: bool = False  # a project may be in several groups
    is_named_first: bool = False  # rows of before ids were kept have a name alone


GROUPS: Mapping[str, GroupBy] = {
    "unit": GroupBy(
        noun="unit",
        plural="units",
        key="unit_id",
        name="unit_name",
        nameless="",
        tag="unit__parent__name",
    ),
    "category": GroupBy(
        noun="category", plural="categories", key="category", name="category", nameless=""
    ),
    "manager": GroupBy(
        noun="manager",
        plural="managers",
        key="manager_id",
        name="manager_name",
        said="manager_said",
        nameless="No manager named",
        tag="manager__unit__name",
        is_named_first=True,
    ),
    "program": GroupBy(
        noun="program",
        plural="programs",
        key="program_id",
        name="program_name",
        nameless="In no program",
        tag="program__code",
        is_named_first=True,
    ),
    "portfolio": GroupBy(
        noun="portfolio",
        plural="portfolios",
        key="entry__portfolio_id",
        name="entry__portfolio__name",
        nameless="In no portfolio",
        tag="entry__portfolio__code",
        overlaps=True,
    ),
}
NO_KEY = "none"
BY_NAME = "name:"  # begins the key of a group that has a name and no id


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneySums:
    """
    Sums of what is known; None where no project has the amount.

    A variance and its base (the budgets it is measured against) come from the projects that have
    both a budget and a forecast, for the whole life or for the fiscal year.
    """

    projects: int = 0
    budgeted: int = 0
    approved_budget: Decimal | None = None
    spent: Decimal | None = None
    committed: Decimal | None = None
    forecast_cost: Decimal | None = None
    year_budget: Decimal | None = None
    year_forecast: Decimal | None = None
    variance: Decimal | None = None
    base: Decimal | None = None
    comparable: int = 0
    over: int = 0
    year_variance: Decimal | None = None
    year_base: Decimal | None = None
    year_comparable: int = 0
    year_over: int = 0
    fiscal_year: int | None = None

    @property
    def comparable_forecast(self) -> Decimal | None:
        """Forecast cost of the projects that have a budget, too: the headline's."""
        if self.variance is None or self.base is None:
            return None
        return self.base + self.variance

    @property
    def difference(self) -> "ForecastGap":
        """Forecast against budget for the whole life."""
        return ForecastGap(self.variance, self.base, self.comparable, self.over)

    @property
    def year_difference(self) -> "ForecastGap":
        return ForecastGap(self.year_variance, self.year_base, self.year_comparable, self.year_over)


class ForecastGap(NamedTuple):
    """Forecast minus budget, positive = over; None where no project has both."""

    variance: Decimal | None
    base: Decimal | None
    comparable: int
    over: int

    @property
    def share(self) -> Decimal | None:
        """Variance as a share of the budgets; None without any."""
        return self.variance / self.base if self.variance is not None and self.base else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyGroup:
    key: str
    name: str
    sums: MoneySums


def _sums() -> dict[str, Any]:
    both = Q(cost_variance__isnull=False)
    year = Q(year_budget__isnull=False, year_forecast__isnull=False)
    return {
        "projects": Count("pk"),
        "budgeted": Count("approved_budget"),
        **{f"sum_{name}": Sum(name) for name in AMOUNTS},
        "variance": Sum("cost_variance"),
        "base": Sum("approved_budget", filter=both),
        "comparable": Count("pk", filter=both),
        "over": Count("pk", filter=Q(cost_variance__gt=0)),
        "year_variance": Sum(YEAR_VARIANCE, filter=year),
        "year_base": Sum("year_budget", filter=year),
        "year_over": Count("pk", filter=shown("over_year")),
        "year_comparable": Count("pk", filter=year),
        "last_year": Max("fiscal_year"),
    }


def _as_sums(row: Mapping[str, Any]) -> MoneySums:
    amounts = {name: row[f"sum_{name}"] for name in AMOUNTS}
    same = (
        "projects",
        "budgeted",
        "variance",
        "base",
        "comparable",
        "over",
        "year_variance",
        "year_base",
        "year_comparable",
        "year_over",
    )
    return MoneySums(**amounts, **{name: row[name] for name in same}, fiscal_year=row["last_year"])


def sums_of(view: VisibleRows, by: str, groups: Sequence[MoneyGroup]) -> MoneySums:
    """Add up the groups that the rows are in; where a project may be in several, ask once more."""
    if GROUPS[by].overlaps:
        return _as_sums(view.rows().aggregate(**_sums()))
    found: dict[str, Any] = {}
    for one in fields(MoneySums):
        amounts = [getattr(group.sums, one.name) for group in groups]
        known = [amount for amount in amounts if amount is not None]
        if known:
            add = max if one.name == "fiscal_year" else sum
            found[one.name] = add(known)
    return MoneySums(**found)


def groups_of(view: VisibleRows, by: str) -> list[MoneyGroup]:
    """Return the groups, in no order, in one statement."""
    group = GROUPS[by]
    grouped = _joined(view, group).order_by().annotate(alone=_name_alone(group))
    sums = _sums() | {"group_name": Max(group.said or group.name), "first_code": Min("code")}
    if group.tag:
        sums["tag"] = Max(group.tag)
    rows = list(grouped.values(group.key, "alone").annotate(**sums))
    names = told_apart(
        Named(row["group_name"] or group.nameless, (row.get("tag") or "", row["first_code"]))
        for row in rows
    )
    return [
        MoneyGroup(key=_key_of(row[group.key], row["alone"]), name=name, sums=_as_sums(row))
        for row, name in zip(rows, names, strict=True)
    ]


def worst_first(groups: Iterable[MoneyGroup], *, of_year: bool) -> list[MoneyGroup]:
    """
    Order groups, furthest over budget first, those without a variance last.

    `of_year` compares the fiscal year's amounts instead of the whole life's.
    """

    def order(one: MoneyGroup) -> tuple[bool, Decimal, str, int, str]:
        sums = one.sums
        variance = sums.year_variance if of_year else sums.variance
        # names may be the same; a shorter id is a lower one
        return variance is None, -(variance or Decimal()), fold(one.name), len(one.key), one.key

    return sorted(groups, key=order)


def _name_alone(group: GroupBy) -> Case:
    """Return the name of a row that has no id: of before ids were kept, or of nobody."""
    if not group.is_named_first:
        return Case(default=Value(""))
    return Case(When(**{f"{group.key}__isnull": True}, then=F(group.name)), default=Value(""))


def _key_of(key: object, alone: str) -> str:
    if key is not None:
        return str(key)
    return f"{BY_NAME}{alone}" if alone else NO_KEY


def _joined(view: VisibleRows, group: GroupBy) -> SnapshotQuerySet:
    """Return the rows, for portfolios once per membership in force on the shown day."""
    if not group.key.startswith("entry"):
        return view.rows().with_marks() if group.said else view.rows()
    path = "project__portfolio_entries"
    ended = Q(**{f"{path}__removed_on": None}) | Q(**{f"{path}__removed_on__gt": view.day})
    in_force = Q(**{f"{path}__added_on__lte": view.day}) & ended
    return view.rows().annotate(entry=FilteredRelation(path, condition=in_force))


def rows_in(view: VisibleRows, by: str, key: str, *, of_year: bool) -> SnapshotQuerySet:
    """Return the projects behind one group with their `difference`, furthest over budget first."""
    group = GROUPS[by]
    chosen = _chosen(group, key)
    if chosen is None:
        return view.rows().none()
    difference = YEAR_VARIANCE if of_year else F("cost_variance")
    rows = _joined(view, group).filter(**chosen).annotate(difference=difference)
    return rows.order_by(F("difference").desc(nulls_last=True), *as_read("name", "pk"))


def _chosen(group: GroupBy, key: str) -> dict[str, Any] | None:
    """Return the filter that a group's key stands for; None where it stands for nothing."""
    without = {f"{group.key}__isnull": True}
    if group.is_named_first and (key == NO_KEY or key.startswith(BY_NAME)):
        return without | {group.name: "" if key == NO_KEY else key.removeprefix(BY_NAME)}
    if key == NO_KEY:
        return without
    if group.key.endswith("_id") and not key.isdecimal():
        return None
    return {group.key: key}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """How many projects lack an amount, and the most frequent reasons stated for it."""

    field: str
    count: int
    reasons: tuple[tuple[str, int], ...]


def missing_amounts(view: VisibleRows) -> list[Missing]:
    """
    Count what is not known by amount and stated reason, in one query.

    The database counts per set of reasons: there are few of them, however many projects.
    """
    lacking = {name: Q(**{f"{name}__isnull": True}) for name in AMOUNTS}
    rows = (
        view.rows()
        .filter(reduce(or_, lacking.values()))
        .order_by()
        .values("reasons")
        .annotate(
            **{f"no_{name}": Count("pk", filter=missing) for name, missing in lacking.items()}
        )
    )
    counts: dict[str, dict[str, int]] = {name: {} for name in AMOUNTS}
    for reasons, *numbers in rows.values_list("reasons", *(f"no_{name}" for name in AMOUNTS)):
        for name, number in zip(AMOUNTS, numbers, strict=True):
            if number:
                reason = str(reasons.get(name) or "No reason stated.")
                counts[name][reason] = counts[name].get(reason, 0) + number
    return [
        Missing(
            field=name,
            count=sum(found.values()),
            reasons=tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))[
                :REASONS_SHOWN
            ],
        )
        for name, found in counts.items()
        if found
    ]
