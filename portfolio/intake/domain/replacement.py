"""
How urgently a thing is due to be replaced: a score to 100, and the signs that speak for it.

Score = 20 × (0.25 condition + 0.25 support + 0.20 safety + 0.15 cost + 0.15 age), each part from 1 to 5,
5 the worst. Support: supported 1, ends 3, ended 5. Cost is yearly service divided by the price of a new
one: below 10, 20, 30, 50 %, more = 1 to 5. Age is age divided by expected life: below 0.5, 0.75, 1, 1.25,
more = 1 to 5. Source: section 1, examples CT 88 and pumps 65. The four signs and "two or more": [R7] there.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from portfolio.intake.domain.kinds import Support

SUPPORT_POINTS = {Support.SUPPORTED: 1, Support.ENDS: 3, Support.ENDED: 5}
COST_STEPS = (Decimal("0.10"), Decimal("0.20"), Decimal("0.30"), Decimal("0.50"))
AGE_STEPS = (Decimal("0.5"), Decimal("0.75"), Decimal(1), Decimal("1.25"))
ALMOST_ALWAYS = Decimal("0.50")  # yearly service above so much of the new price
_WEIGHTS = {
    "condition": Decimal("0.25"),
    "support": Decimal("0.25"),
    "safety": Decimal("0.20"),
    "cost": Decimal("0.15"),
    "age": Decimal("0.15"),
}


class Sign(Enum):
    """What speaks for replacing."""

    COSTLY = "costly"
    UNSUPPORTED = "unsupported"
    OUTDATED = "outdated"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """
    A thing in use. Condition and safety from 1 to 5, 5 the worst; age and life in years.

    Money of one year's service and of a new one.
    """

    condition: int
    support: Support
    safety: int
    service_cost: Decimal
    new_cost: Decimal
    age: Decimal
    life: Decimal
    is_outdated: bool = False
    is_failing: bool = False

    @property
    def service_share(self) -> Decimal:
        """Yearly service as a share of the price of a new one."""
        return self.service_cost / self.new_cost

    @property
    def age_share(self) -> Decimal:
        """Age as a share of the expected life."""
        return self.age / self.life


def points(share: Decimal, steps: tuple[Decimal, ...]) -> int:
    """Return 1 below the first step, one more for each step that is reached."""
    return 1 + sum(share >= step for step in steps)


def score(worn: Worn) -> int:
    """Return the score from 20 to 100, rounded half up."""
    parts = {
        "condition": worn.condition,
        "support": SUPPORT_POINTS[worn.support],
        "safety": worn.safety,
        "cost": points(worn.service_share, COST_STEPS),
        "age": points(worn.age_share, AGE_STEPS),
    }
    exact = 20 * sum((_WEIGHTS[name] * value for name, value in parts.items()), Decimal())
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def signs(worn: Worn, *, service_share: Decimal) -> list[Sign]:
    """Return what speaks for replacing; service counts above `service_share` of the new price."""
    found = {
        Sign.COSTLY: worn.service_share > service_share,
        Sign.UNSUPPORTED: worn.support is Support.ENDED,
        Sign.OUTDATED: worn.is_outdated,
        Sign.FAILING: worn.is_failing,
    }
    return [sign for sign, speaks in found.items() if speaks]


def is_due(worn: Worn, *, service_share: Decimal, at_least: int) -> bool:
    """Say whether so many signs speak for it, or service alone costs more than half of a new one."""
    enough = len(signs(worn, service_share=service_share)) >= at_least
    return enough or worn.service_share > ALMOST_ALWAYS
