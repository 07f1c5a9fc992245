import itertools

import pytest

from projects.domain.colors import CHOICES, ORDER, Color, is_better, worst

R, A, N, G = Color.RED, Color.AMBER, Color.NONE, Color.GREEN


def test_lists_put_silence_before_good_news():
    assert sorted(Color, key=ORDER.__getitem__) == [R, A, N, G]


@pytest.mark.parametrize(
    ("colors", "expected"), [([], N), ([N], N), ([N, G], G), ([G, A], A), ([A, R, G], R)]
)
def test_worst_passes_over_silence(colors, expected):
    assert worst(colors) is expected
    assert worst(reversed(colors)) is expected


def test_better_compares_only_what_says_something():
    better = {pair for pair in itertools.product(Color, repeat=2) if is_better(*pair)}

    assert better == {(G, A), (G, R), (A, R)}


def test_words_and_letters():
    assert [color.label for color in Color] == ["Red", "Amber", "No report", "Green"]
    assert [color.letter for color in Color] == ["R", "A", "N", "G"]


def test_nobody_can_choose_no_report():
    assert CHOICES == [("green", "Green"), ("amber", "Amber"), ("red", "Red")]
