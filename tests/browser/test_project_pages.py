"""Pages of projects in a real browser: without faults, by keyboard, and without scripts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.models import ForecastEntry, Milestone
from tests.browser.checks import faults, faults_by_mode, wait_for_panels, wait_until, words
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    MilestoneFactory,
    ProgramFactory,
    ProjectFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.browser
PAGES = {
    "project_detail": 1,
    "project_edit": 1,
    "project_stage": 1,
    "project_people": 1,
    "member_new": 1,
    "project_milestones": 1,
    "project_money": 1,
    "cost_entry_list": 1,
    "budget_line_new": 1,
    "project_list": 0,
    "milestone_list": 0,
    "program_list": 0,
}


@pytest.fixture
def full(project):
    """A project that has some of everything, among others."""
    today = timezone.localdate()
    project.name = "Bed management dashboard with a name as long as only a committee can make it"
    project.program = ProgramFactory(name="One record")
    project.save()
    for days in (-200, -5, 20, 300):
        day = today + timedelta(days=days)
        MilestoneFactory(
            project=project,
            name=f"Occupancy permit of the phase that is due in {days} days",
            baseline_date=day - timedelta(days=24),
            forecast_date=day,
            actual_date=day if days < -100 else None,
        )
    line = BudgetLineFactory(project=project, amount=Decimal("18400000.50"))
    BudgetLineFactory(project=project, category="Staff", fiscal_year=today.year, amount=1_000_000)
    CostEntryFactory(project=project, line=line, note="Invoice 1007", amount=Decimal("-1250.75"))
    ForecastEntry.objects.create(project=project, amount=20_610_000, made_on=today)
    ForecastEntry.objects.create(
        project=project, stated_reason="Exempt", fiscal_year=today.year, made_on=today
    )
    UpdateFactory(project=project, week=today - timedelta(days=today.weekday()), overall="amber")
    project.stakeholders.create(name="City building office", power=3, engagement="resistant")
    ProjectFactory()
    return project


def address(name, project):
    return reverse(f"projects:{name}", args=[project.pk] * PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_faults_in_any_light_or_width(visit, lead, full, name):
    page = visit(address(name, full), user=lead)

    assert faults_by_mode(page) == {}


def test_an_empty_project_has_no_faults(visit, lead):
    page = visit(ProjectFactory().get_absolute_url(), user=lead)
    wait_for_panels(page)

    assert faults(page) == {}


def edited(page, milestone):
    """Wait until the row's form has the focus: it comes last, when the form answers to keys."""
    wait_until(page, f"document.activeElement.id === 'dates-{milestone.pk}-forecast_date'")


def test_dates_are_edited_in_their_row_by_keyboard(visit, manager, project):
    milestone = MilestoneFactory(project=project, name="Permit")
    page = visit(address("project_milestones", project), user=manager)

    page.focus(f"#dates-of-{milestone.pk}")
    page.keyboard.press("Enter")
    edited(page, milestone)
    page.fill(f"#dates-{milestone.pk}-forecast_date", "2026-07-01")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=30 days late")

    assert Milestone.objects.get().forecast_date.isoformat() == "2026-07-01"
    wait_until(page, f"document.activeElement.id === 'dates-of-{milestone.pk}'")
    assert "Saved: Permit." in page.inner_text("#toasts")
    assert faults(page) == {}


def test_dates_that_were_moved_meanwhile_are_shown_in_the_row(visit, manager, project):
    milestone = MilestoneFactory(project=project, name="Permit")
    page = visit(address("project_milestones", project), user=manager)
    page.click(f"#dates-of-{milestone.pk}")
    edited(page, milestone)
    page.fill(f"#dates-{milestone.pk}-forecast_date", "2026-07-01")
    Milestone.objects.update(forecast_date="2026-08-01", version=2)

    page.click("text=Save dates")
    page.wait_for_selector("text=theirs 1 Aug 2026, yours 1 Jul 2026")
    edited(page, milestone)
    page.click("text=Save dates")
    page.wait_for_selector("text=30 days late")

    assert Milestone.objects.get().forecast_date.isoformat() == "2026-07-01"


def test_the_list_narrows_while_typing_and_the_address_follows(visit, lead, full):
    page = visit(address("project_list", full), user=lead)

    page.type("#id_q", "committee")
    wait_until(page, "document.querySelectorAll('#project-table tbody tr').length === 1")

    assert page.evaluate("location.search").startswith("?q=committee")
    assert page.inner_text("#result-count") == "1 of 2 projects"
    wait_until(page, "document.activeElement.id === 'id_q'")


def test_people_are_suggested_while_typing(visit, lead, project):
    UserFactory(name="Ruth Adeyemi", email="ruth@example.org")
    page = visit(address("member_new", project), user=lead)

    page.type("#id_person", "ruth")
    wait_until(page, "document.querySelectorAll('#people-choices option').length === 1")

    assert page.get_attribute("#people-choices option", "value") == "ruth@example.org"
    assert faults(page) == {}


def test_everything_is_reached_without_scripts(visit, manager, project):
    milestone = MilestoneFactory(project=project, name="Permit")
    page = visit(address("project_milestones", project), user=manager, java_script_enabled=False)

    page.click(f"#dates-of-{milestone.pk}")
    page.fill("[name=forecast_date]", "2026-07-01")
    page.click("text=Save milestone")

    assert "30 days late" in words(page)
    assert page.url.endswith(address("project_milestones", project))
