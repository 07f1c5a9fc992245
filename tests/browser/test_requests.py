"""A request on a phone, from a draft to its decision, and the pages of intake in every mode."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import ProjectRequest
from portfolio.intake.services.grounds import give_ground
from portfolio.intake.services.items import create_item
from portfolio.intake.services.triage import decide_request
from projects.project_templates.models import ProjectTemplate
from tests.browser.checks import faults, faults_by_mode, wait_for_panels, words
from tests.factories import UnitFactory, person
from tests.factories.intake import CycleFactory, ReplacementFactory, submitted, triaged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "A wish as long as only a committee of eleven people from four departments can word it"


def choose(page, name, value):
    """Choose a radio button by keyboard alone."""
    page.focus(f"input[name={name}][value={value}]")
    page.keyboard.press("Space")


def test_a_request_on_a_phone_by_keyboard_from_draft_to_decision(visit):
    unit = UnitFactory(name="Ward 5")
    nurse = person(Role.STAFF, name="Ada Nurse")
    User.objects.filter(pk=nurse.pk).update(unit=unit)
    lead = person(Role.PMO_LEAD, name="Grace Lead")
    phone = visit(reverse("intake:my_requests"), user=nurse, mode="phone", has_touch=True)

    phone.get_by_role("link", name="New request").tap()
    phone.focus("#id_title")
    phone.keyboard.type("Barcode scanners for the ward")
    phone.get_by_role("button", name="Save draft").press("Enter")
    assert "This is a draft." in words(phone)

    phone.get_by_role("link", name="Edit request").tap()
    phone.focus("#id_problem")
    phone.keyboard.type("Nurses walk to the store for each dose.")
    choose(phone, "kind", "new")
    phone.get_by_role("button", name="Submit request").press("Enter")
    assert "Say what happens if nothing is done." in words(phone)
    assert phone.input_value("#id_problem") == "Nurses walk to the store for each dose."
    assert not faults(phone)
    phone.focus("#id_if_nothing")
    phone.keyboard.type("They go on walking.")
    choose(phone, "size", "M")
    phone.get_by_role("button", name="Submit request").press("Enter")
    assert "is in triage: working day 0 of 10." in words(phone)
    assert not faults(phone)

    sent = ProjectRequest.objects.get()
    assert (sent.state, sent.unit) == ("triage", unit)
    desk = visit(sent.get_absolute_url(), user=lead, mode="phone", has_touch=True)
    desk.get_by_role("link", name="Decide").press("Enter")
    desk.wait_for_selector("#id_into", state="hidden")  # what a merge needs shows with it alone
    choose(desk, "outcome", "merge")
    desk.wait_for_selector("#id_into")
    choose(desk, "outcome", "decline")
    desk.wait_for_selector("#id_into", state="hidden")
    desk.focus("#id_reason")
    desk.keyboard.type("Carts do the same.")
    desk.get_by_role("button", name="Save decision").press("Enter")
    assert "Decision saved." in words(desk, "body")

    phone.reload()
    assert "was declined on" in words(phone)
    assert "Carts do the same." in words(phone)


def test_hints_come_while_the_title_is_typed(visit):
    lead = person(Role.PMO_LEAD)
    submitted(title="Barcode scanners for all wards")
    page = visit(reverse("intake:request_new"), user=lead)

    page.focus("#id_title")
    page.keyboard.type("Barcode scanners")
    page.keyboard.press("Tab")
    wait_for_panels(page)

    page.wait_for_selector("#hints a")
    assert "Barcode scanners for all wards" in words(page, "#hints")


def scene(lead):
    """Fill the pages and return their addresses."""
    analyst = person(Role.PMO_ANALYST)
    cycle = CycleFactory()
    sent = submitted(title=LONG, systems="Epic\nPyxis", by=lead)
    create_item(request=sent, by=analyst, name=LONG[:60], unit_cost=Decimal(9_000))
    create_item(request=sent, by=analyst, name="Course", nature="training", unit_cost=Decimal(800))
    bites = timezone.localdate() + timedelta(days=90)
    give_ground(
        request=sent, by=analyst, kind="safety", citation=LONG, bites_on=bites, evidence=LONG
    )
    triaged(sent, lead, lane="mandatory", cycle=cycle, profile=["device"])
    chiller = submitted(title="Chiller broke")
    decide_request(
        request=chiller,
        version=None,
        by=lead,
        outcome=TriageOutcome.EMERGENCY,
        reason="No cooling.",
        cycle=cycle,
        amount=Decimal(310_000),
    )
    asked = submitted(by=lead, title="Carts")
    decide_request(
        request=asked, version=None, by=analyst, outcome=TriageOutcome.ASK, reason="How many?"
    )
    template = ProjectTemplate.objects.offered().earliest("pk")
    item = ReplacementFactory(name=LONG, support="ended", is_failing=True, condition=5)
    names = (
        *(("my_requests", ()), ("request_new", ()), ("request_list", ()), ("age_panel", ())),
        *(("cycle_list", ()), ("replacement_list", ()), ("cycle_detail", (cycle.pk,))),
        *(("replacement_edit", (item.pk,)), ("request_answer", (asked.pk,))),
        *((name, (sent.pk,)) for name in ("request_detail", "request_triage", "request_decide")),
        *((name, (sent.pk,)) for name in ("request_ground", "item_new")),
        *((name, (chiller.pk,)) for name in ("request_project", "request_templates")),
        ("request_start", (chiller.pk, template.pk)),
    )
    return [reverse(f"intake:{name}", args=args) for name, args in names]


def test_pages_are_sound(visit):
    lead = person(Role.PMO_LEAD, name="Grace Lead")
    found = {}

    for address in scene(lead):
        page = visit(address, user=lead)
        if wrong := faults_by_mode(page):
            found[address] = wrong

    assert found == {}
