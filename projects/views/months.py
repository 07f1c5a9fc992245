"""One project month by month: what was spent, what is expected, and the forecast of the months."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.editing import add_refusal
from pmo.common.page.sheets import (
    ColumnKind,
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.common.records.writing import RefusalError
from pmo.organization.current import organization
from projects.charts import MonthBar
from projects.domain.calendar import fiscal_year
from projects.forms.months import MonthsForm
from projects.models import Project
from projects.selectors.figures import money_of
from projects.selectors.funding import funding_of
from projects.selectors.months import MonthGrid, ProjectMonths, course_of, grid_of, months_of
from projects.selectors.years import label_of, year_choices
from projects.services.months import MonthConflictError, forecast_months
from projects.views import frame
from projects.views.money import months_url, way
from projects.words import money as money_words
from projects.words import months as words
from projects.words.money_charts import course_chart, months_chart

COLUMNS = (
    SheetColumn(words.BUDGET_LINE, width=24),
    SheetColumn("Kind"),
    SheetColumn("For"),
    SheetColumn(words.FUNDING_SOURCE, width=24),
    SheetColumn("Month", ColumnKind.DAY),
    SheetColumn("Spent", ColumnKind.MONEY),
    SheetColumn(words.COMMITTED_IN_MONTH, ColumnKind.MONEY),
    SheetColumn("Forecast", ColumnKind.MONEY),
)


def year_url(project: Project, year: int) -> str:
    return f"{months_url(project)}?year={year}"


def chosen_year(request: PageRequest, years: list[tuple[int, str]], today: date) -> int:
    """Return the fiscal year of the address, or this one when it names none that is offered."""
    asked = request.GET.get("year", "")
    known = {str(year): year for year, _ in years}
    this = fiscal_year(today, start_month=organization().fiscal_year_start_month)
    return known.get(asked, this)


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_months(request: PageRequest, project: Project) -> TemplateResponse:
    today = timezone.localdate()
    years = year_choices(project, today=today)
    months, year = months_of(project, as_of=today), chosen_year(request, years, today)
    money = money_of([project.pk], as_of=today)[project.pk]
    grid, label = grid_of(months, year), label_of(year)
    sources = funding_of(project, months.lines, as_of=today)
    bars = [MonthBar(row.month, row.spent, row.forecast, row.is_over) for row in grid.rows]
    currency = organization().money
    context = {
        **_page(project, months, grid, years),
        "lede": money_words.months_finding(months, money),
        "lapses": [w for s in sources if (w := money_words.lapse_finding(s, as_of=today))],
        "charts": [
            months_chart(bars, currency=currency, year=label),
            course_chart(course_of(months), budget=money.approved.value, currency=currency),
        ],
        "can_forecast": frame.may(request.user, Permission.FORECAST_CHANGE, project),
        "files": [
            _file(project, words.months_of(label), f"?year={year}"),
            _file(project, words.months_of(""), ""),
        ],
    }
    return TemplateResponse(request, "projects/project_months.html", context)


def _file(project: Project, label: str, query: str) -> dict[str, str]:
    """Offer the months shown, or all, as files."""
    addresses = {
        kind: reverse(f"projects:project_months_{kind}", args=[project.pk]) + query
        for kind in ("csv", "xlsx")
    }
    return {"label": label, **addresses}


def _page(
    project: Project, months: ProjectMonths, grid: MonthGrid, years: list[tuple[int, str]]
) -> dict[str, Any]:
    return {
        "project": project,
        "months": months,
        "grid": grid,
        "year_label": label_of(grid.year),
        "years": [(year, label, year == grid.year) for year, label in years],
        "crumbs": way(project),
        "form": None,
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.FORECAST_CHANGE, Project)
def months_edit(request: PageRequest, project: Project) -> HttpResponse:
    today = timezone.localdate()
    years = year_choices(project, today=today)
    months, year = months_of(project, as_of=today), chosen_year(request, years, today)
    grid = grid_of(months, year)
    form = MonthsForm(request.POST or None, grid=grid, seen=months.last_entry)
    status = 200
    if request.method == "POST":
        saved, status = _save(request, project, form, today)
        if saved:
            return HttpResponseRedirect(year_url(project, year))
    rows = [[(cell, _field(form, cell.name)) for cell in row.cells] for row in grid.rows]
    context = {
        **_page(project, months, grid, years),
        "form": form,
        "rows": list(zip(grid.rows, rows, strict=True)),
        "cancel_url": year_url(project, year),
    }
    return TemplateResponse(request, "projects/months_edit.html", context, status=status)


def _field(form: MonthsForm, name: str) -> Any:
    return form[name] if name in form.fields else None


def _save(
    request: PageRequest, project: Project, form: MonthsForm, today: date
) -> tuple[bool, int]:
    """Return whether the months are saved, else with which status the form comes back."""
    if not form.is_valid():
        return False, 422
    seen = form.cleaned_data["seen"]
    try:
        made = forecast_months(
            project=project,
            cells=form.cells(),
            by=request.user,
            use_as_forecast=form.cleaned_data["use_as_forecast"],
            seen=0 if seen is None else seen,
        )
    except MonthConflictError as conflict:
        form.has_seen_all()
        form.add_error(None, str(conflict))
        return False, 409
    except (RefusalError, ValidationError) as refusal:
        add_refusal(form, refusal)
        return False, 422
    saved = (
        words.months_saved(formats.count(len(made), "month")) if made else words.NO_MONTH_CHANGED
    )
    messages.success(request, saved)
    return True, 200


class Held(NamedTuple):
    """What one file holds: the months of one fiscal year, or all (None)."""

    project: Project
    year: int | None

    @property
    def name(self) -> str:
        year = label_of(self.year) if self.year else ""
        return file_name("rounds", self.project.code, "months", year, timezone.localdate())

    @property
    def note(self) -> str:
        year = label_of(self.year) if self.year else ""
        return words.file_note(self.project.name, year, formats.day(timezone.localdate()))

    def rows(self) -> Iterator[list[Any]]:
        """Yield every line and month that has money, nothing summed."""
        months = months_of(self.project, as_of=timezone.localdate())
        lines = {line.pk: line for line in months.lines}
        keys = set(months.spent) | set(months.committed) | set(months.forecast)
        for pk, month in sorted(keys, key=lambda key: (key[0] is None, key[0] or 0, key[1])):
            start = organization().fiscal_year_start_month
            if self.year and fiscal_year(month, start_month=start) != self.year:
                continue
            line = lines[pk] if pk is not None else None
            yield [
                line.category if line else "",
                line.get_kind_display() if line else "",
                label_of(line.fiscal_year) if line else "",
                line.funding_source.name if line and line.funding_source else "",
                month,
                *(
                    part.get((pk, month))
                    for part in (months.spent, months.committed, months.forecast)
                ),
            ]


def _held(request: PageRequest, project: Project) -> Held:
    """Read from the address which months are asked for; without a year that is offered, all."""
    years = {str(year): year for year, _ in year_choices(project, today=timezone.localdate())}
    return Held(project, years.get(request.GET.get("year", "")))


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_months_csv(request: PageRequest, project: Project) -> StreamingHttpResponse:
    held = _held(request, project)
    # read now: a file is sent after its request has forgotten the organization
    return csv_response(held.name, COLUMNS, list(held.rows()))


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_months_xlsx(request: PageRequest, project: Project) -> FileResponse:
    held = _held(request, project)
    return xlsx_response(held.name, [Sheet("Months", COLUMNS, held.rows(), held.note)])
