"""A gate from its evidence to the stage that it opens, and a portfolio whose office changes its kind."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio import services as portfolios
from portfolio.governance.models import Decision
from portfolio.governance.services.gates import GatePlan, lay_gates
from projects.models import Project
from tests.browser.checks import faults, words
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, person
from tests.portfolio.governance.scene import SEATS, Board

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(60),
]


class Scene:
    """A project of a controlling portfolio before its design baseline, its people and its committee."""

    def __init__(self, *, kind="controlling"):
        self.board = Board()
        self.lead = person(Role.PMO_LEAD, name="Grace Lead")
        self.manager = person(Role.STAFF, name="Ada Manager")
        self.project = ProjectFactory(name="Emergency department tracking board", stage="planning")
        MemberFactory(project=self.project, user=self.manager, role=Role.MANAGER)
        self.portfolio = PortfolioFactory(name="Capital program", kind=kind)
        portfolios.add_project(portfolio=self.portfolio, project=self.project, by=None)
        plans = [GatePlan("DB", stage="delivery"), GatePlan("TC", stage="closing"), GatePlan("G5")]
        self.gates = lay_gates(project=self.project, gates=plans, by=self.lead)
        self.gate = self.gates[0]

    def url(self, name="project_gates"):
        return reverse(f"governance:{name}", args=[self.project.pk])

    @staticmethod
    def at(page, path):
        """Return the address of a path on the server that a page came from."""
        return page.evaluate("location.origin") + path


def sent(page, name):
    """Press a button by keyboard that leads to another page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).press("Enter")


def follow(page, name):
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.press("Enter")


def move_on(office, reason):
    office.focus("input[value=delivery]")
    office.keyboard.press("Space")
    office.fill("textarea", reason)
    sent(office, "Change stage")


def prepare(phone, scene):
    """Give the evidence that is missing, and put the gate before the committee."""
    name = scene.gate.evidence.get(kind="document").name
    follow(phone, "DB Design and plan baseline")
    assert "Still missing: Design, signed by clinicians." in words(phone, ".lede")
    follow(phone, re.compile(f"Give evidence.*{name}"))
    phone.fill("#id_url", "https://documents.example.org/design")
    sent(phone, "Give evidence")
    assert "Say which version it is." in words(phone)
    phone.fill("#id_revision", "2.1")
    sent(phone, "Give evidence")
    assert "2 of 2 pieces of evidence given" in words(phone)
    follow(phone, "Ask for the review")
    phone.select_option("#id_decider_committee", str(scene.board.committee.pk))
    phone.fill("#id_needed_by", str(timezone.localdate() + timedelta(days=9)))
    sent(phone, "Ask for the review")
    assert "The review is asked for. IT governance decides by" in words(phone, ".lede")
    assert not faults(phone)


def approve_with_a_condition(desk, owner):
    follow(desk, "Decide")
    desk.focus("input[value=approve_conditions]")
    desk.keyboard.press("Space")
    desk.fill("#id_reason", "The design is signed.")
    desk.fill("#id_c1_text", "Privacy review")
    desk.select_option("#id_c1_owner", str(owner.pk))
    desk.fill("#id_c1_due", str(timezone.localdate() + timedelta(days=30)))
    sent(desk, "Decide")


def test_a_gate_holds_its_stage_until_it_is_passed_with_a_condition(visit):
    scene, today = Scene(), timezone.localdate()
    board = scene.board
    Project.objects.filter(pk=scene.project.pk).update(baseline_finish_date="2030-01-01")
    office = visit(scene.project.get_absolute_url(), user=scene.lead)
    phone = visit(scene.url(), user=scene.manager, mode="phone")

    follow(office, "Change stage")
    assert "Not passed yet: DB Design and plan baseline." in words(office, ".notice--amber")
    assert not faults(office)
    move_on(office, "The plan is ready.")
    assert "Not passed yet: DB Design and plan baseline." in words(office, "#edit-form")
    assert office.input_value("textarea") == "The plan is ready."

    prepare(phone, scene)
    decision = Decision.objects.get()
    entry = board.item(board.meeting(day=today), decision)
    reader = visit(reverse("waiting"), user=board["CMO"])
    follow(reader, f"Vote: {decision.question}")
    assert "Version 2.1" in words(reader, "[aria-labelledby=h-gate]")
    assert reader.locator("[aria-labelledby=h-gate] header a").count() == 0
    assert not faults(reader)
    board.vote(entry, **dict.fromkeys(SEATS, "yes"))
    approve_with_a_condition(
        visit(entry.get_absolute_url(), user=board.secretary), owner=board["COO"]
    )

    phone.reload()
    lede = words(phone, ".lede")
    assert "The gate is passed with conditions. IT governance decided on" in lede
    assert "1 condition is open" in lede
    assert not faults(phone)
    office.goto(office.url)
    assert "Not passed yet" not in words(office)
    move_on(office, "The design is baselined.")
    assert Project.objects.get(pk=scene.project.pk).stage == "delivery"


def test_switching_the_kind_of_office_shows_first_what_would_change(visit):
    scene = Scene(kind="")
    page = visit(scene.portfolio.get_absolute_url(), user=scene.lead, mode="phone")

    follow(page, "Kind of office")
    page.focus("input[value=controlling]")
    page.keyboard.press("Space")
    sent(page, "Show what would change")
    preview = words(page, "[aria-labelledby=h-preview]")
    assert "Gates: Approval needed to advance (now: Advisory checklist)" in preview
    assert not faults(page)
    sent(page, "Switch the kind of office")
    assert "Capital program: the kind of office is now controlling." in words(page, "body")

    page.goto(scene.at(page, scene.url()))
    assert "The controlling office of Capital program: a stage is entered once" in words(page)
