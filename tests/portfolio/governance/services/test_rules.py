"""Rules 2a to 2h by number, against the services."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from portfolio.governance.domain.delay import Ratified
from portfolio.governance.domain.kinds import (
    Blocks,
    Choice,
    DecisionKind,
    Presence,
)
from portfolio.governance.models import Condition, Decision, Minutes, Vote
from portfolio.governance.selectors.minutes import readable
from portfolio.governance.selectors.register import (
    blocking,
    ratification_of,
    unratified,
)
from portfolio.governance.services import (
    committees,
    conditions,
    decisions,
    items,
    meetings,
    minutes,
)
from portfolio.governance.services.items import Ballot
from tests.factories import MemberFactory, ProjectFactory, person
from tests.portfolio.governance.scene import (
    APPROVE,
    EVENING,
    REJECT,
    SEATS,
    Board,
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


def in_trail():
    return AuditEvent.objects.count()


def test_2a_whoever_joins_remotely_does_not_vote_where_the_bylaws_do_not_count_it():
    board = Board(counts_remote=False)
    item = board.item(board.meeting(), board.asked())
    meetings.note_attendance(
        meeting=item.meeting, version=None, by=board.secretary,
        presences={board["CNO"].pk: Presence.REMOTE},
    )  # fmt: skip

    with pytest.raises(RefusalError, match="CNO Person is not noted as present"):
        board.vote(item, CNO="yes")


def test_2c_the_absent_do_not_vote():
    board = Board()
    item = board.item(board.meeting(["CIO", "CFO", "CMO", "COO", "CMIO"]), board.asked())
    before = in_trail()

    with pytest.raises(RefusalError, match="Physician Person is not noted as present"):
        board.vote(item, CIO="yes", Physician="yes")

    assert (Vote.objects.count(), in_trail()) == (0, before)


def test_2d_a_decision_keeps_outcome_reason_option_and_how_it_was_counted():
    board = Board()
    item = voted(board)

    saved = board.decide(item, replace(APPROVE, dissent="None was voiced.", chosen=1))

    assert (saved.state, saved.outcome, saved.chosen, saved.reason, saved.dissent) == (
        "decided", "approve", 1, "It pays.", "None was voiced.",
    )  # fmt: skip
    assert (saved.decided_on, saved.meeting, saved.recorded_by) == (
        EVENING, item.meeting, board.secretary,
    )  # fmt: skip
    assert (saved.counted["yes"], saved.counted["is_quorate"]) == (9, True)


@pytest.mark.parametrize(
    ("ruling", "field"),
    [
        (replace(APPROVE, reason=" "), "reason"),
        (replace(APPROVE, chosen=7), "chosen"),
        (deferred(None), "needed_by"),
        (deferred(EVENING), "needed_by"),
        (deferred(NEXT, missing=""), "missing"),
        (with_conditions(), "conditions"),
        (with_conditions(promise(None)), "conditions"),
    ],
)
def test_2d_an_outcome_that_lacks_something_is_refused_and_leaves_no_trace(ruling, field):
    board = Board()
    item = voted(board)
    before = in_trail()

    with pytest.raises(ValidationError) as refusal:
        board.decide(item, ruling)

    assert set(refusal.value.error_dict) == {field}
    assert (Decision.objects.get().state, in_trail()) == ("asked", before)


@pytest.mark.parametrize("lacking", [{"owner": None}, {"due": None}, {"text": " "}, {"days": -1}])
def test_2e_a_condition_has_owner_and_due_or_is_refused(lacking):
    board = Board()
    item = voted(board)
    given = promise(board["COO"], days=lacking.pop("days", 14))

    with pytest.raises(ValidationError):
        board.decide(item, with_conditions(replace(given, **lacking)))

    assert Condition.objects.count() == 0


def decided_with_condition(board, **fields):
    project = ProjectFactory()
    item = voted(board, project=project)
    board.decide(item, with_conditions(promise(board["COO"], **fields)))
    return project, Condition.objects.get()


def test_2e_an_overdue_condition_stands_in_the_way_of_what_it_names():
    project, condition = decided_with_condition(Board(), blocks=Blocks.STAGE)

    assert list(blocking(project, Blocks.STAGE, condition.due)) == []
    assert list(blocking(project, Blocks.STAGE, condition.due + timedelta(days=1))) == [condition]
    assert list(blocking(project, Blocks.SPEND, condition.due + timedelta(days=1))) == []


def test_2e_only_the_deciding_or_a_higher_body_waives():
    board, other = Board(), Board()
    above = committees.create_committee(by=None, code="BOARD", name="Board")
    committees.change_committee(committee=board.committee, version=None, by=None, higher_body=above)
    _, condition = decided_with_condition(board)

    for committee in (other.committee, None):
        with pytest.raises(RefusalError):
            conditions.waive_condition(
                condition=condition, version=None, by=board.office, reason="Done otherwise.",
                committee=committee,
            )  # fmt: skip
    saved = conditions.waive_condition(
        condition=condition,
        version=None,
        by=board.office,
        reason="Done otherwise.",
        committee=above,
    )

    assert (saved.state, saved.waived_by) == ("waived", above)


def test_2e_somebody_else_verifies_the_evidence():
    board = Board()
    _, condition = decided_with_condition(board)
    answer = conditions.answer_condition(
        condition=condition, version=1, by=board["COO"], evidence="Contract AG-2211"
    )

    with pytest.raises(RefusalError, match="Someone other"):
        conditions.meet_condition(condition=answer, version=None, by=board["COO"])
    saved = conditions.meet_condition(condition=answer, version=2, by=board.office)

    assert (saved.state, saved.evidence, saved.verified_by) == (
        "met", "Contract AG-2211", board.office,
    )  # fmt: skip
    with pytest.raises(RefusalError, match="met already"):
        conditions.meet_condition(condition=saved, version=None, by=board.office)


def test_2e_a_condition_without_evidence_is_not_met():
    board = Board()
    _, condition = decided_with_condition(board)

    with pytest.raises(ValidationError):
        conditions.meet_condition(condition=condition, version=None, by=board.office)


def test_2f_the_project_manager_votes_on_no_decision_of_the_own_project():
    board, project = Board(), ProjectFactory()
    MemberFactory(project=project, user=board["CIO"], role=Role.MANAGER)
    item = board.item(board.meeting(), board.asked(project=project))

    with pytest.raises(RefusalError, match="runs the project and does not vote"):
        items.cast_vote(item=item, by=board["CIO"], ballot=Ballot(Choice.YES))


def test_2f_the_project_manager_decides_nothing_and_the_sponsor_no_gate_of_the_own_project():
    board, project = Board(), ProjectFactory()
    manager, sponsor = (person(Role.STAFF) for _ in range(2))
    MemberFactory(project=project, user=manager, role=Role.MANAGER)
    MemberFactory(project=project, user=sponsor, role=Role.SPONSOR)
    alone = {"decider_committee": None, "project": project}

    with pytest.raises(RefusalError, match="project manager does not decide"):
        board.asked(decider_person=manager, **alone)
    with pytest.raises(RefusalError, match="sponsor presents a gate"):
        board.asked(decider_person=sponsor, kind=DecisionKind.GATE.value, **alone)
    assert board.asked(decider_person=sponsor, **alone).decider == sponsor


def urgent(board, day=EVENING, **fields):
    return decisions.decide_between_meetings(
        decision=board.asked(**fields), version=None, by=board.secretary, ruling=APPROVE, on=day,
        choices={board["CIO"].pk: "yes", board["CFO"].pk: "yes"},
    )  # fmt: skip


def test_2g_unratified_after_thirty_days_it_stops_spending():
    board, project = Board(), ProjectFactory()
    decision = urgent(board, project=project)
    last, after = EVENING + timedelta(days=30), EVENING + timedelta(days=31)

    assert ratification_of(decision, last) is Ratified.WAITING
    assert ratification_of(decision, after) is Ratified.LAPSED
    assert [list(unratified(project, day)) for day in (last, after)] == [[], [decision]]


@pytest.mark.parametrize(("is_ratified", "choice"), [(True, "yes"), (False, "no")])
def test_2g_ratification_can_refuse_but_not_erase(is_ratified, choice):
    board, project = Board(), ProjectFactory()
    decision = urgent(board, project=project)
    item = board.item(board.meeting(day=NEXT), decision)
    board.vote(item, **dict.fromkeys(SEATS, choice))

    items.ratify_item(
        item=item, version=None, by=board.secretary, is_ratified=is_ratified, reason="Discussed."
    )

    fresh = Decision.objects.get()
    assert (fresh.state, fresh.outcome, fresh.reason) == ("decided", "approve", "It pays.")
    assert list(unratified(project, NEXT)) == ([] if is_ratified else [fresh])
    with pytest.raises(RefusalError):
        board.item(board.meeting(day=NEXT + timedelta(days=7)), fresh)


def test_2g_ratification_follows_the_votes():
    board = Board()
    item = board.item(board.meeting(), urgent(board, day=date(2026, 3, 9)))
    board.vote(item, **dict.fromkeys(SEATS, "no"))

    with pytest.raises(RefusalError, match="Not approved"):
        items.ratify_item(item=item, version=None, by=board.secretary, is_ratified=True)
    with pytest.raises(RefusalError, match="decided between meetings"):
        board.decide(item)


@pytest.mark.parametrize("ruling", [REJECT, deferred(NEXT)])
def test_2g_only_an_approval_is_given_between_meetings(ruling):
    board = Board()

    with pytest.raises(RefusalError, match="for a meeting"):
        decisions.decide_between_meetings(
            decision=board.asked(), version=None, by=board.secretary, ruling=ruling, on=EVENING,
            choices={board["CIO"].pk: "yes", board["CFO"].pk: "yes"},
        )  # fmt: skip


def test_2g_two_members_who_are_no_chair_and_executive_decide_nothing():
    board = Board()

    with pytest.raises(RefusalError, match="Between meetings two members"):
        decisions.decide_between_meetings(
            decision=board.asked(), version=None, by=board.secretary, ruling=APPROVE, on=EVENING,
            choices={board["CFO"].pk: "yes", board["CMO"].pk: "yes"},
        )  # fmt: skip
    assert Vote.objects.count() == 0


def held_meeting(board, **fields):
    item = voted(board, **fields)
    meetings.add_paper(item=item, by=board.office, title="Business case", revision="1.2")
    meetings.change_item(
        item=item, version=None, by=board.office, motion="Buy the scanner",
        mover=board["CFO"], seconder=board["CMO"],
    )  # fmt: skip
    board.recuse(item, "CISO")
    board.decide(item, with_conditions(promise(board["COO"])))
    meetings.add_action(
        meeting=item.meeting, by=board.office, text="Write to the vendor", owner=board["CIO"],
        due=NEXT, item=item,
    )  # fmt: skip
    meetings.close_meeting(meeting=item.meeting, version=None, by=board.secretary)
    return Minutes.objects.get()


def test_2h_minutes_hold_all_that_is_asked_of_them():
    content = held_meeting(Board()).content
    (item,) = content["items"]

    assert [one["presence"] for one in content["attendance"]] == ["present"] * 9 + ["absent"]
    assert item["interests"] == [
        {"name": "CISO Person", "text": "Sits on the vendor's board", "is_recused": True}
    ]
    assert item["papers"] == [{"title": "Business case", "revision": "1.2", "url": ""}]
    assert (item["motion"], item["mover"], item["seconder"]) == (
        "Buy the scanner", "CFO Person", "CMO Person",
    )  # fmt: skip
    assert (len(item["votes"]), item["counted"]["yes"], item["counted"]["present"]) == (8, 8, 8)
    assert (item["outcome"], item["reason"]) == ("Approved with conditions", "It pays.")
    assert [one["owner"] for one in item["conditions"]] == ["COO Person"]
    assert [one["text"] for one in content["actions"]] == ["Write to the vendor"]


def test_2h_minutes_are_corrected_by_a_new_version_at_a_later_meeting():
    board = Board()
    first = held_meeting(board)
    later = board.meeting(day=NEXT)

    second = minutes.correct_minutes(
        minutes=first, meeting=later, by=board.secretary, correction="The CNO left at 18:00."
    )

    assert (second.number, second.approved_in, second.content) == (2, later, first.content)
    first.refresh_from_db()
    assert (first.correction, first.approved_on) == ("", None)
    with pytest.raises(RefusalError, match="later version"):
        minutes.approve_minutes(minutes=first, meeting=later, by=board.secretary)


def test_2h_minutes_are_approved_once_at_a_later_meeting_of_the_same_committee():
    board = Board()
    first = held_meeting(board)
    elsewhere, later = Board().meeting(day=NEXT), board.meeting(day=NEXT)

    for meeting in (first.meeting, elsewhere):
        with pytest.raises(RefusalError, match="A later meeting of the same committee"):
            minutes.approve_minutes(minutes=first, meeting=meeting, by=board.secretary)
    saved = minutes.approve_minutes(minutes=first, meeting=later, by=board.secretary)

    assert (saved.approved_in, saved.approved_on) == (later, NEXT)
    with pytest.raises(RefusalError, match="approved already"):
        minutes.approve_minutes(minutes=saved, meeting=later, by=board.secretary)


def test_2h_where_the_bylaws_ask_for_it_no_motion_is_decided_without_mover_and_seconder():
    board = Board(names_movers=True)
    item = voted(board)

    with pytest.raises(ValidationError) as refusal:
        board.decide(item)

    assert set(refusal.value.error_dict) == {"mover"}


def test_2h_a_reader_finds_no_item_on_a_project_that_is_hidden_from_that_reader():
    board = Board()
    kept = held_meeting(board, project=ProjectFactory(is_confidential=True))

    seen = {
        name: len(readable(kept, one)["items"])
        for name, one in {
            "raised it": board.office, "member": board["CNO"], "executive": person(Role.EXECUTIVE),
            "lead": person(Role.PMO_LEAD), "analyst": person(Role.PMO_ANALYST),
        }.items()
    }  # fmt: skip

    assert seen == {"raised it": 1, "member": 1, "executive": 0, "lead": 1, "analyst": 0}
    assert readable(kept, person(Role.EXECUTIVE))["actions"] == []


def test_the_trail_tells_who_may_not_see_the_project_nothing_of_its_decision():
    board, project = Board(), ProjectFactory(is_confidential=True)
    held_meeting(board, project=project, question="Merge with the clinic?")

    events = AuditEvent.objects.filter(body__contains="Merge with the clinic")

    assert set(events.values_list("scope", flat=True)) == {f"projects.project:{project.pk}"}
