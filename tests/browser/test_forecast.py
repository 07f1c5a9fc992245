"""Where a project will land, in a real browser: every number explains itself, the remainder is explained."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import ForecastEntry, VarianceCause
from reports.services import snapshots
from tests.browser.checks import faults_by_mode, wait_for_charts, wait_until, words
from tests.factories import CostEntryFactory, MemberFactory, ProjectFactory, person
from tests.factories.earning import BaselineFactory, ItemFactory, TaskFactory
from tests.factories.reports import SnapshotFactory, freeze

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager():
    return person(Role.STAFF, name="Mara Manager")


@pytest.fixture
def wing(manager):
    """Half of the time gone, two fifths done, three fifths spent, and a forecast that looks away."""
    today = timezone.localdate()
    start, finish = today - timedelta(days=100), today + timedelta(days=100)
    project = ProjectFactory(
        name="East Wing",
        start_date=start,
        baseline_finish_date=finish,
        forecast_finish_date=finish + timedelta(days=40),
    )
    MemberFactory(project=project, user=manager, role=Role.MANAGER)
    baseline = BaselineFactory(
        project=project,
        approved_on=start,
        start=start,
        finish=finish,
        distributed=Decimal(2_000_000),
        budget_at_completion=Decimal(2_000_000),
    )
    task = TaskFactory(project=project, percent_complete=40, actual_start=start)
    ItemFactory(
        baseline=baseline,
        task_number=task.pk,
        amount=Decimal(2_000_000),
        start=start,
        finish=finish,
    )
    CostEntryFactory(project=project, amount=Decimal(1_200_000), entry_date=start)
    ForecastEntry.objects.create(project=project, amount=Decimal(2_100_000), made_on=start)
    for weeks in (2, 1):
        day = today - timedelta(days=today.weekday() + 1 + 7 * weeks)
        freeze(day)
        SnapshotFactory(
            project=project,
            date=day,
            earned_value=Decimal(600_000),
            eac=Decimal(2_500_000),
            forecast_cost=Decimal(2_050_000),
            forecast_finish=finish,
        )
    snapshots.refresh([project.pk])
    return project


def forecast(project):
    return reverse("reports:project_forecast", args=[project.pk])


def test_pages_have_no_fault(visit, manager, wing):
    bare = ProjectFactory(name="Bare")
    MemberFactory(project=bare, user=manager, role=Role.MANAGER)
    VarianceCause.objects.create(
        project=wing,
        measure="cost",
        cause="rate",
        amount=30_000,
        explanation="Steel costs more than tendered",
        noted_on=timezone.localdate(),
    )
    found = {}
    for address in (
        forecast(wing),
        f"{forecast(wing)}cpi/",
        forecast(bare),
        reverse("reports:portfolio_forecast"),
        reverse("reports:forecast_accuracy"),
        reverse("projects:variance_cause_new", args=[wing.pk]),
    ):
        page = visit(address, user=manager)
        if wrong := faults_by_mode(page):
            found[address] = wrong
        page.close()

    assert found == {}


def test_a_number_explains_itself_in_the_drawer_and_gives_the_focus_back(visit, manager, wing):
    page = visit(forecast(wing), user=manager)
    link = page.locator('td a[href$="/forecast/cpi/"]')
    link.focus()

    page.keyboard.press("Enter")
    wait_until(page, "document.querySelector('#drawer').open")

    assert "$800K ÷ $1.2M = 0.67" in words(page, "#drawer")
    page.keyboard.press("Escape")
    wait_until(page, "!document.querySelector('#drawer').open")
    at = "(document.activeElement.getAttribute('href') || '')"
    wait_until(page, f"{at}.endsWith('/forecast/cpi/')")
    assert page.troubles == []


def test_the_remainder_is_explained_by_keyboard(visit, manager, wing):
    page = visit(forecast(wing), user=manager)
    assert "$100K over the first baseline, $100K not explained yet" in words(page)

    page.locator("a", has_text="Explain the cost").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_explanation")
    assert page.input_value("#id_amount") == "100000.00"
    page.select_option("#id_cause", "rate")
    page.fill("#id_explanation", "Steel costs more than tendered")
    page.get_by_role("button", name="Save cause").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#h-causes")

    assert "$100K over the first baseline, all of it explained" in words(page)
    assert "Steel costs more than tendered" in words(page)
    assert page.locator("a", has_text="Explain the cost").count() == 0
    assert page.troubles == []


def test_everything_is_there_without_javascript(visit, manager, wing):
    page = visit(forecast(wing), user=manager, java_script_enabled=False)

    page.locator("summary", has_text="Show as table").first.click()
    assert page.locator("details[open] table tbody tr").count() > 3
    page.locator('td a[href$="/forecast/eac/"]').click()

    assert words(page, "h1") == "Where it will land"
    assert "Estimate at completion (EAC)" in words(page)


def test_each_bar_keeps_its_name_on_a_phone(visit, manager, wing):
    for cause in ("rate", "scope", "delay"):
        VarianceCause.objects.create(
            project=wing,
            measure="cost",
            cause=cause,
            amount=10_000,
            explanation="What happened",
            noted_on=timezone.localdate(),
        )
    page = visit(forecast(wing), user=manager, mode="phone")
    wait_for_charts(page)

    names = page.locator("section[aria-labelledby=h-cost-bridge] .ytick > text").all_text_contents()

    assert len(names) == 6
    assert {"First baseline", "Forecast now"} <= set(names)
