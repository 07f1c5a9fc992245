"""Which rows of a file are which rows of the plan, what is mended, and when the plan would run."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from projects.domain.exchange import (
    CalendarRow,
    LinkRow,
    PlanFile,
    PlanFileError,
    TaskRow,
)
from projects.domain.exchange.matching import differences, has_progress, match
from projects.domain.exchange.planfile import steady_depths, summaries
from projects.domain.exchange.recalculating import recalculated
from projects.domain.exchange.settling import settled
from projects.domain.kinds import Constraint, LinkKind, TaskKind
from tests.projects.domain.exchange.files import plans

TODAY = date(2026, 6, 1)
DIG = TaskRow(key="1", number=101, name="Dig", duration=3)
POUR = TaskRow(key="2", number=102, name="Pour", duration=2)


def plan(*rows, links=(), form="mspdi"):
    return PlanFile(tasks=rows, links=tuple(links), format=form)


def whats(losses):
    return [loss.what for loss in losses]


def test_our_own_number_counts_before_the_files_key():
    file = plan(replace(POUR, key="1"), replace(DIG, key="9"))

    found = match(file, plan(DIG, POUR))

    assert [was.name for _, was in found.rows] == ["Pour", "Dig"]
    assert (found.added, found.changed, found.removed) == ([], [], ())


def test_without_a_number_the_key_counts_and_each_row_is_found_once():
    file = plan(replace(DIG, number=None), replace(POUR, key="1", number=None))

    found = match(file, plan(DIG, POUR))

    assert [was and was.number for _, was in found.rows] == [101, None]
    assert found.removed == (POUR,)


def test_a_number_of_another_plan_means_nothing():
    found = match(plan(replace(DIG, number=999, key="77")), plan(DIG))

    assert [row.name for row in found.added] == ["Dig"]
    assert found.removed == (DIG,)


def test_what_the_file_does_not_know_stays():
    here = replace(
        DIG,
        kind=TaskKind.SUPPORT,
        actual_start=date(2026, 3, 2),
        percent_complete=40,
        planned_cost=Decimal(500),
        notes="Ask first",
    )
    file = replace(DIG, number=None, notes="")

    row, was = match(plan(file), plan(here)).rows[0]
    sheet_row, _ = match(plan(file, form="workbook"), plan(here)).rows[0]

    assert differences(row, was) == ["notes"]
    assert differences(sheet_row, was) == []


def test_progress_of_a_row_that_becomes_a_summary_is_lost_and_said():
    here = replace(DIG, actual_start=date(2026, 3, 2), percent_complete=40)

    found = match(plan(replace(DIG, is_summary=True), replace(POUR, depth=1)), plan(here))

    assert whats(found.losses) == ["Progress of rows that become summaries"]


def test_links_of_a_plan_stay_when_a_sheet_comes():
    tie = LinkRow(predecessor="1", successor="2", lag=3)
    here = plan(DIG, POUR, links=[tie, LinkRow(predecessor="2", successor="3")])

    found = match(plan(replace(DIG, key="A"), replace(POUR, key="B"), form="workbook"), here)

    assert found.links == (replace(tie, predecessor="A", successor="B"),)


@settings(max_examples=80, deadline=None)
@given(plans())
def test_a_plan_against_itself_changes_nothing(any_plan):
    rows = tuple(replace(row, number=n) for n, row in enumerate(any_plan.tasks, start=1))
    same = replace(any_plan, tasks=rows)

    found = match(same, same)

    assert (found.added, found.changed, found.removed) == ([], [], ())
    assert found.links == same.links


@settings(max_examples=80, deadline=None)
@given(plans())
def test_a_settled_plan_agrees_with_itself_and_stays_settled(any_plan):
    once, _ = settled(any_plan, TODAY)
    twice, _ = settled(once, TODAY)

    assert once == twice
    for row in once.tasks:
        assert (row.percent_complete == 100) == (row.actual_finish is not None)
        assert row.actual_start is not None or not has_progress(row)
        assert row.actual_start is None or row.actual_start <= TODAY
        assert row.actual_finish is None or row.actual_start <= row.actual_finish <= TODAY


def test_constraints_of_summaries_are_lost_and_said():
    summary = replace(DIG, is_summary=True, constraint=Constraint.MUST_START, constraint_date=TODAY)

    found, losses = settled(plan(summary), TODAY)

    assert found.tasks[0].constraint is Constraint.NONE
    assert whats(losses) == ["Constraints of summary rows"]


def test_dates_are_computed_and_those_that_differ_are_named():
    file = PlanFile(
        start=date(2026, 3, 2),
        default_calendar="1",
        calendars=(CalendarRow(key="1", name="Usual"),),
        tasks=(
            replace(DIG, finish=date(2026, 3, 4)),
            replace(POUR, finish=date(2026, 3, 9)),
            TaskRow(key="3", name="Cure", actual_start=date(2026, 3, 2), finish=date(2027, 1, 1)),
        ),
        links=(LinkRow(predecessor="1", successor="2"),),
    )

    computed, losses = recalculated(file)

    assert computed.timings["2"].finish == date(2026, 3, 6)
    assert [(loss.count, loss.tasks) for loss in losses] == [(1, ("2 Pour: 3 days earlier",))]


def test_a_ring_is_refused_by_name():
    ring = [LinkRow(predecessor="1", successor="2"), LinkRow(predecessor="2", successor="1", kind=LinkKind.START_START)]  # fmt: skip

    with pytest.raises(PlanFileError, match=r"in a loop: “Dig” → “Pour” → “Dig”|“Pour” → “Dig” → “Pour”"):  # fmt: skip
        recalculated(plan(DIG, POUR, links=ring))


@pytest.mark.parametrize(
    ("depths", "steady"),
    [([0, 1, 2], [0, 1, 2]), ([3, 5, 5, 4, 0], [0, 1, 1, 1, 0]), ([0, 2, 2, 1], [0, 1, 1, 1]), ([], [])],
)  # fmt: skip
def test_levels_have_no_gaps(depths, steady):
    assert steady_depths(depths) == steady


def test_a_row_with_rows_below_it_is_a_summary():
    assert summaries([0, 1, 1, 0]) == [True, False, False, False]
    assert summaries([]) == []
