"""From the first baseline to the second, in a real browser, each step by the person it is for."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.models import Baseline, ChangeRequest, Milestone, ReserveMovement
from tests.browser.checks import faults, faults_by_mode, words
from tests.factories import BudgetLineFactory, MilestoneFactory
from tests.factories.changes import member

pytestmark = pytest.mark.browser


def tab(project):
    return reverse("projects:project_baselines", args=[project.pk])


def set_baseline(page):
    page.click("text=Change reserves")
    page.fill("[name=amount]", "50 k")
    page.fill("[name=reason]", "For what we know of the ground")
    page.click("button:has-text('Save reserve')")
    page.click("text=Set the first baseline")
    page.fill("[name=reason]", "Board of 4 January")
    page.click("button:has-text('Set baseline')")
    page.wait_for_selector("h1:has-text('Approved plan')")


def raise_and_assess(page):
    page.click("text=Raise a change request")
    page.fill("[name=title]", "Add a second imaging room")
    page.fill("[name=justification]", "Demand grew by a third")
    page.keyboard.press("Tab")
    page.click("button:has-text('Raise change request')")
    page.click("a:has-text('Assess')")
    page.fill("[name=scope_effect]", "One room more")
    page.fill("[name=schedule_effect_days]", "10")
    page.fill("[name=cost_effect]", "30 k")
    page.select_option("[name=funding]", "contingency")
    page.fill("[name=benefit_effect]", "None")
    page.click("button:has-text('Save assessment')")


def test_a_change_becomes_the_second_baseline(visit, lead, manager, project):
    sponsor = member(project, Role.SPONSOR)
    BudgetLineFactory(project=project)
    milestone = MilestoneFactory(project=project, name="Permit")
    page = visit(tab(project), user=lead)
    assert faults_by_mode(page) == {}
    set_baseline(page)
    assert faults_by_mode(page) == {}
    Milestone.objects.update(forecast_date="2026-07-01")

    page = visit(tab(project), user=manager)
    raise_and_assess(page)
    assert "Sponsor decides" in words(page)
    assert "You cannot decide this one." in words(page)
    assert faults_by_mode(page) == {}
    here = page.url

    page = visit(reverse("projects:change_list"), user=sponsor)
    assert "1 change request waiting: 1 for a decision." in words(page)
    page.click("text=Add a second imaging room")
    page.click("a:has-text('Decide')")
    page.check("[value=approve]")
    page.fill("[name=note]", "Worth it")
    assert faults_by_mode(page) == {}
    page.click("button:has-text('Save decision')")
    page.wait_for_selector("text=To be implemented")

    page = visit(here[here.index("/projects") :], user=manager)
    page.click("text=Make it the new baseline")
    page.click("button:has-text('Set the new baseline')")
    page.click("text=Baseline 1, “Approved plan”")

    page.wait_for_selector("h1:has-text('Two baselines compared')")
    lede = words(page, ".lede")
    assert "the finish moved to 14 Jan 2027, 10 days later and the budget rose by $30K." in lede
    assert "10 days later" in page.inner_text("table:has-text('Permit')")
    assert faults_by_mode(page) == {}
    assert [b.number for b in Baseline.objects.order_by("number")] == [1, 2]
    assert ChangeRequest.objects.get().decided_by == sponsor
    assert sum(m.amount for m in ReserveMovement.objects.all()) == 20_000
    milestone.refresh_from_db()
    assert milestone.baseline_date.isoformat() == "2026-06-11"


def test_the_log_narrows_by_keyboard(visit, lead, manager, project):
    BudgetLineFactory(project=project)
    page = visit(tab(project), user=lead)
    page.click("text=Set the first baseline")
    page.fill("[name=reason]", "Board")
    page.keyboard.press("Enter")
    page.click("button:has-text('Set baseline')")
    page = visit(tab(project), user=manager)
    raise_and_assess(page)

    page = visit(reverse("projects:change_list"), user=manager)
    page.focus("[name=state][value='']")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=No change request fits these filters")

    assert page.inner_text("#result-count") == "0 of 1 change request"
    assert page.url.endswith("state=raised&q=")
    assert faults(page) == {}
