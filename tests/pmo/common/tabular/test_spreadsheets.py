"""OpenDocument, binary and old Excel files, read in a process of their own."""

import io
import subprocess
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from pmo.common.tabular import (
    CautionKind,
    EmptyTableError,
    FileTooLargeError,
    Hints,
    apart,
    read,
    spreadsheets,
)
from pmo.common.tabular.errors import DamagedFileError, UnknownFileError
from pmo.common.tabular.limits import Limits
from tests.pmo.common.tabular.binary_workbooks import xlsb
from tests.pmo.common.tabular.old_workbooks import xls

SPACES = "urn:oasis:names:tc:opendocument:xmlns"


def cell(value: object) -> str:
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


def open_document(**sheets: list[list[object]]) -> bytes:
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<office:document-content xmlns:office="{SPACES}:office:1.0" xmlns:table="{SPACES}:table:1.0"'
        f' xmlns:text="{SPACES}:text:1.0"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", spreadsheets.OPEN_DOCUMENT)
        packed.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{SPACES}:manifest:1.0"/>'
        )
        packed.writestr("content.xml", content)
    return file.getvalue()


BOOK = open_document(
    Cover=[["Read me"]],
    Projects=[
        ["Code", "Name", "Start", "Budget"],
        ["P-1", "Ward", date(2026, 1, 5), 12.5],
        ["P-2", "Lab", "", 7],
    ],
)


def test_the_sheet_whose_headers_fit_is_read_and_what_is_lost_is_said():
    table = read(BOOK, Hints(record="project"))

    assert table.sheet == "Projects"
    assert table.rows[0].cells == ("P-1", "Ward", date(2026, 1, 5), Decimal("12.5"))
    assert [(one.kind, one.said) for one in table.cautions] == [(CautionKind.LESS_KNOWN, ("OpenDocument (.ods)",))]  # fmt: skip


def test_a_sheet_that_is_not_there_is_a_sentence():
    with pytest.raises(EmptyTableError, match="no sheet named “Risks”"):
        read(BOOK, Hints(sheet="Risks"))


def test_a_table_above_the_limits_is_refused():
    with pytest.raises(FileTooLargeError, match=r"\.ods.* too large"):
        read(BOOK, limits=Limits(rows=2))


def test_a_file_that_takes_too_long_is_ended(monkeypatch):
    def never(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", never)

    with pytest.raises(FileTooLargeError, match="takes too long"):
        read(BOOK)


def test_a_file_that_asks_for_too_much_memory_is_a_sentence(monkeypatch):
    monkeypatch.setattr(apart, "MEMORY", 1024 * 1024)

    with pytest.raises((UnknownFileError, FileTooLargeError), match=r"\.xlsx"):
        read(BOOK)


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", open_document()])
def test_a_damaged_file_is_a_sentence(data):
    with pytest.raises((UnknownFileError, EmptyTableError)):
        read(data)


OLD = xls(
    ("Secret",),
    Cover=[["Read me"]],
    Projects=[["Code", "Name", "Start", "Budget"], ["P-1", "Łódź ward", (46_000,), 12.5]],
    Secret=[["Code", "Name"], ["X", "Y"]],
)


def test_a_workbook_of_excel_97_is_read_with_its_days_and_sheets():
    table = read(OLD, Hints(record="project"))

    assert table.sheet == "Projects"
    assert table.rows[0].cells == ("P-1", "Łódź ward", date(2025, 12, 9), Decimal("12.5"))
    assert [(one.name, one.is_hidden) for one in table.sheets] == [("Cover", False), ("Projects", False), ("Secret", True)]  # fmt: skip
    assert [one.said for one in table.cautions] == [("Excel 97–2003 (.xls)",)]
    assert read(OLD, Hints(sheet="Secret")).rows[0].cells == ("X", "Y")


BINARY = xlsb(
    ("Secret",),
    Cover=[["Read me"]],
    Projects=[
        ["Code", "Name", "Start", "Budget", "Done"],
        ["P-1", "Łódź ward 🏥", (46_000,), 1_250_000.5, True],
        ["P-2", "Lab", None, -3, False],
    ],
    Secret=[["Code", "Name"], ["X", "Y"]],
)


def test_a_binary_workbook_is_read_with_its_days_and_sheets():
    table = read(BINARY, Hints(record="project"))

    assert table.sheet == "Projects"
    assert table.rows[0].cells[:4] == ("P-1", "Łódź ward 🏥", date(2025, 12, 9), Decimal("1250000.5"))  # fmt: skip
    assert table.rows[1].cells[2:4] == (None, Decimal(-3))
    assert [(one.name, one.is_hidden) for one in table.sheets] == [("Cover", False), ("Projects", False), ("Secret", True)]  # fmt: skip
    assert [one.said for one in table.cautions] == [("binary Excel (.xlsb)",)]
    assert read(BINARY, Hints(sheet="Secret")).rows[0].cells == ("X", "Y")


@pytest.mark.parametrize("length", [100, 700, len(BINARY) - 30])
def test_a_binary_workbook_that_was_cut_off_is_a_sentence(length):
    with pytest.raises(DamagedFileError, match="damaged"):
        read(BINARY[:length])
