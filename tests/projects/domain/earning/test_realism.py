"""Each doubt fires at its threshold, with the numbers in its sentence."""

from decimal import Decimal

import pytest

from projects.domain.earning.earned_schedule import ScheduleCourse, earned_time
from projects.domain.earning.figure import known, missing
from projects.domain.earning.indices import Standing, indices
from projects.domain.earning.realism import Effort, flags


def money(value):
    return f"${value:,.0f}"


def doubts(
    *, budget="1000", planned="500", earned="400", actual="500", bottom_up=None, elapsed=None
):
    standing = Standing(
        budget=known(Decimal(budget)),
        planned=known(Decimal(planned)),
        earned=known(Decimal(earned)),
        actual=known(Decimal(actual)) if actual else missing("No cost recorded."),
        bottom_up=known(Decimal(bottom_up)) if bottom_up else missing("No forecast made."),
    )
    found = indices(standing)
    time = None
    if elapsed:
        plan = [Decimal(budget) * n / 10 for n in range(11)]
        course = ScheduleCourse(
            planned=plan.__getitem__,
            duration=10,
            elapsed=Decimal(elapsed),
            earned=Decimal(earned),
            budget=Decimal(budget),
        )
        time = earned_time(course, cpi=found.cpi, spi=found.spi)
    return {flag.code: flag.sentence for flag in flags(standing, found, time, money=money)}


def test_project_on_plan_raises_no_doubt():
    assert doubts(earned="500", bottom_up="1000", elapsed="5") == {}


def test_forecast_below_what_is_spent_is_out_of_date_and_nothing_else():
    assert doubts(bottom_up="450") == {
        "forecast_out_of_date": (
            "The manager’s forecast of $450 is less than the $500 spent already. It is out of date"
            " and left out of the range."
        ),
        "budget_out_of_reach": doubts()["budget_out_of_reach"],
    }


def test_progress_without_cost_is_named():
    assert doubts(actual=None)["progress_without_cost"] == (
        "Work worth $400 is reported done, and no cost is recorded for it."
    )
    assert "progress_without_cost" in doubts(actual="0")


def test_cost_without_progress_is_named():
    assert doubts(earned="0")["cost_without_progress"] == (
        "$500 is spent, and no work is reported done."
    )


def test_work_ahead_of_the_plan_is_named():
    assert doubts(planned="0")["ahead_of_plan"] == (
        "Work worth $400 is done before any was planned."
    )


def test_forecast_that_needs_another_pace_says_which():
    # CPI 0.80; 600 of work for 1160 − 500 = 660 is 0.91
    assert doubts(bottom_up="1160")["pace_must_change"] == (
        "To land at $1,160, the rest needs a cost efficiency of 0.91 (TCPI); so far it is 0.80 (CPI)."
    )


def test_a_limit_is_not_said_beside_a_figure_that_rounds_to_it():
    # 600 ÷ (1166 − 500) = 0.9009: the gap of 0.1009 is more than 0.10 and is written as 0.10
    assert doubts(bottom_up="1166")["pace_must_change"] == (
        "To land at $1,166, the rest needs a cost efficiency of 0.90 (TCPI); so far it is 0.80 (CPI)."
    )


@pytest.mark.parametrize(("forecast", "fires"), [("1166.66", True), ("1166.67", False)])
def test_gap_of_exactly_a_tenth_is_no_doubt(forecast, fires):
    # 600 ÷ (1166.67 − 500) = 0.9
    assert ("pace_must_change" in doubts(bottom_up=forecast)) is fires


def test_forecast_better_than_the_work_so_far_is_optimistic():
    assert doubts(bottom_up="1100")["optimistic"] == (
        "The work done cost 25.0% more than approved for it, and the forecast says 10.0% over at the"
        " end. The rest must go better than the work so far."
    )
    assert "no overspend" in doubts(bottom_up="1000")["optimistic"]


def test_forecast_as_bad_as_the_work_so_far_is_not_optimistic():
    assert "optimistic" not in doubts(bottom_up="1250")


def test_work_that_cost_what_was_planned_leaves_room_for_hope():
    assert "optimistic" not in doubts(earned="500", bottom_up="990")
    assert "optimistic" in doubts(earned="499", bottom_up="990")


@pytest.mark.parametrize(("forecast", "side"), [("1099", "below"), ("1438", "above")])
def test_forecast_outside_every_estimate_is_named(forecast, side):
    # 500 + 600 = 1100; 500 + 600 ÷ (0.8 × 0.8) = 1437.5
    assert doubts(bottom_up=forecast)["outside_range"] == (
        f"The forecast of ${forecast[0]},{forecast[1:]} is {side} every calculated estimate: "
        "they run from $1,100 to $1,438."
    )


def test_forecast_inside_the_range_is_not():
    assert "outside_range" not in doubts(bottom_up="1100")


def test_budget_and_finish_out_of_reach_say_the_pace_they_need():
    found = doubts(elapsed="5")

    assert found["budget_out_of_reach"] == (
        "To keep the approved plan, the rest needs a cost efficiency of 1.20 (TCPI). Few projects"
        " recover that far."
    )
    assert found["finish_out_of_reach"] == (
        "To keep the planned finish, the rest needs a schedule pace of 1.20 (TSPI). Few projects"
        " recover that far."
    )


def test_nothing_is_doubted_without_a_baseline():
    found = indices(Standing(bottom_up=known(Decimal(5))))

    assert flags(Standing(bottom_up=known(Decimal(5))), found, None, money=money) == []


def effort_doubt(share, spi):
    standing = Standing(
        budget=known(Decimal(1000)),
        planned=known(Decimal(500)),
        earned=known(Decimal(435)),
        actual=known(Decimal(435)),
    )
    effort = Effort(share=known(Decimal(share)), spi=spi)
    found = flags(standing, indices(standing), None, money=money, effort=effort)
    return {flag.code: flag.sentence for flag in found}.get("level_of_effort")


def test_much_level_of_effort_is_said_with_the_index_without_it():
    assert effort_doubt("0.18", known(Decimal("0.841"))) == (
        "18.0% of what was planned by now is level of effort, which always counts as done on time."
        " Progress against plan is 87% with it and 84% without it."
    )


def test_a_little_level_of_effort_raises_no_doubt():
    assert effort_doubt("0.15", known(Decimal("0.84"))) is None


def test_nothing_but_level_of_effort_is_said():
    assert effort_doubt("1", missing("No work was planned by this date.")) == (
        "100.0% of what was planned by now is level of effort, which always counts as done on time."
        " Nothing else was planned by now."
    )
