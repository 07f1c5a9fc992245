import io
import struct
import time
import zipfile
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal

import psutil
import pytest
from openpyxl import Workbook

from pmo.common.tabular import DamagedFileError, EmptyTableError, FileTooLargeError, Hints
from pmo.common.tabular.errors import UnknownFileError
from pmo.common.tabular.limits import MEGABYTE, Limits
from pmo.common.tabular.table import GridLine
from pmo.common.tabular.workbook import guard, read_workbook


def workbook(*rows: list[object], **sheets: list[list[object]]) -> bytes:
    book = Workbook()
    first = book.active
    first.title = "First"
    for row in rows:
        first.append(row)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def test_cells_keep_their_types_and_rows_their_numbers():
    data = workbook(
        ["Code", "Cost", "Start"],
        [],
        [12, 1.25, datetime.fromisoformat("2026-12-04T09:30")],
        ["x", True, None, "", " "],
    )

    grid = read_workbook(data, Hints())

    assert list(grid.lines) == [
        GridLine(1, ("Code", "Cost", "Start")),
        GridLine(3, (Decimal(12), Decimal("1.25"), date(2026, 12, 4))),
        GridLine(4, ("x", "TRUE")),
    ]
    assert str(grid.lines[1].cells[0]) == "12"


def test_first_sheet_with_content_or_the_named_one():
    data = workbook(Second=[["a"], ["b"]], Third=[["c"], ["d"]])

    assert read_workbook(data, Hints()).sheet == "Second"
    assert read_workbook(data, Hints(sheet="Third")).lines[0].cells == ("c",)
    with pytest.raises(EmptyTableError, match="no sheet named “Fourth”"):
        read_workbook(data, Hints(sheet="Fourth"))
    with pytest.raises(EmptyTableError, match="no visible sheet"):
        read_workbook(workbook(), Hints())


def test_rows_far_below_are_left_unread_and_said_so():
    data = workbook(["a", "b"], [1, 2], *[[]] * 8, [3, 4])

    grid = read_workbook(data, Hints(), Limits(blank_rows=5))

    assert [line.number for line in grid.lines] == [1, 2]
    assert "empty rows in a row" in grid.flaws[0].message


@pytest.mark.parametrize("limits", [Limits(rows=2), Limits(columns=1), Limits(cells=4)])
def test_caps(limits):
    with pytest.raises(FileTooLargeError, match="The sheet is larger than"):
        read_workbook(workbook(["a", "b"], [1, 2], [3, 4]), Hints(), limits)


def test_bomb_is_refused_quickly_and_without_memory():
    data = archive({"xl/worksheets/sheet1.xml": bytes(200 * MEGABYTE)})
    process = psutil.Process()
    before, start = process.memory_info().rss, time.process_time()

    with pytest.raises(FileTooLargeError, match="unpacks to more than 128 MB"):
        guard(data)

    assert time.process_time() - start < 2
    assert process.memory_info().rss - before < 64 * MEGABYTE


def test_bomb_that_lies_about_its_size_is_refused():
    content = bytes(140 * MEGABYTE)
    data = archive({"xl/worksheets/sheet1.xml": content}).replace(
        struct.pack("<L", len(content)), struct.pack("<L", 1000)
    )

    with pytest.raises(FileTooLargeError, match="unpacks to more than 128 MB"):
        guard(data)


def test_part_that_is_smaller_than_it_says_is_damaged():
    content = b"x" * 12345
    data = archive({"a.xml": content}).replace(struct.pack("<L", 12345), struct.pack("<L", 12346))

    with pytest.raises(DamagedFileError, match="damaged"):
        guard(data)


def test_high_ratio_is_refused():
    with pytest.raises(FileTooLargeError, match="far more than its size"):
        guard(archive({"a.xml": bytes(10 * MEGABYTE)}))


def test_too_many_parts_are_refused():
    with pytest.raises(FileTooLargeError, match="more than 2 parts"):
        guard(archive({"a": b"", "b": b"", "c": b""}), Limits(entries=2))


def test_too_much_shared_text_is_refused():
    text = bytes(range(256)) * 8
    with pytest.raises(FileTooLargeError, match="too much text"):
        guard(archive({"xl/sharedStrings.xml": text}), Limits(shared_strings=1000))


@pytest.mark.parametrize("head", [b'<?xml version="1.0"?><!DOCTYPE x>', b"<!ENTITY a 'b'>"])
def test_xml_entities_are_refused(head):
    with pytest.raises(UnknownFileError, match="XML entities"):
        guard(archive({"xl/workbook.xml": head}))


def test_zip_that_is_no_workbook_is_damaged():
    with pytest.raises(DamagedFileError, match="damaged"):
        read_workbook(archive({"hello.txt": b"hello"}), Hints())


@pytest.mark.parametrize("cut", [10, 200, -1, -30])
def test_broken_workbook_is_damaged(cut):
    data = workbook(["a", "b"], [1, 2])

    with pytest.raises(DamagedFileError, match="damaged"):
        read_workbook(data[:cut], Hints())


def test_hidden_sheets_are_passed_over():
    book = Workbook()
    book.active.append(["secret"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Shown").append(["open"])
    file = io.BytesIO()
    book.save(file)

    assert read_workbook(file.getvalue(), Hints()).sheet == "Shown"


def test_times_and_dates_of_day_become_text_and_days():
    grid = read_workbook(
        workbook(["a", "b", "c"], [time_of_day(9, 30), date(2026, 12, 4), 1]), Hints()
    )

    assert grid.lines[1].cells == ("09:30:00", date(2026, 12, 4), Decimal(1))


def test_workbook_with_a_password_is_refused():
    data = bytearray(archive({"a.xml": b"x"}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1

    with pytest.raises(UnknownFileError, match="protected by a password"):
        guard(bytes(data))


def test_packing_that_is_not_known_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", b"x" * 100)
    data = bytearray(file.getvalue())
    for start in (data.index(b"PK\x01\x02") + 10, data.index(b"PK\x03\x04") + 8):
        data[start : start + 2] = struct.pack("<H", 97)

    with pytest.raises(UnknownFileError, match="packed in a way"):
        guard(bytes(data))
