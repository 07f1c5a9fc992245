"""The rows that were not written, as a file of the same shape, and that file sent again."""

from collections.abc import Iterator
from typing import Any

from pmo.accounts.models import User
from pmo.common.page.sheets import ColumnKind, Sheet, SheetColumn
from pmo.common.tabular import SourceTable
from reports.imports.domain import RECORD_KINDS
from reports.imports.models import ImportRun, RowState, StagedRow

LINE, WRONG = "Line", "What is wrong"
ADDED = [LINE, WRONG]
BACK = (RowState.REFUSED, RowState.LEFT_OUT)
LEFT_OUT = "Left out"
# how the first file was written says nothing of one that Rounds wrote
SOURCE = {"records_in": "rows", "header": 1}


def columns_back(run: ImportRun) -> list[SheetColumn]:
    """Return the file's own columns in their order, then the line and what is wrong."""
    own = [SheetColumn(str(header), width=18) for header in run.headers]
    return [*own, SheetColumn(LINE, ColumnKind.NUMBER), SheetColumn(WRONG, width=70)]


def rows_back(run: ImportRun) -> Iterator[list[Any]]:
    """Yield the cells of the rows that were not written; a cell that may be of a patient is empty."""
    rows = StagedRow.objects.of(run).filter(state__in=BACK)
    for row in rows.iterator(chunk_size=500):
        yield [*_fitted(row.cells, len(run.headers)), row.line, sentence(row)]


def _fitted(cells: list[str], width: int) -> list[str]:
    """Return as many cells as there are headers; what is too much stands in the last one."""
    if len(cells) <= width:
        return [*cells, *[""] * (width - len(cells))]
    return [*cells[: width - 1], ", ".join(filter(None, cells[width - 1 :]))]


def sentence(row: StagedRow) -> str:
    """Say what is wrong with a row and what would be right."""
    if row.state == RowState.LEFT_OUT:
        return LEFT_OUT
    return " ".join(f"{wrong} {right}".strip() for _, _, _, wrong, right in row.problems)


def sheet_back(run: ImportRun) -> Sheet:
    return Sheet("Handed back", columns_back(run), rows_back(run))


PROBLEM_COLUMNS = [
    SheetColumn(LINE, ColumnKind.NUMBER),
    SheetColumn("Column"),
    SheetColumn("Field", width=22),
    SheetColumn(WRONG, width=60),
    SheetColumn("What would be right", width=60),
]


def problem_rows(run: ImportRun) -> Iterator[list[Any]]:
    """Yield every problem of the file: line, column, field, what is wrong, what would be right."""
    kind = RECORD_KINDS[run.document["record"]].with_months(run.document.get("fields") or {})
    labels = {one.name: one.label for one in kind.fields}
    rows = StagedRow.objects.of(run).exclude(problems=[])
    for found in rows.values_list("problems", flat=True).iterator(chunk_size=500):
        for line, column, field, wrong, right in found:
            yield [line, column, labels.get(field, ""), wrong, right]


def first_file_of(table: SourceTable, by: User) -> ImportRun | None:
    """Return the import whose handed-back rows this table is; None for any other table."""
    headers = list(table.headers)
    if headers[-2:] != ADDED:
        return None
    mine = ImportRun.objects.filter(created_by=by, headers=headers[:-2]).order_by("-pk")
    return mine.select_related("portfolio").first()
