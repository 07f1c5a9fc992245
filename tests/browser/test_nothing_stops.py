"""What used to stop somebody's week, done by hand in a real browser: each ends in a sentence and a way on."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import CostEntry, StatusUpdate
from reports.imports.models import ImportRun
from reports.services.snapshots import refresh
from risks.models import Issue, Risk
from tests.browser.checks import faults, wait_for_panels, wait_until, words
from tests.factories import (
    IssueFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    RiskFactory,
    person,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEND = "#edit-form button[type=submit]"
DOUBTFUL = "The wing was born on 1 June 2024"


@pytest.fixture
def project():
    return ProjectFactory(name="Telehealth for the coast", code="TELE-1")


@pytest.fixture
def manager(project):
    mary = person(None, name="Mary Manager")
    return MemberFactory(project=project, user=mary).user


def test_a_date_of_another_age_is_refused_at_its_field_and_nothing_is_lost(visit, lead, project):
    milestone = MilestoneFactory(project=project, name="Opening")
    page = visit(reverse("projects:milestone_edit", args=[milestone.pk]), user=lead)

    page.locator("[name=forecast_date]").fill("9999-12-31")
    page.locator("[name=name]").fill("Opening of the ward")
    page.locator(SEND).first.click()
    page.wait_for_selector("[name=forecast_date][aria-invalid=true]")

    assert "Enter a day from" in words(page)
    assert page.locator("[name=name]").input_value() == "Opening of the ward"
    assert faults(page) == {}


def test_a_cost_of_the_year_26_is_asked_whether_this_century_was_meant(visit, lead, project):
    year = timezone.localdate().year
    page = visit(reverse("projects:cost_entry_new", args=[project.pk]), user=lead)

    page.locator("[name=entry_date]").fill(f"{year % 100:04}-01-20")
    page.locator("[name=amount]").fill("1200")
    page.locator(SEND).first.click()
    page.wait_for_selector("[name=entry_date][aria-invalid=true]")

    assert f"Did you mean 20 Jan {year}?" in words(page)
    assert not CostEntry.objects.exists()
    page.locator("[name=entry_date]").fill(f"{year}-01-20")
    page.locator(SEND).first.click()
    page.wait_for_selector("text=1,200")
    assert CostEntry.objects.get().entry_date.year == year


def test_who_leaves_hands_everything_over_in_one_step(visit, project, manager):
    office = person(Role.PMO_LEAD)
    office.memberships.create(role=Role.ADMINISTRATOR)
    ben = person(Role.EXECUTIVE, name="Bén Brave")
    RiskFactory(project=project, owner=manager, title="Flood")
    IssueFactory(project=project, owner=manager, title="Leak")
    page = visit(reverse("accounts:person_edit", args=[manager.pk]), user=office)

    page.get_by_role("button", name="Deactivate").click()
    page.wait_for_url(f"**{reverse('accounts:person_holdings', args=[manager.pk])}")
    assert "What Mary Manager (deactivated) answers for" in words(page)
    assert faults(page) == {}
    page.locator("[name=to]").fill("Bén Brave")
    page.locator(SEND).first.click()
    page.wait_for_selector("text=Mary Manager answers for nothing here.")

    assert "3 duties handed over to Bén Brave." in page.inner_text("body")
    assert Risk.objects.get().owner == Issue.objects.get().owner == ben


def test_a_name_is_found_without_its_accents(visit, lead):
    refresh([ProjectFactory(name="ÉCLAIRAGE du bloc").pk])
    page = visit(f"{reverse('projects:project_list')}?q=Eclairage", user=lead)
    assert "ÉCLAIRAGE du bloc" in words(page)

    page.keyboard.press("Control+k")
    page.locator("#find-q").fill("eclairage")
    wait_until(page, "document.querySelector('#find-results [role=option]') !== null")
    assert "ÉCLAIRAGE du bloc" in page.inner_text("#find-results")


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_words_that_may_be_a_patients_are_asked_about_and_kept(visit, lead, project, mode):
    page = visit(reverse("risks:risk_new", args=[project.pk]), user=lead, mode=mode)

    page.locator("[name=title]").fill(DOUBTFUL)
    for name in ("likelihood", "impact"):
        page.locator(f"[name={name}]").first.select_option("3")
        wait_for_panels(page)
    page.locator(SEND).first.click()
    page.wait_for_selector("[name=patient_data_reason]")
    assert page.locator("[name=title]").input_value() == DOUBTFUL
    assert faults(page) == {}

    page.locator("[name=patient_data_reason]").fill("It is the day the wing opened.")
    page.locator(SEND).first.click()
    page.wait_for_selector(f"main :text('{DOUBTFUL}')")
    assert Risk.objects.get().title == DOUBTFUL


def test_a_file_that_is_no_table_is_answered_at_its_field(visit, lead):
    page = visit(reverse("reports:import_list"), user=lead)

    file = {"name": "Gantt chart 20261122.xml", "mimeType": "text/xml", "buffer": b"<Project/>"}
    page.set_input_files("input[type=file]", file)
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    page.wait_for_selector("input[type=file][aria-invalid=true]")

    assert not ImportRun.objects.exists()
    assert faults(page) == {}


def test_a_late_milestone_and_a_red_register_are_answered_before_green_is_published(
    visit, project, manager
):
    RiskFactory(project=project, title="Pump fails", likelihood=5, impact=5)
    page = visit(reverse("projects:status_form", args=[project.pk]), user=manager)

    page.locator("[name=overall][value=green]").check(force=True)
    page.locator("[name=overall_note]").fill("The permit came.")
    page.locator("[name=risk][value=green]").check(force=True)
    page.locator("button[name=publish], button:has-text('Publish')").first.click()
    page.wait_for_selector("text=you say green, the data says red")
    assert page.locator("[name=overall_note]").input_value() == "The permit came."
    assert faults(page) == {}

    page.locator("[name=risk_note]").fill("The spare pump arrived on Tuesday.")
    page.locator("button[name=publish], button:has-text('Publish')").first.click()
    page.wait_for_selector("text=Published")
    assert StatusUpdate.objects.get(state="published").risk == "green"
