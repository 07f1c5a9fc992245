"""Mend a checked file before it is written: cells, a value wherever it stands, rows to leave out."""

from collections import Counter
from collections.abc import Collection, Mapping

from pmo.accounts.models import User
from pmo.common.records import audit, phi
from pmo.common.records.writing import RefusalError, all_or_nothing
from reports.imports.models import ImportRun, ImportState, RowState, StagedRow
from reports.imports.services import applying, runs, work
from reports.imports.services.remembering import remember_value

Cells = Mapping[int, Mapping[str, str]]  # position of a row -> header -> text
OPEN = (ImportState.READY, ImportState.FAULTY)
DOES_NOT_FIT = (
    "This row does not fit under the headers: let it be put right where the columns are chosen,"
    " or leave it out."
)


def values_in(run: ImportRun, header: str) -> list[tuple[str, int]]:
    """Return what the rows say in a column and how often, the most frequent first."""
    place = _place(run, header)
    cells = StagedRow.objects.of(run).values_list("cells", flat=True)
    return Counter(row[place] for row in cells if len(row) > place and row[place]).most_common()


@all_or_nothing
def mend_cells(*, run: ImportRun, by: User, cells: Cells) -> ImportRun:
    """
    Let cells say something else, and judge their rows again.

    `cells` goes from a row's position to header to text. Raises RefusalError.
    """
    held = held_open(run, by)
    for text in {text for said in cells.values() for text in said.values()}:
        if any(one.is_sure for one in phi.findings(text)):
            raise RefusalError("This looks like something of a patient. Say it otherwise.")
    mends = _with_mends(held, cells)
    there = StagedRow.objects.of(held).filter(position__in=list(cells))
    known_cells = list(there.values_list("cells", flat=True))
    if len(known_cells) != len(cells):
        raise RefusalError("This row is not in the file.")
    if any(len(own) != len(held.headers) for own in known_cells):
        raise RefusalError(DOES_NOT_FIT)
    held.mends = mends
    held.save(update_fields=["mends"])
    work.judge_again(held, list(cells))
    return told(held, by, "import.mended", len(cells))


def _with_mends(run: ImportRun, cells: Cells) -> dict[str, dict[str, str]]:
    """Return what is mended of a run with these cells too; raises RefusalError for a column that is none."""
    mends = {position: dict(known) for position, known in run.mends.items()}
    for position, said in cells.items():
        for header, text in said.items():
            mends.setdefault(str(position), {})[str(_place(run, header))] = text
    return mends


def read_ahead(run: ImportRun, cells: Cells) -> None:
    """Work out the rows as they would be with these cells, for whoever holds it; raises RefusalError."""
    run.mends = _with_mends(run, cells)
    work.records_of(run)
    work.brought_to(run)


@all_or_nothing
def mend_value(*, run: ImportRun, by: User, header: str, old: str, new: str) -> ImportRun:
    """Let every row that says `old` in a column say `new` there; raises RefusalError."""
    cells = cells_saying(run, header, old, new)
    mended = mend_cells(run=run, by=by, cells=cells)
    remember_value(run=mended, by=by, header=header, old=old, new=new)
    return mended


def cells_saying(run: ImportRun, header: str, old: str, new: str) -> dict[int, dict[str, str]]:
    """Return what changes where every `old` of a column becomes `new`; raises RefusalError for none."""
    place = _place(run, header)
    rows = StagedRow.objects.of(run).values_list("position", "cells")
    cells = {position: {header: new} for position, said in rows if said[place : place + 1] == [old]}
    if not cells:
        raise RefusalError("No row says this.")
    return cells


@all_or_nothing
def leave_out(
    *, run: ImportRun, by: User, positions: Collection[int], is_left_out: bool = True
) -> ImportRun:
    """Leave rows out of the writing, or take them in again; raises RefusalError."""
    held = held_open(run, by)
    rows = StagedRow.objects.of(held).filter(position__in=positions)
    if is_left_out:
        rows.update(state=RowState.LEFT_OUT)
    else:
        rows.filter(state=RowState.LEFT_OUT).update(state=RowState.REFUSED)
        work.judge_again(held, list(rows.values_list("position", flat=True)))
    return told(held, by, "import.rows_left_out", len(positions))


def held_open(run: ImportRun, by: User) -> ImportRun:
    """Lock an import that is checked and one's own; raises RefusalError."""
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state not in OPEN or held.created_by_id != by.pk:
        raise RefusalError("Only a checked import of one's own can be mended.")
    return held


def _place(run: ImportRun, header: str) -> int:
    try:
        return list(run.headers).index(header)
    except ValueError as error:
        raise RefusalError("The file has no such column.") from error


def told(run: ImportRun, by: User, action: str, rows: int) -> ImportRun:
    """Keep the counts as they are now, and whether something can be written."""
    counts, aside = applying.counted(run)
    run.report = run.report | {"counts": counts, **aside, **work.problems_kept(run)}
    run.report |= work.reconcile_again(run)
    can_write = any(counts.values()) and not run.report.get("questions")
    run.state = ImportState.READY if can_write else ImportState.FAULTY
    run.save(update_fields=["report", "state"])
    audit.record(action=action, target=run, by=by, after={"rows": rows})
    runs.check_others(run)
    return run
