"""The currency of an exported plan: its sign, its side, and its code where that is known."""

from datetime import UTC, datetime

import pytest
from defusedxml.ElementTree import fromstring

from projects.domain.exchange.mspdi_writing import write_mspdi
from projects.domain.exchange.planfile import PlanFile
from tests.projects.domain.exchange.mspdi_shape import NAMESPACE


@pytest.mark.parametrize(
    ("currency", "is_behind", "position", "code"),
    [
        ("$", False, "0", "USD"),
        ("€", True, "3", "EUR"),
        ("CA$", False, "0", "CAD"),
        ("CHF", False, "2", "CHF"),
        ("NZD", True, "3", "NZD"),
        ("kr", True, "3", "X" * 3),
    ],
)
def test_a_plan_says_how_its_amounts_are_written(currency, is_behind, position, code):
    made = write_mspdi(
        PlanFile(title="Wing"),
        currency=currency,
        is_behind=is_behind,
        made_at=datetime(2026, 1, 5, tzinfo=UTC),
    )

    root = fromstring(made)
    said = {
        name: root.findtext(f"{NAMESPACE}Currency{name}")
        for name in ("Symbol", "SymbolPosition", "Code")
    }
    assert said == {"Symbol": currency, "SymbolPosition": position, "Code": code}
