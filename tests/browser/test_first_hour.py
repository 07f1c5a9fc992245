"""
From an empty installation to the first issued summary, with only what the pages say.

Nothing is made beside the browser: no shell, no factory, no address typed. Every form sent and every
button that changes data is counted.
"""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from pmo.accounts.models import User
from pmo.organization.first_run import services
from projects.models import Project
from reports.models import Snapshot, Summary
from reports.models.snapshots import LIVE
from tests.browser.checks import faults, wait_for_panels, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = Path(__file__).resolve().parents[1] / "cases" / "projects12.xlsx"
MOST_SUBMISSIONS = 25
BUDGET, SPENT, FORECAST = 11_700_000, 4_680_000, 12_090_000
PASSWORD = "corridor lamp seven"
EXECUTIVE = "adeyemi@city.example"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def submissions(page):
    """Count what is sent from now on that changes data."""
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    return sent


def press(page, name):
    page.locator("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def follow(page, name, inside="main"):
    page.locator(inside).get_by_role("link", name=re.compile(f"^{name}\\b")).first.click()
    page.wait_for_load_state()


def to_the_checklist(page):
    follow(page, "Office", inside="header")


def set_up(page):
    for label, text in (
        ("Name of the organization", "City General Hospital"),
        ("Full name", "Grace Okonkwo"),
        ("Work email", "grace@city.example"),
        ("Password", PASSWORD),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("This person also leads the project office").check()
    press(page, "Set up Rounds")
    page.wait_for_selector("text=Your first summary is")


def bring_in_the_projects(page):
    to_the_checklist(page)
    follow(page, "Import a spreadsheet")
    page.set_input_files("#id_file", str(FILE))
    press(page, "Read the file")
    page.get_by_label("Stage of all new projects").select_option(label="Delivery")
    page.get_by_label("New portfolio").fill("All projects")
    press(page, "Check the rows")
    page.wait_for_selector("text=All 12 rows are ready")
    page.check("#f-people input[value=add]")
    page.check("#f-units input[value=add]")
    press(page, "Write all 12 rows")
    page.wait_for_selector("text=All 12 rows are written")


def freeze_and_issue(page):
    to_the_checklist(page)
    follow(page, "Freeze now")
    press(page, "Freeze now")
    to_the_checklist(page)
    follow(page, "Compile a summary")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    to_the_checklist(page)
    follow(page, "Open the draft")
    follow(page, "Review")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    follow(page, "Issue")
    press(page, "Issue the summary")


def invite_an_executive(page):
    """Return the link to hand over: no mail leaves this installation."""
    to_the_checklist(page)
    follow(page, "People and units")
    follow(page, "Add person")
    page.get_by_label("Name", exact=True).fill("Folake Adeyemi")
    page.get_by_label("Email, used to sign in").fill(EXECUTIVE)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    page.get_by_label("Role", exact=True).select_option(label="Executive")
    page.get_by_label("Where", exact=True).select_option(label="The whole organization")
    press(page, "Add role")
    press(page, "Show an invitation link")
    return page.get_by_label("Link for Folake Adeyemi").input_value()


def test_an_empty_installation_issues_its_first_summary(visit, live_server, settings, capsys):
    settings.BASE_URL = live_server.url
    page = visit(f"{reverse('setup')}#{services.make_link(by=None)}")
    sent = submissions(page)

    set_up(page)
    bring_in_the_projects(page)
    freeze_and_issue(page)

    with capsys.disabled():
        print(f"\nThe first summary took {len(sent)} submissions.")  # noqa: T201 - a count to be read
    assert len(sent) <= MOST_SUBMISSIONS
    assert page.troubles == []
    summary = Summary.objects.get()
    assert summary.is_issued
    said = words(page)
    assert "$11.7" in said
    colors = [row.overall for row in Snapshot.objects.filter(date=LIVE)]
    assert [colors.count(color) for color in ("red", "amber", "green")] == [3, 3, 6]
    assert summary_sums(summary) == (BUDGET, SPENT, FORECAST)
    assert {project.stage for project in Project.objects.all()} == {"delivery"}
    on_hold = Snapshot.objects.get(date=LIVE, name="Theatre ventilation")
    assert (on_hold.overall, on_hold.note) == ("green", "On hold until theatre is free")


def summary_sums(summary):
    """Add the amounts of the frozen lines that the summary was compiled from."""
    lines = Snapshot.objects.filter(date=summary.date)
    return tuple(
        sum((getattr(line, name) for line in lines), Decimal())
        for name in ("approved_budget", "spent", "forecast_cost")
    )


def test_an_executive_reads_the_first_summary_on_a_phone(visit, live_server, settings):
    settings.BASE_URL = live_server.url
    desk = visit(f"{reverse('setup')}#{services.make_link(by=None)}")
    set_up(desk)
    bring_in_the_projects(desk)
    freeze_and_issue(desk)
    link = invite_an_executive(desk)

    phone = visit(link.removeprefix(live_server.url), mode="phone")
    assert faults(phone) == {}
    for field in phone.locator("main input[type=password]").all():
        field.fill("window seat eleven")
    phone.locator("main form button[type=submit]").click()
    phone.wait_for_load_state()
    assert User.objects.get(email=EXECUTIVE).last_login is not None
    wait_for_panels(phone)
    assert faults(phone) == {}
    phone.goto(live_server.url + reverse("home"))
    assert "New MRI scanner" in words(phone)
    wait_for_panels(phone)
    assert faults(phone) == {}
    follow(phone, "Reports", inside="header")
    assert faults(phone) == {}
    phone.locator("main table a").first.click()
    phone.wait_for_load_state()

    assert "$11.7" in words(phone)
    assert "Electronic prescribing" in words(phone)
    assert faults(phone) == {}
