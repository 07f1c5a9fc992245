"""What waits for members, the secretary, who decides alone and who answers for a condition."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.accounts.roles import Role
from portfolio.governance.services import decisions, meetings
from portfolio.governance.wiring import what_waits
from tests.factories import MemberFactory, ProjectFactory, person
from tests.portfolio.governance.scene import EVENING, SEATS, Board, promise, with_conditions

pytestmark = pytest.mark.django_db
TOMORROW = EVENING + timedelta(days=1)


def texts(person, today=EVENING):
    return [one.text for one in what_waits(person, today)]


def test_a_member_is_asked_for_votes_and_no_more_once_they_are_given():
    board, project = Board(), ProjectFactory()
    MemberFactory(project=project, user=board["CIO"], role=Role.MANAGER)
    item = board.item(board.meeting(), board.asked("Buy it?", project=project))
    board.recuse(item, "CISO")

    assert texts(board["CNO"]) == ["Vote: Buy it?", "Read the agenda of 16 Mar 2026"]
    board.vote(item, CNO="yes")

    assert texts(board["CNO"]) == ["Read the agenda of 16 Mar 2026"]
    assert texts(board["CISO"]) == ["Read the agenda of 16 Mar 2026"]  # recused
    assert texts(board["CIO"]) == ["Run and close the meeting of 16 Mar 2026"]  # runs the project


def test_the_secretary_prepares_and_has_minutes_approved():
    board = Board()
    planned = board.meeting(is_open=False)

    assert texts(board.secretary) == ["Prepare the meeting of 16 Mar 2026"]
    assert texts(board.secretary, EVENING - timedelta(days=15)) == []
    opened = meetings.open_meeting(meeting=planned, version=None, by=board.secretary)
    board.note(opened, SEATS)
    meetings.close_meeting(meeting=opened, version=None, by=board.secretary)

    assert texts(board.secretary) == ["Have the minutes of 16 Mar 2026 approved"]


def test_owners_of_conditions_and_actions_and_lone_deciders():
    board, chief = Board(), person(Role.EXECUTIVE)
    alone = board.asked("Keep it?", decider_committee=None, decider_person=chief)
    meetings.add_action(
        meeting=board.meeting(), by=None, text="Call", owner=board["CFO"], due=TOMORROW
    )

    assert texts(chief) == ["Decide: Keep it?"]
    ruling = with_conditions(promise(board["CFO"]))
    decisions.take_decision(decision=alone, version=None, by=chief, ruling=ruling, on=EVENING)

    assert texts(chief) == []
    assert texts(board["CFO"])[-2:] == ["Meet the condition: Privacy review", "Do: Call"]


def test_it_asks_the_database_the_same_number_of_times_however_much_waits():
    board = Board()
    meeting = board.meeting()

    def queries():
        with CaptureQueriesContext(connection) as found:
            what_waits(board["CFO"], EVENING)
        return len(found)

    board.item(meeting, board.asked())
    with_one = queries()
    for _ in range(2):
        board.item(meeting, board.asked())
        meetings.add_action(meeting=meeting, by=None, text="Call", owner=board["CFO"], due=EVENING)

    assert queries() == with_one == 6
