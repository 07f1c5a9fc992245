"""Seats, decisions, conditions and actions of somebody who leaves, on the page and handed over."""

from datetime import timedelta

import pytest

from pmo.accounts.holdings import hand_over, parts_of
from pmo.accounts.roles import Role
from portfolio.governance.models import CommitteeMember, Condition, Decision, MeetingAction
from portfolio.governance.services import meetings
from tests.factories import MemberFactory, ProjectFactory, person
from tests.portfolio.governance.scene import (
    EVENING,
    SEATS,
    Board,
    clock_at,
    promise,
    with_conditions,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_evening():
    with clock_at(EVENING):
        yield


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def duties(board):
    """What the COO holds: a seat, a condition on a hidden project, an action and a decision to take."""
    hidden = ProjectFactory(name="Zebra-canary", is_confidential=True)
    evening = board.meeting()
    entry = board.item(evening, board.asked(project=hidden))
    board.vote(entry, **dict.fromkeys(SEATS, "yes"))
    board.decide(entry, with_conditions(promise(board["COO"])))
    meetings.add_action(
        meeting=evening, by=board.office, text="Call the county", owner=board["COO"], due=EVENING
    )
    board.asked("Hold the drill?", decider_committee=None, decider_person=board["COO"])
    return board["COO"]


def held(duties, reader):
    return {
        part.title: ([row.name for row in part.rows], part.hidden)
        for part in parts_of(duties, reader=reader)
    }


def test_what_a_member_leaves_behind_is_named_but_for_what_the_reader_may_not_see(duties, lead):
    assert held(duties, lead) == {
        "Seats in committees": (["IT governance"], 0),
        "Decisions to take": (["Hold the drill?"], 0),
        "Conditions to meet": (["Privacy review"], 0),
        "Actions from meetings": (["Call the county"], 0),
    }
    assert held(duties, person(Role.PMO_ANALYST))["Conditions to meet"] == ([], 1)


def test_the_office_hands_it_over_to_whoever_may_have_it(duties, lead, board):
    to = person(Role.EXECUTIVE, name="New COO")

    done = hand_over(person=duties, to=to, by=lead)

    assert (done.done, done.left) == (4, 0)
    seats = CommitteeMember.objects.filter(committee=board.committee, seat="COO").order_by("pk")
    assert [(one.person, one.position, one.since, one.until) for one in seats] == [
        (duties, "deputy", seats[0].since, EVENING - timedelta(days=1)),
        (to, "deputy", EVENING, None),
    ]
    assert Condition.objects.get().owner == to
    assert Decision.objects.get(question="Hold the drill?").decider_person == to
    # the seat comes first: an action is for the committee, the office and the project's people
    assert MeetingAction.objects.get().owner == to


def test_who_sits_there_already_gets_no_second_seat_and_a_manager_no_decision(duties, lead, board):
    decision = Decision.objects.get(question="Hold the drill?")
    project = ProjectFactory()
    Decision.objects.filter(pk=decision.pk).update(project=project)
    other = board["CIO"]
    MemberFactory(project=project, user=other, role=Role.MANAGER)
    MemberFactory(project=project, user=other, role=Role.SPONSOR)

    done = hand_over(person=duties, to=other, by=lead)

    assert (done.done, done.left) == (2, 2)
    assert MeetingAction.objects.get().owner == other
    assert Decision.objects.get(pk=decision.pk).decider_person == duties
    assert CommitteeMember.objects.filter(person=other).count() == 1


def test_who_may_change_nothing_hands_nothing_over(duties, board):
    done = hand_over(person=duties, to=board["CIO"], by=person(Role.EXECUTIVE))

    assert done.done == 0
    assert Condition.objects.get().owner == duties
