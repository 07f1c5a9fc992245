"""What a workbook says beside its values: how they are shown, what is hidden, merged, broken or never calculated."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pmo.common.tabular import CautionKind, Hints, SourceTable, read
from pmo.common.tabular.packing import Percentage
from pmo.common.tabular.shown import showing_of

HEAD = ["Code", "Name", "Unit", "Budget"]


def table_of(*rows: list[object], touch=lambda book: None, **hints: object) -> SourceTable:
    book = Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    touch(book)
    file = io.BytesIO()
    book.save(file)
    return read(file.getvalue(), Hints(record="project", **hints))


ROWS = [["P-1", "Ward", "Finance", 5], ["P-2", "Lab", "Finance", 7], ["P-3", "Roof", "Finance", 9]]


def said(table: SourceTable) -> dict[CautionKind, tuple[int, ...]]:
    return {one.kind: one.lines for one in table.cautions}


@pytest.mark.parametrize(
    ("number", "number_format", "shown"),
    [
        (0.45, "0%", Percentage("0.45")),
        (1.05, "0.0 %", Percentage("1.05")),
        (7, "00000", "00007"),
        (1.5, '0.0"m"', "1.5m"),
        (1.5, '"$"0.0" million"', "1.5m"),
        (1_500_000, '0.0,,"m"', Decimal(1_500_000)),
        (12, "General", Decimal(12)),
        (12, '#,##0;[Red]-#,##0', Decimal(12)),
    ],
)  # fmt: skip
def test_a_number_is_what_its_format_shows(number, number_format, shown):
    def touch(book):
        book.active["D2"].value = number
        book.active["D2"].number_format = number_format

    value = table_of(*ROWS, touch=touch).rows[0].cells[3]

    assert (value, type(value)) == (shown, type(shown))


def test_formats_that_say_nothing_are_passed_over():
    assert [showing_of(one) for one in ("General", "0.00", "yyyy-mm-dd", '0" pcs"', "")] == [
        None
    ] * 5


def test_hidden_rows_and_columns_are_read_and_named():
    def touch(book):
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["C"].hidden = True

    table = table_of(*ROWS, touch=touch)

    assert len(table.rows) == 3
    assert said(table) == {CautionKind.HIDDEN_ROWS: (3,), CautionKind.HIDDEN_COLUMNS: ()}
    assert table.cautions[1].said == ("C",)


def test_rows_that_a_filter_hides_are_named_as_that():
    def touch(book):
        book.active.auto_filter.ref = "A1:D4"
        book.active.auto_filter.add_filter_column(0, ["P-1"])
        book.active.row_dimensions[3].hidden = True

    assert said(table_of(*ROWS, touch=touch)) == {CautionKind.FILTERED_ROWS: (3,)}


def test_formulas_that_were_never_computed_and_errors_are_named():
    table = table_of(
        ROWS[0], ["P-2", "Lab", "Finance", "=1+1"], ["P-3", "Roof", "Finance", "#DIV/0!"]
    )

    assert said(table) == {CautionKind.NO_STORED_VALUE: (3,), CautionKind.ERROR_CELLS: (4,)}
    assert table.rows[1].cells[3] is None


def test_words_that_are_merged_over_rows_stand_in_each_and_amounts_do_not():
    def touch(book):
        book.active.merge_cells("C2:C4")
        book.active.merge_cells("D2:D3")

    table = table_of(*ROWS, touch=touch)

    assert [row.cells[2] for row in table.rows] == ["Finance"] * 3
    assert [row.cells[3] for row in table.rows] == [5, None, 9]
    assert said(table) == {CautionKind.MERGED_CELLS: (2,)}


def test_days_of_a_workbook_that_counts_from_1904():
    def touch(book):
        book.epoch = CALENDAR_MAC_1904
        book.active["D2"].value = date(2026, 3, 5)

    table = table_of(*ROWS, touch=touch)

    assert table.rows[0].cells[3] == date(2026, 3, 5)
    assert table.counts_from_1904


def test_a_hidden_sheet_is_listed_and_read_when_it_is_named():
    def touch(book):
        book.create_sheet("Secret").append(["Code", "Name"])
        book["Secret"].append(["X", "Y"])
        book["Secret"].sheet_state = "hidden"

    table = table_of(*ROWS, touch=touch)

    assert [(one.name, one.rows, one.is_hidden) for one in table.sheets] == [("Sheet", 4, False), ("Secret", 2, True)]  # fmt: skip
    assert table_of(*ROWS, touch=touch, sheet="Secret").rows[0].cells[0] == "X"
