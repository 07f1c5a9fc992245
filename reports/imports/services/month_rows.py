"""Write rows of forecasts by month: what says something new is added, and the latest of a month counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pmo.organization.current import organization
from projects.domain.calendar import fiscal_year
from projects.models import BudgetLine, MonthForecast, Project
from projects.services.months import forecast_months
from reports.imports.domain import ImportRow, normalized
from reports.imports.domain.fields import MONTH, month_field
from reports.imports.domain.periods import read_month
from reports.imports.services.places import MoneyPlaces
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Change, Setting, Written
from reports.imports.services.showing import change_of

KIND = "month_forecast"
Cells = dict[tuple[BudgetLine | None, date], Decimal]


@dataclass(slots=True)
class BegunMonths:
    """A row whose project and lines were found, with the amount of each of its months."""

    row: ImportRow
    project: Project
    cells: Cells


class MonthWriter:
    later = (MonthForecast,)

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Read the projects of the rows, their lines, and what their months are forecast at."""
        self._start_month = organization().fiscal_year_start_month
        self._places = MoneyPlaces(rows, setting, by_center=False)
        found = MonthForecast.objects.filter(project__in=self._places.projects)
        self._standing = {
            (one.project_id, one.line_id, one.month): one.amount
            for one in found.standing(as_of=setting.today)
        }

    def begin(self, row: ImportRow, setting: Setting) -> BegunMonths:
        """Find the row's project, and line and amount of each month; raise one of `refusals.ERRORS`."""
        project = self._places.project_of(row)
        amounts = self._amounts_of(row)
        if not amounts and not any(map(MONTH.fullmatch, setting.fields)):
            raise RowRefusedError(
                "month", "This row names no month.", "A month such as Jan 2027 or FY27 P03."
            )
        cells: Cells = {
            (self._line_of(row, project, month), month): amount for month, amount in amounts.items()
        }
        return BegunMonths(row, project, cells)

    def settle(self, begun: Sequence[BegunMonths], setting: Setting) -> None:
        """Nothing is written yet on which the months stand."""

    def finish(self, begun: BegunMonths, setting: Setting) -> Written:
        """Forecast the months that differ; raise one of `refusals.ERRORS`."""
        project, changes, is_new = begun.project, [], True
        for (line, month), amount in begun.cells.items():
            old = self._standing.get((project.pk, line.pk if line else None, month))
            is_new = is_new and old is None
            if amount != (old or 0):
                changes.append(_change(month, old, amount))
        # also where nothing differs: a month that is over is refused however often it is sent
        forecast_months(project=project, cells=begun.cells, by=setting.by, use_as_forecast=False)
        if not changes:
            return Written("unchanged", (), project.pk)
        return Written("created" if is_new else "updated", tuple(changes), project.pk)

    def _amounts_of(self, row: ImportRow) -> dict[date, Decimal]:
        """Return the row's amounts by month, those of columns and that of its own month."""
        found = {
            date(int(named[1]), int(named[2]), 1): value
            for name, value in row.values.items()
            if (named := MONTH.fullmatch(name)) and isinstance(value, Decimal)
        }
        if "month" in row.values:
            amount = row.values.get("amount")
            if not isinstance(amount, Decimal):
                raise RowRefusedError("amount", "Amount is empty.", "Fill it in.")
            found[self._month_of(row)] = amount
        return found

    def _month_of(self, row: ImportRow) -> date:
        month = read_month(str(row.values["month"]), start_month=self._start_month)
        if month is None:
            raise RowRefusedError(
                "month", "This is no month.", "A month such as Jan 2027, 2027-01 or FY27 P03."
            )
        return month

    def _line_of(self, row: ImportRow, project: Project, month: date) -> BudgetLine | None:
        """Return the line of the row's category, for its whole life or for the year of the month."""
        category = normalized(str(row.values.get("category", "")))
        if not category:
            return None
        kind = row.values.get("kind")
        lines = [
            line
            for line in self._places.lines_of(project)
            if normalized(line.category) == category and kind in {None, line.kind}
        ]
        year = fiscal_year(month, start_month=self._start_month)
        found = [line for line in lines if line.fiscal_year is None]
        found = found or [line for line in lines if line.fiscal_year == year]
        if len(found) == 1:
            return found[0]
        wrong = (
            "Several budget lines of the project have this category."
            if found
            else "No budget line of the project has this category."
        )
        right = "Say which kind it is." if found else "The category of a budget line, or nothing."
        raise RowRefusedError("category", wrong, right)


def _change(month: date, old: Decimal | None, new: Decimal) -> Change:
    return change_of(KIND, month_field(month).name, old, new)


WRITERS = {KIND: MonthWriter}
