from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.common.tabular.dates import (
    SERIAL_ORIGIN,
    DateOrder,
    evidence_of,
    is_month_without_day,
    parse_date,
)

DMY, MDY = DateOrder.DMY, DateOrder.MDY


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("23/03/2011", DMY, date(2011, 3, 23)),
        ("3/23/2011", MDY, date(2011, 3, 23)),
        ("10.04.13", DMY, date(2013, 4, 10)),
        ("01.01.68", DMY, date(2068, 1, 1)),
        ("01.01.69", DMY, date(1969, 1, 1)),
        ("2014-07-08", None, date(2014, 7, 8)),
        ("2014-07-08 00:00:00", None, date(2014, 7, 8)),
        ("2014-07-08T09:30:00Z", None, date(2014, 7, 8)),
        ("20140708", None, date(2014, 7, 8)),
        ("4 Dec 2026", None, date(2026, 12, 4)),
        ("Fri 4 Dec 2026", None, date(2026, 12, 4)),
        ("December 4th, 2026", None, date(2026, 12, 4)),
        ("04-Dec-26", None, date(2026, 12, 4)),
        ("03/03/2020", None, date(2020, 3, 3)),
        ("25/03/2020", None, date(2020, 3, 25)),
        ("03/04/2020", None, None),
        ("31/02/2015", DMY, None),
        ("12/31/2015", DMY, None),
        ("1/2.2015", DMY, None),
        ("No end date", DMY, None),
        ("#N/A", DMY, None),
        ("2015", DMY, None),
        ("", DMY, None),
    ],
)
def test_parse_date_reads_or_refuses(text, order, expected):
    assert parse_date(text, order) == expected


def test_parse_date_reads_day_numbers_only_when_told():
    assert parse_date("45000") is None
    assert parse_date("45000", serials_from=SERIAL_ORIGIN) == date(2023, 3, 15)
    assert parse_date(Decimal(45000), serials_from=SERIAL_ORIGIN) == date(2023, 3, 15)
    assert parse_date(Decimal(12), serials_from=SERIAL_ORIGIN) is None


def test_evidence_one_cell_decides_for_the_whole_column():
    found = evidence_of(["03/04/2020", "05/06/2020", "25/12/2020", "No end date", "#N/A", None])

    assert (found.fits, found.order, found.ambiguous) == ((DMY,), DMY, False)


def test_evidence_both_orders_fit_and_differ():
    found = evidence_of(["03/04/2020", "05/06/2020"])

    assert (found.fits, found.ambiguous) == ((DMY, MDY), True)


def test_evidence_same_day_and_month_needs_no_question():
    found = evidence_of(["03/03/2020", "2020-05-06", "4 Dec 2020"])

    assert (found.order, found.ambiguous) == (None, False)


def test_evidence_no_order_fits_all():
    found = evidence_of(["25/12/2020", "12/25/2020", "26/12/2020"])

    assert (found.fits, found.order, found.ambiguous) == ((), DMY, False)


def test_evidence_serials_only_when_nothing_else_is_a_date():
    assert evidence_of(["45000", "45100"]).serials is True
    assert evidence_of(["45000", "2020-01-01"]).serials is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [("March 2026", True), ("2026-03", True), ("03/2026", True), ("Phase 2026", False)],
)
def test_month_without_day_is_recognized(text, expected):
    assert is_month_without_day(text) is expected


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)), st.sampled_from(DateOrder))
def test_every_date_comes_back_from_every_writing(day, order):
    triple = "%d/%m/%y" if order is DMY else "%m/%d/%y"

    assert parse_date(day.strftime(triple), order) == day
    assert parse_date(day.strftime(triple.replace("%y", "%Y")), order) == day
    assert parse_date(day.isoformat(), order) == day
    assert parse_date(day.strftime("%d %b %Y"), order) == day
    assert parse_date(day.strftime("%B %d, %Y"), order) == day


def test_dates_that_are_dates_already_stay():
    assert parse_date(date(2026, 12, 4)) == date(2026, 12, 4)
    assert parse_date("12 Sept 2026") == date(2026, 9, 12)
    assert evidence_of([date(2026, 12, 4), Decimal(45000)]).serials is False
