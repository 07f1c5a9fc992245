"""What leads from one figure to another is called by the side on which it lies."""

import pytest

from reports.domain.reconciliation import StepKind
from reports.words.reconciliation import STEPS


@pytest.mark.parametrize(
    ("kind", "title", "why"),
    [
        (StepKind.OVER_BUDGET, "Forecast over budget", "forecast more than approved"),
        (StepKind.UNDER_BUDGET, "Forecast under budget", "forecast less than approved"),
        (StepKind.SAME, "No difference", "Both figures are the same"),
        (StepKind.CALCULATED_HIGHER, "Calculated higher than forecast", "points to a higher cost"),
        (StepKind.CALCULATED_LOWER, "Calculated lower than forecast", "points to a lower cost"),
        (StepKind.MONTHS_HIGHER, "Months add up to more", "are more than the forecast cost"),
        (StepKind.MONTHS_LOWER, "Months add up to less", "are less than the forecast cost"),
    ],
)
def test_more_and_less_are_not_mistaken(kind, title, why):
    assert STEPS[kind][0] == title
    assert why in STEPS[kind][1]
