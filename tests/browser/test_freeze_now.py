"""From three projects typed by hand to the first issued summary on one day, whatever weekday it is."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portfolio.services import add_project, create_portfolio
from projects.models import Project
from reports.models import Freeze, Summary
from tests.browser.checks import faults_by_mode, words
from tests.factories import PortfolioFactory, ProjectFactory, UnitFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUNDAY, MONDAY, WEDNESDAY = 6, 0, 2


@pytest.fixture
def on_a(monkeypatch):
    """Return a function that lets it be the afternoon of the next such weekday but one, and its date."""

    def on(weekday):
        today = timezone.localdate()
        day = today + timedelta(days=(weekday - today.weekday()) % 7 + 7)
        at = datetime.combine(day, time(14, 2), tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: at)
        return day

    return on


def send(page):
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def type_projects(page, root):
    for code, name in (("A-1", "Archive"), ("P-1", "Portal"), ("W-1", "Wing")):
        page.goto(root + reverse("projects:project_new"))
        page.fill("[name=name]", name)
        page.fill("[name=code]", code)
        page.select_option("[name=category]", index=1)
        page.select_option("[name=unit]", index=1)
        send(page)


def fill_portfolio(by):
    portfolio = create_portfolio(by=by, name="Capital", code="CAP")
    for project in Project.objects.all():
        add_project(portfolio=portfolio, project=project, by=by)


@pytest.mark.parametrize("weekday", [SUNDAY, MONDAY, WEDNESDAY])
@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without"])
def test_a_first_summary_needs_no_freeze_day(visit, lead, on_a, weekday, scripted):
    day = on_a(weekday)
    UnitFactory(name="Radiology")
    path = reverse("reports:report_list")
    page = visit(path, user=lead, java_script_enabled=scripted)
    root = page.url.removesuffix(path)
    type_projects(page, root)
    fill_portfolio(lead)

    page.goto(root + reverse("reports:summary_new"))
    assert "Nothing is frozen yet." in words(page)
    page.click("main a:has-text('Freeze now')")
    assert "The figures of 3 projects are kept as they stand now" in words(page)
    send(page)
    assert "taken early" in words(page)
    page.click("text=Compile the summary")
    send(page)
    summary = Summary.objects.get()
    page.goto(root + reverse("reports:summary_review", args=[summary.pk]))
    send(page)
    page.goto(root + reverse("reports:summary_issue", args=[summary.pk]))
    send(page)

    assert f"{day:%A} {day.day} {day:%b %Y}, taken early" in words(page)
    assert (Freeze.objects.get().rows, Summary.objects.get().state) == (3, "issued")


def test_the_pages_of_a_freeze_have_no_fault(visit, lead, on_a):
    on_a(WEDNESDAY)
    unit = UnitFactory(name="Radiology")

    PortfolioFactory(name="Capital")
    ProjectFactory(unit=unit)
    found = {}
    for name in ("report_list", "summary_new", "freeze_now"):
        page = visit(reverse(f"reports:{name}"), user=lead)
        found[name] = faults_by_mode(page)
    send(page)
    found["frozen"] = faults_by_mode(page)

    assert found == {name: {} for name in found}
