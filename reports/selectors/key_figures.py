"""
The key figures of a portfolio, counted in the database; what each means stands in the domain.

Two sets of rows go in, those of the shown day and those of the freeze before, so that a portfolio, a
program or everything is counted alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum

from projects.domain.earning.methods import CENT
from projects.domain.stages import REPORTING
from reports.domain.bars import CostBar
from reports.domain.key_figures import FiguresBefore, KeyFigures, KeyMoney
from reports.domain.overspend import FEW
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.visible_rows import VisibleRows, scale_of

COLORS = ("red", "amber", "none", "green")
YEAR_VARIANCE = F("year_forecast") - F("year_budget")
# rows that a page counts and that a link to its list keeps: one definition for both
_SHOWN: Mapping[str, Q] = {
    "disputed": Q(is_disputed=True),
    "over": Q(cost_variance__gt=0),
    "over_year": Q(year_forecast__gt=F("year_budget")),
    "slipped": Q(finish_slip_days__gt=0),
    "late": Q(milestones_late__gt=0),
    "risks": Q(high_risks__gt=0),
    "due": Q(update_due=True),
    "decisions": ~Q(help_needed=""),
}
_MOVED: Mapping[str, Q] = {
    "worse": Q(overall="red", overall_before__in=["amber", "green"])
    | Q(overall="amber", overall_before="green"),
    "better": Q(overall="green", overall_before__in=["amber", "red"])
    | Q(overall="amber", overall_before="red"),
    "silenced": Q(overall="none") & ~Q(overall_before="none"),
    "resumed": ~Q(overall="none") & Q(overall_before="none"),
}
_BOTH = Q(cost_variance__isnull=False)
_BOTH_OF_YEAR = Q(year_budget__isnull=False, year_forecast__isnull=False)


def shown(name: str, before: SnapshotQuerySet | None = None) -> Q:
    """Return which rows a name keeps; `before` are the rows of the freeze before, None without one."""
    if name in _SHOWN:
        return _SHOWN[name]
    if before is None:
        return Q(pk__in=[])
    # asked for the few rows whose color differs, not for all
    return _MOVED[name] & Q(Exists(before.filter(project=OuterRef("project"))))


def figures_of(view: VisibleRows) -> KeyFigures:
    """Return the key figures of what a page looks at, in three queries; `largest` is still empty."""
    if view.period.is_too_early:
        return KeyFigures()
    rows, before = view.rows(), view.rows_before()
    counted = _aggregated(rows, _counts(view.day, before))
    ended, past = _past(rows, before)
    return KeyFigures(
        **{name: counted[name] for name in _COUNTED},
        hidden=scale_of(view, visible=counted["projects"]).hidden,
        ended=ended,
        life=_money(counted, "life", fiscal_year=None),
        year=_money(counted, "year", fiscal_year=counted["fiscal_year"] or 0),
        before=past,
    )


def with_causes(
    view: VisibleRows, figures: KeyFigures, bars: Iterable[CostBar] | None = None
) -> KeyFigures:
    """Add the largest overspends: from the chart's bars where those hold them, else with one query."""
    money = figures.money
    if money is None:
        return figures
    known = [_cents(bar.variance) for bar in bars or () if bar.project and bar.variance > 0]
    if len(known) < min(FEW, money.over):
        known = _largest(view.rows(), is_year=money.is_year)
    return replace(figures, largest=tuple(sorted(known, reverse=True)[:FEW]))


def color_counts(rows: SnapshotQuerySet) -> dict[str, int]:
    """Count rows by declared color, in one query."""
    counts = dict.fromkeys(COLORS, 0)
    counts.update(rows.order_by().values_list("overall").annotate(Count("project")))
    return counts


def _count(condition: Q) -> Count:
    # not by primary key: the index of colors holds the project instead
    return Count("project", filter=condition)


def _colors() -> dict[str, Count]:
    return {color: _count(Q(overall=color)) for color in COLORS}


_COUNTED = (
    *("projects", *COLORS, *_MOVED, "disputed", "decisions", "decisions_overdue"),
    *(
        "reporting",
        "update_due",
        "dated",
        "finish_late",
        "with_milestones",
        "milestones_open",
        "milestones_late",
    ),
    *("with_register", "open_risks", "high_risks"),
)


def _counts(today: date, before: SnapshotQuerySet | None) -> dict[str, Any]:
    reporting = Q(stage__in=[stage.value for stage in REPORTING])
    return {
        "projects": Count("project"),
        **_colors(),
        **{name: _count(shown(name, before)) for name in (*_MOVED, "disputed", "decisions")},
        "decisions_overdue": _count(shown("decisions") & Q(help_due__lt=today)),
        "reporting": _count(reporting),
        "update_due": _count(reporting & shown("due")),
        "dated": _count(Q(finish_slip_days__isnull=False)),
        "finish_late": _count(shown("slipped")),
        "with_milestones": _count(Q(milestones__gt=0)),
        "milestones_open": Sum(F("milestones") - F("milestones_done"), default=0),
        "milestones_late": Sum("milestones_late", default=0),
        "with_register": _count(~Q(measured_risk="none") | Q(open_risks__gt=0)),
        "open_risks": Sum("open_risks", default=0),
        "high_risks": Sum("high_risks", default=0),
        "life_compared": _count(_BOTH),
        "life_approved": Sum("approved_budget", filter=_BOTH),
        "life_forecast": Sum("forecast_cost", filter=_BOTH),
        "life_over": _count(shown("over")),
        "life_over_sum": Sum("cost_variance", filter=shown("over")),
        "year_compared": _count(_BOTH_OF_YEAR),
        "year_approved": Sum("year_budget", filter=_BOTH_OF_YEAR),
        "year_forecast": Sum("year_forecast", filter=_BOTH_OF_YEAR),
        "year_over": _count(shown("over_year")),
        "year_over_sum": Sum(YEAR_VARIANCE, filter=shown("over_year")),
        "fiscal_year": Max("fiscal_year"),
    }


def _aggregated(rows: SnapshotQuerySet, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return sums by name; asked for under other names, since many are those of columns."""
    mark = "all_"
    found = rows.aggregate(**{f"{mark}{name}": count for name, count in counts.items()})
    return {name.removeprefix(mark): value for name, value in found.items()}


def _money(counted: Mapping[str, Any], kind: str, *, fiscal_year: int | None) -> KeyMoney | None:
    if not counted[f"{kind}_compared"]:
        return None
    return KeyMoney(
        fiscal_year=fiscal_year,
        compared=counted[f"{kind}_compared"],
        approved=_cents(counted[f"{kind}_approved"]),
        forecast=_cents(counted[f"{kind}_forecast"]),
        over=counted[f"{kind}_over"],
        over_sum=_cents(counted[f"{kind}_over_sum"]),
    )


def _past(
    rows: SnapshotQuerySet, before: SnapshotQuerySet | None
) -> tuple[int, FiguresBefore | None]:
    """Return how many ended since the freeze before, and what is compared with; in one query."""
    if before is None:
        return 0, None
    counts = {
        "projects": Count("project"),
        **_colors(),
        "milestones_late": Sum("milestones_late", default=0),
        "high_risks": Sum("high_risks", default=0),
        "ended": _count(~Q(project__in=rows.order_by().values("project"))),
    }
    found = _aggregated(before, counts)
    return found.pop("ended"), FiguresBefore(**found)


def _largest(rows: SnapshotQuerySet, *, is_year: bool) -> list[Decimal]:
    variance = YEAR_VARIANCE if is_year else F("cost_variance")
    over = rows.filter(shown("over_year" if is_year else "over")).annotate(variance=variance)
    found = over.order_by("-variance").values_list("variance", flat=True)[:FEW]
    return [_cents(amount) for amount in found]


def _cents(amount: Decimal | None) -> Decimal:
    """Return an amount as it is kept: SQLite's sums and differences end in tiny fractions."""
    return (amount or Decimal()).quantize(CENT)
