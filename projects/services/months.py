"""Write what months are expected to cost: entries are added, the latest of a month counts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.page.formats import money_exact
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing, insert_all
from pmo.organization.current import organization
from projects.domain.calendar import fiscal_year, month_of
from projects.models import BudgetLine, MonthForecast, Project
from projects.selectors.months import months_of
from projects.services.money import make_forecast

YEARS_AHEAD = 30
# budget line (None: of no line) and first day of the month -> expected cost
Cells = Mapping[tuple[BudgetLine | None, date], Decimal]


class MonthConflictError(RefusalError):
    """Somebody forecast the same months after this editor opened them."""


@all_or_nothing
def forecast_months(
    *,
    project: Project,
    cells: Cells,
    by: User | None,
    use_as_forecast: bool,
    seen: int | None = None,
) -> list[MonthForecast]:
    """
    Append the months that say something new today; 0 takes a forecast back.

    `use_as_forecast` makes spent to date plus all months to come the forecast cost. `seen` is the
    last entry that the editor saw; MonthConflictError when a later one says otherwise.
    """
    # one writer at a time, or both would find the same latest entries
    Project.objects.select_for_update().get(pk=project.pk)
    made_on = timezone.localdate()
    rows = MonthForecast.objects.filter(project=project).standing(as_of=made_on)
    standing = {(row.line_id, row.month): row for row in rows}
    entries = []
    for (line, month), amount in cells.items():
        _check_cell(project, line, month, made_on)
        now = standing.get((line.pk if line else None, month))
        if amount == (now.amount if now else 0):
            continue
        if now and seen is not None and now.pk > seen:
            raise MonthConflictError(
                f"{money_exact(now.amount, organization().money)} was forecast for {month:%b %Y} while you"
                " were editing. Save again to put your figure in its place."
            )
        entry = MonthForecast(
            project=project, line=line, month=month, amount=amount, made_on=made_on
        )
        entry.clean_fields(exclude={"project", "line"})
        entries.append(entry)
    insert_all(entries)
    if entries:
        said = [{"line": e.line_id, "month": e.month, "amount": e.amount} for e in entries]
        audit.record(
            action="months.forecast",
            target=project,
            scope=project,
            by=by,
            after={"made_on": made_on, "months": said},
        )
    if use_as_forecast:
        total = months_of(project, as_of=made_on).at_completion.value
        if total is not None:
            make_forecast(project=project, amount=total, by=by)
    return entries


def _check_cell(project: Project, line: BudgetLine | None, month: date, made_on: date) -> None:
    if month.day != 1:
        raise RefusalError("A month is named by its first day.")
    if month < month_of(made_on):
        raise RefusalError(f"{month:%b %Y} is over: what it cost is recorded as actual cost.")
    if month.year > made_on.year + YEARS_AHEAD:
        raise RefusalError(f"A month is forecast {YEARS_AHEAD} years ahead at most.")
    if line is None:
        return
    if line.project_id != project.pk:
        raise RefusalError("That budget line does not exist in this project.")
    year = fiscal_year(month, start_month=organization().fiscal_year_start_month)
    if line.fiscal_year is not None and line.fiscal_year != year:
        raise RefusalError(f"{month:%b %Y} is not in the fiscal year of the line “{line}”.")
