"""What a record says is held small and comes out as it was put in."""

import tracemalloc
from datetime import date
from decimal import Decimal

from pmo.common.tabular import Hints, read
from reports.imports.domain import RECORD_KINDS, guess_fields, profile_from_dict, records
from reports.imports.domain.slim import Values

AMOUNTS = ("12.34", "-5.10", "0.00", "-0.00", "1E+3", "7", "0.125", "999999999999.99", "100.00")


def imported(text: str, *, record: str = "project"):
    table = read(text.encode(), Hints(record=record))
    fields = guess_fields(table, RECORD_KINDS[record])
    return records(table, profile_from_dict({"name": "x", "record": record, "fields": fields}))


def test_values_come_out_as_they_were_put_in():
    said = {f"f{n}": Decimal(amount) for n, amount in enumerate(AMOUNTS)}
    said |= {"day": date(2026, 1, 5), "text": "12.34"}

    kept = Values({name: place for place, name in enumerate(said)}, said.values())

    assert repr(dict(kept)) == repr(said)
    assert repr(list(kept.items())) == repr(list(said.items()))
    assert [repr(kept.get(name)) for name in said] == [repr(one) for one in said.values()]
    assert kept == said
    assert kept.get("other", "none") == "none"
    assert "other" not in kept
    assert len(kept) == len(said)


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
    assert taken / len(found.rows) < 1_200  # dictionaries for each row were 3,000
