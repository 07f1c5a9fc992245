"""The risk matrix against its published table, cell by cell."""

import json
from pathlib import Path

import pytest

from risks.domain.matrix import (
    BANDS,
    EXTREME_FROM,
    HIGH_FROM,
    IMPACTS,
    LIKELIHOODS,
    Band,
    Grade,
    band,
    grade,
    score,
)

CASES = json.loads(
    (Path(__file__).resolve().parents[2] / "cases" / "risk_matrix.json").read_text("utf-8")
)
LETTERS = {"L": Band.LOW, "M": Band.MODERATE, "H": Band.HIGH, "E": Band.EXTREME}
CELLS = [
    (int(likelihood), impact, LETTERS[letter])
    for likelihood, letters in CASES["rows"].items()
    for impact, letter in enumerate(letters, start=1)
]


@pytest.mark.parametrize(("likelihood", "impact", "expected"), CELLS)
def test_cell_has_the_published_band(likelihood, impact, expected):
    assert band(likelihood, impact) is expected


def test_the_table_holds_every_cell_once_and_no_other():
    assert len(CELLS) == 25
    assert set(BANDS) == {(x, y) for x, y, _ in CELLS}
    assert set(LIKELIHOODS) == set(IMPACTS) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(("likelihood", "impact", "expected"), CELLS)
def test_the_limits_used_for_counting_agree_with_the_bands(likelihood, impact, expected):
    number = score(likelihood, impact)

    assert (number >= HIGH_FROM) == (expected in {Band.HIGH, Band.EXTREME})
    assert (number >= EXTREME_FROM) == (expected is Band.EXTREME)


@pytest.mark.parametrize("cell", [(0, 3), (3, 0), (6, 1), (1, 6), (-1, -1)])
def test_a_cell_outside_the_matrix_has_no_band(cell):
    with pytest.raises(KeyError):
        band(*cell)


def test_grade_says_a_score_in_words():
    assert grade(4, 5) == Grade(score=20, band=Band.EXTREME, likelihood="Likely", impact="Severe")


@pytest.mark.parametrize("pair", [(None, None), (3, None), (None, 3)])
def test_grade_of_half_a_score_is_none(pair):
    assert grade(*pair) is None
