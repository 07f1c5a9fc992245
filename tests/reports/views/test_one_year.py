"""Portfolios that publish money for the fiscal year only, as governments do."""

import re
from decimal import Decimal

import pytest

from pmo.accounts.roles import Role
from tests.factories import UnitFactory, person
from tests.factories.reports import SnapshotFactory


@pytest.fixture
def page_of(signed_in, db):
    client = signed_in(person(Role.EXECUTIVE))

    def words(url):
        page = re.sub(r"<script.*?</script>", " ", client.get(url).content.decode(), flags=re.S)
        page = re.sub(r"<[^>]+>", "", page).replace("\N{NO-BREAK SPACE}", " ")
        return re.sub(r"\s+", " ", page)

    return words


@pytest.fixture
def one_year(db):
    unit = UnitFactory(name="Department")
    amounts = {"Wing": (1000, 1500), "Portal": (1000, 900), "Beds": (None, 700)}
    for name, (budget, forecast) in amounts.items():
        SnapshotFactory(
            name=name,
            unit=unit,
            unit_name=unit.name,
            fiscal_year=2023,
            approved_budget=Decimal(9000),
            year_budget=None if budget is None else Decimal(budget),
            year_forecast=Decimal(forecast),
        )


def test_portfolio_page_compares_the_year_and_says_so(page_of, one_year):
    words = page_of("/portfolio/")

    assert "Forecast cost in FY2022/23 is $400 over budget (20.0%)." in words
    assert "Forecast cost FY2022/23 $2,400" in words
    assert "$400 over $2,000 budget" in words
    assert "One project causes the overspend in FY2022/23" in words
    assert "1 without a budget or a forecast" in words
    assert "+$500this fiscal year" in words


def test_the_key_figure_leads_to_the_projects_over_the_years_budget(page_of, one_year):
    words = page_of("/portfolio/?show=over_year")

    assert "1 of 3 projects" in words


def test_budget_page_compares_the_year_and_says_so(page_of, one_year):
    words = page_of("/budget/")

    assert "The forecast for FY2022/23 is $400 over the year’s budget (+20.0%)." in words
    assert "1 of 2 projects is over." in words
    assert "Department alone is forecast over budget, by $400" in words


def test_projects_of_a_group_are_measured_against_the_year(page_of, one_year):
    words = page_of("/budget/?by=category&group=facility")

    places = [words.index(name) for name in ("Wing", "Portal", "Beds")]
    assert places == sorted(places)
    assert "+$500+50.0%" in words


def test_figures_without_any_register_are_a_dash_and_not_zero(page_of, db):
    SnapshotFactory(measured_risk="none")

    words = page_of("/portfolio/")

    assert "No milestone is recorded." in words
    assert "No risk is registered." in words
    assert "0 of 0" not in words
