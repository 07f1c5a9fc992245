import csv
import io
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pmo.common.tabular import (
    CautionKind,
    CellPlace,
    EmptyTableError,
    FileTooLargeError,
    Flaw,
    Hints,
    Orientation,
    SourceTable,
    TableError,
    UnknownFileError,
    letters,
    read,
)
from pmo.common.tabular.guarding import unguarded
from pmo.common.tabular.limits import Limits
from pmo.common.tabular.sifting import MAYBE, TOTAL

ROWS = b"""Hospital projects,,,
,,,
Name,Start,Cost,Cost
New wing,01/02/2026,12,13
Scanner,25/02/2026,14,15
"""
TURNED = b"""Name,New wing,Scanner,,
Start,01/02/2026,25/02/2026,,
Finish,01/02/2027,25/02/2027,,
Cost,12,13,,
Note,first,second,,
,,,,
"""


def test_records_in_rows_below_a_title():
    table = read(ROWS)

    assert table.orientation is Orientation.ROWS
    assert table.headers == ("Name", "Start", "Cost", "Cost (2)")
    assert [row.cells for row in table.rows] == [
        ("New wing", "01/02/2026", "12", "13"),
        ("Scanner", "25/02/2026", "14", "15"),
    ]
    assert table.header_position == 3
    assert table.place(table.rows[1], 2) == CellPlace(5, "C")


def test_records_in_columns():
    table = read(TURNED)

    assert table.orientation is Orientation.COLUMNS
    assert table.headers == ("Name", "Start", "Finish", "Cost", "Note")
    assert [row.cells[3] for row in table.rows] == ["12", "13"]
    assert table.place(table.rows[1], 3) == CellPlace(4, "C")


@pytest.mark.parametrize(
    "text",
    [
        "Name,Start\n" + "A,2026-01-01\n" * 9,
        "Name,Start,End\n" + "A,2026-01-01,2027-01-01\n" * 9,
        "Name,Jan,Feb,Mar\n" + "A,1,2,3\n" * 9,
        "Name,Unit,Note\n" + "A,B,C\n" * 9,
        "Name,Start\nA,2026-01-01\n",
    ],
)
def test_narrow_and_uniform_tables_are_read_in_rows(text):
    assert read(text.encode()).orientation is Orientation.ROWS


def test_hints_win_over_what_is_found():
    table = read(TURNED, Hints(orientation=Orientation.ROWS, header=2))

    assert table.headers == ("Start", "01/02/2026", "25/02/2026")
    assert len(table.rows) == 3


def test_column_without_a_name_gets_its_letter():
    assert read(b"a,,c\n1,2,3\n1,2,3\n").headers == ("a", "Column B", "c")


def test_short_rows_are_reported_and_read_and_wide_ones_are_set_apart():
    table = read(b"a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,\n")

    assert table.flaws == (Flaw(2, "This row has 2 cells; the header has 3."),)
    assert [row.position for row in table.rows] == [2, 3, 5]
    assert table.rows[0].cells == ("1", "2", None)
    assert [one.lines for one in table.misaligned] == [(4,)]


def test_a_header_that_is_too_short_gives_its_last_columns_their_letters():
    table = read(b"a,b\nx,1,2026-01-01\ny,2,2026-02-01\n")

    assert table.headers == ("a", "b", "Column C")
    assert [(one.kind, one.lines) for one in table.cautions] == [(CautionKind.MISALIGNED, (2, 3))]


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"", EmptyTableError, "empty"),
        (b"a,b\n", EmptyTableError, "no row below"),
        (b"%PDF-1.7", UnknownFileError, "This is a PDF file. Save the table as CSV"),
        (
            b"\xd0\xcf\x11\xe0 old",
            UnknownFileError,
            "This Excel 97–2003 .* damaged or has a password",
        ),
        (b"\x89PNG\r\n", UnknownFileError, "picture"),
        (b",,\n,,\n", EmptyTableError, "empty"),
    ],
)
def test_refusals_are_sentences(data, error, message):
    with pytest.raises(error, match=message):
        read(data)


def test_refuses_a_header_below_the_end():
    with pytest.raises(EmptyTableError, match="below the end"):
        read(b"a,b\n1,2\n", Hints(header=9))


def test_refuses_a_file_above_the_limit():
    with pytest.raises(FileTooLargeError, match="larger than 0 MB"):
        read(b"a,b\n1,2\n", limits=Limits(size=4))


@pytest.mark.parametrize(
    ("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (28, "AB"), (702, "ZZ"), (703, "AAA")]
)
def test_letters(number, name):
    assert letters(number) == name


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)


def may_be_total(row):
    return any(TOTAL.fullmatch(cell.strip(" :.*=-–")) or MAYBE.search(cell) for cell in row)


@example([["'@", "'007", "it's"]], ",", "utf-8", "\n")
@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_written_tables_come_back(rows, delimiter, encoding, end):
    # every record has a name of its own: a row without one may be a total of what stands above it
    rows = [
        [f"Wing {number} {row[0]}", *row[1:]]
        for number, row in enumerate(rows)
        if any(cell.strip() for cell in row) and not may_be_total(row)
    ]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["Name", "Start", "Cost"])
    writer.writerows(rows)
    data = file.getvalue().encode(encoding)
    hints = Hints(delimiter=delimiter, encoding=encoding, header=1, orientation=Orientation.ROWS)

    if not rows:
        with pytest.raises(EmptyTableError):
            read(data, hints)
        return
    table = read(data, hints)

    assert table.headers == ("Name", "Start", "Cost")
    # but for an apostrophe that guards: our own files have it, and nobody else's can be told from them
    said = [[unguarded(cell) for cell in row] for row in rows]
    assert [list(row.cells) for row in table.rows] == said


def table_or_sentence(data: bytes) -> SourceTable | str:
    try:
        return read(data)
    except TableError as error:
        return str(error)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_end_in_a_table_or_a_typed_refusal(data):
    for prefix in (b"", b"PK\x03\x04", b"a,b;c\n"):
        table = table_or_sentence(prefix + data)
        if isinstance(table, str):
            assert table.endswith(".")
        else:
            assert all(len(row.cells) == len(table.headers) for row in table.rows)


def _book() -> bytes:
    book = Workbook()
    book.active.append(["Name", "Cost"])
    book.active.append(["New wing", 12])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


BOOK = _book()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), max_size=8))
def test_spoiled_workbooks_end_in_a_table_or_a_typed_refusal(changes):
    data = bytearray(BOOK)
    for index, byte in changes:
        data[index] = byte
    table = table_or_sentence(bytes(data))
    if isinstance(table, str):
        assert table.endswith(".")
    else:
        assert len(table.headers) >= 1


def test_workbook_reads_like_the_same_csv():
    assert read(BOOK).headers == ("Name", "Cost")
    assert read(BOOK).rows[0].cells == ("New wing", Decimal(12))
