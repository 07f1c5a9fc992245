"""Every rule fires at its edge, and says so; the cases are worked out by hand in health.json."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.colors import Color
from projects.domain.health import (
    Axis,
    CostFacts,
    HealthRules,
    Measure,
    ScheduleFacts,
    is_stale,
    measure_cost,
    measure_overall,
    measure_schedule,
)

AS_OF = date(2026, 11, 20)
CASES = json.loads(
    (Path(__file__).parents[2] / "cases" / "health.json").read_text(encoding="utf-8")
)
ON_TIME = {
    "start": "2026-01-05",
    "baseline_finish": "2027-01-05",
    "forecast_finish": "2027-01-05",
    "actual_finish": None,
    "milestones_overdue": 0,
}


def ids(cases):
    return [case["id"] for case in cases]


def day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value


@pytest.mark.parametrize("case", CASES["schedule"], ids=ids(CASES["schedule"]))
def test_schedule_color_and_rule(case):
    facts = {name: day(value) for name, value in (ON_TIME | case["facts"]).items()}

    found = measure_schedule(ScheduleFacts(**facts), as_of=AS_OF)

    assert (found.color, found.rule) == (case["color"], case["rule"])


@pytest.mark.parametrize("case", CASES["cost"], ids=ids(CASES["cost"]))
def test_cost_color_and_rule(case):
    given_facts = {"approved": None, "forecast": None, "spent": None} | case["facts"]
    facts = {name: None if v is None else Decimal(v) for name, v in given_facts.items()}

    found = measure_cost(CostFacts(**facts))

    assert (found.color, found.rule) == (case["color"], case["rule"])


def test_bands_are_those_that_are_given():
    strict = HealthRules(cost_green_share=Decimal(0), cost_amber_share=Decimal("0.01"))
    facts = CostFacts(approved=Decimal(100), forecast=Decimal(102), spent=None)

    found = measure_cost(facts, rules=strict)

    assert found == Measure(
        color=Color.RED, rule="Forecast cost 2% above the approved budget: red above 1%."
    )


def test_schedule_and_cost_have_bands_of_their_own():
    loose = HealthRules(
        green_share=Decimal("0.2"), amber_share=Decimal("0.3"), green_working_days=60
    )
    late = ScheduleFacts(
        start=date(2026, 1, 5),
        baseline_finish=date(2027, 1, 5),
        forecast_finish=date(2027, 2, 20),
        actual_finish=None,
        milestones_overdue=0,
    )
    dear = CostFacts(approved=Decimal(100), forecast=Decimal(112), spent=None)

    assert measure_schedule(late, as_of=AS_OF).color is Color.RED
    assert measure_schedule(late, as_of=AS_OF, rules=loose) == Measure(
        color=Color.GREEN,
        rule="Finish forecast 46 days after baseline, 12.6% of the planned duration: green up to 20%.",
    )
    assert measure_cost(dear, rules=loose).color is Color.RED


WORSE = {Color.GREEN: 0, Color.AMBER: 1, Color.RED: 2}


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_longer_slip_is_never_a_better_color(one, other):
    def color(slip):
        facts = ScheduleFacts(
            start=date(2026, 1, 5),
            baseline_finish=date(2027, 1, 5),
            forecast_finish=date(2027, 1, 5) + timedelta(days=slip),
            actual_finish=None,
            milestones_overdue=0,
        )
        return WORSE[measure_schedule(facts, as_of=AS_OF).color]

    assert color(max(one, other)) >= color(min(one, other))


def test_overall_is_the_worst_axis_and_tells_its_rule():
    green = Measure(color=Color.GREEN, rule="fine")
    red = Measure(color=Color.RED, rule="very late")

    assert measure_overall({Axis.COST: green, Axis.SCHEDULE: red}) == red


def test_overall_of_two_equal_axes_tells_the_first_in_the_order_of_axes():
    late = Measure(color=Color.AMBER, rule="late")
    dear = Measure(color=Color.AMBER, rule="dear")

    assert measure_overall({Axis.COST: dear, Axis.SCHEDULE: late}) == late


def test_overall_without_any_measure_says_why():
    schedule = Measure(color=Color.NONE, rule="No baseline finish date to compare with.")
    cost = Measure(color=Color.NONE, rule="No forecast cost.")

    found = measure_overall({Axis.SCHEDULE: schedule, Axis.COST: cost})

    assert found == Measure(
        color=Color.NONE, rule="No baseline finish date to compare with. No forecast cost."
    )


def test_forecast_below_what_is_spent_colors_nothing():
    facts = CostFacts(approved=Decimal(100), forecast=Decimal(80), spent=Decimal(90))

    assert measure_cost(facts) == Measure(
        color=Color.NONE, rule="The forecast cost is below what is spent: it is out of date."
    )


def test_overall_of_nothing_is_not_measured():
    assert measure_overall({}) == Measure(color=Color.NONE, rule="No data for this area.")


@pytest.mark.parametrize(
    ("updated", "stale"), [(None, True), (date(2026, 11, 6), False), (date(2026, 11, 5), True)]
)
def test_an_update_is_stale_after_fourteen_days(updated, stale):
    assert is_stale(updated, as_of=AS_OF) is stale


def test_a_report_grows_stale_when_the_rules_say_so():
    strict = HealthRules(stale_days=1)

    assert is_stale(date(2026, 11, 18), as_of=AS_OF, rules=strict)
    assert not is_stale(date(2026, 11, 19), as_of=AS_OF, rules=strict)
