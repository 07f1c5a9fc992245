"""Write budget lines, costs and forecasts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from pmo.accounts.models import User
from pmo.common.events import announce
from pmo.common.writing import RefusalError, add, change, only, remove
from projects.models import BudgetLine, CostEntry, ForecastEntry, Project
from projects.services.projects import TOPIC

BUDGET_FIELDS = frozenset(
    {"category", "kind", "fiscal_year", "amount", "stated_reason", "approved_on"}
)
COST_FIELDS = frozenset({"line", "kind", "entry_date", "amount", "note"})


@transaction.atomic
def create_budget_line(*, project: Project, by: User | None, **fields: Any) -> BudgetLine:
    record = BudgetLine(project=project, **only(fields, BUDGET_FIELDS))
    line = add(record, by=by, action="budget_line.created", scope=project)
    announce(TOPIC, project.pk)
    return line


@transaction.atomic
def change_budget_line(
    *, line: BudgetLine, version: int | None, by: User | None, **fields: Any
) -> BudgetLine:
    changed = change(
        line,
        version=version,
        by=by,
        action="budget_line.changed",
        scope=line.project,
        **only(fields, BUDGET_FIELDS),
    )
    announce(TOPIC, line.project_id)
    return changed


@transaction.atomic
def remove_budget_line(*, line: BudgetLine, by: User | None) -> None:
    if line.cost_entries.exists():
        raise RefusalError("Costs are booked on this line; move them first.")
    project = line.project
    remove(line, by=by, action="budget_line.removed", scope=project)
    announce(TOPIC, project.pk)


@transaction.atomic
def record_cost(*, project: Project, by: User | None, **fields: Any) -> CostEntry:
    record = CostEntry(project=project, **only(fields, COST_FIELDS))
    _check_line(project, record.line)
    entry = add(record, by=by, action="cost.recorded", scope=project)
    announce(TOPIC, project.pk)
    return entry


@transaction.atomic
def change_cost(
    *, entry: CostEntry, version: int | None, by: User | None, **fields: Any
) -> CostEntry:
    accepted = only(fields, COST_FIELDS)
    _check_line(entry.project, accepted.get("line"))
    changed = change(
        entry, version=version, by=by, action="cost.changed", scope=entry.project, **accepted
    )
    announce(TOPIC, entry.project_id)
    return changed


def _check_line(project: Project, line: BudgetLine | None) -> None:
    if line is not None and line.project_id != project.pk:
        raise RefusalError("That budget line does not exist in this project.")


@transaction.atomic
def make_forecast(
    *,
    project: Project,
    amount: Decimal | None,
    made_on: date,
    by: User | None,
    fiscal_year: int | None = None,
    stated_reason: str = "",
) -> ForecastEntry | None:
    """Append a forecast, or return None when it says what the latest one says already."""
    latest = (
        ForecastEntry.objects.filter(project=project, fiscal_year=fiscal_year, made_on__lte=made_on)
        .order_by("-made_on", "-pk")
        .first()
    )
    if latest and (latest.amount, latest.stated_reason) == (amount, stated_reason):
        return None
    entry = add(
        ForecastEntry(
            project=project,
            fiscal_year=fiscal_year,
            amount=amount,
            stated_reason=stated_reason,
            made_on=made_on,
        ),
        by=by,
        action="forecast.made",
        scope=project,
    )
    announce(TOPIC, project.pk)
    return entry
