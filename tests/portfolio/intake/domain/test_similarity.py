"""Titles are alike as pg_trgm says, counted here so that both databases agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.common.folding import fold
from portfolio.intake.domain.similarity import likest, parts_of, similarity, trigrams


def test_a_word_gives_its_runs_with_two_spaces_in_front_and_one_behind():
    # show_trgm('word') of PostgreSQL
    assert trigrams("word") == {"  w", " wo", "wor", "ord", "rd "}


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        # PostgreSQL's documentation: similarity('word', 'two words')
        ("word", "two words", 0.36363637),
        ("Barcode scanners", "barcode SCANNERS", 1.0),
        ("Barcode scanners", "Atrium roof", 0.0),
        ("", "Atrium", 0.0),
    ],
)
def test_the_published_and_the_plain_cases(one, other, likeness):
    assert similarity(one, other) == pytest.approx(likeness, abs=1e-6)
    assert similarity(other, one) == similarity(one, other)


WORDS = st.lists(
    st.sampled_from(["pump", "pumps", "Pumpe", "water", "wáter", "bed", "beds", "3", "x_ray"]),
    max_size=5,
)


@given(WORDS, WORDS, st.sampled_from([0.05, 0.35, 0.5, 1.0]))
def test_what_is_told_apart_by_its_mark_is_never_as_alike(one, other, least):
    title, text = " ".join(one), "-".join(other)

    found = dict(likest(title, ["", text], least=least, read=fold))

    counted = similarity(fold(title), fold(text))
    assert found == ({1: counted} if counted >= least else {})


def test_systems_are_parted_by_lines_and_commas_and_named_once():
    assert parts_of("Epic,  Pyxis ES\nEpic\n\n") == ("Epic", "Pyxis ES")
