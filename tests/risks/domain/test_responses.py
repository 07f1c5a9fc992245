"""Which response fits which kind of risk."""

import pytest

from risks.domain.responses import FITTING, fits
from risks.models import RiskKind, Strategy


@pytest.mark.parametrize(
    ("kind", "strategy", "expected"),
    [
        ("threat", "reduce", True),
        ("threat", "accept", True),
        ("threat", "exploit", False),
        ("opportunity", "exploit", True),
        ("opportunity", "accept", True),
        ("opportunity", "avoid", False),
        ("threat", "", True),
        ("opportunity", "", True),
    ],
)
def test_fits(kind, strategy, expected):
    assert fits(kind, strategy) is expected


def test_every_kind_and_every_strategy_of_the_model_is_known():
    assert set(FITTING) == set(RiskKind.values)
    assert {one for some in FITTING.values() for one in some} == set(Strategy.values)
