"""Days that differ from the week, as text: what is read and what is refused."""

from datetime import date

import pytest

from projects.domain.plan.days_off import Days, DaysError, read, written

TEXT = "2026-12-24 to 2027-01-01 Holidays\n2026-11-21 worked Go-live\n2027-05-31"


def test_lines_are_read_and_written_the_same():
    found = read(f"\n  {TEXT}\n\n")

    assert found == [
        Days(date(2026, 12, 24), date(2027, 1, 1), False, "Holidays"),
        Days(date(2026, 11, 21), date(2026, 11, 21), True, "Go-live"),
        Days(date(2027, 5, 31), date(2027, 5, 31)),
    ]
    assert written(found) == TEXT


def test_dates_may_be_joined_by_a_dash():
    assert read("2026-12-24 – 2026-12-26 worked") == [
        Days(date(2026, 12, 24), date(2026, 12, 26), True)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-12-24\nChristmas", "Line 2, “Christmas”, cannot be read"),
        ("2026-02-30", "Line 1 names a day that does not exist"),
        ("2026-12-24 to 2026-12-23", "In line 1 the last day is before the first"),
        ("\n".join(["2026-12-24"] * 1001), "1,000 lines at most; these are 1,001"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line(text, message):
    with pytest.raises(DaysError, match=message):
        read(text)
