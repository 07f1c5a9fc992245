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
from pmo.common.page.sheets import (
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.organization.current import category_names
from reports.domain.figure_table import Use, used_in
from reports.filters import HealthFilter, ordered
from reports.models.snapshots import SnapshotQuerySet
from reports.views.portfolio_and_day import Look, look_of
from reports.words import exports as words
from reports.words.file_cells import column_of, writer_of

CHUNK = 2000

EXPORTED = used_in(Use.FILE)
MARKED = {"manager_name": "manager_said", "sponsor_name": "sponsor_said"}
MISSING = SheetColumn(words.WHY_MISSING, width=50)
COLUMNS = (*map(column_of, EXPORTED), MISSING)


@dataclass(frozen=True, kw_only=True)
class ExportedRows:
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
        view = self.look.view
        of = words.held_name(self.said) if self.labels else ""
        return file_name("rounds", view.scope.code, view.day, of)


def held_by(request: PageRequest) -> ExportedRows:
    """Return what the table at the same address shows, on all its pages."""
    look = look_of(request)
    form = HealthFilter(request.GET, offered=look.offered)
    rows = form.of_color(form.apply(look.view.rows(), look.view.rows_before()))
    return ExportedRows(
        look=look, rows=ordered(rows, request.GET.get("sort", "")), labels=form.labels
    )


def export_rows(rows: SnapshotQuerySet) -> Iterator[list[Any]]:
    """Return the rows in their order, to be read some at a time."""
    # asked for now: a file is sent after its request has forgotten the organization
    return _rows(rows, category_names())


def _rows(found: SnapshotQuerySet, categories: Mapping[str, str]) -> Iterator[list[Any]]:
    names = [one.name for one in EXPORTED]
    shown = [MARKED.get(name, name) for name in names]
    written = [(place, write) for place, one in enumerate(EXPORTED) if (write := writer_of(one))]
    category = names.index("category")
    for values in found.with_marks().values_list(*shown, "reasons").iterator(chunk_size=CHUNK):
        row = list(values)
        for place, write in written:
            row[place] = write(row[place])
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
    said = [words.note(held.look.title, held.said, held.look.moment), held.look.behind, *sources]
    note = " ".join(text for text in said if text)
    return xlsx_response(held.name, [Sheet("Projects", COLUMNS, export_rows(held.rows), note)])
