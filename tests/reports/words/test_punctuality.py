"""How far milestones came from what was forecast, where the number of days turns."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from projects.domain.earning.punctuality import HORIZONS, Spread
from reports.words.punctuality import lede


@pytest.mark.parametrize(
    ("low", "median", "high", "said"),
    [
        (-1, 0, 0, (
            "The median milestone came on the day forecast 4 weeks before;"
            " 80% came between 1 day earlier and 0 days later."
        )),
        (1, 2, 30, (
            "The median milestone came 2 days later than forecast 4 weeks before;"
            " 80% came between 1 day later and 30 days later."
        )),
    ],
)  # fmt: skip
def test_the_range_is_said_in_days_earlier_and_later(low, median, high, said):
    spread = Spread(low=Decimal(low), median=Decimal(median), high=Decimal(high))

    assert lede(SimpleNamespace(whole={HORIZONS[0]: spread})) == said


def test_nothing_known_gives_its_reason():
    found = SimpleNamespace(whole={HORIZONS[0]: Spread(reason="Only 2 are done; 5 are needed.")})

    assert lede(found) == (
        "We cannot yet say how accurate milestone forecasts are. Only 2 are done; 5 are needed."
    )
