"""
Projects of a portfolio and day as files: the rows that the table shows, in its order, nothing summed.

The address narrows a file as it narrows the table; without filters it holds all that the reader sees.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
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
from reports.filters import HealthFilter, ordered
from reports.models.snapshots import SnapshotQuerySet
from reports.views.portfolio_and_day import Look, look_of
from reports.words import exports as words

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


@dataclass(frozen=True, kw_only=True)
class Held:
    """What one file holds: its rows, and what narrowed them; nothing did where it holds all."""

    look: Look
    rows: SnapshotQuerySet
    labels: list[str]

    @cached_property
    def said(self) -> str:
        """Say what is in the file: "34 of 46 projects: red, Cardiology"."""
        shown = self.rows.count()
        total = self.look.view.rows().count() if self.labels else shown
        return words.held(shown=shown, total=total, labels=self.labels)

    @property
    def name(self) -> str:
        portfolio = self.look.view.portfolio
        code = portfolio.code if portfolio else "portfolio"
        of = words.held_name(self.said) if self.labels else ""
        return file_name("rounds", code, self.look.view.day, of)


def held_by(request: PageRequest) -> Held:
    """Return what the table at the same address shows, on all its pages."""
    look, form = look_of(request), HealthFilter(request.GET)
    rows = form.of_color(form.apply(look.view.rows()))
    return Held(look=look, rows=ordered(rows, request.GET.get("sort", "")), labels=form.labels)


def export_rows(rows: SnapshotQuerySet) -> Iterator[list[Any]]:
    """Return the rows in their order, to be read some at a time."""
    # asked for now: a file is sent after its request has forgotten the organization
    return _rows(rows, category_names())


def _rows(found: SnapshotQuerySet, categories: Mapping[str, str]) -> Iterator[list[Any]]:
    names = [name for _, name, _ in EXPORTED]
    coded = [(place, codes) for place, (_, _, codes) in enumerate(EXPORTED) if codes]
    category = names.index("category")
    for values in found.values_list(*names, "reasons").iterator(chunk_size=CHUNK):
        row = list(values)
        for place, codes in coded:
            row[place] = codes.get(row[place], "")
        row[category] = categories.get(row[category], row[category])
        reasons = row[-1]
        row[-1] = "; ".join(f"{k.replace('_', ' ')}: {v}" for k, v in reasons.items())
        yield row


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_csv(request: PageRequest) -> StreamingHttpResponse:
    held = held_by(request)
    return csv_response(held.name, COLUMNS, export_rows(held.rows))


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_xlsx(request: PageRequest) -> FileResponse:
    held = held_by(request)
    sources = list(Attribution.objects.order_by("pk").values_list("text", flat=True))
    note = " ".join([words.note(held.look.title, held.said, held.look.moment), *sources])
    return xlsx_response(held.name, [Sheet("Projects", COLUMNS, export_rows(held.rows), note)])
