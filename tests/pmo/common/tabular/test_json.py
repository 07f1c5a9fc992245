import json
from datetime import date
from decimal import Decimal

import pytest

from pmo.common.tabular import (
    EmptyTableError,
    FileTooLargeError,
    Hints,
    UnknownFileError,
    read,
)
from pmo.common.tabular.limits import Limits


def cells(document, **hints):
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    table = read(data, Hints(**hints))
    return [table.headers, *(row.cells for row in table.rows)]


RECORDS = [{"Code": "A-1", "Name": "Wing"}, {"Code": "A-2", "Name": "Lab", "Budget": 12.5}]
TABLE = [("Code", "Name", "Budget"), ("A-1", "Wing", None), ("A-2", "Lab", Decimal("12.5"))]


@pytest.mark.parametrize(
    "document",
    [
        RECORDS,
        {"@odata.context": "x", "value": RECORDS},
        {"d": {"results": RECORDS}},
        {"count": 2, "next": None, "results": RECORDS},
        {"data": RECORDS},
        {"_embedded": {"elements": RECORDS}},
    ],
)
def test_lists_of_records_are_tables(document):
    assert cells(document) == TABLE


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_encoding_of_json_is_read(encoding):
    text = json.dumps([{"Name": "Réanimation 🚑"}], ensure_ascii=False)

    assert cells(text.encode(encoding)) == [("Name",), ("Réanimation 🚑",)]


def test_what_is_nested_is_named_with_dots_and_lists_are_joined():
    record = {
        "@odata.etag": "W/1",
        "__metadata": {"uri": "x"},
        "owner": {"name": "Anna", "unit": {"code": "S"}},
        "labels": ["a", "b", 3],
        "people": [{"displayName": "Anna", "id": 1}, {"id": 2}],
        "done": False,
        "nothing": None,
        "empty": [],
    }

    head, row = cells([record])

    assert dict(zip(head, row, strict=True)) == {
        "owner.name": "Anna",
        "owner.unit.code": "S",
        "labels": "a, b, 3",
        "people": "Anna, 2",
        "done": "FALSE",
        "nothing": None,
        "empty": None,
    }


def test_numbers_and_moments_are_what_they_say():
    text = b'[{"id": 12345678901234567890, "cost": 1200.10, "odd": 1e999999, "at": "/Date(1772323200000)/"}]'

    assert cells(text)[1] == (
        Decimal("12345678901234567890"),
        Decimal("1200.1"),
        "1e999999",
        date(2026, 3, 1),
    )


def test_a_page_of_a_longer_list_says_so():
    table = read(
        json.dumps({"count": 55, "next": "https://x/?page=2", "results": RECORDS}).encode()
    )

    assert [one.message for one in table.flaws] == [
        "2 of 55 records of a longer list are in this file."
    ]


def test_the_first_line_is_the_header_whatever_the_records_say():
    assert cells([{"x": "Code", "y": "Name"}, {"x": "Code", "y": "Wing"}], record="project")[0] == ("x", "y")  # fmt: skip


@pytest.mark.parametrize("text", ['{"a": 1}', '[{"a": 1}', '{"value": ["a"]}', '{"a": ' * 9000])
def test_no_list_of_records_is_refused_with_a_way_out(text):
    with pytest.raises(UnknownFileError, match="holds no list of records"):
        read(text.encode())


def test_records_that_say_nothing_are_none():
    with pytest.raises(EmptyTableError, match="holds no records"):
        read(b"[{}]")


def test_too_many_records_are_refused():
    with pytest.raises(FileTooLargeError, match="JSON file is too large"):
        read(json.dumps(RECORDS * 3).encode(), limits=Limits(rows=5))


def test_half_letters_are_replaced():
    assert cells(b'[{"Name": "a\\ud800b"}]')[1] == ("a?b",)


def test_csv_that_begins_with_a_bracket_is_no_json():
    assert cells(b"[Code],Name\nA-1,Wing\n")[0] == ("[Code]", "Name")
