"""A committee's evening by keyboard, and its pages in every mode."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from portfolio.governance.models import AgendaItem, Condition, Decision
from portfolio.governance.services import meetings
from tests.browser.checks import MODES, axe_violations
from tests.portfolio.governance.scene import SEATS, Board, promise, with_conditions

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
SHOTS = os.environ.get("SHOTS", "")  # a folder for whoever looks at the pages


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def sent(page, *keys):
    """Press keys that lead to another page."""
    with page.expect_navigation():
        press(page, *keys)


def focused(page):
    return page.evaluate("document.activeElement.innerText.trim()")


def vote_for_all(page, choices):
    """Choose with the arrows, a member after the other; Tab leads over the reason to the next."""
    page.locator("input[type=radio]").first.focus()
    for number, choice in enumerate(choices):
        press(page, "Space", *["ArrowRight"] * choice)
        if number < len(choices) - 1:
            press(page, "Tab", "Tab")
    press(page, "Tab")
    sent(page, "Enter")


def test_a_secretary_works_items_with_the_keys_alone(visit):
    board = Board()
    evening = board.meeting()
    first = board.item(evening, board.asked("Buy the scanner?"))
    second = board.item(evening, board.asked("Buy the second one?"))
    third = board.item(evening, board.asked("Replace the archive?"))
    board.recuse(third, "CFO")
    page = visit(first.get_absolute_url(), user=board.secretary)

    assert focused(page) == "Record votes"
    sent(page, "Enter")
    vote_for_all(page, [0] * len(SEATS))  # yes stands first
    assert focused(page) == "Decide"
    sent(page, "Enter")
    page.locator("input[name=outcome]").first.focus()
    press(page, "Space", "Tab", "Tab")
    page.keyboard.type("It pays.")
    page.get_by_role("button", name="Decide").focus()
    sent(page, "Enter")

    assert Decision.objects.get(pk=first.decision_id).outcome == "approve"
    assert focused(page).startswith("Next item")
    sent(page, "Enter")
    assert page.url.endswith(second.get_absolute_url())
    sent(page, "Enter")
    vote_for_all(page, [0, 0, 0, 0, 0, 1, 1, 1, 1])
    assert "5 yes, 4 no, 0 abstain: approved." in page.locator(".lede").inner_text()
    page.goto(page.url.rsplit("/governance", 1)[0] + third.get_absolute_url())
    assert "Not quorate: CFO is not there." in page.locator(".lede").inner_text()
    assert focused(page) == "No decision"
    sent(page, "Enter")
    page.locator("textarea").focus()
    press(page, "Tab", "Tab")  # over Cancel
    sent(page, "Enter")

    assert AgendaItem.objects.get(pk=third.pk).result == "not_quorate"
    assert page.troubles == []


@pytest.mark.parametrize("mode", MODES)
def test_the_pages_are_sound_in_every_mode(visit, mode):
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
    page = visit(pages.pop("waiting"), user=board.office, mode=mode)
    server = page.url.removesuffix(reverse("waiting"))
    found = {}

    for name, url in pages.items():
        page.goto(server + url)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[name] = (axe_violations(page), wide)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{mode}.png", full_page=True)

    assert found == dict.fromkeys(pages, ([], False))
    assert page.troubles == []
