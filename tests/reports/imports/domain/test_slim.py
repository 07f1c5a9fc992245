"""What a record says is held small and comes out as it was put in."""

import tracemalloc
from datetime import date
from decimal import Decimal

import pytest

from pmo.common.tabular import Hints, read
from reports.imports.domain import RECORD_KINDS, guess_fields, profile_from_dict, records


def imported(text: str, *, record: str = "project"):
    table = read(text.encode(), Hints(record=record))
    fields = guess_fields(table, RECORD_KINDS[record])
    return records(table, profile_from_dict({"name": "x", "record": record, "fields": fields}))


def test_rows_are_asked_for_by_their_place_in_the_table():
    found = imported(
        "Code,Name,Budget,Start\nP-1,Ward,12.50,2026-01-05\nP-2,Roof,n/a,\nP-3,Lab,,\n"
    )

    rows = found.rows
    assert [row.place for row in rows] == [(2, ""), (3, ""), (4, "")]
    assert rows[-1] == rows[2] == rows[1:][1] == rows.find((4, ""))
    assert (rows.find((5, "")), rows.find((1, ""))) == (None, None)
    assert rows[0].values == {
        "code": "P-1",
        "name": "Ward",
        "approved_budget": Decimal("12.50"),
        "start_date": date(2026, 1, 5),
    }
    assert (rows[1].reasons, rows[0].reasons, rows.stated_reasons) == (
        {"approved_budget": "n/a"},
        {},
        1,
    )
    assert [row.key for row in rows] == [("p-1",), ("p-2",), ("p-3",)]
    with pytest.raises(IndexError):
        rows[3]


def test_keys_that_several_rows_have_are_told():
    found = imported("Code,Name,As of\nP-1,A,2026-01-05\nP-2,B,2026-01-05\np-1,A,2026-02-05\n")

    assert found.repeated == {("p-1",)}


def test_texts_and_places_are_those_of_the_own_row():
    found = imported("Code,Name,Budget\nP-1,  A   ward ,\nP-2,Roof,1 000\n")

    first, second = found.rows
    assert dict(first.texts) == {"code": "P-1", "name": "A ward"}
    assert dict(second.texts) == {"code": "P-2", "name": "Roof", "approved_budget": "1 000"}
    assert dict(first.places) == {"code": (2, "A"), "name": (2, "B")}
    assert second.places["approved_budget"] == (3, "C")


def test_place_is_that_of_the_column_where_records_are_columns():
    found = imported("Code,P-1,P-2\nName,Ward,Roof\nStart,2026-01-05,2026-02-02\n")

    assert [dict(row.places)["name"] for row in found.rows] == [(2, "B"), (2, "C")]
    assert [found.rows.find(row.place).key for row in found.rows] == [("p-1",), ("p-2",)]


def test_a_row_of_a_long_table_takes_little():
    lines = [
        f"P-{n:05},Project number {n},Unit {n % 9},Person {n % 30},2026-01-05,{1000 * n},{900 * n},Green"
        for n in range(2_000)
    ]
    text = "\n".join(["Code,Name,Unit,Manager,Start,Budget,Spent,RAG", *lines])
    imported(text)  # what is remembered for the next file too
    tracemalloc.start()

    found = imported(text)

    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.rows) == 2_000
    assert taken / len(found.rows) < 500  # tuples for each row were 1,100, dictionaries 3,000
