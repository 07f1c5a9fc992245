"""The sample workbooks of the import: rows that fit this organization, and a sheet that explains them."""

from collections import Counter

from django.utils import timezone

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.common.page.sheets import ColumnKind, Sheet, SheetColumn
from projects.models import Project
from reports.imports.domain import (
    RECORD_KINDS,
    CellKind,
    Field,
    ImportValue,
    RecordKind,
    normalized,
)
from reports.imports.domain.fields import SampleFor
from reports.imports.domain.kinds.project import PROJECTS
from reports.imports.domain.samples import meaning_of, sample_columns

HOW_TO = "How to fill this in"
MOST_UNITS, MOST_PROJECTS = 6, 4
CELLS = {
    CellKind.DATE: ColumnKind.DAY,
    CellKind.MONEY: ColumnKind.MONEY,
    CellKind.NUMBER: ColumnKind.NUMBER,
    CellKind.PERCENT: ColumnKind.NUMBER,
}
NOTE = (
    "The rows of the first sheet are made up: put yours in their place. Columns may stand in any"
    " order, and those that you do not need may be taken out."
)


def sample_sheets(name: str, *, by: User) -> list[Sheet]:
    """Return a kind's sample: its rows, and what each column means; KeyError for no kind."""
    kind = RECORD_KINDS[name]
    columns = sample_columns(kind)
    start = SampleFor(timezone.localdate(), _units(by), _codes(by), str(by.email or ""))
    rows = [[_cell(row.get(field.name), field) for field in columns] for row in kind.rows(start)]
    heads = [SheetColumn(f.label, CELLS.get(f.kind, ColumnKind.TEXT), _width(f)) for f in columns]
    return [Sheet(kind.label, heads, rows), _how_to(kind)]


def _how_to(kind: RecordKind) -> Sheet:
    heads = [
        SheetColumn("Column", width=22),
        SheetColumn("What it means", width=70),
        SheetColumn("Needed?", width=24),
        SheetColumn("What may stand in it", width=70),
    ]
    lines = [(field.label, *meaning_of(field)) for field in kind.fields]
    return Sheet(HOW_TO, heads, lines, note=NOTE)


def _units(by: User) -> list[str]:
    """Return names of units into which this person may put projects, only those that mean one unit."""
    scope = scope_of(by, Permission.PROJECT_CREATE)
    units = list(Unit.objects.order_by("pk"))
    often = Counter(normalized(unit.name) for unit in units)
    return [
        unit.name for unit in units if scope.covers(unit.path) and often[normalized(unit.name)] == 1
    ][:MOST_UNITS]


def _codes(by: User) -> list[str]:
    """Return codes of projects that are here; before there are any, those of the projects' sample."""
    found = Project.objects.visible_to(by).active().order_by("code").values_list("code", flat=True)
    return list(found[:MOST_PROJECTS]) or [line[0] for line in PROJECTS[:MOST_PROJECTS]]


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
