import json
from datetime import date
from decimal import Decimal

import pytest

from reports.domain.lines import (
    FIRST_NAMES,
    Mark,
    ProjectLine,
    Seen,
    from_json,
    named,
    rows_in,
    to_json,
)

FULL = ProjectLine(
    id=7,
    code="FAC-1",
    name="Wing",
    is_active=True,
    was_active=True,
    overall="red",
    overall_before="amber",
    approved_budget=Decimal("0.00"),
    spent=Decimal("40.10"),
    reasons={"forecast_cost": "Exempt"},
    forecast_finish=date(2027, 1, 11),
    forecast_finish_before=date(2027, 1, 1),
    milestones=(Mark(name="Permit", baseline_date=date(2026, 11, 1), due_date=date(2026, 11, 12)),),
)


def test_a_line_comes_back_from_its_stored_text_as_it_was():
    assert from_json(json.loads(json.dumps(to_json(FULL)))) == FULL


# a line and its milestone as release 0.1 wrote them, and the line under today's names
FIRST = {
    "id": 7,
    "manager": "A. Reid",
    "unit": "Surgery",
    "approved": "100.00",
    "forecast": "120.00",
    "forecast_before": "110.00",
    "budget": "90.00",
    "planned": "40.00",
    "earned": "30.00",
    "year": 2026,
    "finish": "2027-01-11",
    "finish_before": "2027-01-01",
    "pace_finish": "2027-03-01",
    "late_milestones": 2,
    "late_milestones_before": 1,
    "published": "Amber/Red",
    "milestones": [
        {
            "name": "Permit",
            "baseline": "2026-11-01",
            "due": "2026-11-12",
            "due_before": "2026-11-06",
        }
    ],
}
TODAY = {
    "id": 7,
    "manager_name": "A. Reid",
    "unit_name": "Surgery",
    "approved_budget": "100.00",
    "forecast_cost": "120.00",
    "forecast_cost_before": "110.00",
    "budget_at_completion": "90.00",
    "planned_value": "40.00",
    "earned_value": "30.00",
    "fiscal_year": 2026,
    "forecast_finish": "2027-01-11",
    "forecast_finish_before": "2027-01-01",
    "forecast_finish_ev": "2027-03-01",
    "milestones_late": 2,
    "milestones_late_before": 1,
    "published_rating": "Amber/Red",
    "milestones": [
        {
            "name": "Permit",
            "baseline_date": "2026-11-01",
            "due_date": "2026-11-12",
            "due_date_before": "2026-11-06",
        }
    ],
}


def test_a_line_of_release_0_1_has_the_figures_of_today_under_the_names_of_today():
    assert named(FIRST) == named(TODAY) == TODAY
    assert from_json(FIRST) == from_json(TODAY)
    assert to_json(from_json(FIRST)) == TODAY | {"overall": "none", "measured": "none"}
    assert set(FIRST_NAMES) == FIRST.keys() - TODAY.keys()


def test_what_is_empty_is_not_stored_but_zero_money_is():
    stored = to_json(FULL)

    assert stored["approved_budget"] == "0.00"
    assert "forecast_cost" not in stored and "note" not in stored and "is_silent" not in stored


@pytest.mark.parametrize("layout", [{}, {"indent": 1}, {"separators": (",", ":")}])
@pytest.mark.parametrize("stored", [[], [{"id": 1}], [{"id": 1, "note": "], {[ é"}, {"id": 2}]])
def test_lines_are_read_one_by_one_from_a_document_however_it_is_written(stored, layout):
    assert list(rows_in(json.dumps({"lines": stored}, **layout))) == stored


def test_a_document_that_is_cut_off_is_an_error():
    with pytest.raises(ValueError, match="Expecting"):
        list(rows_in('{"lines": [{"id": 1}, {"id"'))


def test_figures_of_a_line_are_differences():
    line = ProjectLine(
        id=1,
        is_active=True,
        was_active=True,
        overall="red",
        overall_before="green",
        approved_budget=Decimal(100),
        forecast_cost=Decimal(120),
        forecast_cost_before=Decimal(110),
        baseline_finish=date(2026, 12, 1),
        forecast_finish=date(2027, 1, 11),
        forecast_finish_before=date(2027, 1, 1),
    )

    assert (line.cost_variance, line.forecast_moved) == (Decimal(20), Decimal(10))
    assert (line.finish_slip_days, line.finish_moved) == (41, 10)
    assert line.is_worse and not line.is_better and line.stays


def test_a_figure_without_its_parts_is_not_known():
    line = ProjectLine(id=1, approved_budget=Decimal(100), forecast_finish=date(2027, 1, 1))

    assert (line.cost_variance, line.forecast_moved, line.finish_slip_days) == (None, None, None)


def test_silence_is_neither_worse_nor_better():
    line = ProjectLine(
        id=1, is_active=True, was_active=True, overall="none", overall_before="green"
    )

    assert not line.is_worse and not line.is_better


def test_a_reader_gets_only_visible_lines_and_the_number_of_hidden_running_ones():
    stored = [to_json(ProjectLine(id=n, is_active=n != 3, was_active=True)) for n in (1, 2, 3)]

    seen = Seen.of(stored, {1})

    assert [line.id for line in seen.lines] == [1]
    assert (seen.hidden, seen.is_all) == (1, False)


def test_a_hidden_project_that_ended_still_makes_the_copy_partial():
    stored = [
        to_json(ProjectLine(id=1, is_active=True)),
        to_json(ProjectLine(id=2, was_active=True)),
    ]

    seen = Seen.of(stored, {1})

    assert (seen.hidden, seen.is_all) == (0, False)
