from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.domain.earning.finishes import ThreeFinishes, finishes_of
from projects.domain.earning.memory import Typical, lent, pooled
from projects.domain.earning.rollup import Share, rolled_up
from reports.words.landing import cost_line, finish_line, memory_line

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
        " $3,400. Estimated: at current cost efficiency (CPI) (1), rest at budget (1)."
        " 1 project cannot be counted: No cost recorded (1)."
    )


def test_one_project_is_not_together():
    assert cost_line(rolled_up([ONE]), "$") == (
        "1 project will cost $1,500, $500 over the approved plans; between $1,200 and $1,700."
        " Estimated: at current cost efficiency (CPI)."
    )


def test_what_cannot_be_estimated_says_why():
    assert cost_line(rolled_up([BARE, BARE]), "$") == (
        "What the projects will cost cannot be estimated."
        " 2 projects cannot be counted: No cost recorded (2)."
    )


def test_the_finish_is_that_of_the_middle_project_and_the_furthest_is_named():
    rows = [
        ThreeFinishes("Wing", PLANNED, FORECAST, PACE),
        ThreeFinishes("Portal", PLANNED, PLANNED, PLANNED),
    ]

    assert finish_line(finishes_of([*rows, ThreeFinishes("Bare")])) == (
        "The middle project finishes 5 days late as forecast, 16 days late at the pace so far;"
        " furthest behind is Wing: 31 days late, on 1 Jan 2027. From 2 of 3 projects."
    )


def test_the_finish_of_one_project_is_its_own():
    assert finish_line(finishes_of([ThreeFinishes("Wing", PLANNED, FORECAST, PACE)])) == (
        "Wing finishes 10 days late as forecast; at its pace so far on 1 Jan 2027, 31 days late."
    )


def test_an_unknown_finish_says_why():
    assert finish_line(finishes_of([ThreeFinishes("Bare")])).endswith(
        "No project here has a planned finish, a forecast finish and a pace so far."
    )


def misses(number, **of):
    return pooled([Typical(**of)] * number)


LENT_COST = (
    "Fewer than 5 finished projects of this portfolio have such forecasts. Of all 7 that you can see,"
    " four in five cost between 8.0% more and 8.0% more than forecast, the middle one 8.0% more."
)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            misses(5, cost=Decimal("0.08"), days=Decimal(-31)),
            (
                "Of 5 finished projects, four in five cost between 8.0% more and 8.0% more than"
                " forecast, the middle one 8.0% more. Four in five finished between 31 days earlier"
                " and 31 days earlier than forecast, the middle one 31 days earlier."
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
                " No finished project has such forecasts; 5 are needed. Of 5 finished projects,"
                " four in five finished between 3 days later and 3 days later than forecast, the"
                " middle one 3 days later."
            ),
        ),
        (
            lent(misses(2), misses(7, cost=Decimal("0.08"), days=Decimal(3))),
            (
                f"{LENT_COST} Four in five finished between 3 days later and 3 days later than"
                " forecast, the middle one 3 days later."
            ),
        ),
        (
            lent(misses(6, days=Decimal(3)), misses(7, cost=Decimal("0.08"), days=Decimal(9))),
            (
                f"{LENT_COST} Of 6 finished projects, four in five finished between 3 days later and"
                " 3 days later than forecast, the middle one 3 days later."
            ),
        ),
        (
            lent(misses(5, cost=Decimal("0.08")), misses(1_007, days=Decimal(9))),
            (
                "Of 5 finished projects, four in five cost between 8.0% more and 8.0% more than"
                " forecast, the middle one 8.0% more. Of all 1,007 finished projects that you can see,"
                " four in five finished between 9 days later and 9 days later than forecast, the"
                " middle one 9 days later."
            ),
        ),
    ],
)
def test_the_doubt_is_said_for_money_and_for_dates(found, words):
    assert memory_line(found) == words
