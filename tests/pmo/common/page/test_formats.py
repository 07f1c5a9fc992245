"""Figures are written the same everywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from pmo.common.page import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "$0"),
        (Decimal("-0.4"), "$0"),
        (9500, "$9,500"),
        (9999, "$9,999"),
        (Decimal("9999.49"), "$9,999"),
        (Decimal("9999.5"), "$10K"),
        (670_000, "$670K"),
        (-50_000, "−$50K"),
        (999_499, "$999K"),
        (999_500, "$1.0M"),
        (Decimal("3312400.00"), "$3.3M"),
        (999_499_999, "$999.5M"),
        (999_500_000, "$1.0B"),
        (Decimal(12_345_678_901), "$12.3B"),
        (1_265_300_000_000, "$1,265.3B"),
    ],
)
def test_money_is_short(value, written):
    assert formats.money(value) == written


def test_money_rounds_half_up_not_to_even():
    assert formats.money(Decimal(3_250_000)) == "$3.3M"
    assert formats.money(Decimal(-3_250_000)) == "−$3.3M"


def test_money_takes_signs_and_codes():
    assert formats.money(3_300_000, "£") == "£3.3M"
    assert formats.money(3_300_000, "EUR") == "EUR\u00a03.3M"


def test_signed_money_shows_plus_only_above_zero():
    written = [formats.signed_money(value) for value in (2_210_000, 0, -50_000, None)]

    assert written == ["+$2.2M", "$0", "−$50K", "–"]


def test_exact_money_shows_cents_only_when_there_are_any():
    values = (3_312_400, Decimal("3312400.5"), Decimal("-0.005"), Decimal("0.004"), None)

    assert [formats.money_exact(value) for value in values] == [
        "$3,312,400",
        "$3,312,400.50",
        "−$0.01",
        "$0",
        "–",
    ]


def test_number_has_separators_and_a_true_minus():
    assert formats.number(10_000) == "10,000"
    assert formats.number(-1234.56, 1) == "−1,234.6"
    assert formats.number(3, plus=True) == "+3"
    assert formats.number(None) == "–"


def test_percent_writes_ratios():
    assert formats.percent(Decimal("0.053")) == "5.3%"
    assert formats.percent(0.1 + 0.2, 0) == "30%"
    assert formats.percent(-0.0004) == "0.0%"
    assert formats.percent(None) == "–"
    assert [formats.signed_percent(ratio) for ratio in (0.12, -0.027, 0)] == [
        "+12.0%",
        "−2.7%",
        "0.0%",
    ]


def test_dates_have_no_leading_zero():
    assert formats.day(date(2026, 12, 4)) == "4 Dec 2026"
    assert formats.short_day(date(2026, 12, 4)) == "4 Dec"
    assert (
        formats.moment(datetime(2026, 11, 20, 16, 2, tzinfo=ZoneInfo("Asia/Kolkata")))
        == "Friday 20 Nov 2026, 16:02"
    )
    assert (
        formats.stamp(datetime(2026, 11, 20, 16, 2, tzinfo=ZoneInfo("Asia/Kolkata")))
        == "20 Nov 2026, 16:02"
    )
    undefined = (formats.day, formats.short_day, formats.moment, formats.stamp)
    assert [write(None) for write in undefined] == ["–"] * 4


@pytest.mark.parametrize(
    ("on", "written"),
    [
        (date(2026, 11, 20), "Week 47, 16–20 Nov 2026"),
        (date(2026, 11, 22), "Week 47, 16–20 Nov 2026"),
        (date(2026, 10, 1), "Week 40, 28 Sep–2 Oct 2026"),
        (date(2026, 12, 31), "Week 53, 28 Dec–1 Jan 2027"),
        (None, "–"),
    ],
)
def test_week_names_monday_to_friday(on, written):
    assert formats.week(on) == written


def test_ago_counts_days_and_writes_a_coming_date():
    today = date(2026, 11, 20)
    days = (date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 4), date(2026, 11, 21), None)

    assert [formats.ago(on, today) for on in days] == [
        "Today",
        "Yesterday",
        "16 days ago",
        "21 Nov 2026",
        "–",
    ]


def test_slip_is_said_in_words():
    written = [formats.slip(days) for days in (24, 1, 0, -4, None)]

    assert written == ["24 days late", "1 day late", "on time", "4 days early", "–"]


def test_count_uses_the_right_number():
    assert formats.count(1, "day") == "1 day"
    assert formats.count(0, "day") == "0 days"
    assert formats.count(1204, "person", "people") == "1,204 people"


def test_more_or_fewer_compares_with_last_week():
    pairs = ((5, 3), (3, 5), (3, 3), (3, None))

    assert [formats.more_or_fewer(now, before) for now, before in pairs] == [
        "2 more than last week",
        "2 fewer than last week",
        "Same as last week",
        "No figure for last week",
    ]


def test_listing_reads_as_a_sentence():
    assert formats.listing([]) == ""
    assert formats.listing(["Wing"]) == "Wing"
    assert formats.listing(["Wing", "ERP"]) == "Wing and ERP"
    assert formats.listing(["Wing", "ERP", "Portal"]) == "Wing, ERP and Portal"


def test_an_unknown_color_is_no_report_never_green():
    assert formats.color_word("purple") == "No report"
    assert formats.color_word("") == "No report"


def test_trend_sentence_names_the_runs():
    colors = ["green", "green", "amber", "none"]

    assert (
        formats.trend_sentence(colors)
        == "Green for 2 weeks, then Amber for 1 week, then No report for 1 week"
    )
    assert formats.trend_sentence([]) == "No reports yet"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 rows are late"), (1, "1 row is late"), (1204, "1,204 rows are late")],
)
def test_a_sentence_is_chosen_whole(number, said):
    assert formats.counted(number, "1 row is late", "{n} rows are late") == said


LATE = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "time"),
    [
        ("America/Los_Angeles", "20 Nov 2026", "18:30"),
        ("UTC", "21 Nov 2026", "02:30"),
        ("Pacific/Auckland", "21 Nov 2026", "15:30"),
    ],
)
def test_a_stored_moment_is_said_where_people_are(zone, day, time):
    with timezone.override(zone):
        assert formats.day(LATE) == day
        assert formats.short_day(LATE) == day.removesuffix(" 2026")
        assert formats.stamp(LATE) == f"{day}, {time}"
        assert formats.moment(LATE).endswith(f"{day}, {time}")


def test_a_moment_that_was_given_a_zone_keeps_it():
    there = LATE.astimezone(ZoneInfo("Asia/Kolkata"))

    with timezone.override("America/Los_Angeles"):
        assert formats.stamp(there) == "21 Nov 2026, 08:00"
