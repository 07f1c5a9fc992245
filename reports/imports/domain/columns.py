"""Which column of a table is which field, and how all its cells are to be read: weighed together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pmo.common.tabular import Caution, CautionKind, SourceTable, TableRow, Value, letters
from pmo.common.tabular.dates import (
    ORIGIN_1904,
    SERIAL_ORIGIN,
    DateEvidence,
    DateOrder,
    evidence_of,
    is_date_attempt,
    parse_date,
)
from pmo.common.tabular.numbers import (
    NumberStyle,
    is_number_attempt,
    parse_number,
    style_of,
    unit_of,
)
from pmo.common.tabular.table import is_blank
from reports.imports.domain.cells import ColumnStyle, part_read
from reports.imports.domain.fields import CellKind, Field
from reports.imports.domain.profile import FieldSource, Profile, normalized

ORDER_WORDS = {DateOrder.DMY: "day first", DateOrder.MDY: "month first"}
NUMBERS = frozenset({CellKind.MONEY, CellKind.NUMBER, CellKind.PERCENT})
NEARLY_ALL = Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Question:
    """A column whose dates fit both orders; somebody has to say which is meant."""

    header: str
    column: str


@dataclass(frozen=True, slots=True)
class Column:
    """One mapped column: our field, its source, its index in the table, and its style."""

    field: Field
    source: FieldSource
    index: int
    style: ColumnStyle


@dataclass(slots=True)
class Columns:
    """What the columns of a table say, each as a whole."""

    columns: list[Column] = field(default_factory=list)
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()


def indexes(table: SourceTable, headers: Sequence[str]) -> list[int]:
    """Return the columns with these headers, in the order in which the headers are asked for."""
    positions: dict[str, int] = {}
    for index, header in enumerate(table.headers):
        positions.setdefault(normalized(header), index)
    wanted = (positions.get(normalized(header)) for header in headers)
    return [index for index in wanted if index is not None]


def columns_of(table: SourceTable, profile: Profile) -> Columns:
    """Find each mapped column and the style of its cells, weighed over the whole column."""
    mapped = [
        (profile.kind.field(name), source, index)
        for name, source in profile.sources.items()
        for index in indexes(table, source.headers)
    ]
    table = _as_read(table, {index: source for _, source, index in mapped if source.until})
    evidence = {
        index: evidence_of(table.column(index))
        for field_, _, index in mapped
        if field_.kind is CellKind.DATE
    }
    shared = profile.date_order or _shared_order(evidence.values())
    columns: list[Column] = []
    questions: list[Question] = []
    notes: list[str] = []
    cautions: list[Caution] = []
    for field_, source, index in mapped:
        style, note = ColumnStyle(long_texts=profile.long_texts), ""
        header = table.headers[index]
        if field_.kind is CellKind.DATE:
            found = evidence[index]
            style, note = _date_style(found, shared, header)
            if table.counts_from_1904 and style.serials_from:
                style = replace(style, serials_from=ORIGIN_1904)
            if found.ambiguous and shared is None:
                questions.append(Question(header, letters(table.positions[index])))
            if found.is_of_one and profile.date_order is None:
                lines = _lines(table, index, _needs_order)
                cautions.append(Caution(CautionKind.ONE_DECIDES, lines, header))
            if found.contradicted and profile.date_order is None:
                cautions.append(_contradiction(table, index, style))
        elif field_.kind in NUMBERS:
            style, note, odd = _number_style(field_, source, table, index)
            cautions += odd
        notes += [note] if note else []
        columns.append(Column(field_, source, index, style))
    unique = tuple(dict.fromkeys(cautions))
    return Columns(columns, tuple(questions), tuple(notes), unique)


def _as_read(table: SourceTable, marked: Mapping[int, FieldSource]) -> SourceTable:
    """Return the table with what counts of the cells of these columns."""
    if not marked:
        return table
    return replace(
        table,
        rows=tuple(
            TableRow(
                row.position,
                [
                    part_read(cell, marked[index]) if index in marked else cell
                    for index, cell in enumerate(row.cells)
                ],
            )
            for row in table.rows
        ),
    )


def _needs_order(cell: Value) -> bool:
    return parse_date(cell) is None and parse_date(cell, DateOrder.DMY) is not None


def _contradiction(table: SourceTable, index: int, style: ColumnStyle) -> Caution:
    """Name the lines whose dates the column's order does not fit."""
    lines = tuple(
        table.place(row, index).line
        for row in table.rows
        if isinstance(cell := row.cells[index], str)
        and is_date_attempt(cell)
        and parse_date(cell, style.order) is None
    )
    return Caution(CautionKind.CONTRADICTION, lines, table.headers[index])


def _number_style(
    field_: Field, source: FieldSource, table: SourceTable, index: int
) -> tuple[ColumnStyle, str, list[Caution]]:
    cells = table.column(index)
    header = table.headers[index]
    number = style_of(cells)
    cautions: list[Caution] = []
    if number.contradicted:
        lines = _lines(table, index, lambda cell: _is_spoiled(cell, number))
        cautions.append(Caution(CautionKind.CONTRADICTION, lines, header))
    if field_.kind is CellKind.MONEY:
        said = unit_of(header)
        if said and said != source.unit:
            cautions.append(Caution(CautionKind.UNIT_SAID, (), header, (f"{said:,}",)))
        if number.assumed and any(isinstance(cell, str) and "." in cell for cell in cells):
            lines = _lines(table, index, lambda cell: isinstance(cell, str) and "." in cell)
            cautions.append(Caution(CautionKind.MARK_ASSUMED, lines, header))
    if field_.kind is CellKind.PERCENT:
        style, note, odd = _percent_style(table, index, number)
        if note or odd or style.are_shares:
            return style, note, [*cautions, *odd]
    note = f"“{header}”: the point is taken as the decimal mark; nothing contradicts it."
    return ColumnStyle(number=number), note if number.assumed else "", cautions


def _percent_style(
    table: SourceTable, index: int, number: NumberStyle
) -> tuple[ColumnStyle, str, list[Caution]]:
    """
    Tell shares of one (0.45) from percentages without their sign (45): by nearly all of the cells.

    A column that holds both is read as it stands, and its lines are named; so are those of a 1 among zeros
    only, which may be either.
    """
    header = table.headers[index]
    plain = [
        found.value
        for cell in table.column(index)
        if (found := parse_number(cell, number)) is not None and not found.has_unit
    ]
    inside = [value for value in plain if 0 <= value <= 1]
    parts = [value for value in inside if value % 1]
    if not parts:
        is_one = len(inside) == len(plain) and any(inside)
        lines = _lines(table, index, lambda cell: _is_one(cell, number)) if is_one else ()
        odd = [Caution(CautionKind.ONE_OR_ALL, lines, header)] if is_one else []
        return ColumnStyle(number=number), "", odd
    shares = len(inside) >= NEARLY_ALL * len(plain)
    style = ColumnStyle(number=number, are_shares=shares)
    if len(inside) == len(plain):
        return style, f"“{header}”: shares of one, read as percent.", []

    def is_odd(cell: Value) -> bool:
        found = parse_number(cell, number)
        is_part = found is not None and not found.has_unit and 0 <= found.value <= 1
        return found is not None and not found.has_unit and (is_part != shares)

    lines = _lines(table, index, is_odd)
    return style, "", [Caution(CautionKind.CONTRADICTION, lines, header)]


def _is_one(cell: Value, number: NumberStyle) -> bool:
    found = parse_number(cell, number)
    return found is not None and not found.has_unit and found.value == 1


def _is_spoiled(cell: Value, number: NumberStyle) -> bool:
    return isinstance(cell, str) and is_number_attempt(cell) and parse_number(cell, number) is None


def _lines(table: SourceTable, index: int, is_meant: Callable[[Value], bool]) -> tuple[int, ...]:
    return tuple(
        table.place(row, index).line
        for row in table.rows
        if not is_blank(cell := row.cells[index]) and is_meant(cell)
    )


def _shared_order(evidence: Iterable[DateEvidence]) -> DateOrder | None:
    """Let a column that can be read one way only speak for the ambiguous ones of the same file."""
    certain = {one.order for one in evidence if one.order and not one.ambiguous and one.fits}
    return certain.pop() if len(certain) == 1 else None


def _date_style(
    found: DateEvidence, shared: DateOrder | None, header: str
) -> tuple[ColumnStyle, str]:
    order = (shared or found.order) if found.ambiguous else found.order
    style = ColumnStyle(order=order, serials_from=SERIAL_ORIGIN if found.serials else None)
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
