from datetime import date

import pytest

from reports.imports.domain.periods import month_columns, read_fiscal_year, read_month


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jan 2027", date(2027, 1, 1)),
        ("January 2027", date(2027, 1, 1)),
        ("Sept 2027", date(2027, 9, 1)),
        ("Jan-27", date(2027, 1, 1)),
        ("jan '27", date(2027, 1, 1)),
        ("2027 Jan", date(2027, 1, 1)),
        ("2027-01", date(2027, 1, 1)),
        ("202701", date(2027, 1, 1)),
        ("01/2027", date(2027, 1, 1)),
        ("2027-01-01", date(2027, 1, 1)),
        ("2027-01-31", date(2027, 1, 1)),
        ("1/31/2027", date(2027, 1, 1)),
        ("31.01.2027", date(2027, 1, 1)),
        ("1/1/2027", date(2027, 1, 1)),
        ("2/1/2027", date(2027, 2, 1)),
        ("1/2/2027", date(2027, 2, 1)),
        ("Forecast Jan 2027", date(2027, 1, 1)),
        ("Jan 2027 / Forecast", date(2027, 1, 1)),
        ("FY27 P03", date(2026, 12, 1)),
        ("FY2027-P3", date(2026, 12, 1)),
        ("P03 FY27", date(2026, 12, 1)),
        ("FY26/27 P12", date(2027, 9, 1)),
        ("2027 Period 1", date(2026, 10, 1)),
    ],
)
def test_month_is_read_however_it_is_written(text, found):
    assert read_month(text, start_month=10) == found


@pytest.mark.parametrize(
    "text",
    ["Jan", "P03", "Total", "2027", "FY27", "15 Jan 2027", "Jan 2027 actual", "Q1 2027",
     "2027-13", "13/2027", "Marketing 2027", "FY27 P13", "2027-02-30", "", "7010-01", "12-11"],
)  # fmt: skip
def test_what_names_no_month_for_certain_is_none(text):
    assert read_month(text, start_month=10) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("2027", 2027), ("FY27", 2027), ("FY 2027", 2027), ("2026/27", 2027), ("FY2026-2027", 2027),
     ("26/27", 2027), ("Whole life", None), ("", None), ("Total project", None)],
)  # fmt: skip
def test_fiscal_year_is_the_one_in_which_it_ends(text, found):
    assert read_fiscal_year(text) == found


@pytest.mark.parametrize("text", ["27", "next year", "2026/29", "FY", "20270"])
def test_what_is_no_fiscal_year_is_refused(text):
    with pytest.raises(ValueError, match="is no fiscal year"):
        read_fiscal_year(text)


def test_columns_of_months_are_found_each_once():
    headers = ["Project", "Jan 2027", "2027-02", "Total", "January 2027"]

    assert month_columns(headers, start_month=1) == {
        date(2027, 1, 1): "Jan 2027",
        date(2027, 2, 1): "2027-02",
    }
