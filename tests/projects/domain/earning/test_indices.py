"""Textbook figures, every edge of the table of edge cases, and the identities that always hold."""

import json
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.earning.figure import EarningError, Figure, known, missing
from projects.domain.earning.indices import Indices, Method, Standing, indices

CASES = json.loads(
    (Path(__file__).parents[3] / "cases" / "earned_value.json").read_text(encoding="utf-8")
)["indices"]
SIXTH = Decimal("0.000001")


def standing(budget="100", planned="50", earned="50", actual="50", bottom_up=None):
    return Standing(
        budget=known(Decimal(budget)),
        planned=known(Decimal(planned)),
        earned=known(Decimal(earned)),
        actual=known(Decimal(actual)) if actual is not None else missing("No cost recorded."),
        bottom_up=known(Decimal(bottom_up)) if bottom_up else missing("No forecast made."),
    )


def shown(figure):
    return figure.reason if figure.value is None else figure.value


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_textbook_figures(case):
    names = ("budget", "planned", "earned", "actual", "bottom_up")

    found = indices(standing(**{name: case.get(name) for name in names}))

    for name, wanted in case["found"].items():
        figure = getattr(found, name)
        if wanted[0].isalpha():
            assert (name, figure) == (name, Figure(None, wanted))
        else:
            assert (name, figure.value.quantize(SIXTH)) == (name, Decimal(wanted).quantize(SIXTH))


def test_not_started_has_no_index_and_costs_what_was_approved():
    found = indices(standing(planned="0", earned="0", actual="0"))

    assert found.cpi == missing("Nothing is earned and nothing is spent yet.")
    assert found.spi == missing("No work was planned by this date.")
    assert (found.eac, found.eac_method) == (known(Decimal(100)), Method.RATE)
    assert (found.cost_variance, found.complete) == (known(Decimal(0)), known(Decimal(0)))
    assert found.cost_variance_share == missing("Nothing is earned yet.")
    assert found.schedule_variance_share == missing("No work was planned by this date.")


def test_forecast_below_what_is_spent_is_no_estimate():
    found = indices(standing(earned="40", actual="50", bottom_up="49"))

    assert found.eac_low == found.eac_rate == known(Decimal(110))
    assert found.eac_bottom_up == known(Decimal(49))
    assert found.tcpi_bottom_up == missing("The estimate is spent already, and work remains.")


def test_forecast_of_exactly_what_is_spent_still_counts():
    found = indices(standing(earned="40", actual="50", bottom_up="50"))

    assert found.eac_low == known(Decimal(50))


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 3000), st.integers(0, 3000))
def test_no_estimate_is_below_what_is_spent(planned, earned, actual, forecast):
    found = indices(
        standing(
            budget="1000",
            planned=str(planned),
            earned=str(earned),
            actual=str(actual),
            bottom_up=str(forecast),
        )
    )

    assert found.eac_low.value >= actual


def test_progress_without_cost_has_no_index_and_no_estimate_below_the_budget():
    found = indices(standing(earned="30", actual="0"))

    no_cost = missing("Progress is reported without any cost.")
    assert (found.cpi, found.eac_rate, found.eac_cpi, found.eac_cpi_spi) == (no_cost,) * 4
    assert (found.eac, found.eac_method) == (known(Decimal(100)), Method.BUDGET)
    assert (found.eac_low, found.eac_high) == (known(Decimal(100)), known(Decimal(100)))


def test_cost_without_progress_is_an_index_of_exactly_zero():
    found = indices(standing(earned="0", actual="40"))

    assert found.cpi == known(Decimal(0))
    assert found.eac_cpi == found.eac_cpi_spi == missing("Nothing is earned yet.")
    assert (found.eac_rate, found.eac_method) == (known(Decimal(140)), Method.RATE)


def test_work_before_its_plan_is_ahead_and_not_an_index():
    found = indices(standing(planned="0", earned="10", actual="10"))

    assert found.spi == missing(
        "Work is ahead of a plan that has not begun: there is no index of that."
    )
    assert found.schedule_variance == known(Decimal(10))


@pytest.mark.parametrize(
    "budget", [known(Decimal(0)), missing("No approved baseline to earn against.")]
)
def test_without_a_budget_nothing_is_known_but_what_was_spent(budget):
    given_rows = Standing(budget=budget, planned=known(Decimal(0)), actual=known(Decimal(7)))

    found = asdict(indices(given_rows))

    assert found.pop("eac_method") is None
    assert found.pop("eac_bottom_up") == (None, "No forecast made.")
    assert set(found.values()) == {(None, "No approved baseline to earn against.")}


def test_complete_work_lands_on_its_cost():
    found = indices(standing(earned="100", planned="100", actual="110"))

    assert (found.eac, found.eac_method) == (known(Decimal(110)), Method.DONE)
    assert (found.to_complete, found.at_completion) == (known(Decimal(0)), known(Decimal(-10)))
    assert found.tcpi_budget == found.tcpi_eac == missing("All the work is done.")
    assert (found.schedule_variance, found.spi) == (known(Decimal(0)), known(Decimal(1)))


@pytest.mark.parametrize("forecast", ["90", "150"])
def test_complete_work_has_no_range_whatever_was_forecast_of_it(forecast):
    found = indices(standing(planned="100", earned="100", actual="120", bottom_up=forecast))

    assert (found.eac.value, found.eac_low.value, found.eac_high.value) == (120, 120, 120)


def test_budget_that_is_spent_with_work_left_is_out_of_reach():
    found = indices(standing(earned="90", actual="120"))

    assert found.tcpi_budget == missing(
        "The budget can no longer be met: it is spent, and work remains."
    )


def test_estimate_that_is_spent_with_work_left_gives_no_pace():
    found = indices(standing(earned="90", actual="120", bottom_up="120"))

    assert found.tcpi_bottom_up == missing("The estimate is spent already, and work remains.")


def test_credits_beyond_the_costs_give_no_index():
    found = indices(standing(actual="-5"))

    assert found.cpi == missing("Credits are larger than the costs so far.")
    assert found.eac_cpi == missing("Credits are larger than the costs so far.")
    assert (found.eac, found.eac_method) == (known(Decimal(45)), Method.RATE)


def test_no_cost_recorded_leaves_the_budget_as_the_estimate():
    found = indices(standing(actual=None))

    assert found.cpi == found.cost_variance == found.to_complete == missing("No cost recorded.")
    assert (found.eac, found.eac_method) == (known(Decimal(100)), Method.BUDGET)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"earned": "101"}, "The earned value is larger than the budget."),
        ({"planned": "101"}, "The planned value is larger than the budget."),
        ({"earned": "-1"}, "The earned value is below zero."),
        ({"planned": "-1"}, "The planned value is below zero."),
        ({"budget": "-1"}, "The budget is below zero."),
    ],
)
def test_contradicting_values_are_refused(values, sentence):
    with pytest.raises(EarningError, match=f"^{sentence}$"):
        indices(standing(**values))


@pytest.mark.parametrize(
    ("earned", "method"), [("19.99", Method.RATE), ("20", Method.CPI), ("99.99", Method.CPI)]
)
def test_headline_follows_spending_once_a_fifth_is_done(earned, method):
    found = indices(standing(earned=earned, actual="40"))

    assert found.eac_method is method
    assert found.eac == (found.eac_cpi if method is Method.CPI else found.eac_rate)


def test_range_takes_in_the_bottom_up_estimate():
    found = indices(standing(earned="40", actual="50", planned="50", bottom_up="90"))

    assert found.eac_low == known(Decimal(90))
    assert found.eac_high == found.eac_cpi_spi


def test_weighted_estimate_weighs_cost_four_to_one():
    found = indices(standing(earned="40", actual="50", planned="50"))

    assert found.eac_weighted == known(Decimal(50) + Decimal(60) / Decimal("0.8"))


MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
CLOSE = Decimal("0.0001")


@st.composite
def standings(draw):
    budget = draw(st.decimals(min_value=1, max_value=10**9, places=2))
    part = st.decimals(min_value=0, max_value=budget, places=2)
    return standing(
        budget,
        draw(part),
        draw(part),
        draw(st.one_of(st.none(), st.decimals(min_value=-1000, max_value=10**9, places=2))),
        draw(st.one_of(st.none(), st.decimals(min_value=1, max_value=10**9, places=2))),
    )


@given(standings())
def test_identities_hold_whatever_the_figures(one):
    found = indices(one)
    budget, planned, earned = one.budget.value, one.planned.value, one.earned.value

    assert found.schedule_variance.value + planned == earned
    assert found.at_completion.value == budget - found.eac.value
    assert found.eac_low.value <= found.eac.value <= found.eac_high.value
    if one.actual.value is not None:
        assert found.cost_variance.value + one.actual.value == earned
        assert abs(found.eac.value - one.actual.value - found.to_complete.value) < CLOSE


@given(standings())
def test_both_forms_of_the_estimate_by_cpi_agree(one):
    found = indices(one)

    if found.cpi.value:
        other = one.budget.value / found.cpi.value
        assert abs(found.eac_cpi.value - other) <= max(other, 1) * Decimal("1e-20")


@given(standings())
def test_every_figure_is_a_value_or_says_why_not(one):
    found = indices(one)

    for field in fields(Indices):
        figure = getattr(found, field.name)
        if isinstance(figure, Figure):
            assert (figure.value is None) == bool(figure.reason), field.name


@given(standings())
def test_pace_in_the_estimate_by_cpi_is_the_pace_so_far(one):
    found = indices(one)

    if found.eac_method is Method.CPI and found.tcpi_eac.value is not None:
        assert abs(found.tcpi_eac.value - found.cpi.value) <= found.cpi.value * Decimal("1e-12")


@pytest.mark.parametrize("method", Method)
def test_every_method_has_words(method):
    assert method.label
