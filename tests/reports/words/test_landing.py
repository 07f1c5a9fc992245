from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.domain.earning.finishes import ThreeFinishes, finishes_of
from projects.domain.earning.memory import Typical, lent, pooled
from projects.domain.earning.rollup import Share, rolled_up
from reports.domain.landing import LandingHeadline
from reports.words.landing import (
    basis_line,
    challenge_line,
    finish_line,
    headline_line,
    memory_line,
)

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
ALL = LandingHeadline(
    projects=3,
    compared=3,
    approved=Decimal(2000),
    forecast=Decimal(2500),
    calculated=3,
    eac=Decimal(2700),
    eac_low=Decimal(2400),
    eac_high=Decimal(3400),
    challenged=3,
    gap=Decimal(200),
)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            "3 projects are forecast to cost $2,500: $500 over the approved budget of $2,000 (+25.0%).",
        ),
        (
            {"compared": 2, "forecast": Decimal(1500)},
            (
                "2 of 3 projects are forecast to cost $1,500: $500 under the approved budget of $2,000"
                " (−25.0%)."
            ),
        ),
        (
            {"compared": 1, "forecast": Decimal(2000)},
            "1 of 3 projects is forecast to cost $2,000, exactly the approved budget.",
        ),
        (
            {"projects": 1, "compared": 1, "approved": Decimal(0)},
            "1 project is forecast to cost $2,500: $2,500 over the approved budget of $0.",
        ),
        (
            {"compared": 0, "approved": None, "forecast": None},
            "No project has both an approved budget and a forecast cost.",
        ),
    ],
)
def test_the_headline_is_the_forecast_against_the_approved_budget(changed, said):
    assert headline_line(replace(ALL, **changed), "$") == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            (
                "Earned value calculates $2,700 (range $2,400 to $3,400) for 3 projects, $200 more than"
                " their managers forecast."
            ),
        ),
        (
            {"eac_low": Decimal(2700), "eac_high": Decimal(2700), "gap": Decimal(-50)},
            "Earned value calculates $2,700 for 3 projects, $50 less than their managers forecast.",
        ),
        (
            {"challenged": 2, "gap": Decimal(0)},
            (
                "Earned value calculates $2,700 (range $2,400 to $3,400) for 3 projects, exactly what"
                " the managers of 2 of them forecast."
            ),
        ),
        (
            {"calculated": 1, "challenged": 0, "gap": None},
            "Earned value calculates $2,700 (range $2,400 to $3,400) for 1 project.",
        ),
        (
            {"eac": None},
            "Earned value cannot calculate where the money will land: no project has all it needs.",
        ),
    ],
)
def test_the_calculation_is_set_against_the_same_projects_forecast(changed, said):
    assert challenge_line(replace(ALL, **changed), "$") == said


def test_the_basis_says_method_and_what_cannot_be_calculated():
    rows = [ONE, ONE, replace(ONE, method="rate"), BARE]

    assert basis_line(rolled_up(rows)) == (
        "Method: 2 projects at current cost efficiency (CPI), 1 with the rest at budget."
        " 1 project cannot be calculated: No cost recorded (1)."
    )


def test_one_method_needs_no_count():
    assert basis_line(rolled_up([ONE, ONE])) == "Method: at current cost efficiency (CPI)."


def test_without_any_calculation_only_the_reasons_are_said():
    assert basis_line(rolled_up([BARE, BARE])) == (
        "2 projects cannot be calculated: No cost recorded (2)."
    )


def test_the_finish_is_that_of_the_median_project_and_the_furthest_is_named():
    rows = [
        ThreeFinishes("Wing", PLANNED, FORECAST, PACE),
        ThreeFinishes("Portal", PLANNED, PLANNED, PLANNED),
    ]

    assert finish_line(finishes_of([*rows, ThreeFinishes("Bare")])) == (
        "The median project is forecast 5 days late; at its current pace it would finish 16 days late."
        " Furthest from its plan is Wing: 31 days late, on 1 Jan 2027. From 2 of 3 projects."
    )


def test_the_finish_of_one_project_is_its_own():
    assert finish_line(finishes_of([ThreeFinishes("Wing", PLANNED, FORECAST, PACE)])) == (
        "Wing is forecast 10 days late; at its current pace it would finish on 1 Jan 2027,"
        " 31 days late."
    )


def test_an_unknown_finish_says_why():
    assert finish_line(finishes_of([ThreeFinishes("Bare")])).endswith(
        "No project here has a planned finish, a forecast finish and a schedule pace."
    )


def misses(number, **of):
    return pooled([Typical(**of)] * number)


LENT_COST = (
    "Fewer than 5 finished projects here have such forecasts. Of all 7 that you can see,"
    " 80% cost between 8.0% over and 8.0% over their forecast (median 8.0% over)."
)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            misses(5, cost=Decimal("0.08"), days=Decimal(-31)),
            (
                "Of 5 finished projects, 80% cost between 8.0% over and 8.0% over their forecast"
                " (median 8.0% over). 80% finished between 31 days earlier and 31 days earlier than"
                " forecast (median 31 days earlier)."
            ),
        ),
        (
            misses(5, cost=Decimal("-0.02"), days=Decimal(0)),
            (
                "Of 5 finished projects, 80% cost between 2.0% under and 2.0% under their forecast"
                " (median 2.0% under). 80% finished between 0 days later and 0 days later than"
                " forecast (median 0 days later)."
            ),
        ),
        (
            misses(2, cost=Decimal("0.08")),
            (
                "We cannot yet say how accurate such forecasts are."
                " Only 2 finished projects have such forecasts; 5 are needed."
            ),
        ),
        (
            misses(5, days=Decimal(3)),
            (
                "We cannot yet say how accurate such forecasts are."
                " No finished project has such forecasts; 5 are needed. Of 5 finished projects,"
                " 80% finished between 3 days later and 3 days later than forecast (median 3 days"
                " later)."
            ),
        ),
        (
            lent(misses(2), misses(7, cost=Decimal("0.08"), days=Decimal(3))),
            (
                f"{LENT_COST} 80% finished between 3 days later and 3 days later than forecast"
                " (median 3 days later)."
            ),
        ),
        (
            lent(misses(6, days=Decimal(3)), misses(7, cost=Decimal("0.08"), days=Decimal(9))),
            (
                f"{LENT_COST} Of 6 finished projects, 80% finished between 3 days later and 3 days"
                " later than forecast (median 3 days later)."
            ),
        ),
        (
            lent(misses(5, cost=Decimal("0.08")), misses(1_007, days=Decimal(9))),
            (
                "Of 5 finished projects, 80% cost between 8.0% over and 8.0% over their forecast"
                " (median 8.0% over). Of all 1,007 finished projects that you can see, 80% finished"
                " between 9 days later and 9 days later than forecast (median 9 days later)."
            ),
        ),
    ],
)
def test_the_doubt_is_said_for_money_and_for_dates(found, words):
    assert memory_line(found) == words
