"""A table and a profile to records: values, stated reasons, problems with their places, questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pmo.common.tabular import SourceTable, TableRow, Value, letters
from pmo.common.tabular.dates import DateEvidence, DateOrder, evidence_of
from pmo.common.tabular.numbers import style_of
from pmo.common.tabular.table import is_blank
from reports.imports.domain.cells import (
    COLORS,
    CellResult,
    ColumnStyle,
    ImportValue,
    clean,
    read_cell,
)
from reports.imports.domain.fields import CellKind, Field
from reports.imports.domain.profile import FieldSource, Profile, normalized

ORDER_WORDS = {DateOrder.DMY: "day first", DateOrder.MDY: "month first"}
NUMBERS = frozenset({CellKind.MONEY, CellKind.NUMBER, CellKind.PERCENT})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stops the import; it never repeats what the cell holds."""

    line: int
    column: str
    field: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Question:
    """A column whose dates fit both orders; somebody has to say which is meant."""

    header: str
    column: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """
    One record: typed values, reasons stated in place of a value, texts as published, and places.

    `places` is field name -> (line, column letter), for problems that only the database can tell.
    """

    line: int
    column: str  # the record's own column when records run in columns, else empty
    key: tuple[str, ...]
    values: Mapping[str, ImportValue]
    reasons: Mapping[str, str]
    texts: Mapping[str, str]
    places: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Records:
    """Everything that reading found: `total` rows were kept, `left_out` dropped by the filter."""

    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    total: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Column:
    """One mapped column: our field, its source, its index in the table, and its style."""

    field: Field
    source: FieldSource
    index: int
    style: ColumnStyle


@dataclass(slots=True)
class _Found:
    """What piles up while the rows are read."""

    problems: list[Problem] = field(default_factory=list)
    values: dict[str, ImportValue] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)


def records(table: SourceTable, profile: Profile) -> Records:
    """Read every row of the table that the profile keeps."""
    problems = _missing_columns(table, profile)
    if problems:
        return Records((), tuple(problems))
    kept = _kept(table, profile)
    columns, questions, notes = _columns(table, profile)
    rows: list[ImportRow] = []
    seen: dict[tuple[str, ...], str] = {}
    codes = {normalized(name): one.code for one in profile.identities for name in one.names}
    for row in kept:
        imported, faults = _row(table, row, columns, profile, codes)
        problems += faults
        if imported is None:
            continue
        problems += _doubles(table, row, imported, seen)
        rows.append(imported)
    return Records(
        rows=tuple(rows),
        problems=tuple(problems),
        questions=questions,
        notes=notes,
        total=len(kept),
        left_out=len(table.rows) - len(kept),
    )


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
    index = _indexes(table, (profile.keep.header,))[0]
    accepted = profile.keep.accepted
    return [row for row in table.rows if normalized(clean(row.cells[index])) in accepted]


def _indexes(table: SourceTable, headers: Sequence[str]) -> list[int]:
    """Return the columns with these headers, in the order in which the headers are asked for."""
    positions: dict[str, int] = {}
    for index, header in enumerate(table.headers):
        positions.setdefault(normalized(header), index)
    wanted = (positions.get(normalized(header)) for header in headers)
    return [index for index in wanted if index is not None]


def _columns(
    table: SourceTable, profile: Profile
) -> tuple[list[_Column], tuple[Question, ...], tuple[str, ...]]:
    """Find each mapped column and the style of its cells, weighed over the whole column."""
    mapped = [
        (profile.kind.field(name), source, index)
        for name, source in profile.sources.items()
        for index in _indexes(table, source.headers)
    ]
    evidence = {
        index: evidence_of(table.column(index))
        for field_, _, index in mapped
        if field_.kind is CellKind.DATE
    }
    shared = profile.date_order or _shared_order(evidence.values())
    columns: list[_Column] = []
    questions: list[Question] = []
    notes: list[str] = []
    for field_, source, index in mapped:
        style = ColumnStyle()
        header = table.headers[index]
        if field_.kind is CellKind.DATE:
            found = evidence[index]
            style, note = _date_style(found, shared, header)
            notes += [note] if note else []
            if found.ambiguous and shared is None:
                questions.append(Question(header, letters(table.positions[index])))
        elif field_.kind in NUMBERS:
            style, note = _number_style(field_, table.column(index), header)
            notes += [note] if note else []
        columns.append(_Column(field_, source, index, style))
    return columns, tuple(questions), tuple(notes)


def _number_style(field_: Field, cells: Sequence[Value], header: str) -> tuple[ColumnStyle, str]:
    number = style_of(cells)
    typed = [cell for cell in cells if isinstance(cell, Decimal)]
    if field_.kind is CellKind.PERCENT and typed and all(0 <= cell <= 1 for cell in typed):
        shares = any(cell != int(cell) for cell in typed)
        note = f"“{header}”: shares of one, read as percent." if shares else ""
        return ColumnStyle(number=number, are_shares=shares), note
    note = f"“{header}”: the point is taken as the decimal mark; nothing contradicts it."
    return ColumnStyle(number=number), note if number.assumed else ""


def _shared_order(evidence: Iterable[DateEvidence]) -> DateOrder | None:
    """Let a column that can be read one way only speak for the ambiguous ones of the same file."""
    certain = {one.order for one in evidence if one.order and not one.ambiguous}
    return certain.pop() if len(certain) == 1 else None


def _date_style(
    found: DateEvidence, shared: DateOrder | None, header: str
) -> tuple[ColumnStyle, str]:
    order = (shared or found.order) if found.ambiguous else found.order
    style = ColumnStyle(order=order, serials=found.serials)
    if found.serials:
        return style, f"“{header}”: day numbers of a spreadsheet."
    if order is None:
        return style, ""
    words = ORDER_WORDS[order]
    if not found.fits:
        return style, f"“{header}”: {words} fits most cells, none fits all."
    if found.ambiguous:
        return style, f"“{header}”: both orders fit; read {words}."
    return style, f"“{header}”: only {words} fits all cells."


def _row(
    table: SourceTable,
    row: TableRow,
    columns: Sequence[_Column],
    profile: Profile,
    codes: Mapping[str, str],
) -> tuple[ImportRow | None, list[Problem]]:
    found = _Found(values=dict(_constants(profile)))
    done: set[str] = set()
    for column in columns:
        if column.field.name in done or is_blank(row.cells[column.index]):
            continue
        done.add(column.field.name)
        result = read_cell(row.cells[column.index], column.field, column.source, column.style)
        _collect(found, column, result, table, row)
    if profile.as_of and "as_of" not in found.values:
        found.values["as_of"] = profile.as_of
    if profile.identities:
        _identify(found, table, row, columns, codes)
    for required in profile.kind.fields:
        if required.required and required.name not in found.values and required.name not in done:
            place = _place(table, row, columns, required.name)
            found.problems.append(
                Problem(*place, required.name, f"{required.label} is empty.", "Fill it in.")
            )
    if found.problems:
        return None, found.problems
    own = letters(row.position) if table.orientation == "columns" else ""
    line = table.positions[0] if own else row.position
    imported = ImportRow(
        line=line,
        column=own,
        key=_key(profile, found.values),
        values=found.values,
        reasons=found.reasons,
        texts=found.texts,
        places=found.places,
    )
    return imported, []


def _constants(profile: Profile) -> dict[str, ImportValue]:
    return {
        name: COLORS.get(normalized(text), text)
        if profile.kind.field(name).kind is CellKind.COLOR
        else text
        for name, text in profile.constants.items()
    }


def _collect(
    found: _Found, column: _Column, result: CellResult, table: SourceTable, row: TableRow
) -> None:
    name = column.field.name
    found.texts[name] = clean(row.cells[column.index])
    place = table.place(row, column.index)
    found.places[name] = (place.line, place.column)
    if result.wrong:
        found.problems.append(Problem(place.line, place.column, name, result.wrong, result.right))
    if result.value is not None:
        found.values[name] = result.value
    if result.reason:
        found.reasons[name] = result.reason


def _identify(
    found: _Found,
    table: SourceTable,
    row: TableRow,
    columns: Sequence[_Column],
    codes: Mapping[str, str],
) -> None:
    """Give the record the code that its name has in the profile's list of names."""
    code = codes.get(normalized(str(found.values.get("name", ""))))
    if code is not None:
        found.values["code"] = code
        return
    place = _place(table, row, columns, "name")
    found.problems.append(
        Problem(
            *place,
            "code",
            "This name is not in the profile's list of names.",
            "Add the name to the code it belongs to, or a new code for it.",
        )
    )


def _place(
    table: SourceTable, row: TableRow, columns: Sequence[_Column], name: str
) -> tuple[int, str]:
    """Return line and column letter of the field's first column in this row."""
    for column in columns:
        if column.field.name == name:
            place = table.place(row, column.index)
            return place.line, place.column
    place = table.place(row, 0)
    return place.line, place.column


def _key(profile: Profile, values: Mapping[str, ImportValue]) -> tuple[str, ...]:
    """Return what identifies the record; a project without a code is known by its name."""
    parts = [normalized(_plain(values.get(name, ""))) for name in profile.kind.key]
    if not all(parts):
        parts = ["", normalized(_plain(values.get("name", "")))]
    return tuple(parts)


def _plain(value: ImportValue) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _doubles(
    table: SourceTable, row: TableRow, imported: ImportRow, seen: dict[tuple[str, ...], str]
) -> list[Problem]:
    """Refuse the second row about the same record at the same date."""
    day = imported.values.get("as_of")
    key = (*imported.key, day.isoformat() if isinstance(day, date) else "")
    place = table.place(row, 0)
    if key not in seen:
        seen[key] = str(place)
        return []
    return [
        Problem(
            place.line,
            place.column,
            "code",
            f"This record was there before, at {seen[key]}.",
            "One row for each record, or for each record and date.",
        )
    ]
