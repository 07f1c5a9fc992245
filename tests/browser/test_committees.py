"""A committee's evening by keyboard, and its pages in every mode."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.governance.domain.kinds import DecisionKind
from portfolio.governance.models import Condition, Decision
from portfolio.governance.services import decisions, meetings
from tests.browser.checks import faults_by_mode, wait_until, words
from tests.factories import MemberFactory, ProjectFactory
from tests.portfolio.governance.scene import APPROVE, SEATS, Board, promise, with_conditions

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
BALLOTS = ("yes", "no", "abstain")  # as the form offers them
# six of nine
THERE = ("CIO", "CMIO", "CFO", "COO", "CMO", "Physician")
THREE_TWO = {"CMIO": "yes", "CFO": "yes", "COO": "yes", "CMO": "no", "Physician": "no"}
ALL_YES = dict.fromkeys(THERE, "yes")
SHOTS = os.environ.get("SHOTS", "")  # a folder for whoever looks at the pages


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def sent(page, *keys):
    """Press keys that lead to another page."""
    with page.expect_navigation():
        press(page, *keys)


def focused(page, *names):
    """Wait until one of these has the focus: the browser gives it a while after the page has come."""
    at = "document.activeElement.innerText.trim()"
    wait_until(page, f"{json.dumps(names)}.some((name) => {at}.startsWith(name))")


def go(page, name):
    """Follow a link with the keys."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).press("Enter")


def send(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).press("Enter")


def choose(page, name, value):
    page.focus(f"input[name={name}][value={value}]")
    page.keyboard.press("Space")


class Evening:
    """Nine members, six of them there; a secretary who works item after item and touches no mouse."""

    def __init__(self, visit):
        self.board = board = Board()
        self.today = timezone.localdate()
        project = ProjectFactory(is_confidential=True)
        MemberFactory(project=project, user=board["CMIO"], role=Role.MANAGER)
        MemberFactory(project=project, user=board["COO"], role=Role.SPONSOR)
        asked = [board.asked(f"Request {number}") for number in range(1, 10)]
        asked.append(board.asked("Request 10", kind=DecisionKind.GO_NO_GO.value))
        asked.append(board.asked("Request 11", project=project, kind=DecisionKind.GATE.value))
        urgent = decisions.decide_between_meetings(
            decision=board.asked("Request 12"), version=None, by=board.secretary, ruling=APPROVE,
            choices={board["CIO"].pk: "yes", board["CFO"].pk: "yes"},
            on=self.today - timedelta(days=7),
        )  # fmt: skip
        self.meeting = board.meeting(THERE, day=self.today)
        self.items = [board.item(self.meeting, one) for one in [*asked, urgent]]
        self.page = visit(self.items[0].get_absolute_url(), user=board.secretary)

    def votes(self, **choices):
        """Record votes by seat; the button has the focus, the arrows choose."""
        if self.page.locator("[autofocus]").inner_text() == "Record votes":
            focused(self.page, "Record votes")
            sent(self.page, "Enter")
        else:
            go(self.page, "Record votes")
        for seat, choice in choices.items():
            self.page.focus(f"input[name=v{self.board[seat].pk}][value=yes]")
            press(self.page, "Space", *["ArrowRight"] * BALLOTS.index(choice))
        send(self.page, "Record votes")
        focused(self.page, "Decide", "Ratify or refuse")

    def recuse(self, seat):
        go(self.page, "Declare an interest")
        self.page.focus("#id_person")
        self.page.keyboard.type(f"{seat} Person")
        self.page.focus("#id_text")
        self.page.keyboard.type("Sits on the vendor's board")
        send(self.page, "Declare an interest")

    def decide(self, outcome, reason="So it was said.", **fields):
        go(self.page, "Decide")
        choose(self.page, "outcome", outcome)
        self.page.focus("#id_reason")
        self.page.keyboard.type(reason)
        for name, value in fields.items():
            field = self.page.locator(f"#id_{name}")
            if name.endswith("_owner"):
                field.focus()
                self.page.keyboard.type(value)
            else:
                field.fill(value)
        send(self.page, "Decide")
        focused(self.page, "Next item")

    def on(self):
        wait_until(self.page, "document.activeElement.hasAttribute('autofocus')")
        sent(self.page, "Enter")

    def lede(self):
        return words(self.page, ".lede")


def first_hour(evening):
    in_a_month = str(evening.today + timedelta(days=30))
    evening.votes(**ALL_YES)
    evening.decide("approve")
    evening.on()
    evening.recuse("CIO")
    assert "Quorate: 5 voting members count" in evening.lede()
    evening.votes(**THREE_TWO)
    evening.decide(
        "approve_conditions",
        c1_text="Privacy review", c1_owner="COO Person", c1_due=in_a_month,
        c2_text="Contract signed", c2_owner="COO Person", c2_due=in_a_month,
    )  # fmt: skip
    evening.on()
    evening.recuse("CFO")
    assert "Not quorate: CFO is not there." in evening.lede()
    focused(evening.page, "No decision")
    evening.on()
    send(evening.page, "No decision")
    evening.on()
    evening.votes(CIO="yes", CMIO="yes", CFO="yes", COO="no", CMO="no", Physician="no")
    assert "a tie is not an approval" in evening.lede()
    evening.decide("reject")
    evening.on()
    evening.decide("defer", needed_by=in_a_month, missing="The vendor's price")
    evening.on()


def second_hour(evening):
    evening.votes(**THREE_TWO | {"COO": "no", "CIO": "no"})
    evening.decide("reject")
    evening.on()
    evening.votes(CIO="abstain", CMIO="abstain", CFO="yes", COO="yes", CMO="no")
    evening.decide("approve")
    evening.on()
    evening.votes(**dict.fromkeys(THERE, "no"))
    evening.decide("stop")
    evening.on()
    evening.page.goto(evening.page.url)  # the office withdrew it while the secretary was on it
    assert "Withdrawn." in evening.lede()
    evening.on()
    evening.votes(**ALL_YES | {"CMO": "no"})
    assert "CMO said no, and that stops a go-live" in evening.lede()
    evening.decide("stop")
    evening.on()
    evening.votes(CIO="yes", CFO="yes", COO="yes", CMO="no")
    evening.decide("approve")
    evening.on()
    evening.votes(**ALL_YES)
    go(evening.page, "Ratify or refuse")
    choose(evening.page, "is_ratified", "yes")
    send(evening.page, "Ratify or refuse")


def test_an_evening_of_twelve_items_with_the_keys_alone(visit):
    evening = Evening(visit)
    page, board = evening.page, evening.board
    focused(page, "Record votes")

    first_hour(evening)
    decisions.withdraw_decision(
        decision=Decision.objects.get(pk=evening.items[8].decision_id), version=None,
        by=board.office, reason="Bought.",
    )  # fmt: skip
    second_hour(evening)
    page.goto(page.url.split("/governance")[0] + evening.meeting.get_absolute_url())
    go(page, "Close the meeting")
    send(page, "Close the meeting")

    found = list(
        evening.meeting.items.order_by("position").values_list("result", "decision__outcome")
    )
    assert found == [
        ("decided", "approve"), ("decided", "approve_conditions"), ("not_quorate", ""),
        ("decided", "reject"), ("deferred", "defer"), ("decided", "reject"),
        ("decided", "approve"), ("decided", "stop"), ("withdrawn", ""), ("decided", "stop"),
        ("decided", "approve"), ("ratified", "approve"),
    ]  # fmt: skip
    assert Condition.objects.filter(owner=board["COO"]).count() == 2
    assert evening.meeting.minutes.count() == 1
    assert page.troubles == []


def test_the_pages_are_sound_in_every_mode(visit):
    board = Board()
    item = board.item(board.meeting(), board.asked("Buy the scanner?"))
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    board.decide(item, with_conditions(promise(board["COO"])))
    meetings.close_meeting(meeting=item.meeting, version=None, by=board.secretary)
    board.asked("Keep 30 January?")
    minutes = item.meeting.minutes.get()
    pages = {
        "waiting": reverse("waiting"),
        "committees": reverse("governance:committee_list"),
        "committee": board.committee.get_absolute_url(),
        "meeting": item.meeting.get_absolute_url(),
        "item": item.get_absolute_url(),
        "minutes": minutes.get_absolute_url(),
        "decisions": reverse("governance:decision_list"),
        "decision": item.decision.get_absolute_url(),
        "conditions": reverse("governance:condition_list"),
        "condition": reverse("governance:condition_close", args=[Condition.objects.get().pk]),
        "raise": reverse("governance:decision_new"),
    }
    page = visit(pages.pop("waiting"), user=board.office)
    server = page.url.removesuffix(reverse("waiting"))
    found = {}

    for name, url in pages.items():
        page.goto(server + url)
        if wrong := faults_by_mode(page):
            found[name] = wrong
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    assert found == {}
