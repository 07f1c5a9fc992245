"""The sample workbooks of the import: rows that fit this organization, and a sheet that explains them."""

from pmo.accounts.models import User
from pmo.common.page.sheets import ColumnKind, Sheet, SheetColumn
from reports.imports.domain import RECORD_KINDS, CellKind, Field, ImportValue, RecordKind
from reports.imports.domain.samples import meaning_of, sample_columns
from reports.imports.selectors import sample_rows

HOW_TO = "How to fill this in"
CELLS = {
    CellKind.DATE: ColumnKind.DAY,
    CellKind.MONEY: ColumnKind.MONEY,
    CellKind.NUMBER: ColumnKind.NUMBER,
    CellKind.PERCENT: ColumnKind.NUMBER,
}
NOTE = (
    "The rows of the first sheet are made up: replace them with yours. Columns may stand in any"
    " order, and you may remove those that you do not need."
)


def sample_sheets(name: str, *, by: User) -> list[Sheet]:
    """Return a kind's sample: its rows, and what each column means; KeyError for no kind."""
    kind = RECORD_KINDS[name]
    columns = sample_columns(kind)
    rows = [
        [_cell(row.get(field.name), field) for field in columns] for row in sample_rows(kind, by)
    ]
    heads = [SheetColumn(f.label, CELLS.get(f.kind, ColumnKind.TEXT), _width(f)) for f in columns]
    return [Sheet(kind.label, heads, rows), _how_to(kind)]


def _how_to(kind: RecordKind) -> Sheet:
    heads = [
        SheetColumn("Column", width=22),
        SheetColumn("What it means", width=70),
        SheetColumn("Required", width=24),
        SheetColumn("What to enter", width=70),
    ]
    lines = [(field.label, *meaning_of(field)) for field in kind.fields]
    return Sheet(HOW_TO, heads, lines, note=NOTE)


def _cell(value: ImportValue | None, field: Field) -> ImportValue | None:
    """Write a code of ours in the words of the pages."""
    words = dict(field.choices)
    if field.choices:
        return words.get(str(value))
    if field.kind is CellKind.COLOR and value:
        return str(value).capitalize()
    return value


def _width(field: Field) -> int:
    return 44 if field.name in {"name", "title", "summary", "response"} else 18
