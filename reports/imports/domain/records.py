"""A table and a profile to records: values, stated reasons, problems with their places, questions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from sys import intern

from pmo.common.tabular import Caution, Misaligned, SourceTable, TableRow, letters
from pmo.common.tabular.table import Joining, Sifted, is_blank
from projects.domain.calendar import week_of
from reports.imports.domain.cautions import Watch, Window
from reports.imports.domain.cells import COLORS, CellResult, ImportValue, read_cell
from reports.imports.domain.columns import Column, Question, columns_of
from reports.imports.domain.fields import CellKind, RecordKind
from reports.imports.domain.profile import FieldSource, FoundBy, Profile, normalized
from reports.imports.domain.rows import ImportRow, Problem
from reports.imports.domain.slim import Parts, SlimRows, Where, imported
from reports.imports.domain.spelled import spelling_notes
from reports.imports.domain.unkept import own_table, rows_of, without_unkept

MOST_NAMED = 20
SORTS = {Sifted.TOTAL: "a total", Sifted.HEADER: "the headers again", Sifted.FOOTNOTE: "a footnote"}


@dataclass(frozen=True, slots=True)
class Records:
    """
    Everything that reading found: `total` rows were kept, `left_out` dropped by the filter.

    `repeated` are the keys that several rows have. `cautions` are what somebody should look at and say yes to before the rows are
    written.
    """

    rows: SlimRows
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    total: int = 0
    left_out: int = 0
    cautions: tuple[Caution, ...] = ()
    repeated: frozenset[tuple[str, ...]] = frozenset()
    stated_reasons: int = 0


@dataclass(slots=True)
class _Found:
    """What piles up while the rows are read."""

    problems: list[Problem] = field(default_factory=list)
    values: dict[str, ImportValue] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    cells: Where = field(default_factory=dict)  # field name -> index of its cell
    beside: Where = field(default_factory=dict)  # of a field that has only what was cut off another
    rests: dict[str, tuple[Column, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every row of one table is read by; `codes` is name -> code of the profile's list of names."""

    table: SourceTable
    columns: Sequence[Column]
    profile: Profile
    codes: Mapping[str, str]


def records(table: SourceTable, profile: Profile, window: Window | None = None) -> Records:
    """
    Read every row of the table that the profile keeps.

    Dates outside the window are cautions; None is any.
    """
    problems = _missing_columns(table, profile)
    if problems:
        return Records(SlimRows(table), tuple(problems))
    every, table = table, own_table(table, profile)
    found = columns_of(table, profile)
    columns = found.columns
    taken = _kept(table, profile)
    kept, unkept = without_unkept(table, taken, columns, profile)
    problems += map(_misaligned, table.misaligned)
    rows, watch = SlimRows(table), Watch(columns, table, profile, window)
    seen: dict[tuple[str, ...], TableRow] = {}
    times: Counter[tuple[str, ...]] = Counter()
    keys: set[int] = set()  # what stands for one
    repeated: set[tuple[str, ...]] = set()
    codes = {normalized(name): one.code for one in profile.identities for name in one.names}
    reading = _Reading(table, columns, profile, codes)
    for row in kept:
        said, faults = _row(reading, row)
        problems += faults
        if said is None:
            continue
        said = _counted(said, profile, times)
        rows.add(row, said)
        one = imported(table, row, said)
        watch.see(one)
        problems += _doubles(table, row, one, seen, profile.kind)
        if (met := hash(one.key)) in keys:
            repeated.add(one.key)
        keys.add(met)
    return Records(
        rows=rows,
        problems=tuple(problems),
        questions=found.questions,
        notes=(
            *found.notes,
            *spelling_notes(table, kept, columns),
            *_left_out(table),
            *_of_another(every, table),
            *unkept,
        ),
        total=len(kept) + len(table.misaligned),
        left_out=len(every.rows) - len(taken),
        cautions=(
            *table.cautions,
            *found.cautions,
            *watch.cautions(),
        ),
        repeated=frozenset(repeated),
        stated_reasons=rows.stated_reasons,
    )


def _counted(said: Parts, profile: Profile, times: Counter[tuple[str, ...]]) -> Parts:
    """Give the row the key of its kind; of rows that may say the same each has its number."""
    if profile.kind.identify is None:
        return said
    key = profile.kind.identify(said.values)
    if not key.may_repeat:
        return said._replace(key=key.parts)
    times[key.parts] += 1
    return said._replace(key=(*key.parts, str(times[key.parts])))


def _misaligned(row: Misaligned) -> Problem:
    """Refuse a row that does not fit under the header, with what would make it fit."""
    count = len(row.cells)
    wrong = f"This row has {count} cells; the header has {row.width}."
    if row.offer is None:
        return Problem(row.lines[0], "", "", wrong, "One cell for each header.")
    column = letters(row.offer.column)
    right = {
        Joining.SHIFTED: "The row fits without the blank cells before it.",
        Joining.DELIMITER: f"The row fits when column {column} is joined with what follows it.",
        Joining.LINE_BREAK: f"Lines {row.lines[0]} and {row.lines[-1]} fit as one row.",
    }[row.offer.how]
    if row.offer.how is Joining.LINE_BREAK:
        wrong = "A line break parts this row in two."
    return Problem(
        row.lines[0], column, "", wrong, f"{right} Let it be put right on the page of the columns."
    )


def _left_out(table: SourceTable) -> list[str]:
    """Say which rows were recognized as no records."""
    sorted_out = {
        what: [one.line for one in table.left_out if one.sort is sort]
        for sort, what in SORTS.items()
    }
    return [_named(what, lines) for what, lines in sorted_out.items() if lines]


def _of_another(every: SourceTable, own: SourceTable) -> list[str]:
    """Say which rows have columns of their own."""
    here = {row.position for row in own.rows}
    lines = [every.place(row, 0).line for row in every.rows if row.position not in here]
    return [_named("rows of another table", lines)] if lines else []


def _named(what: str, lines: Sequence[int]) -> str:
    more = " …" if len(lines) > MOST_NAMED else ""
    return f"Left out as {what}: line {', '.join(map(str, lines[:MOST_NAMED]))}{more}."


def _missing_columns(table: SourceTable, profile: Profile) -> list[Problem]:
    """Say which columns the profile asks for and the file does not have."""
    line = table.header_position
    present = {normalized(header) for header in table.headers}
    problems = []
    for name, source in profile.sources.items():
        if not present & {normalized(header) for header in source.headers}:
            label = profile.kind.field(name).label
            problems.append(
                _header_problem(line, name, f"No column for {label} was found.", source)
            )
    if profile.keep and normalized(profile.keep.header) not in present:
        wanted = FieldSource((profile.keep.header,))
        problems.append(_header_problem(line, "", "The column to filter by was not found.", wanted))
    named = set(profile.sources) | set(profile.constants)
    problems.extend(
        Problem(line, "", required.name, f"{required.label} is not mapped.", "Choose its column.")
        for required in profile.kind.fields
        if required.required and required.name not in named
    )
    return problems


def _header_problem(line: int, name: str, wrong: str, source: FieldSource) -> Problem:
    return Problem(line, "", name, wrong, f"A header named “{'” or “'.join(source.headers)}”.")


def _kept(table: SourceTable, profile: Profile) -> list[TableRow]:
    if profile.keep is None:
        return list(table.rows)
    return rows_of(table, profile.keep)


def _row(reading: _Reading, row: TableRow) -> tuple[Parts | None, list[Problem]]:
    table, profile = reading.table, reading.profile
    found = _Found(values=dict(_constants(profile)))
    cells = row.cells
    for column in reading.columns:
        if column.field.name in found.cells or is_blank(cells[column.index]):
            continue
        found.cells[column.field.name] = column.index
        result = read_cell(cells[column.index], column.field, column.source, column.style)
        _collect(found, column, result, table, row)
    _keep_rests(found, profile, table, row)
    if profile.as_of and "as_of" not in found.values:
        found.values["as_of"] = profile.as_of
    if profile.identities:
        _identify(found, reading, row)
    found.problems += _lacking(found, reading, row)
    if found.problems:
        return None, found.problems
    said = Parts(
        key=_key(profile, found.values),
        values=found.values,
        reasons=found.reasons,
        texts=found.cells,
        places={**found.cells, **found.beside},
    )
    return said, []


def _lacking(found: _Found, reading: _Reading, row: TableRow) -> Iterator[Problem]:
    """Name the fields that a record has to have and this row says nothing of."""
    for required in reading.profile.kind.fields:
        name = required.name
        if required.required and name not in found.values and name not in found.cells:
            place = _place(reading.table, row, reading.columns, name)
            yield Problem(*place, name, f"{required.label} is empty.", "Fill it in.")


def _constants(profile: Profile) -> dict[str, ImportValue]:
    return {
        name: COLORS.get(normalized(text), text)
        if profile.kind.field(name).kind is CellKind.COLOR
        else text
        for name, text in profile.constants.items()
    }


def _collect(
    found: _Found, column: Column, result: CellResult, table: SourceTable, row: TableRow
) -> None:
    name = column.field.name
    if result.wrong:
        place = table.place(row, column.index)
        # many rows have the same fault: its sentences are held once
        wrong, right = intern(result.wrong), intern(result.right)
        found.problems.append(Problem(place.line, place.column, name, wrong, right))
    if result.value is not None:
        found.values[name] = result.value
    if result.reason:
        found.reasons[name] = result.reason
    if result.rest:
        found.rests[column.field.rest] = (column, result.rest)


def _keep_rests(found: _Found, profile: Profile, table: SourceTable, row: TableRow) -> None:
    """Put what was cut off a text behind what its longer field says."""
    for name, (column, rest) in found.rests.items():
        target = profile.kind.field(name)
        text = " ".join(filter(None, (str(found.values.get(name, "")), rest)))
        if len(text) > target.longest:
            place = table.place(row, column.index)
            found.problems.append(
                Problem(
                    place.line,
                    place.column,
                    column.field.name,
                    f"{column.field.label} does not fit into {target.label} either.",
                    f"At most {target.longest} characters together.",
                )
            )
            continue
        found.values[name] = text
        if name not in found.cells:
            found.beside[name] = column.index


def _identify(found: _Found, reading: _Reading, row: TableRow) -> None:
    """Give the record the code that its name has in the profile's list of names."""
    code = reading.codes.get(normalized(str(found.values.get("name", ""))))
    if code is not None:
        found.values["code"] = code
        return
    place = _place(reading.table, row, reading.columns, "name")
    found.problems.append(
        Problem(
            *place,
            "code",
            "This name is not in the profile's list of names.",
            "Add the name to the code it belongs to, or a new code for it.",
        )
    )


def _place(
    table: SourceTable, row: TableRow, columns: Sequence[Column], name: str
) -> tuple[int, str]:
    """Return line and column letter of the field's first column in this row."""
    for column in columns:
        if column.field.name == name:
            place = table.place(row, column.index)
            return place.line, place.column
    place = table.place(row, 0)
    return place.line, place.column


def _key(profile: Profile, values: Mapping[str, ImportValue]) -> tuple[str, ...]:
    """
    Return what identifies the record; a project without a code is known by its name.

    One with a number in its own register is known by that, whatever it is called.
    """
    names, own = profile.kind.key, profile.kind.own_id
    if own and own in values:
        names = (*names[:-1], own)
    if profile.kind.is_weekly and isinstance(day := values.get("as_of"), date):
        values = {**values, "as_of": week_of(day)}
    parts = [normalized(_plain(values.get(name, ""))) for name in names]
    by_name = profile.found_by is FoundBy.NAME and profile.kind.key == ("code",)
    if names is not profile.kind.key:
        parts.append(own)  # R1 as a number is not R1 as a name
    if by_name or not all(parts):
        parts = ["", normalized(_plain(values.get("name", "")))]
    return tuple(parts)


def _plain(value: ImportValue) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _doubles(
    table: SourceTable,
    row: TableRow,
    imported: ImportRow,
    seen: dict[tuple[str, ...], TableRow],
    kind: RecordKind,
) -> list[Problem]:
    """Refuse the second row about the same record at the same date."""
    day = imported.values.get("as_of")
    dated = day.isoformat() if isinstance(day, date) and not kind.is_weekly else ""
    key = (*imported.key, dated)
    if key not in seen:
        seen[key] = row
        return []
    place = table.place(row, 0)
    return [
        Problem(
            place.line,
            place.column,
            "code",
            f"This record was there before, at {table.place(seen[key], 0)}.",
            "One row for each record and week."
            if kind.is_weekly
            else "One row for each record, or for each record and date.",
        )
    ]
