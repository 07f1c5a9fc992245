"""Every figure explains itself with the project's own numbers."""

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from pmo.common.page import formats
from projects.domain.earning.earned_schedule import EarnedTime, ScheduleCourse, earned_time
from projects.domain.earning.figure import Figure, known, missing
from projects.domain.earning.indices import Indices, Method, Standing, indices
from projects.words.earned_value import DEFINITIONS
from projects.words.earned_value_explained import InputSource, explain, written


def values():
    standing = Standing(
        budget=known(Decimal(1000)),
        planned=known(Decimal(500)),
        earned=known(Decimal(400)),
        actual=known(Decimal(500)),
        bottom_up=known(Decimal(1300)),
    )
    found = indices(standing)
    linear = [Decimal(100) * day for day in range(11)]
    course = ScheduleCourse(
        planned=linear.__getitem__,
        duration=10,
        elapsed=Decimal(5),
        earned=Decimal(400),
        budget=Decimal(1000),
    )
    time = earned_time(course, cpi=found.cpi, spi=found.spi)
    named = {f.name: getattr(found, f.name) for f in fields(Indices) if f.name != "eac_method"}
    times = {f.name: getattr(time, f.name) for f in fields(EarnedTime)}
    inputs = {name: getattr(standing, name) for name in ("budget", "planned", "earned", "actual")}
    lengths = {"planned_duration": known(Decimal(10)), "elapsed": known(Decimal(5))}
    effort = {"effort_share": known(Decimal("0.2")), "spi_discrete": known(Decimal("0.75"))}
    return {**inputs, **lengths, **effort, **named, **times}


@pytest.mark.parametrize(
    ("key", "worked"),
    [
        ("cost_variance", "$400 − $500 = −$100"),
        ("cpi", "$400 ÷ $500 = 0.80"),
        ("spi", "$400 ÷ $500 = 0.80"),
        ("complete", "$400 ÷ $1,000 = 40.0%"),
        ("eac_cpi", "$500 + ($1,000 − $400) ÷ 0.80 = $1,250"),
        ("tcpi_bottom_up", "($1,000 − $400) ÷ ($1,300 − $500) = 0.75"),
        ("cost_variance_share", "−$100 ÷ $400 = −25.0%"),
        ("spi_t", "4 working days ÷ 5 working days = 0.80"),
        ("time_variance", "4 working days − 5 working days = −1 working days"),
    ],
)
def test_formula_is_printed_with_the_numbers(key, worked):
    assert explain(key, values(), currency="$").worked == worked


def test_durations_show_a_part_of_a_day_only_where_there_is_one():
    assert written("elapsed", known(Decimal("5.00")), "$") == "5 working days"
    assert written("elapsed", known(Decimal("5.04")), "$") == "5 working days"
    assert written("elapsed", known(Decimal("-5.25")), "$") == "−5.3 working days"
    assert written("elapsed", known(Decimal("876.4")), "$") == "876 working days"


def test_what_is_earned_for_one_unit_of_money_is_said_in_the_money_of_the_organization():
    found = explain("cpi", values(), currency="€")

    assert found.definition.label == "Value earned per €1 spent"
    assert written("cpi", known(Decimal("0.9")), "€") == "€0.90"
    assert written("spi", known(Decimal("0.95")), "€") == "95%"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("cost_variance", "100", "$100 under"),
        ("at_completion", "-134000", f"{formats.money(134_000)} over"),
        ("at_completion_share", "-0.05", "5.0% over"),
        ("at_completion_share", "-0.0004", "0.0%"),
        ("schedule_variance", "-100", "$100 behind plan"),
        ("schedule_variance_share", "0.1", "10.0% ahead of plan"),
        ("time_variance", "-3", "3 working days late"),
        ("time_variance", "3", "3 working days early"),
        ("time_variance", "0", "0 working days"),
    ],
)
def test_a_difference_says_its_side_in_words_where_signs_would_contradict(key, value, said):
    assert written(key, known(Decimal(value)), "$") == said


@pytest.mark.parametrize(
    ("value", "ratio", "share"),
    [("0.945", "$0.95", "95%"), ("0.005", "$0.01", "1%"), ("1.005", "$1.01", "101%")],
)
def test_halves_are_rounded_up_as_on_every_other_page(value, ratio, share):
    assert written("cpi", known(Decimal(value)), "$") == ratio
    assert written("spi", known(Decimal(value)), "$") == share
    assert written("spi_t", known(Decimal(value)), "$") == ratio[1:]


@pytest.mark.parametrize(
    ("method", "worked"),
    [
        (Method.CPI, "$500 + ($1,000 − $400) ÷ 0.80 = $1,250"),
        (Method.RATE, "$500 + ($1,000 − $400) = $1,250"),
        (Method.DONE, ""),
    ],
)
def test_the_headline_estimate_shows_the_numbers_of_the_way_that_was_chosen(method, worked):
    assert explain("eac", values(), currency="$", method=method).worked == worked


def test_every_figure_has_a_definition_and_every_definition_a_figure():
    assert set(values()) == set(DEFINITIONS)


@pytest.mark.parametrize("key", DEFINITIONS)
def test_every_formula_uses_figures_that_are_defined_and_has_a_source(key):
    found = explain(key, values(), currency="$")

    assert set(found.definition.uses) <= set(DEFINITIONS)
    assert found.sources
    assert found.figure.value is not None
    assert bool(found.worked) == bool(found.definition.worked)
    assert all(text for text in found.definition[:5])


def test_sources_are_those_of_all_the_inputs():
    found = explain("tcpi_bottom_up", values(), currency="$")

    assert found.sources == (
        InputSource.BASELINE,
        InputSource.COSTS,
        InputSource.FORECAST,
        InputSource.PROGRESS,
    )


def test_figure_that_is_not_known_says_why_and_shows_no_sum():
    found = explain("cpi", values() | {"cpi": missing("No cost recorded.")}, currency="$")

    assert (found.figure, found.worked) == (missing("No cost recorded."), "")
    assert written("cpi", Figure(None, "why"), "$") == "–"


@pytest.mark.parametrize("key", DEFINITIONS)
def test_every_figure_is_in_the_documentation_as_the_page_says_it(key):
    one = DEFINITIONS[key].said("$1")
    page = (Path(__file__).parents[4] / "docs" / "numbers.md").read_text(encoding="utf-8")

    assert f"| {one.label} | {one.term} | {one.meaning} | {one.formula} |" in page


def test_unknown_figure_is_refused():
    with pytest.raises(KeyError):
        explain("nonsense", values(), currency="$")
