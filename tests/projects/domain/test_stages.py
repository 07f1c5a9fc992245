import itertools

from projects.domain.kinds import (
    BudgetKind,
    CostKind,
    Lane,
    MilestoneKind,
)
from projects.domain.stages import ACTIVE, NEXT_STAGES, REPORTING, REQUIRED_FROM, Stage, can_move

FINAL = {Stage.CLOSED, Stage.CANCELLED}


def test_every_stage_says_what_follows():
    assert set(NEXT_STAGES) == set(Stage)


def test_only_closed_and_cancelled_are_final():
    assert {stage for stage, following in NEXT_STAGES.items() if not following} == FINAL


def test_no_stage_follows_itself():
    assert not [stage for stage in Stage if can_move(stage, stage)]


def test_every_stage_can_be_reached_from_proposal():
    reached, edge = {Stage.PROPOSAL}, {Stage.PROPOSAL}
    while edge:
        edge = set(itertools.chain.from_iterable(NEXT_STAGES[stage] for stage in edge)) - reached
        reached |= edge

    assert reached == set(Stage)


def test_what_is_not_final_is_active_and_may_be_cancelled():
    assert set(ACTIVE) == set(Stage) - FINAL
    assert all(can_move(stage, Stage.CANCELLED) for stage in ACTIVE)


def test_only_active_projects_report():
    assert set(REPORTING) == {Stage.PLANNING, Stage.DELIVERY, Stage.CLOSING}


def test_delivery_needs_a_plan_to_be_measured_against():
    assert REQUIRED_FROM[Stage.DELIVERY] == ("start_date", "baseline_finish_date")
    assert REQUIRED_FROM[Stage.CLOSED] == ("start_date", "actual_finish_date")


def test_words():
    assert Stage.ON_HOLD.label == "On hold"
    assert [lane.label for lane in Lane] == ["Mandatory", "Strategic", "Operational"]
    assert [kind.label for kind in MilestoneKind] == ["Gate", "Go-live", "Deliverable"]
    assert [kind.label for kind in BudgetKind] == ["Capital", "Operating"]
    assert [kind.label for kind in CostKind] == ["Actual cost", "Commitment"]
