"""
The key figures of a portfolio, counted in the database; what each means stands in the domain.

Two sets of rows go in, those of the shown day and those of the freeze before, so that a portfolio, a
program or everything is counted alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Sum,
)

from projects.domain.colors import Color, is_better
from projects.domain.earning.methods import CENT
from projects.domain.stages import REPORTING
from reports.domain.bars import CostBar
from reports.domain.key_figures import FiguresBefore, KeyFigures, KeyMoney
from reports.domain.overspend import FEW
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.visible_rows import VisibleRows, scale_of

COLORS = ("red", "amber", "none", "green")
MARK = "all_"
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
_PAIRS = [(before, now) for before in Color for now in Color]
# how a color moves since the freeze before: pairs of then and now
_MOVED: Mapping[str, list[tuple[Color, Color]]] = {
    "worse": [(before, now) for before, now in _PAIRS if is_better(before, now)],
    "better": [(before, now) for before, now in _PAIRS if is_better(now, before)],
    "silenced": [(before, now) for before, now in _PAIRS if now is Color.NONE is not before],
    "resumed": [(before, now) for before, now in _PAIRS if now is not Color.NONE is before],
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
    moved = reduce(or_, (Q(overall_before=then, overall=now) for then, now in _MOVED[name]))
    return moved & Q(Exists(before.filter(project=OuterRef("project"))))


def figures_of(view: VisibleRows) -> KeyFigures:
    """Return the key figures of what a page looks at, in three queries; `largest` is still empty."""
    if view.period.is_too_early:
        return KeyFigures()
    counted, stayed = _counted(view)
    past = _past(view.rows_before())
    numbers: dict[str, Any] = {name: counted[name] or 0 for name in _COUNTED}
    return KeyFigures(
        **numbers,
        hidden=scale_of(view, visible=numbers["projects"]).hidden,
        ended=past.projects - stayed if past else 0,
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


def _counts(today: date) -> dict[str, Any]:
    reporting = Q(stage__in=[stage.value for stage in REPORTING])
    return {
        "projects": Count("project"),
        **{name: _count(shown(name)) for name in ("disputed", "decisions")},
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


def _counted(view: VisibleRows) -> tuple[dict[str, Any], int]:
    """
    Return sums by name, and of how many projects there is a row in the freeze before.

    The database counts rows apart that differ in color, in the color before, and in whether they were
    there: so each is looked up once, and what moved is told from a few sums. Only who was there moved.
    """
    counts, rows, apart = _counts(view.day), view.rows().order_by(), ["overall", "overall_before"]
    if view.period.before is not None:
        # whoever sees a project sees its past: of the freeze is asked nothing but that it has the row
        before = view.at(view.period.before, is_early=view.period.before_is_early).order_by()
        was_there = ExpressionWrapper(Q(project__in=before.values("project")), BooleanField())
        rows = rows.annotate(was_there=was_there)
        apart.append("was_there")
    found = [_unmarked(row) for row in rows.values(*apart).annotate(**_marked(counts))]
    stayed = [row for row in found if row.get("was_there")]
    colors = {color: [row for row in found if row["overall"] == color] for color in COLORS}
    moved = {
        name: [row for row in stayed if (row["overall_before"], row["overall"]) in pairs]
        for name, pairs in _MOVED.items()
    }
    return {
        **{name: _in_all(name, found) for name in counts},
        **{name: _in_all("projects", some) or 0 for name, some in (colors | moved).items()},
    }, _in_all("projects", stayed) or 0


def _in_all(name: str, rows: list[dict[str, Any]]) -> Any:
    """Add up what the database counted apart; None where nothing is known."""
    known = [row[name] for row in rows if row[name] is not None]
    if not known:
        return None
    return max(known) if name == "fiscal_year" else sum(known[1:], known[0])


def _marked(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Name what is asked for so that no column has its name."""
    return {f"{MARK}{name}": count for name, count in counts.items()}


def _unmarked(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(MARK): value for name, value in found.items()}


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


def _past(before: SnapshotQuerySet | None) -> FiguresBefore | None:
    """Return what is compared with, in one query; None without a freeze before."""
    if before is None:
        return None
    counts = {
        "projects": Count("project"),
        **_colors(),
        "milestones_late": Sum("milestones_late", default=0),
        "high_risks": Sum("high_risks", default=0),
    }
    return FiguresBefore(**_unmarked(before.aggregate(**_marked(counts))))


def _largest(rows: SnapshotQuerySet, *, is_year: bool) -> list[Decimal]:
    variance = YEAR_VARIANCE if is_year else F("cost_variance")
    over = rows.filter(shown("over_year" if is_year else "over")).annotate(variance=variance)
    found = over.order_by("-variance").values_list("variance", flat=True)[:FEW]
    return [_cents(amount) for amount in found]


def _cents(amount: Decimal | None) -> Decimal:
    """Return an amount as it is kept: SQLite's sums and differences end in tiny fractions."""
    return (amount or Decimal()).quantize(CENT)
