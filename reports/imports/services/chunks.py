"""
Write some rows at once, each wholly or not at all, and say what became of each.

The services write. What they would insert and change one by one is gathered and put down in bulk; a row
that they refuse is taken back. When the database itself refuses, nobody can say whose fault it was:
the rows are halved until one is alone, which is then written step by step and names its fault.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction

from pmo.common.records import audit, ledger
from pmo.common.records.writing import ClashError, RefusalError, refusal_of
from reports.imports.domain import ImportRow, Problem, normalized
from reports.imports.services import budget_rows, money_rows, month_rows, registers
from reports.imports.services.projects import ProjectWriter
from reports.imports.services.refusals import ERRORS, problems_of
from reports.imports.services.setting import Setting, Written, screen

REFUSED = (RefusalError, ValidationError)


class RowWriter(Protocol):
    """Writes rows of one day about different records, in two goes."""

    @property
    def later(self) -> tuple[type[models.Model], ...]: ...

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None: ...

    def begin(self, row: ImportRow, setting: Setting) -> Any: ...

    def settle(self, begun: Sequence[Any], setting: Setting) -> None: ...

    def finish(self, begun: Any, setting: Setting) -> Written: ...


WRITERS: dict[str, type[RowWriter]] = {
    "project": ProjectWriter,
    **registers.WRITERS,
    **money_rows.WRITERS,
    **budget_rows.WRITERS,
    **month_rows.WRITERS,
}


@dataclass(slots=True)
class ChunkResult:
    """What became of a row: written, with its effects in their order, or problems."""

    row: ImportRow
    written: Written | None = None
    problems: list[Problem] = field(default_factory=list)
    effects: list[ledger.Effect] = field(default_factory=list)


class _SpoiledError(Exception):
    """Rows failed after something of them went to the database; `bad` are their results."""

    def __init__(self, bad: list[ChunkResult]) -> None:
        super().__init__(f"{len(bad)} rows")
        self.bad = bad


def day_of(row: ImportRow) -> date:
    """Return the row's own date; rows without one come last."""
    day = row.values.get("as_of")
    return day if isinstance(day, date) else date.max


def waves(rows: Sequence[ImportRow], most: int) -> Iterator[list[ImportRow]]:
    """Cut the rows, in their order, where the day changes and before a record comes again."""
    wave: list[ImportRow] = []
    seen: set[str] = set()
    for row in rows:
        names = {normalized(str(row.values.get(name, ""))) for name in ("code", "name")} - {""}
        names = {"/".join(row.key)} if "project" in row.values else names
        if wave and (len(wave) >= most or day_of(wave[0]) != day_of(row) or names & seen):
            yield wave
            wave, seen = [], set()
        wave.append(row)
        seen |= names
    if wave:
        yield wave


def write_rows(
    rows: Sequence[ImportRow], kind: str, setting: Setting, *, is_try: bool = False
) -> list[ChunkResult]:
    """
    Write the rows of one wave inside the caller's transaction; return a result for each, in their order.

    With `is_try` the caller takes everything back. A deadlock is nobody's fault and raises ClashError.
    """
    try:
        return _together(rows, kind, setting, is_try=is_try)
    except _SpoiledError as spoiled:
        bad = {id(result.row): result for result in spoiled.bad}
        rest = [row for row in rows if id(row) not in bad]
        good = write_rows(rest, kind, setting) if rest else []
        found = bad | {id(result.row): result for result in good}
        return [found[id(row)] for row in rows]
    except (DatabaseError, OverflowError) as error:
        _only_rules(error)
    if len(rows) == 1:
        return [_alone(rows[0], kind, setting)]
    half = len(rows) // 2
    return [
        *write_rows(rows[:half], kind, setting, is_try=is_try),
        *write_rows(rows[half:], kind, setting, is_try=is_try),
    ]


def _only_rules(error: Exception) -> None:
    """Raise what is no rule of the database's: a deadlock as ClashError, a fault as it is."""
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    if isinstance(refusal, ClashError) and not isinstance(error, IntegrityError):
        raise refusal from error


def _together(
    rows: Sequence[ImportRow], kind: str, setting: Setting, *, is_try: bool
) -> list[ChunkResult]:
    writer = WRITERS[kind]()
    place = setting.lookups.mark()
    try:
        with transaction.atomic(), audit.gathered(later=writer.later) as book:
            results = _gather(rows, writer, setting, book, is_try=is_try)
            book.put_down()
    except BaseException:
        setting.lookups.back_to(place)
        raise
    return results


def _gather(
    rows: Sequence[ImportRow],
    writer: RowWriter,
    setting: Setting,
    book: ledger.Book,
    *,
    is_try: bool,
) -> list[ChunkResult]:
    results = {id(row): ChunkResult(row) for row in rows}
    writer.start(rows, setting)
    begun: list[tuple[ChunkResult, Any]] = []
    spoiled: list[ChunkResult] = []

    def tried(result: ChunkResult, step: Any) -> Any:
        mark = book.mark()
        try:
            done = step()
        except REFUSED as error:
            result.problems = problems_of(error, result.row)
            if not book.back_to(mark) or result.effects:
                spoiled.append(result)
            return None
        result.effects += book.effects[mark.effects :]
        return done

    for result in results.values():
        started = tried(result, lambda row=result.row: _begin(row, writer, setting))
        if started is not None:
            begun.append((result, started))
    book.put_down()
    if begun:
        writer.settle([one for _, one in begun], setting)
    for result, one in begun:
        result.written = tried(result, lambda one=one: _finish(one, writer, setting))
    if spoiled and not is_try:
        raise _SpoiledError(spoiled)
    return list(results.values())


def _begin(row: ImportRow, writer: RowWriter, setting: Setting) -> Any:
    screen(row)
    return writer.begin(row, setting)


def _finish(begun: Any, writer: RowWriter, setting: Setting) -> Written:
    written = writer.finish(begun, setting)
    if setting.expects:
        setting.expects(begun.row, written)
    return written


def _alone(row: ImportRow, kind: str, setting: Setting) -> ChunkResult:
    """Write one row step by step, so that what the database refuses has a name."""
    writer, result = WRITERS[kind](), ChunkResult(row)
    place = setting.lookups.mark()
    try:
        with transaction.atomic(), audit.gathered() as book:
            writer.start([row], setting)
            begun = _begin(row, writer, setting)
            writer.settle([begun], setting)
            result.written = _finish(begun, writer, setting)
            result.effects = list(book.effects)
    except ERRORS as error:
        setting.lookups.back_to(place)
        result.problems = problems_of(error, row)
        result.effects, result.written = [], None
    return result
