"""Cells held as one text come out as they were put in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pmo.common.tabular import TableRow
from pmo.common.tabular.packing import BETWEEN, TYPED, Percentage, packed, unpacked

AMOUNTS = ("12.34", "-5.10", "0.00", "-0.00", "1E+3", "7", "0.125", "999999999999.99", "NaN")


@pytest.mark.parametrize(
    "cells",
    [
        ("a", "", " b ", "tab\tand\nline", "€ “ü” 漢"),
        (None, "", None),
        tuple(map(Decimal, AMOUNTS)),
        (Percentage("0.45"), Decimal("0.45"), date(2026, 1, 5), "2026-01-05", "D1", "T"),
        ("",),
        (None,),
        (),
    ],
)
def test_cells_come_out_as_they_were_put_in(cells):
    held = packed(cells)

    assert isinstance(held, str) is bool(cells)
    assert repr(unpacked(held)) == repr(cells)
    assert [type(one) for one in unpacked(held)] == [type(one) for one in cells]


@pytest.mark.parametrize(
    "odd",
    [
        f"a{BETWEEN}b",
        f"{TYPED}D1",
        datetime(2026, 1, 5, 8, tzinfo=UTC),
        4.5,
        type("Text", (str,), {})("x"),
    ],
)
def test_cells_that_no_text_can_hold_stay_as_they_are(odd):
    held = packed(("x", odd))

    assert unpacked(held)[1] is odd


def test_mark_inside_a_text_begins_nothing():
    cells = (f"x{TYPED}D1", Decimal(1))

    assert unpacked(packed(cells)) == cells


def test_rows_are_the_same_where_they_say_the_same():
    row = TableRow(2, ("A", None))

    assert (row, hash(row)) == (TableRow(2, ["A", None]), hash(TableRow(2, ("A", None))))
    assert row not in (TableRow(3, ("A", None)), TableRow(2, ("A", "")), (2, ("A", None)))
    assert repr(row) == "TableRow(2, ('A', None))"
