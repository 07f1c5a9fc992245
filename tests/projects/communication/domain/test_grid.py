import pytest

from projects.communication.domain.grid import (
    CLOSELY,
    INFORMED,
    MONITOR,
    SATISFIED,
    spots,
    steps,
    treatment,
)


@pytest.mark.parametrize(
    ("power", "interest", "way"),
    [
        (3, 3, CLOSELY),
        (3, 2, SATISFIED),
        (3, 1, SATISFIED),
        (2, 3, INFORMED),
        (1, 3, INFORMED),
        (2, 2, MONITOR),
        (1, 1, MONITOR),
    ],
)
def test_only_high_counts_as_the_high_side(power, interest, way):
    assert treatment(power, interest) is way


@pytest.mark.parametrize("pair", [(0, 1), (1, 4)])
def test_other_levels_are_refused(pair):
    with pytest.raises(ValueError, match="from 1 to 3"):
        treatment(*pair)


@pytest.mark.parametrize(
    ("now", "wanted", "far"),
    [
        ("unaware", "supportive", 3),
        ("resistant", "supportive", 2),
        ("neutral", "neutral", 0),
        ("leading", "supportive", -1),
    ],
)
def test_steps_from_now_to_wanted(now, wanted, far):
    assert steps(now, wanted) == far


def test_one_dot_stands_in_the_middle_of_its_cell():
    assert spots([(3, 2)]) == [(1, 2, 3)]


def test_dots_of_one_cell_stand_apart_and_inside_it():
    found = spots([(3, 3)] * 7 + [(3, 2)])

    assert [spot.number for spot in found] == list(range(1, 9))
    assert len({(spot.across, spot.up) for spot in found}) == 8
    assert all(2.5 < spot.across < 3.5 and 2.5 < spot.up < 3.5 for spot in found[:7])
    assert found[0].up > found[-2].up  # from the upper left, row by row
    assert found[-1][1:] == (2, 3)
