"""Textbook figures of time, and what the table of edge cases says."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.earning.earned_schedule import ScheduleCourse, earned_schedule, earned_time
from projects.domain.earning.figure import EarningError, Figure, known, missing

CASES = json.loads(
    (Path(__file__).parents[3] / "cases" / "earned_value.json").read_text(encoding="utf-8")
)["earned_schedule"]
SIXTH = Decimal("0.000001")
ONE = known(Decimal(1))


def course(planned, elapsed=1, earned="10"):
    values = [Decimal(value) for value in planned]
    return ScheduleCourse(
        planned=values.__getitem__,
        duration=len(values) - 1,
        elapsed=Decimal(elapsed),
        earned=Decimal(earned),
        budget=values[-1],
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_textbook_times(case):
    one = course(case["planned"], case["elapsed"], case["earned"])

    found = earned_time(one, cpi=ONE, spi=ONE)

    for name, wanted in case["found"].items():
        figure = getattr(found, name)
        if wanted[0].isalpha():
            assert (name, figure) == (name, Figure(None, wanted))
        else:
            assert (name, figure.value.quantize(SIXTH)) == (name, Decimal(wanted).quantize(SIXTH))


def test_cost_slows_the_forecast_down():
    found = earned_time(
        course([0, 20, 40, 60, 80, 100], 2, "30"), cpi=known(Decimal("0.5")), spi=ONE
    )

    assert found.spi_t == known(Decimal("0.75"))
    assert found.duration_with_cost == known(
        2 + Decimal("3.5") / (Decimal("0.5") * Decimal("0.75"))
    )


@pytest.mark.parametrize(
    ("cpi", "reason"),
    [
        (missing("No cost recorded."), "No cost recorded."),
        (known(Decimal(0)), "Nothing is earned yet."),
    ],
)
def test_forecast_slowed_by_cost_needs_an_index_of_cost(cpi, reason):
    found = earned_time(course([0, 20, 40], 1, "10"), cpi=cpi, spi=ONE)

    assert found.duration_with_cost == missing(reason)


def test_older_rule_divides_by_the_schedule_index():
    found = earned_time(course([0, 20, 40], 1, "10"), cpi=ONE, spi=known(Decimal("0.5")))

    assert found.duration_by_spi == known(Decimal(4))


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (course([0, 10, 20], earned="21"), "The earned value is larger than the budget."),
        (
            ScheduleCourse(
                planned=[Decimal(0), Decimal(5)].__getitem__,
                duration=1,
                elapsed=Decimal(1),
                earned=Decimal(7),
                budget=Decimal(9),
            ),
            "The planned value does not reach the budget by the planned finish.",
        ),
    ],
)
def test_contradicting_plans_are_refused(one, sentence):
    with pytest.raises(EarningError, match=f"^{sentence}$"):
        earned_schedule(one)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.data())
def test_planned_value_at_earned_schedule_is_what_is_earned(steps, data):
    planned = [0]
    for step in steps:
        planned.append(planned[-1] + step)
    if planned[-1] == 0:
        return
    earned = Decimal(data.draw(st.integers(1, planned[-1])))
    one = course(planned, earned=earned)

    found = earned_schedule(one)

    whole = int(found)
    after = one.planned(min(whole + 1, one.duration))
    before = one.planned(whole)
    assert 0 < found <= one.duration
    assert abs(before + (found - whole) * (after - before) - earned) < Decimal("1e-15")


@given(st.integers(1, 999), st.integers(1, 40), st.integers(1, 80))
def test_general_and_short_form_of_the_forecast_agree(earned, duration, elapsed):
    one = course([Decimal(1000) * n / duration for n in range(duration + 1)], elapsed, earned)

    found = earned_time(one, cpi=ONE, spi=ONE)

    assert abs(found.duration.value - duration / found.spi_t.value) < Decimal("1e-12")


FLAT_OR_NOT = st.lists(st.sampled_from([0, 0, 0, 7, 500, 90_001]), min_size=1, max_size=200)


def looked_up(steps, elapsed, share):
    """Return a course that notes which periods are asked for, and its planned values."""
    planned = [Decimal(0)]
    for step in steps:
        planned.append(planned[-1] + step)
    asked = []

    def at(period):
        asked.append(period)
        return planned[period]

    budget = planned[-1]
    earned = planned[share] if share < len(planned) else budget * share / 1000
    return (
        ScheduleCourse(
            planned=at,
            duration=len(steps),
            elapsed=Decimal(elapsed),
            earned=min(earned, budget),
            budget=budget,
        ),
        planned,
        asked,
    )


@given(FLAT_OR_NOT, st.integers(0, 220), st.integers(0, 1000))
def test_a_crossing_is_what_looking_at_every_period_finds(steps, elapsed, share):
    one, planned, _ = looked_up([*steps, 1], elapsed, share)
    periods = range(len(planned))

    found = earned_schedule(one)

    if one.earned == 0:
        assert found == 0
    elif one.earned == one.budget:
        assert found == one.duration
    elif same := [period for period in periods if planned[period] == one.earned]:
        assert found == min(max(elapsed, same[0]), same[-1])
    else:
        last = max(period for period in periods if planned[period] < one.earned)
        part = (one.earned - planned[last]) / (planned[last + 1] - planned[last])
        assert found == last + part


@given(FLAT_OR_NOT, st.integers(0, 220), st.integers(0, 1000))
def test_a_crossing_is_found_by_looking_at_few_periods(steps, elapsed, share):
    one, _, asked = looked_up([*steps, 1], elapsed, share)

    earned_schedule(one)

    assert len(asked) <= 2 + 3 * one.duration.bit_length()
