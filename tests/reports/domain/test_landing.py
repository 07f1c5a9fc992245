"""Where the lines of a document land: only what its reader may see adds in."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from projects.domain.earning.indices import Method
from projects.domain.earning.memory import Typical
from reports.domain.landing import landing_of, misses_in, numbers_of, stored_misses
from reports.domain.lines import Memory, ProjectLine, Seen, from_json, to_json

EARNS = ProjectLine(
    id=1,
    name="Wing",
    is_active=True,
    spent=Decimal(600),
    budget_at_completion=Decimal(1000),
    planned_value=Decimal(500),
    earned_value=Decimal(400),
    eac=Decimal(1500),
    eac_low=Decimal(1200),
    eac_high=Decimal(1700),
    eac_method="cpi",
    baseline_finish=date(2026, 12, 1),
    forecast_finish=date(2026, 12, 11),
    forecast_finish_ev=date(2027, 1, 1),
)
BARE = ProjectLine(
    id=2, name="Bare", is_active=True, eac_reason="No approved baseline to earn against."
)
MISSES = {n: Typical(cost=Decimal(n) / 100, days=Decimal(n)) for n in range(11, 16)}


def of(*lines, visible=(1, 2, 3, *MISSES), finished=MISSES, elsewhere=()):
    memory = Memory(finished, dict(elsewhere))
    return landing_of(Seen.of([to_json(line) for line in lines], set(visible), memory))


def test_estimates_are_added_up_with_their_range_and_methods():
    found = of(EARNS, replace(EARNS, id=3, eac_method="rate"), BARE).rollup

    assert (found.eac.value, found.eac_low.value, found.eac_high.value) == (3000, 2400, 3400)
    assert found.methods == ((Method.CPI, 1), (Method.RATE, 1))
    assert found.left_out == (("No approved baseline to earn against.", 1),)


def test_a_project_that_does_not_run_lands_nowhere():
    found = of(EARNS, replace(EARNS, id=3, is_active=False))

    assert (found.rollup.projects, found.finishes.projects) == (1, 1)


def test_what_a_reader_may_not_see_is_in_no_sum_and_no_memory():
    found = of(EARNS, replace(EARNS, id=3), visible=(1, 11, 12, 13, 14))

    assert found.rollup.eac.value == 1500
    assert found.memory.cost.projects == 4
    assert found.memory.cost.reason == "Only 4 finished projects have such forecasts; 5 are needed."


def test_misses_of_five_finished_projects_make_a_band():
    found = of(EARNS).memory

    assert (found.cost.median, found.cost.low) == (Decimal("0.13"), Decimal("0.114"))
    assert found.days.median == 13


def few(*numbers):
    return {n: MISSES[n] for n in numbers}


def test_too_few_of_the_portfolio_are_told_what_all_teach():
    found = of(EARNS, finished=few(11, 12), elsewhere=few(13, 14, 15)).memory

    assert (found.cost.projects, found.cost.median) == (5, Decimal("0.13"))
    assert found.cost.is_lent and found.days.is_lent


def test_enough_of_the_portfolio_are_not_mixed_with_others():
    found = of(EARNS, elsewhere={21: Typical(cost=Decimal(9))}, visible=(*MISSES, 21)).memory

    assert (found.cost.projects, found.cost.median) == (5, Decimal("0.13"))
    assert not found.cost.is_lent


def test_what_a_reader_may_not_see_is_lent_to_nobody():
    """The hidden one is not even counted among those that are too few."""
    found = of(
        EARNS, finished=few(11, 12), elsewhere=few(13, 14, 15), visible=(1, 11, 12, 13, 14)
    ).memory

    assert found.cost.reason == "Only 2 finished projects have such forecasts; 5 are needed."
    assert not found.cost.is_lent


def test_a_line_and_its_misses_come_back_from_their_stored_text():
    assert from_json(json.loads(json.dumps(to_json(EARNS)))) == EARNS
    assert misses_in(json.loads(json.dumps(stored_misses(MISSES)))) == MISSES


def test_the_figures_behind_the_sentences_are_given_as_numbers():
    found = numbers_of(of(EARNS, BARE))

    assert (found["eac"], found["eac_low"], found["counted"]) == (1500, 1200, 1)
    assert found["methods"] == {"cpi": 1}
    assert found["finish"]["days_late_at_pace"] == 31
    assert found["earlier_forecasts"]["cost"]["projects"] == 5
