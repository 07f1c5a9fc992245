"""The amounts of each project that a reader may see, and how they lead from one figure to another."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from projects.domain.earning.rollup import reason_of
from projects.models import Baseline, Project
from projects.selectors.rollup import PhasedMoney, phased_of
from reports.domain.money import NOT_SAID
from reports.domain.reconciliation import Basis, LandingAmounts, Reconciliation, reconciled
from reports.selectors.visible_rows import VisibleRows

COLUMNS = (
    *("project_id", "code", "name", "approved_budget", "forecast_cost", "reasons"),
    *("budget_at_completion", "planned_value", "earned_value", "spent", "eac"),
    *("earned_reasons", "baseline_number"),
)
FROZEN = (Basis.BUDGET, Basis.PLAN, Basis.FORECAST, Basis.CALCULATED)
NOTHING = PhasedMoney()


def reconciliation_of(view: VisibleRows) -> Reconciliation:
    """
    Lead the portfolio's figures to its headline, in a fixed number of statements.

    Months to come are not frozen, so what is spent and to come is compared as of now alone.
    """
    bases = (*FROZEN, Basis.PHASED) if view.period.is_now else FROZEN
    return reconciled(_amounts(view), bases=bases)


def _amounts(view: VisibleRows) -> Iterator[LandingAmounts]:
    shown = view.rows().order_by()
    projects = Project.objects.filter(pk__in=shown.values("project_id"))
    reserves = _reserves(projects)
    phased = phased_of(projects.values("pk"), as_of=view.today) if view.period.is_now else {}
    for row in shown.values(*COLUMNS):
        pk = row["project_id"]
        months = phased.get(pk, NOTHING)
        yield LandingAmounts(
            project=pk,
            code=row["code"],
            name=row["name"],
            budget=row["approved_budget"],
            plan=row["budget_at_completion"],
            forecast=row["forecast_cost"],
            calculated=row["eac"],
            phased=months.amount if view.period.is_now else None,
            reserve=reserves.get((pk, row["baseline_number"]), Decimal()),
            has_months=months.has_months,
            is_calculated=_is_calculated(row),
            why=_why(row),
        )


def _reserves(projects: Any) -> dict[tuple[int, int | None], Decimal]:
    """Return what each baseline sets aside outside its plan, by project and number."""
    found = Baseline.objects.filter(project__in=projects.values("pk")).order_by()
    names = ("project_id", "number", "management_reserve", "contingency", "includes_contingency")
    return {
        (pk, number): reserve + (Decimal() if is_inside else contingency)
        for pk, number, reserve, contingency, is_inside in found.values_list(*names)
    }


def _is_calculated(row: dict[str, Any]) -> bool:
    """Say whether earned value has all it needs: what `EarnedRollup` adds up."""
    names = ("budget_at_completion", "planned_value", "earned_value", "spent", "eac")
    return None not in (row[name] for name in names)


def _why(row: dict[str, Any]) -> dict[Basis, str]:
    reasons = row["reasons"]
    lacking = [name for name in ("approved_budget", "forecast_cost") if row[name] is None]
    said = next((reasons[name] for name in lacking if reasons.get(name)), NOT_SAID)
    parts = tuple(row[name] for name in ("budget_at_completion", "planned_value", "earned_value"))
    earned = reason_of(row["earned_reasons"], earned=parts, spent=row["spent"])
    return {
        Basis.BUDGET: reasons.get("approved_budget") or NOT_SAID,
        Basis.FORECAST: said,
        Basis.PLAN: earned,
        Basis.CALCULATED: earned,
    }
