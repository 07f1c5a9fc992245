"""Communication in a real browser: by keyboard, on a phone, without a fault in any mode."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.communication.models import AdoptionReading, CommunicationItem
from tests.browser.checks import faults_by_mode
from tests.factories import MemberFactory, MilestoneFactory, ProjectFactory, person
from tests.factories.communication import (
    AdoptionFactory,
    GroupFactory,
    ItemFactory,
    StakeholderFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(db):
    return person(Role.PMO_LEAD)


@pytest.fixture
def project(office):
    """A go-live ahead, one behind, people who resist, and messages in every state."""
    project = ProjectFactory(name="One record")
    MemberFactory(project=project, user=office, role=Role.SPONSOR)
    board = GroupFactory(name="Board of trustees", category="board")
    StakeholderFactory(
        project=project,
        name="Attending physicians",
        power=3,
        interest=3,
        engagement="resistant",
        engagement_wanted="supportive",
    )
    StakeholderFactory(project=project, name="Board", power=3, group=board)
    StakeholderFactory(project=project, name="Ward managers", category="nursing", interest=3)
    today = timezone.localdate()
    MilestoneFactory(
        project=project,
        name="Go-live",
        kind="go_live",
        baseline_date=today + timedelta(days=80),
        forecast_date=today + timedelta(days=80),
    )
    live = MilestoneFactory(
        project=project, name="Pilot", kind="go_live", actual_date=today - timedelta(days=40)
    )
    for day, active in ((7, 60), (30, 85)):
        AdoptionFactory(milestone=live, day=day, licensed=100, active=active)
    ItemFactory(project=project, message="Old news", due_on=today - timedelta(days=20))
    ItemFactory(
        project=project,
        message="What changes at your visit",
        category="patients",
        text="You sign in at one desk.",
        due_on=today,
    )
    return project


def addresses(project):
    def of(name, pk):
        return reverse(f"communication:{name}", args=[pk])

    items = CommunicationItem.objects.order_by("pk")
    one = project.stakeholders.earliest("pk")
    return [
        *(of(name, project.pk) for name in ("project_communication", "project_adoption")),
        *(of(name, project.pk) for name in ("plan_offer", "item_new", "adoption_new")),
        *(of("item_detail", item.pk) for item in items),
        of("item_send", items[0].pk),
        of("stakeholder_history", one.pk),
        of("adoption_edit", AdoptionReading.objects.earliest("pk").pk),
        *(
            reverse(f"communication:{name}")
            for name in ("stakeholder_list", "item_list", "group_list", "group_new")
        ),
    ]


def test_pages_have_no_fault(visit, office, project):
    found = {}
    for address in addresses(project):
        page = visit(address, user=office)
        if wrong := faults_by_mode(page):
            found[address] = wrong
        page.close()

    assert found == {}


def test_a_message_is_planned_and_noted_as_sent_by_keyboard(visit, office, project):
    page = visit(reverse("communication:project_communication", args=[project.pk]), user=office)
    page.get_by_role("link", name="Add message").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/messages/new/")

    page.get_by_label("Audience").focus()
    page.keyboard.type("Ward")
    page.keyboard.press("Tab")
    page.keyboard.type("Huddle on the new sign-in")
    page.keyboard.press("Tab")
    page.keyboard.type("Huddle")
    page.keyboard.press("Tab")
    page.keyboard.type(office.name)
    page.get_by_label("Or by a milestone").focus()
    page.keyboard.type("Go-live")
    page.keyboard.press("Tab")
    page.keyboard.type("-90")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/messages/\d+/$"))
    assert "90 days before Go-live" in page.inner_text("main")

    page.get_by_role("link", name="Mark as sent").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/send/")
    page.get_by_label("Reached").focus()
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/messages/\d+/$"))

    assert "It went out once." in page.inner_text(".lede")
    item = CommunicationItem.objects.get(message="Huddle on the new sign-in")
    assert (item.stakeholder.name, item.offset_days) == ("Ward managers", -90)
    assert item.sendings.get().reach == 45


def test_the_usual_plan_is_written_on_a_phone(visit, office, project):
    page = visit(reverse("communication:plan_offer", args=[project.pk]), user=office, mode="phone")
    page.fill("[name=BOARD-message]", "Where we stand")
    page.uncheck("[name=NEWS-take]")
    page.click("button[type=submit]:has-text('Add these messages')")
    page.wait_for_url(f"**/projects/{project.pk}/")

    codes = set(CommunicationItem.objects.exclude(code="").values_list("code", flat=True))
    assert "NEWS" not in codes
    assert {"BOARD", "TOWN60", "HUDDLE"} <= codes
    assert CommunicationItem.objects.get(code="BOARD").message == "Where we stand"
