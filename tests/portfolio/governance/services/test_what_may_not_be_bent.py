"""What somebody who knows the rules might try: gates by another name, votes of the gone, days that are not yet."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from portfolio.governance.domain.gates import GateState
from portfolio.governance.domain.kinds import Choice, DecisionKind
from portfolio.governance.models import (
    Committee,
    Condition,
    Decision,
    GateReview,
    MeetingAction,
    Ratification,
)
from portfolio.governance.selectors.gates import ladder_of
from portfolio.governance.selectors.pages import count_of
from portfolio.governance.services import conditions, decisions, gate_work, items, meetings
from portfolio.governance.services.gates import GatePlan, lay_gates
from tests.factories import ProjectFactory, person
from tests.portfolio.governance.scene import (
    APPROVE,
    EVENING,
    SEATS,
    Board,
    clock_at,
    promise,
    with_conditions,
)

pytestmark = pytest.mark.django_db
ALL_YES = dict.fromkeys(SEATS, "yes")


@pytest.fixture(autouse=True)
def on_the_evening():
    with clock_at(EVENING):
        yield


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def evening(board):
    return board.meeting()


def go_no_go(board, project=None):
    """Ask for the review of a go/no-go that wants no evidence."""
    project = project or ProjectFactory(stage="delivery")
    gate = lay_gates(project=project, gates=[GatePlan("GNG", stage="closing")], by=None)[0]
    gate.evidence.all().delete()
    return gate_work.ask_review(
        gate=gate, by=board.office, needed_by=EVENING, decider_committee=board.committee,
        on=date(2026, 3, 2),
    )  # fmt: skip


def state_of(gate):
    return next(row.state for row in ladder_of(gate.project, today=EVENING) if row.gate == gate)


@pytest.mark.parametrize("change", [{"kind": "general"}, {"project": None}])
def test_a_gate_review_stays_one_and_with_its_veto(board, change):
    review = go_no_go(board)

    with pytest.raises(RefusalError, match="review of gate GNG"):
        decisions.change_decision(
            decision=Decision.objects.get(pk=review.decision_id),
            version=None,
            by=board.office,
            **change,
        )

    review.decision.refresh_from_db()
    assert review.decision.kind == DecisionKind.GO_NO_GO
    assert review.decision.project == review.project


def test_a_gate_asked_anew_is_passed_until_the_new_decision_and_follows_that(board, evening):
    review = go_no_go(board)
    entry = board.item(evening, review.decision)
    board.vote(entry, **ALL_YES)
    old = board.decide(entry)
    given = {name: getattr(old, name) for name in ("question", "options", "recommended", "project")}

    with pytest.raises(RefusalError, match="review of gate GNG"):
        decisions.raise_decision(by=board.office, supersedes=old, kind="general", **given)
    draft = decisions.raise_decision(
        by=board.office, supersedes=old, kind=old.kind, needed_by=EVENING,
        decider_committee=board.committee, **given,
    )  # fmt: skip
    asked = decisions.ask_decision(decision=draft, version=None, by=board.office)
    assert state_of(review.gate) is GateState.PASSED
    again = board.item(evening, asked)
    board.vote(again, **ALL_YES | {"CMO": "no"})
    with pytest.raises(RefusalError, match="CMO said no"):
        board.decide(again)
    items.record_votes(
        item=again, version=None, by=board.secretary,
        ballots={board["CMO"].pk: items.Ballot(Choice.YES)},
    )  # fmt: skip
    board.decide(again, with_conditions(promise(board["COO"])))

    assert state_of(review.gate) is GateState.CONDITIONS
    assert GateReview.objects.filter(gate=review.gate).count() == 2


def test_who_is_deactivated_neither_counts_nor_votes(board, evening):
    entry = board.item(evening, board.asked())
    board.vote(entry, **ALL_YES | {"CMO": "no"})
    gone = board["CMO"]
    gone.is_active = False
    gone.save()

    count = count_of(entry)

    assert (count.quorum.present, count.votes.no) == (8, 0)
    with pytest.raises(RefusalError, match="no longer votes"):
        board.vote(entry, CMO="yes")


def test_a_member_who_is_deactivated_approves_nothing_between_meetings(board):
    gone = board["CIO"]
    gone.is_active = False
    gone.save()

    with pytest.raises(RefusalError, match="does not decide this: no longer has an account"):
        decisions.decide_between_meetings(
            decision=board.asked(), version=None, by=board.secretary, ruling=APPROVE, on=EVENING,
            choices={gone.pk: "yes", board["CFO"].pk: "yes"},
        )  # fmt: skip


def test_a_meeting_is_not_opened_before_its_day(board):
    tomorrow = board.meeting(day=EVENING + timedelta(days=1), is_open=False)

    with pytest.raises(RefusalError, match="is on 17 Mar 2026"):
        meetings.open_meeting(meeting=tomorrow, version=None, by=board.secretary)

    tomorrow.refresh_from_db()
    assert tomorrow.state == "planned"


def test_no_paper_joins_an_item_that_is_over(board, evening):
    entry = board.item(evening, board.asked())
    board.vote(entry, **ALL_YES)
    board.decide(entry)

    with pytest.raises(RefusalError, match="This item is over"):
        meetings.add_paper(item=entry, by=board.secretary, title="Case", revision="9")

    assert not entry.papers.exists()


def test_an_action_is_done_once_whoever_clicks_at_the_same_time(board, evening):
    made = meetings.add_action(
        meeting=evening, by=board.secretary, text="Call", owner=board["COO"], due=EVENING
    )
    seen = MeetingAction.objects.get(pk=made.pk)
    meetings.finish_action(action=made, version=None, by=board.secretary)

    with pytest.raises(RefusalError, match="done already"):
        meetings.finish_action(action=seen, version=None, by=board["COO"])

    assert AuditEvent.objects.filter(action="meeting.action_done").count() == 1


def conditioned(board, evening):
    entry = board.item(evening, board.asked())
    board.vote(entry, **ALL_YES)
    board.decide(entry, with_conditions(promise(board["COO"])))
    return Condition.objects.get()


def test_the_secretary_of_a_lower_body_waives_nothing_in_the_name_of_a_higher_one(
    client, board, evening
):
    above = Board(name="Executive steering").committee
    board.committee.higher_body = above
    board.committee.save()
    condition = conditioned(board, evening)
    client.force_login(board.secretary)
    said = {"action": "waived", "close_reason": "Late.", "version": condition.version}
    page = reverse("governance:condition_close", args=[condition.pk])

    by_page = client.post(page, said | {"committee": above.pk})
    by_api = client.post(
        f"/api/v1/conditions/{condition.pk}/close/",
        {
            "state": "waived",
            "reason": "Late.",
            "committee": above.pk,
            "version": condition.version,
        },
        content_type="application/json",
    )

    with pytest.raises(RefusalError, match="Who runs the meetings of Executive steering"):
        conditions.waive_condition(
            condition=condition, version=None, by=board.secretary, reason="Late.", committee=above
        )
    assert (by_page.status_code, by_api.status_code) == (422, 400)
    condition.refresh_from_db()
    assert condition.state == "open"
    assert client.post(page, said | {"committee": board.committee.pk}).status_code == 302


def test_nothing_is_ratified_at_a_meeting_before_it_was_approved(board):
    urgent = decisions.decide_between_meetings(
        decision=board.asked(), version=None, by=board.secretary, ruling=APPROVE, on=EVENING,
        choices={board["CIO"].pk: "yes", board["CFO"].pk: "yes"},
    )  # fmt: skip
    entry = board.item(board.meeting(day=EVENING - timedelta(days=7)), urgent)
    board.vote(entry, **ALL_YES)

    with pytest.raises(RefusalError, match="was approved on 16 Mar 2026"):
        items.ratify_item(item=entry, version=None, by=board.secretary, is_ratified=True)

    assert not Ratification.objects.exists()


def test_nobody_decides_for_somebody_who_is_deactivated(board):
    chief = person(Role.EXECUTIVE)
    asked = board.asked(decider_committee=None, decider_person=chief)
    chief.is_active = False
    chief.save()

    with pytest.raises(RefusalError, match="no longer decides"):
        decisions.take_decision(decision=asked, version=None, by=board.office, ruling=APPROVE)

    asked.refresh_from_db()
    assert asked.state == "asked"


def test_a_committee_meets_until_the_day_on_which_it_is_dissolved(board):
    last = EVENING + timedelta(days=30)
    board.committee.ended_on = last
    board.committee.save()

    meetings.plan_meeting(committee=board.committee, by=board.office, day=last)
    assert list(Committee.objects.standing()) == [board.committee]
    with pytest.raises(RefusalError, match="is dissolved on 15 Apr 2026"):
        meetings.plan_meeting(
            committee=board.committee, by=board.office, day=last + timedelta(days=1)
        )
    with clock_at(last + timedelta(days=1)):
        assert not Committee.objects.standing().exists()


def test_the_owner_of_a_condition_reads_the_decision_and_not_the_evidence(client, board, evening):
    hidden = ProjectFactory(stage="delivery", is_confidential=True)
    review = go_no_go(board, hidden)
    gate_work.ask_evidence(gate=review.gate, by=None, kind="document", name="Zebra-canary")
    owner = person(Role.STAFF)
    entry = board.item(evening, review.decision)
    board.vote(entry, **ALL_YES)
    board.decide(entry, with_conditions(promise(owner)))
    page = review.decision.get_absolute_url()

    client.force_login(owner)
    read = client.get(page)
    client.force_login(board["CNO"])

    assert read.status_code == 200
    assert "Zebra-canary" not in read.content.decode()
    assert "Zebra-canary" in client.get(page).content.decode()
