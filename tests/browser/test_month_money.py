"""Months and funding in a real browser: without faults, and a year of months by keyboard."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.domain.calendar import fiscal_months, fiscal_year
from projects.models import ForecastEntry, MonthForecast
from tests.browser.checks import faults, faults_by_mode, wait_for_charts, wait_until, words
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    MonthForecastFactory,
)

pytestmark = pytest.mark.browser
PAGES = {
    "project_months": "project",
    "months_edit": "project",
    "project_money": "project",
    "cost_entry_new": "project",
    "funding_source_list": "",
    "funding_source": "source",
    "funding_source_edit": "source",
}


@pytest.fixture
def next_year():
    """The fiscal year after this one: twelve months, none of them over."""
    return fiscal_year(timezone.localdate(), start_month=7) + 1


@pytest.fixture
def source(next_year):
    return FundingSourceFactory(
        name="HRSA grant",
        restriction="Rural maternity care and the telehealth carts that go with it",
        amount=Decimal(5_000_000),
        expires_on=date(next_year, 6, 30),
    )


@pytest.fixture
def line(project, source):
    return BudgetLineFactory(project=project, funding_source=source, amount=Decimal(2_400_000))


@pytest.fixture
def full(project, line):
    today = timezone.localdate()
    for number in range(4):
        other = BudgetLineFactory(
            project=project, category=f"A line with a name that takes room {number}"
        )
        order = CostEntryFactory(
            project=project, line=other, kind="commitment", entry_date=today - timedelta(days=40)
        )
        CostEntryFactory(
            project=project, line=other, entry_date=today, commitment=order, amount=1234
        )
        for month in (-60, -30, 0, 40, 80):
            first = (today + timedelta(days=month)).replace(day=1)
            MonthForecastFactory(project=project, line=other, month=first, made_on=today)
        CostEntryFactory(project=project, line=other, entry_date=today - timedelta(days=35))
    return {"project": project, "source": line.funding_source}


def address(name, *records):
    return reverse(f"projects:{name}", args=[record.pk for record in records])


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_faults_in_any_light_or_width(visit, lead, full, name):
    records = [full[PAGES[name]]] if PAGES[name] else []
    page = visit(address(name, *records), user=lead)

    assert faults_by_mode(page) == {}


def test_a_year_of_months_is_entered_by_keyboard(visit, manager, project, line, next_year):
    months = fiscal_months(next_year, start_month=7)
    page = visit(f"{address('months_edit', project)}?year={next_year}", user=manager)
    first = f"#id_m{line.pk}_{months[0]:%Y%m}"

    page.focus(first)
    for number in range(12):
        page.keyboard.type("100,000" if number < 11 else "100 k")
        if number < 11:
            page.keyboard.press("ArrowDown")
    wait_until(page, f"document.activeElement.id === 'id_m{line.pk}_{months[-1]:%Y%m}'")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#edit-months")

    rows = MonthForecast.objects.order_by("month").values_list("line", "month", "amount")
    assert list(rows) == [(line.pk, month, 100_000) for month in months]
    assert ForecastEntry.objects.get().amount == 1_200_000
    lede = words(page, ".lede")
    assert "Spent and the months to come make the forecast cost, $1.2M." in lede
    assert f"$1.2M of the HRSA grant will lapse on 30 Jun {next_year} unless spent." in lede
    assert "12 months saved." in words(page, "body")
    wait_for_charts(page)
    assert faults(page) == {}


def test_a_month_that_is_no_amount_is_named_and_found(visit, manager, project, line, next_year):
    month = fiscal_months(next_year, start_month=7)[3]
    page = visit(f"{address('months_edit', project)}?year={next_year}", user=manager)
    name = f"m{line.pk}_{month:%Y%m}"

    page.fill(f"#id_{name}", "plenty")
    page.click("text=Save months")
    page.wait_for_selector(".summary")
    wait_until(page, "document.activeElement.classList.contains('summary')")
    page.click(f".summary a[href='#id_{name}']")

    wait_until(page, f"document.activeElement.id === 'id_{name}'")
    assert page.input_value(f"#id_{name}") == "plenty"
    assert faults(page) == {}


def test_months_are_saved_without_scripts(visit, manager, project, line, next_year):
    month = fiscal_months(next_year, start_month=7)[0]
    page = visit(
        f"{address('months_edit', project)}?year={next_year}",
        user=manager,
        java_script_enabled=False,
    )

    page.fill(f"#id_m{line.pk}_{month:%Y%m}", "5,000")
    page.click("text=Save months")

    assert MonthForecast.objects.get().amount == 5000
