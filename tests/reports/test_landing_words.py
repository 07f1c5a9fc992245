from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.domain.earning.finishes import Due, finishes_of
from projects.domain.earning.memory import Typical, lent, pooled
from projects.domain.earning.rollup import Share, rolled_up
from reports.landing_words import cost_line, finish_line, memory_line

ONE = Share(
    budget=Decimal(1000),
    planned=Decimal(500),
    earned=Decimal(400),
    actual=Decimal(600),
    eac=Decimal(1500),
    eac_low=Decimal(1200),
    eac_high=Decimal(1700),
    method="cpi",
)
BARE = Share(reason="No cost recorded.")
PLANNED, FORECAST, PACE = date(2026, 12, 1), date(2026, 12, 11), date(2027, 1, 1)


def test_the_cost_is_said_with_range_method_and_what_cannot_be_counted():
    assert cost_line(rolled_up([ONE, replace(ONE, method="rate"), BARE]), "$") == (
        "Together 2 of 3 projects will cost $3,000, $1,000 over the approved plans; between $2,400 and"
        " $3,400. Estimated: rest at the pace of spending so far (1), rest as budgeted (1)."
        " 1 project cannot be counted: No cost recorded (1)."
    )


def test_one_project_is_not_together():
    assert cost_line(rolled_up([ONE]), "$") == (
        "1 project will cost $1,500, $500 over the approved plans; between $1,200 and $1,700."
        " Estimated: rest at the pace of spending so far."
    )


def test_what_cannot_be_estimated_says_why():
    assert cost_line(rolled_up([BARE, BARE]), "$") == (
        "What the projects will cost cannot be estimated."
        " 2 projects cannot be counted: No cost recorded (2)."
    )


def test_the_finish_is_that_of_the_middle_project_and_the_furthest_is_named():
    rows = [Due("Wing", PLANNED, FORECAST, PACE), Due("Portal", PLANNED, PLANNED, PLANNED)]

    assert finish_line(finishes_of([*rows, Due("Bare")])) == (
        "The project in the middle finishes 5 days late as forecast, 16 days late at the pace so"
        " far; furthest is Wing, on 1 Jan 2027, 31 days late. From 2 of 3 projects."
    )


def test_the_finish_of_one_project_is_its_own():
    assert finish_line(finishes_of([Due("Wing", PLANNED, FORECAST, PACE)])) == (
        "Wing finishes 10 days late as forecast; at its pace so far on 1 Jan 2027, 31 days late."
    )


def test_an_unknown_finish_says_why():
    assert finish_line(finishes_of([Due("Bare")])).endswith(
        "No project here has a planned finish, a forecast finish and a pace so far."
    )


def misses(number, **of):
    return pooled([Typical(**of)] * number)


LENT_COST = (
    "Fewer than 5 finished projects of this portfolio have such forecasts. Of all 7 that you can see,"
    " cost forecasts were off by +8.0% to +8.0% in four of five cases, by +8.0% in the middle."
)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            misses(5, cost=Decimal("0.08"), days=Decimal(-31)),
            (
                "Cost forecasts of 5 finished projects were off by +8.0% to +8.0% in four of five"
                " cases, by +8.0% in the middle. Finish dates were off by −31 to −31 days, by −31 in"
                " the middle."
            ),
        ),
        (
            misses(2, cost=Decimal("0.08")),
            (
                "How far such forecasts are off is not known yet."
                " Only 2 finished projects have such forecasts; 5 are needed."
            ),
        ),
        (
            misses(5, days=Decimal(3)),
            (
                "How far such forecasts are off is not known yet."
                " No finished project has such forecasts; 5 are needed. Finish dates of 5 finished"
                " projects were off by +3 to +3 days, by +3 in the middle."
            ),
        ),
        (
            lent(misses(2), misses(7, cost=Decimal("0.08"), days=Decimal(3))),
            f"{LENT_COST} Finish dates were off by +3 to +3 days, by +3 in the middle.",
        ),
        (
            lent(misses(6, days=Decimal(3)), misses(7, cost=Decimal("0.08"), days=Decimal(9))),
            (
                f"{LENT_COST} Finish dates of 6 finished projects were off by +3 to +3 days, by +3 in"
                " the middle."
            ),
        ),
        (
            lent(misses(5, cost=Decimal("0.08")), misses(1_007, days=Decimal(9))),
            (
                "Cost forecasts of 5 finished projects were off by +8.0% to +8.0% in four of five"
                " cases, by +8.0% in the middle. Finish dates of all 1,007 finished projects that you"
                " can see were off by +9 to +9 days, by +9 in the middle."
            ),
        ),
    ],
)
def test_the_doubt_is_said_for_money_and_for_dates(found, words):
    assert memory_line(found) == words
