"""The pages read from snapshots in a real browser: no faults, swaps that keep the focus, late panels."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from reports.models.snapshots import LIVE
from tests.browser.checks import faults_by_mode, wait_for_panels, wait_until
from tests.factories import ProjectFactory, RiskFactory, UnitFactory, person
from tests.factories.reports import SnapshotFactory, freeze

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "A name as long as only a committee of eleven people from four departments can make it"
COLORS = ("red", "amber", "none", "green")


@pytest.fixture
def executive():
    return person(Role.EXECUTIVE, name="Eve Executive")


@pytest.fixture
def week():
    """Five projects of every color, frozen last Sunday and live; return that Sunday."""
    today = timezone.localdate()
    sunday = today - timedelta(days=today.weekday() + 1)
    freeze(sunday)
    unit = UnitFactory(name="Radiology")
    for number in range(5):
        color = COLORS[number % 4]
        project = ProjectFactory(
            name=f"{LONG} {number}" if number % 2 else f"Wing {number}", unit=unit
        )
        RiskFactory(project=project, likelihood=5, impact=number + 1)
        for day in (sunday, LIVE):
            SnapshotFactory(
                project=project,
                date=day,
                overall=color,
                is_disputed=color == "green",
                measured="red",
                measured_rule="Forecast cost 12% above the approved budget: red above 10%.",
                trend="GGAARRNN",
                approved_budget=Decimal(1_000_000),
                spent=Decimal(400_000),
                forecast_cost=Decimal(900_000 + 100_000 * number),
                cost_variance=Decimal(100_000 * number - 100_000),
                start_date=today - timedelta(days=200),
                baseline_finish=today + timedelta(days=100),
                forecast_finish=today + timedelta(days=100 + 20 * number),
                finish_slip_days=20 * number,
                next_milestone="Occupancy permit",
                next_milestone_date=today + timedelta(days=9),
                next_milestone_slip_days=number,
                top_risk="Strike",
                top_risk_score=20,
                help_needed="Approve the draw" if color == "red" else "",
                help_from="COO",
                help_due=today,
            )
    return sunday


def test_pages_have_no_fault(visit, executive, week):
    project = SnapshotFactory(name="Alone").project
    found = {}
    for address in (
        "/portfolio/",
        f"/portfolio/?as_of={week}",
        "/portfolio/?as_of=2001-01-01",
        "/portfolio/risks/",
        f"/portfolio/projects/{project.pk}/panel/",
        "/budget/?by=category&group=facility",
    ):
        page = visit(address, user=executive)
        if wrong := faults_by_mode(page):
            found[address] = wrong
        page.close()

    assert found == {}


def test_a_filter_swaps_the_table_and_keeps_the_focus(visit, executive, week):
    page = visit("/portfolio/", user=executive)
    wait_for_panels(page)
    page.focus("#color-all")

    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelectorAll('#health-table tbody tr').length === 2")

    wait_until(page, "document.activeElement.id === 'color-red'")
    assert "color=red" in page.url
    assert page.inner_text("#result-count") == "2 of 5 projects"
    assert page.inner_text("#color-all-count") == "5"
    assert page.troubles == []


def test_typing_a_name_filters_while_the_field_keeps_its_text(visit, executive, week):
    page = visit("/portfolio/", user=executive)

    page.type("#id_q", "wing 2")
    wait_until(page, "document.querySelectorAll('#health-table tbody tr').length === 1")

    wait_until(page, "document.activeElement.id === 'id_q'")
    assert page.input_value("#id_q") == "wing 2"
    assert page.inner_text("#color-none-count") == "1"


def test_risks_come_after_the_page(visit, executive, week):
    page = visit("/portfolio/", user=executive)

    page.wait_for_selector("#risk-panel table.heat")

    assert page.inner_text("#h-risk") == "Four high risks are open"
    assert page.troubles == []


def test_the_page_works_without_javascript(visit, executive, week):
    page = visit("/portfolio/", user=executive, java_script_enabled=False)

    page.check("#color-red")
    page.click(".filters:has(.seg) button")
    page.wait_for_load_state()

    assert page.locator("#health-table tbody tr").count() == 2
    assert page.locator('a[href="/portfolio/risks/"]').count() == 1
