"""Axes as values: their names, which are in use, and what is refused."""

import pytest

from pmo.organization.axes import AXES, DEFAULTS, axes_of, faults_of, stored_of
from projects.domain.health import Axis


def changed(key, **fields):
    return tuple(one._replace(**fields) if one.key == key else one for one in DEFAULTS)


def test_the_axes_are_those_that_updates_have_columns_for():
    assert list(AXES) == [axis.value for axis in Axis]


def test_nothing_kept_means_all_under_their_own_names():
    assert axes_of([]) == DEFAULTS
    assert stored_of(DEFAULTS) == []
    assert [one.name for one in DEFAULTS] == [
        "Schedule",
        "Cost",
        "Scope",
        "Risk",
        "Resources",
        "Quality and compliance",
    ]


def test_what_is_kept_is_read_back_in_the_fixed_order():
    axes = changed("scope", name="Clinical readiness", in_use=False)

    assert axes_of(list(reversed(stored_of(axes)))) == axes
    assert axes_of([{"key": "risk", "name": "  Safety \t risk ", "in_use": True}]) == changed(
        "risk", name="Safety risk"
    )


@pytest.mark.parametrize(
    "stored",
    [
        [{"key": "mood", "name": "Mood", "in_use": True}],
        [
            {"key": "cost", "name": "A", "in_use": True},
            {"key": "cost", "name": "B", "in_use": True},
        ],
        [{"key": "cost"}],
        ["cost"],
        [{"key": "cost", "name": 5, "in_use": True}],
        [{"key": "cost", "name": "Cost", "in_use": "yes"}],
    ],
)
def test_what_is_none_is_refused(stored):
    with pytest.raises(ValueError, match=r"axes are|axis has|axis’s"):
        axes_of(stored)


@pytest.mark.parametrize(
    ("axes", "faults"),
    [
        (changed("scope", name=""), {"scope": "Give the area a name."}),
        (changed("scope", name="x" * 31), {"scope": "Keep the name to 30 characters."}),
        (
            changed("scope", name="COST"),
            {"scope": "“COST” is another axis already. Give it another name."},
        ),
        (
            changed("cost", in_use=False),
            {"cost": "Cost is measured from the data and stays in use."},
        ),
        (changed("scope", name="x" * 30), {}),
        (changed("risk", in_use=False), {}),
    ],
)
def test_names_are_short_and_unique_and_what_is_measured_stays(axes, faults):
    assert faults_of(axes) == faults
