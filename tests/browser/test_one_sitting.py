"""From an empty plan to the second baseline in one sitting, each step by the person it is for."""

import re
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import Task
from projects.services.calendars import create_calendar
from tests.browser.checks import faults, wait_for_charts, wait_until, words
from tests.factories import BudgetLineFactory
from tests.factories.changes import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


MONDAY = date(2027, 1, 4)  # the plan is made and approved
HOLIDAY = date(2027, 2, 8)  # pushes a Friday's finish over the weekend
WEDNESDAY = date(2027, 2, 3)  # progress comes in, and the change


@pytest.fixture
def go_to(monkeypatch):
    """Return a function that lets the application believe it is noon of a day."""

    def to(when: date):
        noon = datetime.combine(when, time(12), tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: noon)

    return to


@pytest.fixture
def ward(project):
    project.name, project.start_date = "East ward", MONDAY
    project.baseline_finish_date = project.forecast_finish_date = None
    project.save()
    BudgetLineFactory(project=project, amount=Decimal(1_000_000))
    return project


@pytest.fixture
def cast(ward, lead, manager):
    return {"office": lead, "manager": manager, "sponsor": member(ward, Role.SPONSOR)}


def typed_date(page, selector, value: date):
    page.focus(selector)
    page.keyboard.type(f"{value:%m%d%Y}")


def focused(page, expected):
    wait_until(page, f"document.activeElement.id === '{expected}'")


def plan_by_keyboard(page):
    """Type three rows and a link, see a ring refused by name, and give a date and the money."""
    page.focus("#add-name")
    for number, (name, days, waits) in enumerate(
        [("Draw", "10", ""), ("Build", "20", "1"), ("Open", "0", "2")], start=1
    ):
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(days)
        page.keyboard.press("Tab")
        page.keyboard.type(waits)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#plan tbody tr:nth-child({number})")
        focused(page, "add-name")
    draw, build = Task.objects.in_order().values_list("pk", flat=True)[:2]
    refuse_ring(page, draw)
    page.focus(f"#edit-{build}")
    page.keyboard.press("Enter")
    focused(page, f"task-{build}-name")
    typed_date(page, f"#task-{build}-constraint_date", date(2027, 1, 25))
    page.keyboard.press("Enter")
    focused(page, f"edit-{build}")
    for pk, cost in ((draw, "400 k"), (build, "600 k")):
        page.click(f"#name-{pk}")
        page.fill("[name=planned_cost]", cost)
        page.click("button:has-text('Save task')")
    return draw, build


def refuse_ring(page, draw):
    """Let the first row wait for the last, which waits for it: nothing is saved, and all is named."""
    page.focus(f"#edit-{draw}")
    page.keyboard.press("Enter")
    focused(page, f"task-{draw}-name")
    page.fill(f"#task-{draw}-waits_for", "3")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=in a loop: 1 Draw → 2 Build → 3 Open → 1 Draw")
    focused(page, f"task-{draw}-name")
    page.fill(f"#task-{draw}-waits_for", "")
    page.keyboard.press("Enter")
    focused(page, f"edit-{draw}")


def add_holiday(page, holiday):
    page.click("main table a")
    page.fill("[name=days]", f"{holiday} Founders Day")
    page.click("button:has-text('Save calendar')")


def approve_first_baseline(page):
    page.click("text=Set the first baseline")
    page.fill("[name=reason]", "Board of this week")
    page.click("button:has-text('Set baseline')")
    page.wait_for_selector("h1:has-text('Approved plan')")


def report_progress(page, draw, build):
    """Say what began and what is done."""
    for pk, done, began, ended in (
        (draw, "100", MONDAY, date(2027, 1, 15)),
        (build, "20", date(2027, 1, 25), None),
    ):
        page.focus(f"#edit-{pk}")
        page.keyboard.press("Enter")
        focused(page, f"task-{pk}-name")
        page.fill(f"#task-{pk}-percent_complete", done)
        typed_date(page, f"#task-{pk}-actual_start", began)
        if ended:
            typed_date(page, f"#task-{pk}-actual_finish", ended)
        page.keyboard.press("Enter")
        focused(page, f"edit-{pk}")


def hand_over(page):
    """Take the plan's finish as the forecast, and say what was spent and what it will cost."""
    page.click("text=Use the plan's dates")
    page.click("button:has-text('Use the plan')")
    page.click("role=link[name='Money']")
    page.click("text=Add cost")
    page.fill("[name=entry_date]", "2027-01-29")
    page.fill("[name=amount]", "650 k")
    page.click("main button[type=submit]")
    page.click("text=Add forecast")
    page.fill("[name=amount]", "1.2 M")
    page.click("main button[type=submit]")


def planned_bar(page, pk):
    """Return where the baseline's bar of a row stands on the time line."""
    bar = page.locator(f"#row-{pk} .g-planned")
    return bar.get_attribute("x"), bar.get_attribute("width")


def raise_change(page):
    page.click("text=Raise a change request")
    page.fill("[name=title]", "Add a second imaging room")
    page.fill("[name=justification]", "Demand grew by a third")
    page.click("button:has-text('Raise change request')")
    page.click("a:has-text('Assess')")
    page.fill("[name=scope_effect]", "One room more")
    page.fill("[name=schedule_effect_days]", "14")
    page.fill("[name=cost_effect]", "40 k")
    page.select_option("[name=funding]", "new")
    page.fill("[name=benefit_effect]", "None")
    page.click("button:has-text('Save assessment')")


def decide(page):
    page.click("a:has-text('Decide')")
    page.check("[value=approve]")
    page.click("button:has-text('Save decision')")
    page.wait_for_selector("text=To be implemented")


def steps_of(page, heading):
    """Return the bridge's bars as its table gives them, label to number."""
    card = page.locator(f"section[aria-labelledby={heading}]")
    card.locator("summary").click()
    rows = card.locator("tbody tr").all()
    cells = [(r.locator("th").inner_text(), r.locator("td").first.inner_text()) for r in rows]
    found = {}
    for label, text in cells:
        number = re.sub(r"[^\d.−]", "", text).replace("−", "-") or "0"
        scale = {"K": 1_000, "M": 1_000_000}.get(text[-1], 1)
        found[label] = Decimal(number) * scale
    return found


def adds_up(steps):
    first, *between, last = steps.values()
    return first + sum(between) == last


def land(page):
    """See what the project will cost, and one figure explain itself."""
    page.click("role=link[name='Forecast']")
    wait_for_charts(page)
    assert "it will cost" in words(page, ".lede")
    page.click('td a[href$="/forecast/cpi/"]')
    wait_until(page, "document.querySelector('#drawer').open")
    assert "$520K ÷ $650K = 0.80" in words(page, "#drawer")
    page.keyboard.press("Escape")


def change_it(page, visit, cast):
    """Raise a change as the manager, who may not decide it, and make it the next baseline."""
    page.click("text=Baselines and changes")
    raise_change(page)
    assert "Sponsor decides" in words(page)
    assert "You cannot decide this one." in words(page)
    assert page.locator("a:has-text('Decide')").count() == 0
    change = page.url[page.url.index("/projects") :]
    assert "You cannot decide" in words(visit(f"{change}decide/", user=cast["manager"]))
    decide(visit(change, user=cast["sponsor"]))
    page.reload()
    page.click("text=Make it the new baseline")
    page.click("button:has-text('Set the new baseline')")
    page.click("text=Baseline 1, “Approved plan”")
    page.wait_for_selector("h1:has-text('Two baselines compared')")
    assert "the finish moved to 8 Mar 2027, 14 days later" in words(page, ".lede")
    assert "the budget rose by $40K" in words(page, ".lede")


def test_from_an_empty_plan_to_the_second_baseline(visit, go_to, ward, cast):
    address = reverse("projects:project_plan", args=[ward.pk])
    create_calendar(by=cast["office"], name="Hospital week", is_default=True)

    go_to(MONDAY)
    page = visit(address, user=cast["manager"])
    draw, build = plan_by_keyboard(page)
    assert "The plan finishes on 19 Feb 2027." in words(page)
    add_holiday(visit(reverse("projects:calendar_list"), user=cast["office"]), HOLIDAY)
    page.reload()
    assert "The plan finishes on 22 Feb 2027." in words(page)
    tab = reverse("projects:project_baselines", args=[ward.pk])
    approve_first_baseline(visit(tab, user=cast["office"]))

    go_to(WEDNESDAY)
    page = visit(address, user=cast["manager"])
    report_progress(page, draw, build)
    assert "The plan finishes on 25 Feb 2027, 3 days late against its baseline." in words(page)
    first_planned_bar = planned_bar(page, build)
    hand_over(page)
    land(page)
    change_it(page, visit, cast)
    assert faults(page) == {}

    page = visit(address, user=cast["manager"])
    assert "The plan finishes on 25 Feb 2027, on its baseline." in words(page)
    assert planned_bar(page, build) != first_planned_bar
    page.click("role=link[name='Forecast']")
    wait_for_charts(page)
    cost, days = steps_of(page, "h-cost-bridge"), steps_of(page, "h-finish-bridge")
    assert (cost["Approved changes"], days["Approved changes"]) == (40_000, 14)
    assert adds_up(cost)
    assert adds_up(days)
    assert page.troubles == []
