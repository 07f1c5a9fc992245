"""Rules 2a, 2b, 2c, 2f and 2g by number, and the worked example of nine members."""

from dataclasses import replace

import pytest

from portfolio.governance.domain.kinds import (
    Choice,
    DecisionOutcome,
    Position,
    Presence,
    VotingRule,
)
from portfolio.governance.domain.voting import (
    RECUSED,
    RUNS_IT,
    CommitteeRules,
    Quorum,
    Seated,
    VoteCount,
    count_votes,
    open_outcomes,
    out_of_cycle_fault,
    outcome_fault,
    quorum_of,
    seats_in_words,
    seats_read,
    seats_typed,
)

RULES = CommitteeRules(
    quorum=5, seats=(("CFO",), ("CMO", "CNO")), vetoes=("CMO", "CNO", "Safety officer")
)
SEATS = ("CIO", "CMIO", "CNIO", "CFO", "COO", "CISO", "CMO", "CNO", "Physician")
YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


def nine(present, *, kept_out=(), votes=None, sponsor=""):
    """The nine members; `present` are the seats in the room, `votes` seat to choice."""
    return [
        Seated(
            person=number,
            name=seat,
            seat=seat,
            presence=Presence.PRESENT if seat in present else Presence.ABSENT,
            kept_out=RECUSED if seat in kept_out else "",
            is_sponsor=seat == sponsor,
            choice=(votes or {}).get(seat),
        )
        for number, seat in enumerate(SEATS)
    ]


SIX = ("CIO", "CMIO", "CFO", "COO", "CMO", "Physician")
THREE_TWO = {"CMIO": YES, "CFO": YES, "COO": YES, "CMO": NO, "Physician": NO}


def test_2_example_six_present_and_the_cio_recused_are_five_and_quorate():
    quorum = quorum_of(nine(SIX, kept_out=["CIO"]), RULES)

    assert (quorum.present, quorum.is_reached, quorum.reasons) == (5, True, [])


def test_2_example_three_to_two_is_approved_with_conditions():
    members = nine(SIX, kept_out=["CIO"], votes=THREE_TWO)
    quorum, count = quorum_of(members, RULES), count_votes(members, RULES)

    assert (count.yes, count.no, count.is_approved) == (3, 2, True)
    assert outcome_fault(DecisionOutcome.CONDITIONS, quorum, count) == ""
    assert "cannot be rejected" in outcome_fault(DecisionOutcome.REJECT, quorum, count)


@pytest.mark.parametrize("present", [SIX, SEATS])
def test_2_example_without_the_cfo_it_is_not_quorate_whatever_the_count(present):
    quorum = quorum_of(nine(present, kept_out=["CFO"]), RULES)

    assert not quorum.is_reached
    assert "CFO is not there" in quorum.reasons


def test_2a_quorum_is_a_number_and_named_seats():
    few = quorum_of(nine(["CFO", "CMO", "CIO", "COO"]), RULES)
    no_clinician = quorum_of(nine(["CFO", "CIO", "COO", "CMIO", "CNIO", "CISO"]), RULES)
    nurse_for_doctor = quorum_of(nine(["CFO", "CIO", "COO", "CMIO", "CNO"]), RULES)

    assert few.reasons == ["4 of the 5 voting members needed are there"]
    assert (no_clinician.present, no_clinician.reasons) == (6, ["CMO or CNO is not there"])
    assert nurse_for_doctor.is_reached


@pytest.mark.parametrize(("counts", "reached"), [(True, True), (False, False)])
def test_2a_who_joins_remotely_counts_where_the_bylaws_say_so(counts, reached):
    members = nine(["CFO", "CIO", "COO", "CMIO", "CMO"])
    members[0] = replace(members[0], presence=Presence.REMOTE, choice=YES)
    rules = replace(RULES, counts_remote=counts)

    assert quorum_of(members, rules).is_reached is reached
    assert count_votes(members, rules).yes == int(counts)


def test_2a_who_only_attends_and_who_was_not_noted_do_not_count():
    members = nine(["CFO", "CIO", "COO", "CMIO", "CMO"])
    members[0] = replace(members[0], votes=False)
    members[1] = replace(members[1], presence=None)

    assert quorum_of(members, RULES).present == 3


def test_2b_the_recused_leave_quorum_and_vote():
    members = nine(SIX, kept_out=["CIO"], votes=THREE_TWO | {"CIO": NO})

    assert quorum_of(members, RULES).present == 5
    assert count_votes(members, RULES).no == 2


def test_2c_absence_is_never_a_yes():
    votes = dict.fromkeys(SEATS, YES)

    assert count_votes(nine(["CFO", "CMO"], votes=votes), RULES).yes == 2
    assert not count_votes(nine([], votes=votes), RULES).is_approved


def test_2c_a_tie_is_not_approved():
    members = nine(SIX, votes={"CFO": YES, "CMO": NO, "COO": ABSTAIN})
    quorum, count = quorum_of(members, RULES), count_votes(members, RULES)

    assert (count.is_tie, count.is_approved) == (True, False)
    assert "a tie is not an approval" in outcome_fault(DecisionOutcome.APPROVE, quorum, count)
    assert outcome_fault(DecisionOutcome.REJECT, quorum, count) == ""


def test_2c_nobody_votes_is_not_approved():
    count = count_votes(nine(SIX), RULES)

    assert (count.is_approved, count.is_tie, count.reason) == (
        False,
        False,
        "no yes or no was voted",
    )


@pytest.mark.parametrize("seat", ["CMO", "CNO"])
def test_2c_a_safety_veto_stops_a_go_no_go_and_nothing_else(seat):
    members = nine(SEATS, votes=dict.fromkeys(SEATS, YES) | {seat: NO})
    vote, veto = count_votes(members, RULES), count_votes(members, RULES, is_go_no_go=True)
    quorum = quorum_of(members, RULES)

    assert (vote.is_approved, veto.is_approved, veto.vetoed_by) == (True, False, (seat,))
    assert "stops a go-live" in outcome_fault(DecisionOutcome.APPROVE, quorum, veto)
    assert outcome_fault(DecisionOutcome.STOP, quorum, veto) == ""


def test_2c_the_safety_officer_vetoes_however_the_seat_is_written():
    members = [*nine(SEATS, votes=dict.fromkeys(SEATS, YES))]
    members.append(
        Seated(person=10, name="Ada", seat="safety officer", presence=Presence.PRESENT, choice=NO)
    )

    assert count_votes(members, RULES, is_go_no_go=True).vetoed_by == ("safety officer",)


@pytest.mark.parametrize(
    ("rule", "yes", "no", "abstain", "carries"),
    [
        (VotingRule.MAJORITY_OF_CAST, 2, 1, 3, True),
        (VotingRule.MAJORITY_OF_PRESENT, 3, 0, 3, False),
        (VotingRule.MAJORITY_OF_PRESENT, 4, 2, 0, True),
        (VotingRule.TWO_THIRDS, 4, 2, 0, True),
        (VotingRule.TWO_THIRDS, 3, 2, 1, False),
        (VotingRule.UNANIMOUS, 5, 0, 1, True),
        (VotingRule.UNANIMOUS, 5, 1, 0, False),
        (VotingRule.UNANIMOUS, 0, 0, 6, False),
    ],
)
def test_2c_the_voting_rule_is_data(rule, yes, no, abstain, carries):
    said = [YES] * yes + [NO] * no + [ABSTAIN] * abstain
    members = nine(SIX, votes=dict(zip(SIX, said, strict=True)))

    assert count_votes(members, replace(RULES, voting=rule)).carries is carries


def test_2d_without_a_quorum_nothing_is_decided():
    quorum, count = Quorum(present=3, needed=5), VoteCount(yes=3, carries=True)

    assert open_outcomes(quorum, count) == ()
    for outcome in DecisionOutcome:
        assert outcome_fault(outcome, quorum, count).startswith("Not quorate: 3 of the 5")


def test_2f_who_runs_the_project_leaves_quorum_and_vote():
    members = nine(SIX, votes=THREE_TWO)
    members[3] = replace(members[3], kept_out=RUNS_IT)

    assert not quorum_of(members, RULES).is_reached
    assert count_votes(members, RULES).yes == 2


def test_2f_the_sponsor_does_not_decide_alone():
    alone = count_votes(nine(SIX, votes={"COO": YES, "CFO": ABSTAIN}, sponsor="COO"), RULES)
    with_another = count_votes(nine(SIX, votes={"COO": YES, "CFO": YES}, sponsor="COO"), RULES)

    assert (alone.is_approved, with_another.is_approved) == (False, True)
    assert alone.reason == "the only yes is the sponsor's, who does not decide alone"


def approver(number, **fields):
    return Seated(person=number, name=f"Person {number}", **{"choice": YES} | fields)


CHAIR = approver(1, position=Position.CHAIR)
EXECUTIVE = approver(2, is_executive=True)


@pytest.mark.parametrize(
    ("approvers", "fault"),
    [
        ([CHAIR, EXECUTIVE], ""),
        ([replace(CHAIR, position=Position.DEPUTY), EXECUTIVE], ""),
        ([replace(CHAIR, is_executive=True), EXECUTIVE], ""),
        ([replace(CHAIR, is_executive=True), approver(3)], "Between meetings"),
        ([CHAIR], "Between meetings"),
        ([replace(CHAIR, is_executive=True)], "Between meetings"),
        ([CHAIR, approver(3)], "Between meetings"),
        ([EXECUTIVE, approver(3, is_executive=True)], "Between meetings"),
        ([CHAIR, replace(EXECUTIVE, choice=ABSTAIN)], "Between meetings"),
        ([CHAIR, replace(EXECUTIVE, votes=False)], "Between meetings"),
        ([CHAIR, replace(EXECUTIVE, kept_out=RUNS_IT)], "Person 2 does not decide"),
        ([CHAIR, EXECUTIVE, approver(3, choice=NO)], "A member said no"),
    ],
)
def test_2g_two_members_decide_between_meetings_one_chair_and_one_executive(approvers, fault):
    found = out_of_cycle_fault(approvers)

    assert found.startswith(fault) if fault else found == ""


@pytest.mark.parametrize(
    ("typed", "groups", "words"),
    [
        ("", [], ""),
        ("CFO", [["CFO"]], "CFO"),
        ("CFO; CMO or CNO", [["CFO"], ["CMO", "CNO"]], "CFO, and CMO or CNO"),
        (" CFO ;\n CMO/CNO ;; ", [["CFO"], ["CMO", "CNO"]], "CFO, and CMO or CNO"),
    ],
)
def test_seats_are_typed_as_people_say_them(typed, groups, words):
    assert seats_read(typed) == groups
    assert seats_in_words(groups) == words
    assert seats_read(seats_typed(groups)) == groups
