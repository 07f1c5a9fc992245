"""Rules 3a to 3f by number, and what else the services keep."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.models import AppendOnlyError
from pmo.common.records.writing import EditConflictError, RefusalError
from portfolio.governance.domain.kinds import (
    Choice,
    Presence,
)
from portfolio.governance.models import Condition, Decision
from portfolio.governance.selectors.register import (
    late_cost,
    late_days,
)
from portfolio.governance.services import (
    committees,
    decisions,
    items,
    meetings,
)
from portfolio.governance.services.items import Ballot
from portfolio.governance.words.decisions import history
from tests.portfolio.governance.scene import (
    APPROVE,
    EVENING,
    MONDAY,
    OPTIONS,
    SEATS,
    Board,
    clock_at,
    deferred,
    promise,
    with_conditions,
)

pytestmark = pytest.mark.django_db
NEXT = EVENING + timedelta(days=14)


def voted(board, **fields):
    """An item of an open meeting that everybody present is for."""
    item = board.item(board.meeting(), board.asked(**fields))
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    return item


def test_3a_what_is_asked_stands_oldest_first():
    board = Board()
    later = board.asked(needed_by=date(2026, 5, 4))
    Decision.objects.filter(pk=later.pk).update(asked_on=date(2026, 2, 9))
    first = board.asked()

    assert list(Decision.objects.waiting().oldest_first()) == [first, later]


def test_3b_past_its_day_it_is_overdue_and_costed():
    decision = Board().asked()

    assert list(Decision.objects.overdue(date(2026, 3, 2))) == []
    assert list(Decision.objects.overdue(date(2026, 3, 3))) == [decision]
    assert (late_days(decision, EVENING), late_cost(decision, EVENING)) == (10, Decimal(42000))


def test_3c_what_is_decided_is_frozen():
    board = Board()
    saved = board.decide(voted(board))

    with pytest.raises(RefusalError, match="decided already"):
        decisions.change_decision(decision=saved, version=None, by=board.office, question="Two?")
    with pytest.raises(RefusalError, match="decided already"):
        decisions.withdraw_decision(decision=saved, version=None, by=board.office, reason="Oops")
    with pytest.raises(AppendOnlyError):
        Decision.objects.get().delete()


def test_3c_a_new_decision_supersedes_the_old_one_once_it_is_decided():
    board = Board()
    old = board.decide(voted(board), with_conditions(promise(board["COO"])))
    draft = decisions.raise_decision(
        by=board.office, supersedes=old, question="Buy two?", options=OPTIONS, recommended=0,
        needed_by=NEXT, decider_person=board["CFO"],
    )  # fmt: skip
    asked = decisions.ask_decision(decision=draft, version=None, by=board.office, on=EVENING)

    with pytest.raises(RefusalError, match="asked anew already"):
        decisions.raise_decision(by=board.office, supersedes=old, question="Three?")
    assert Decision.objects.get(pk=old.pk).state == "decided"
    new = decisions.take_decision(
        decision=asked, version=None, by=board["CFO"], ruling=APPROVE, on=EVENING
    )

    assert Decision.objects.get(pk=old.pk).state == "superseded"
    assert new.supersedes == old
    assert list(Condition.objects.values_list("state", "close_reason")) == [
        ("expired", "The decision was superseded.")
    ]


def test_3c_a_successor_that_is_withdrawn_gives_its_place_back():
    board = Board()
    old = board.decide(voted(board))
    draft = decisions.raise_decision(by=board.office, supersedes=old, question="Buy two?")

    decisions.withdraw_decision(decision=draft, version=None, by=board.office, reason="No.")

    assert decisions.raise_decision(by=board.office, supersedes=old, question="Three?").number


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"decider_committee": None}, "decider_committee"),
        ({"needed_by": None}, "needed_by"),
        ({"needed_by": date(2026, 2, 1)}, "needed_by"),  # asked on the second
        ({"options": OPTIONS[:1], "recommended": None}, "options"),
        ({"options": [{"name": "A"}, {"name": "B"}]}, "options"),
        ({"options": [OPTIONS[1], OPTIONS[1]]}, "options"),
        ({"recommended": 5}, "recommended"),
    ],
)
def test_3d_a_question_is_asked_whole_and_of_exactly_one(fields, wrong):
    with pytest.raises(ValidationError) as refusal:
        Board().asked(**fields)

    assert set(refusal.value.error_dict) == {wrong}


def test_a_new_day_for_a_decision_that_is_asked_is_to_come_and_the_old_one_may_stay():
    board = Board()
    asked = board.asked(needed_by=MONDAY)

    def change(**fields):
        fresh = Decision.objects.get(pk=asked.pk)
        return decisions.change_decision(decision=fresh, version=None, by=board.office, **fields)

    with clock_at(NEXT):
        with pytest.raises(ValidationError, match="This day has passed"):
            change(needed_by=NEXT - timedelta(days=1))
        kept = change(question="Two?")

        assert (kept.question, kept.needed_by) == ("Two?", MONDAY)
        assert change(needed_by=NEXT).needed_by == NEXT


def test_an_action_is_due_on_a_day_to_come_as_its_meeting_saw_it():
    board = Board()
    given = {"meeting": board.meeting(), "by": None, "text": "Call", "owner": board["CFO"]}
    before = {**given, "meeting": board.meeting(day=NEXT, is_open=False)}

    with clock_at(EVENING + timedelta(days=3)):
        with pytest.raises(ValidationError, match="This day has passed"):
            meetings.add_action(**given, due=EVENING - timedelta(days=1))
        with pytest.raises(ValidationError, match="This day has passed"):
            meetings.add_action(**before, due=EVENING)

        assert meetings.add_action(**given, due=EVENING).due == EVENING
        assert meetings.add_action(**before, due=NEXT - timedelta(days=1)).due < NEXT


def test_3d_committee_and_person_do_not_decide_together():
    board = Board()

    with pytest.raises(ValidationError, match="Exactly one decides"):
        board.asked(decider_person=board["CFO"])
    with pytest.raises(RefusalError, match="A committee decides this"):
        decisions.take_decision(
            decision=board.asked(), version=None, by=board["CFO"], ruling=APPROVE
        )


def test_3f_a_deferred_decision_gets_a_new_day_and_comes_back():
    board = Board()
    saved = board.decide(voted(board), deferred(NEXT))

    assert (saved.state, saved.needed_by, saved.missing) == ("deferred", NEXT, "The vendor's price")
    assert saved.decided_on is None
    item = board.item(board.meeting(day=NEXT), saved)
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    assert board.decide(item).state == "decided"


def test_a_committee_approves_no_more_than_is_delegated_to_it():
    board = Board(delegated_amount=250_000)
    item = voted(board, amount=250_001)

    with pytest.raises(RefusalError, match="may approve up to"):
        board.decide(item)


def test_two_who_edit_an_item_at_once_are_told():
    board = Board()
    item = board.item(board.meeting(), board.asked())
    board.recuse(item, "CISO")

    with pytest.raises(EditConflictError):
        items.record_votes(
            item=item, version=1, by=board.secretary,
            ballots={board["CFO"].pk: Ballot(Choice.YES)},
        )  # fmt: skip


def test_what_somebody_voted_personally_the_secretary_does_not_overwrite():
    board = Board()
    item = board.item(board.meeting(), board.asked())
    items.cast_vote(item=item, by=board["CFO"], ballot=Ballot(Choice.NO, "Too dear"))

    board.vote(item, CFO="yes", CMO="yes")

    assert dict(item.votes.values_list("person__name", "choice")) == {
        "CFO Person": "no", "CMO Person": "yes",
    }  # fmt: skip


def test_who_is_recused_loses_the_vote_given_before():
    board = Board()
    item = board.item(board.meeting(), board.asked())
    board.vote(item, CFO="yes", CMO="yes")

    board.recuse(item, "CFO")

    assert list(item.votes.values_list("person__name", flat=True)) == ["CMO Person"]


def test_a_question_is_not_changed_under_those_who_vote_on_it():
    board = Board()
    item = voted(board)

    with pytest.raises(RefusalError, match="Votes are recorded"):
        decisions.change_decision(
            decision=item.decision, version=None, by=board.office, question="Buy two?"
        )


def test_what_nobody_reached_is_carried_over_and_can_be_put_on_the_next_agenda():
    board = Board()
    item = board.item(board.meeting(), board.asked())
    with pytest.raises(RefusalError, match="on an agenda already"):
        board.item(board.meeting(day=NEXT), item.decision)

    meetings.close_meeting(meeting=item.meeting, version=None, by=board.secretary)

    item.refresh_from_db()
    assert item.result == "carried"
    again = board.item(board.meeting(day=NEXT + timedelta(days=7)), item.decision)
    assert again.purpose == "decide"
    with pytest.raises(RefusalError, match="closed"):
        board.vote(item, CFO="yes")


def test_a_meeting_does_not_close_over_votes_that_nobody_made_a_decision_of():
    board = Board()
    item = voted(board)
    left = board.item(item.meeting, board.asked("Rent the scanner?"))

    with pytest.raises(RefusalError, match="1 item has votes and no decision"):
        meetings.close_meeting(meeting=item.meeting, version=None, by=board.secretary)
    items.decide_item(item=item, version=None, by=board.secretary, ruling=APPROVE)
    meetings.close_meeting(meeting=item.meeting, version=None, by=board.secretary)

    left.refresh_from_db()
    assert left.result == "carried"


def test_a_meeting_closes_only_with_its_attendance():
    board = Board()
    meeting = meetings.plan_meeting(committee=board.committee, by=board.office, day=EVENING)
    opened = meetings.open_meeting(meeting=meeting, version=1, by=board.office)

    with pytest.raises(ValidationError, match="Note who was there"):
        meetings.close_meeting(meeting=opened, version=None, by=board.office)
    with pytest.raises(RefusalError, match="sit in the committee"):
        meetings.note_attendance(
            meeting=opened, version=None, by=board.office,
            presences={board.office.pk: Presence.PRESENT},
        )  # fmt: skip


def test_items_change_places_and_leave_while_nobody_took_them_up():
    board = Board()
    meeting = board.meeting()
    first, second = (board.item(meeting, board.asked()) for _ in range(2))

    meetings.move_item_up(item=second, by=board.secretary)
    meetings.move_item_up(item=second, by=board.secretary)

    assert list(meeting.items.order_by("position")) == [second, first]
    meetings.take_off_agenda(item=first, by=board.secretary)
    board.vote(second, CFO="yes")
    with pytest.raises(RefusalError, match="taken up already"):
        meetings.take_off_agenda(item=second, by=board.secretary)


def test_one_person_has_one_seat_on_a_day():
    board = Board()
    give = {"committee": board.committee, "person": board["CFO"], "by": board.office}

    with pytest.raises(RefusalError, match="already sits"):
        committees.seat_member(since=date(2026, 6, 1), **give)
    seat = board.committee.members.get(person=board["CFO"])
    committees.change_member(member=seat, version=1, by=board.office, until=date(2026, 5, 31))
    assert committees.seat_member(since=date(2026, 6, 1), **give).pk


def test_no_committee_is_above_itself():
    low, high = Board().committee, Board().committee
    low = committees.change_committee(committee=low, version=None, by=None, higher_body=high)

    with pytest.raises(ValidationError, match="not above itself"):
        committees.change_committee(committee=high, version=None, by=None, higher_body=low)


def test_an_action_is_done_once():
    board = Board()
    action = meetings.add_action(
        meeting=board.meeting(), by=board.office, text="Call", owner=board["CFO"], due=NEXT
    )
    meetings.finish_action(action=action, version=1, by=board["CFO"], on=NEXT)
    action.refresh_from_db()

    assert action.done_on == NEXT
    with pytest.raises(RefusalError, match="done already"):
        meetings.finish_action(action=action, version=None, by=board["CFO"])


def test_a_decision_that_was_written_down_after_it_was_asked_has_no_draft_in_its_history():
    asked = Board().asked()
    days = {"later": date(2026, 11, 30), "before": date(2026, 1, 30)}
    told = {}
    for name, day in days.items():
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        Decision.objects.filter(pk=asked.pk).update(created_at=noon)
        told[name] = [one.what for one in history(Decision.objects.get(pk=asked.pk), [], set())]

    assert told == {"later": ["Asked"], "before": ["Asked", "Drafted"]}
