from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import openpyxl

from pmo.common.page import sheets
from pmo.common.page.sheets import ColumnKind, Sheet, SheetColumn

COLUMNS = (
    SheetColumn("=Name"),
    SheetColumn("Over", ColumnKind.MONEY),
    SheetColumn("Late", ColumnKind.NUMBER),
    SheetColumn("Finish", ColumnKind.DAY),
)
EVIL = '=cmd|"/c calc"!A1'


def test_csv_escapes_text_and_headers_and_leaves_numbers_alone():
    rows = [(EVIL, Decimal("-5.20"), -3, date(2026, 12, 4)), ("Wing, new", None, None, None)]

    text = "".join(sheets.csv_lines(COLUMNS, rows))

    assert text == (
        "\ufeff'=Name,Over,Late,Finish\r\n"
        '"\'=cmd|""/c calc""!A1",-5.20,-3,2026-12-04\r\n'
        '"Wing, new",,,\r\n'
    )


def test_csv_keeps_a_code_that_a_spreadsheet_would_rewrite():
    rows = [("007", Decimal(7), 7, None), ("MAR1", None, None, None), ("Wing 007", 1, 2, None)]

    lines = "".join(sheets.csv_lines(COLUMNS, rows)).splitlines()

    assert lines[1:] == ["'007,7,7,", "'MAR1,,,", "Wing 007,1,2,"]


def test_csv_comes_in_pieces():
    pieces = list(sheets.csv_lines(COLUMNS, (("x", 1, 1, None) for _ in range(1000))))

    assert len(pieces) == 3
    assert "".join(pieces).count("\r\n") == 1001


def test_csv_response_is_a_download():
    response = sheets.csv_response("rounds", COLUMNS, [])

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="rounds.csv"'
    assert b"".join(response.streaming_content) == "\ufeff'=Name,Over,Late,Finish\r\n".encode()


def test_workbook_holds_typed_cells_and_no_formula():
    rows = [(EVIL, Decimal("-5.20"), -3, date(2026, 12, 4)), ("http://x.example", None, None, None)]

    with sheets.workbook([Sheet("Projects", COLUMNS, rows, note="As of today.")]) as file:
        with ZipFile(file) as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
            assert "xl/worksheets/_rels/sheet1.xml.rels" not in parts.namelist()
        page = openpyxl.load_workbook(file)["Projects"]

    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells[0] == ["=Name", "Over", "Late", "Finish"]
    assert cells[1][:3] == [EVIL, -5.2, -3]
    assert cells[1][3].date() == date(2026, 12, 4)
    assert cells[2] == ["http://x.example", None, None, None]
    assert cells[4][0] == "As of today."
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s", "n", "d"}


def test_workbook_response_is_a_download():
    response = sheets.xlsx_response("rounds", [Sheet("Projects", COLUMNS, [])])

    assert response.headers["Content-Disposition"] == 'attachment; filename="rounds.xlsx"'
    assert response.headers["Content-Type"] == sheets.XLSX
    assert b"".join(response.streaming_content)[:2] == b"PK"
    response.file_to_stream.close()


def test_file_name_keeps_letters_and_digits():
    assert sheets.file_name("rounds", "A/B ü", date(2026, 11, 15)) == "rounds-A-B---2026-11-15"
