"""Keep what a check found, row by row: for the page that shows it, the writing, and the rows handed back."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from pmo.common.records import phi
from pmo.common.records.inserting import inserting
from pmo.common.tabular import Misaligned, SourceTable, TableRow, letters
from pmo.common.tabular.sheetxml import number_of
from pmo.common.tabular.table import plain
from reports.imports.domain import ImportRow, Problem, normalized, profile_from_dict
from reports.imports.models import ImportRun, RowState, StagedRow
from reports.imports.services.pacing import Pace
from reports.imports.services.tally import JudgedRow
from reports.imports.services.warned import Marks

BATCH = 500
MOST_SEEN = 10_000  # texts of a long file that are remembered
EARLIER = "An earlier row of this record has a problem."
MEND_IT = "Mend that row first."
Place = tuple[int, str]
# the fields that say which record a row is about, the first that it has
CODES = ("code", "project", "cost_center")
NAMES = ("name", "title", "text", "supplier", "document", "number", "category")


class Screen:
    """Empties cells that may identify a patient; a text that comes again soon is looked at once."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text not in self._seen:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen[text] = "" if phi.findings(text) else text
        return self._seen[text]


def in_file_order(table: SourceTable) -> list[TableRow | Misaligned]:
    """Return the rows with those that do not fit under the header; a row's position counts from 1 here."""
    if not table.misaligned:
        return list(table.rows)
    return sorted([*table.rows, *table.misaligned], key=_number)


def _number(row: TableRow | Misaligned) -> int:
    return row.lines[0] if isinstance(row, Misaligned) else row.position


def place_of(table: SourceTable, row: TableRow | Misaligned) -> Place:
    """Return line and own column of a record, as `ImportRow` has them."""
    if isinstance(row, Misaligned):
        return row.lines[0], ""
    if table.orientation == "columns":
        return table.positions[0], letters(row.position)
    return row.position, ""


def place_of_problem(table: SourceTable, problem: Problem) -> Place:
    """Return line and own column of the record that a problem is about."""
    if table.orientation == "columns":
        return table.positions[0], problem.column
    return problem.line, ""


class Stager:
    """Makes the rows that are kept of what was found about the rows of a table."""

    def __init__(self, run: ImportRun, table: SourceTable, marks: Marks) -> None:
        self._run, self._table, self._marks = run, table, marks
        self._order = in_file_order(table)
        self._numbers = array("q", map(_number, self._order))
        self._called = _called(run, table)
        self._screen = Screen()

    def staged(self, judged: JudgedRow) -> StagedRow | None:
        """Return the row as it is kept; None where the table has none at its place."""
        line, column = judged.place
        number = number_of(column) if column else line
        at = bisect_left(self._numbers, number)
        if at == len(self._numbers) or self._numbers[at] != number:
            return None
        staged = StagedRow(
            run=self._run,
            check_number=self._run.checks,
            position=at + 1,
            line=line,
            column=column,
            cells=[self._screen(plain(cell)) for cell in self._order[at].cells],
        )
        if judged.row is None and len(staged.cells) == len(self._table.headers):
            # a row that could not be read is known by what its cells call it
            names = [staged.cells[one] if one is not None else "" for one in self._called]
            staged.code, staged.name = names
        self._judge(staged, judged)
        self._marks.put(staged, judged.written)
        return staged

    def _judge(self, staged: StagedRow, judged: JudgedRow) -> None:
        row, done = judged.row, judged.written
        if row is not None:
            day = row.values.get("as_of")
            staged.as_of = day if isinstance(day, date) else None
            staged.key = key_of(row)
            staged.code = self._screen(_first(row, CODES))
            staged.name = self._screen(_first(row, NAMES))
        else:
            staged.as_of = self._run.as_of
        if done is None:
            found = judged.problems or [Problem(staged.line, staged.column, "", EARLIER, MEND_IT)]
            staged.state = RowState.REFUSED
            staged.problems = [[p.line, p.column, p.field, p.wrong, p.right] for p in found]
            return
        staged.outcome = done.outcome
        staged.project = done.project_id if done.outcome != "created" else None
        staged.state = RowState.UNCHANGED if done.outcome == "unchanged" else RowState.READY
        staged.changes = [list(change.shown) for change in done.changes]


def _called(run: ImportRun, table: SourceTable) -> list[int | None]:
    """Return the places of the columns with the code and the name of a record; None for no column."""
    there = {normalized(header): place for place, header in enumerate(table.headers)}
    sources = profile_from_dict(run.document).sources
    places = []
    for names in (CODES, NAMES):
        headers = [one for name in names if name in sources for one in sources[name].headers]
        found = [there[normalized(one)] for one in headers if normalized(one) in there]
        places.append(found[0] if found else None)
    return places


def _first(row: ImportRow, names: Sequence[str]) -> str:
    return next((str(row.values[name]) for name in names if name in row.values), "")


def key_of(row: ImportRow) -> str:
    """Return a short name for what identifies the record."""
    return hashlib.sha256("\n".join(row.key).encode()).hexdigest()[:40]


class RowKeeper:
    """Puts down the rows of a check as they are judged, some hundred at a time so that nobody waits."""

    def __init__(self, stager: Stager) -> None:
        self._stager, self._pace = stager, Pace(first=100, most=BATCH)

    def keep(self, judged: Iterable[JudgedRow]) -> None:
        found = filter(None, map(self._stager.staged, judged))
        while batch := list(islice(found, self._pace.size)):
            with self._pace.turn(), transaction.atomic():
                inserting(StagedRow).bulk_create(batch)


def stage_again(run: ImportRun, rows: Iterable[StagedRow]) -> None:
    """Put some rows in place of what was known of them; those that were left out stay so."""
    again = {row.position: row for row in rows}
    known = StagedRow.objects.of(run).filter(position__in=again)
    aside = set(known.filter(state=RowState.LEFT_OUT).values_list("position", flat=True))
    for position in aside:
        again[position].state = RowState.LEFT_OUT
    known.delete()
    StagedRow.objects.bulk_create(again.values())


def leave_out(run: ImportRun, table: SourceTable, positions: Collection[int]) -> None:
    """Leave out rows that are no records of this import any more, as their cells now are."""
    known, screen = in_file_order(table), Screen()
    rows = list(StagedRow.objects.of(run).filter(position__in=positions))
    for row in rows:
        row.state, row.outcome, row.problems, row.changes = RowState.LEFT_OUT, "", [], []
        row.cells = [screen(plain(cell)) for cell in known[row.position - 1].cells]
    StagedRow.objects.bulk_update(rows, ["state", "outcome", "problems", "changes", "cells"])


def forget_cells(*, before: datetime) -> None:
    """Empty what the rows of older imports say; what became of them stays."""
    old = StagedRow.objects.filter(run__created_at__lt=before).exclude(cells=[])
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        StagedRow.objects.filter(pk__in=keys).update(cells=[], changes=[], code="", name="")


def forget(run: ImportRun) -> None:
    """Remove the rows of a run's last check and of those before, some hundred at a time."""
    rows = StagedRow.objects.filter(run=run, check_number__lte=run.checks)
    pace = Pace(first=100, most=BATCH)
    while keys := list(rows.values_list("pk", flat=True)[: pace.size]):
        with pace.turn():
            StagedRow.objects.filter(pk__in=keys).delete()
