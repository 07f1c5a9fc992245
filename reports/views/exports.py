"""All projects of a portfolio and day as files: the rows the reader may see, nothing summed."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.models import Attribution
from pmo.common.page import figures
from pmo.common.page.sheets import (
    ColumnKind,
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.organization.current import category_names
from projects.domain.kinds import Lane
from projects.domain.stages import Stage
from reports.views.portfolio_and_day import Look, look_of

COLORS = figures.COLOR_WORDS
STAGES = {stage.value: stage.label for stage in Stage}
LANES = {lane.value: lane.label for lane in Lane}
CHUNK = 2000

# column of the file, column of the snapshot, how codes are written (None: as they are)
EXPORTED: tuple[tuple[SheetColumn, str, dict[str, str] | None], ...] = (
    (SheetColumn("Code", width=12), "code", None),
    (SheetColumn("Project", width=40), "name", None),
    (SheetColumn("Unit", width=24), "unit_name", None),
    (SheetColumn("Program", width=20), "program_name", None),
    (SheetColumn("Category", width=20), "category", None),
    (SheetColumn("Lane"), "lane", LANES),
    (SheetColumn("Stage"), "stage", STAGES),
    (SheetColumn("Manager", width=20), "manager_name", None),
    (SheetColumn("Sponsor", width=20), "sponsor_name", None),
    (SheetColumn("Status"), "overall", COLORS),
    (SheetColumn("Status before"), "overall_before", COLORS),
    (SheetColumn("Published rating"), "published_rating", None),
    (SheetColumn("Why", width=50), "note", None),
    (SheetColumn("Data says"), "measured", COLORS),
    (SheetColumn("Rule", width=50), "measured_rule", None),
    (SheetColumn("Updated", ColumnKind.DAY), "updated_on", None),
    (SheetColumn("Approved budget", ColumnKind.MONEY), "approved_budget", None),
    (SheetColumn("Spent", ColumnKind.MONEY), "spent", None),
    (SheetColumn("Committed", ColumnKind.MONEY), "committed", None),
    (SheetColumn("Forecast cost", ColumnKind.MONEY), "forecast_cost", None),
    (SheetColumn("Over or under", ColumnKind.MONEY), "cost_variance", None),
    (SheetColumn("Fiscal year", ColumnKind.NUMBER), "fiscal_year", None),
    (SheetColumn("Budget this year", ColumnKind.MONEY), "year_budget", None),
    (SheetColumn("Forecast this year", ColumnKind.MONEY), "year_forecast", None),
    (SheetColumn("Start", ColumnKind.DAY), "start_date", None),
    (SheetColumn("Planned finish", ColumnKind.DAY), "baseline_finish", None),
    (SheetColumn("Forecast finish", ColumnKind.DAY), "forecast_finish", None),
    (SheetColumn("Days late", ColumnKind.NUMBER), "finish_slip_days", None),
    (SheetColumn("Percent complete", ColumnKind.NUMBER), "percent_complete", None),
    (SheetColumn("Milestones", ColumnKind.NUMBER), "milestones", None),
    (SheetColumn("Milestones done", ColumnKind.NUMBER), "milestones_done", None),
    (SheetColumn("Milestones late", ColumnKind.NUMBER), "milestones_late", None),
    (SheetColumn("Next milestone", width=30), "next_milestone", None),
    (SheetColumn("Next milestone date", ColumnKind.DAY), "next_milestone_date", None),
    (SheetColumn("Open risks", ColumnKind.NUMBER), "open_risks", None),
    (SheetColumn("High risks", ColumnKind.NUMBER), "high_risks", None),
    (SheetColumn("Highest risk", width=40), "top_risk", None),
    (SheetColumn("Open issues", ColumnKind.NUMBER), "open_issues", None),
    (SheetColumn("Help needed", width=50), "help_needed", None),
    (SheetColumn("Who decides"), "help_from", None),
    (SheetColumn("Decide by", ColumnKind.DAY), "help_due", None),
)
MISSING = SheetColumn("Why amounts are missing", width=50)
COLUMNS = (*(column for column, _, _ in EXPORTED), MISSING)


def export_rows(look: Look) -> Iterator[list[Any]]:
    """Return the visible rows, worst first, to be read some at a time."""
    # asked for now: a file is sent after its request has forgotten the organization
    return _rows(look, category_names())


def _rows(look: Look, categories: Mapping[str, str]) -> Iterator[list[Any]]:
    names = [name for _, name, _ in EXPORTED]
    words = [(place, codes) for place, (_, _, codes) in enumerate(EXPORTED) if codes]
    category = names.index("category")
    rows = look.view.rows().worst_first().values_list(*names, "reasons")
    for found in rows.iterator(chunk_size=CHUNK):
        row = list(found)
        for place, codes in words:
            row[place] = codes.get(row[place], "")
        row[category] = categories.get(row[category], row[category])
        reasons = row[-1]
        row[-1] = "; ".join(f"{k.replace('_', ' ')}: {v}" for k, v in reasons.items())
        yield row


def _name(look: Look) -> str:
    return file_name("rounds", look.view.scope.code, look.view.day)


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_csv(request: PageRequest) -> StreamingHttpResponse:
    look = look_of(request)
    return csv_response(_name(look), COLUMNS, export_rows(look))


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_xlsx(request: PageRequest) -> FileResponse:
    look = look_of(request)
    sources = list(Attribution.objects.order_by("pk").values_list("text", flat=True))
    note = " ".join([f"{look.title}. As of {look.moment}.", *sources])
    return xlsx_response(_name(look), [Sheet("Projects", COLUMNS, export_rows(look), note)])
