"""Bands as numbers: kept, read back, known by a name, and refused with a sentence."""

import re
from decimal import Decimal

import pytest

from pmo.organization.bands import (
    OWN,
    PRESETS,
    Bands,
    bands_of,
    faults_of,
    preset_of,
    stored_of,
)

HALF = Bands(cost_green=Decimal("2.5"), stale_days=7, risk_red="high", risk_amber="moderate")


def test_nothing_kept_means_the_bands_of_release_0_1():
    assert bands_of({}) == Bands()
    assert stored_of(Bands()) == {}
    assert (Bands().schedule_green, Bands().schedule_amber, Bands().schedule_days) == (5, 10, 10)
    assert Bands().stale_days == 14


@pytest.mark.parametrize("bands", [HALF, *(one.bands for one in PRESETS.values())])
def test_what_is_kept_is_read_back(bands):
    assert bands_of(stored_of(bands)) == bands
    assert faults_of(bands) == {}


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        ({"schedule_green": "x"}, "A band is a number."),
        ({"schedule_green": None}, "A band is a number."),
        ({"stale_days": []}, "A band is a number."),
        ({"green": 5}, "There is no band “green”."),
    ],
)
def test_what_is_none_says_so(stored, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        bands_of(stored)


def test_a_set_is_known_by_its_numbers_of_schedule_and_cost():
    assert {preset_of(one.bands): key for key, one in PRESETS.items()} == {k: k for k in PRESETS}
    assert preset_of(Bands(stale_days=7, risk_amber="moderate")) == "default"
    assert preset_of(HALF) == OWN


def test_the_federal_set_is_ten_and_thirty_percent():
    federal = PRESETS["federal"].bands

    assert (federal.schedule_green, federal.schedule_amber) == (10, 30)
    assert (federal.cost_green, federal.cost_amber) == (10, 30)


def test_fema_s_indices_are_shares_above():
    fema = PRESETS["fema"].bands

    assert fema.cost_green == round((1 / Decimal("0.95") - 1) * 100, 1)
    assert fema.cost_amber == round((1 / Decimal("0.90") - 1) * 100, 1)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"schedule_green": Decimal(0)}, {"schedule_green"}),
        ({"cost_green": Decimal(-1)}, {"cost_green"}),
        ({"cost_amber": Decimal("100.1")}, {"cost_amber"}),
        ({"cost_amber": Decimal("10.05")}, {"cost_amber"}),
        ({"cost_green": Decimal("NaN")}, {"cost_green"}),
        ({"cost_green": Decimal(10), "cost_amber": Decimal(10)}, {"cost_amber"}),
        ({"schedule_green": Decimal(11)}, {"schedule_amber"}),
        ({"schedule_days": -1}, {"schedule_days"}),
        ({"schedule_days": 61}, {"schedule_days"}),
        ({"stale_days": 0}, {"stale_days"}),
        ({"stale_days": 91}, {"stale_days"}),
        ({"risk_amber": "extreme"}, {"risk_amber"}),
        ({"risk_red": "low"}, {"risk_red"}),
        ({"risk_red": "high"}, {"risk_red"}),
    ],
)
def test_numbers_that_make_no_sense_are_refused_at_their_field(fields, at):
    assert set(faults_of(Bands(**fields))) == at


@pytest.mark.parametrize(
    "fields",
    [
        {"cost_amber": Decimal(100)},
        {"schedule_days": 0},
        {"schedule_days": 60},
        {"stale_days": 1},
        {"stale_days": 90},
    ],
)
def test_the_ends_of_the_ranges_are_good(fields):
    assert faults_of(Bands(**fields)) == {}
