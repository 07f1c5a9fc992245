from datetime import date

import pytest

from reports.imports.domain.periods import (
    bare_months,
    month_columns,
    months_from,
    read_fiscal_year,
    read_month,
)


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


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["Project", "Jan", "Feb.", "March", "Total"], {"Jan": 1, "Feb.": 2, "March": 3}),
        (["Forecast Sep", "Oct forecast", "nov", "Sept"], {"Forecast Sep": 9, "Oct forecast": 10, "nov": 11}),
        (["P01", "P02", "Period 12"], {"P01": 10, "P02": 11, "Period 12": 9}),
        (["May", "Owner", "April"], {}),
        (["Jan 2027", "Feb 2027", "Mar 2027"], {}),
        (["Mark", "Junior", "Decision", "Marching"], {}),
    ],
)  # fmt: skip
def test_columns_of_months_without_a_year_are_known_by_their_number(headers, found):
    assert bare_months(headers, start_month=10) == found


def test_months_without_a_year_are_the_first_from_the_month_that_is_said():
    bare = {"Jul": 7, "Dec": 12, "Jan": 1, "Jun": 6}

    assert months_from(date(2026, 7, 1), bare) == {
        date(2026, 7, 1): "Jul",
        date(2026, 12, 1): "Dec",
        date(2027, 1, 1): "Jan",
        date(2027, 6, 1): "Jun",
    }
