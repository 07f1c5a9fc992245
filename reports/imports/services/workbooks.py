"""
A file of several tables: what each sheet or level looks like, and an import for each that is chosen.

Projects come first. Rows that name projects of the same workbook are tried together with those, and are
written after them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.common.tabular import Hints, SourceTable, TableError, table_from
from pmo.common.tabular.headers import SPREAD, fit_of
from pmo.common.tabular.levels import PROGRAM
from pmo.common.tabular.table import SheetInfo
from reports.imports import profiles
from reports.imports.domain import RECORD_KINDS
from reports.imports.models import OVER, ImportRun
from reports.imports.services import runs, work

NAMED = 2  # known headers that a sheet's own name counts for
FIRST = "project"


@dataclass(frozen=True, slots=True)
class SheetLook:
    """A sheet as it looks: how many rows, which kind of record they most likely are, whose export it is."""

    name: str
    rows: int
    record: str  # "" for no table that is known
    product: str
    known: int  # of its headers
    is_likely: bool = False  # taken when nobody chooses
    is_level: bool = False
    is_above: bool = False  # a level that the rows below it name


def looks_of(table: SourceTable) -> list[SheetLook]:
    """Return the visible sheets with rows, in the order of the workbook."""
    shown = [one for one in table.sheets if one.rows and not one.is_hidden]
    return [_look(one, is_likely=one.name == table.sheet) for one in shown]


def _look(sheet: SheetInfo, *, is_likely: bool) -> SheetLook:
    if sheet.likely is not None:  # a level of a table: all that can be imported are likely
        record = sheet.likely if sheet.likely in RECORD_KINDS else ""
        look = SheetLook(sheet.name, sheet.rows - 1, record, "", sheet.fit, is_likely=bool(record))
        return replace(look, is_level=True, is_above=sheet.likely == PROGRAM)
    if known := profiles.of_headers(sheet.headers):
        fit = fit_of(sheet.headers, known.kind.name)
        return SheetLook(sheet.name, sheet.rows - 1, known.kind.name, known.product, fit, is_likely)
    fits = {name: fit_of(sheet.headers, name) for name in RECORD_KINDS}
    called = {
        name: NAMED * (kind.label.lower() in sheet.name.lower())
        for name, kind in RECORD_KINDS.items()
    }
    best = max(fits, key=lambda name: fits[name] + called[name])
    record = best if fits[best] >= SPREAD else ""
    rows = sheet.rows - bool(record)  # the headers are none
    return SheetLook(sheet.name, rows, record, "", fits[best], is_likely)


def has_several(table: SourceTable) -> bool:
    """Say whether more than one sheet looks like a table that can be imported."""
    return sum(bool(one.record) for one in looks_of(table)) > 1


def in_order(chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return sheet and record, projects first, then as the kinds are offered and the workbook has them."""
    kinds = list(RECORD_KINDS)
    return sorted(chosen.items(), key=lambda one: (one[1] != FIRST, kinds.index(one[1])))


@all_or_nothing
def choose_sheets(*, run: ImportRun, chosen: Mapping[str, str], by: User) -> list[ImportRun]:
    """
    Import these sheets (name -> kind of record): the run takes the first, the others follow it.

    Chosen again, a sheet keeps its import as long as that is not written; one that is no longer chosen is
    discarded.
    Raises RefusalError for none, for a kind that is none, and for a file that is no such workbook.
    """
    held = runs.held_open(run)
    if not chosen:
        raise RefusalError("Choose at least one sheet.")
    there = {one.name for one in work.table_of(held).sheets}
    if not set(chosen) <= there or not set(chosen.values()) <= RECORD_KINDS.keys():
        raise RefusalError("Choose among the sheets of the file and what their rows are.")
    (sheet, record), *others = in_order(chosen)
    _take(held, sheet, record)
    audit.record(action="import.sheets_chosen", target=held, by=by)
    before = {(one.sheet, one.document["record"]): one for one in _followers(held)}
    for one, known in before.items():
        if one not in others:
            runs.discard(run=known, by=by)
    return [held, *(before.get(one) or _follow(held, *one, by) for one in others)]


def _followers(run: ImportRun) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(follows=run).exclude(state__in=OVER).order_by("pk")


def _follow(first: ImportRun, sheet: str, record: str, by: User) -> ImportRun:
    return runs.start_import(
        file_name=first.file_name,
        content=bytes(first.content),
        by=by,
        record=record,
        sheet=sheet,
        follows=first,
    )


def read_sheet(run: ImportRun, sheet: str, record: str) -> SourceTable:
    """Read a sheet as a table of such records; raises TableError."""
    return table_from(bytes(run.content), Hints(record=record, sheet=sheet))


def _take(run: ImportRun, sheet: str, record: str) -> None:
    """Let the run be of this sheet."""
    try:
        table = read_sheet(run, sheet, record)
    except TableError as error:
        raise RefusalError(str(error)) from error
    document = runs.first_document(run.file_name, table, record)
    run.document = document | {"source": {"sheet": sheet}}
    run.save(update_fields=["document"])
