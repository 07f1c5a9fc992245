"""Rule 1f: what is capital and what is operating."""

from decimal import Decimal

import pytest

from portfolio.intake.domain.capital import CostItem, sides_of
from portfolio.intake.domain.kinds import ItemNature
from projects.domain.kinds import BudgetKind

THRESHOLD = Decimal(5_000)
CAPITAL, OPERATING = BudgetKind.CAPITAL, BudgetKind.OPERATING


def item(amount, *, key=1, nature=ItemNature.EQUIPMENT, life=5, bought_with="", override=None):
    return CostItem(
        key=key,
        nature=nature,
        amount=Decimal(amount),
        life=Decimal(life),
        bought_with=bought_with,
        override=override,
    )


def sides(*items, threshold=THRESHOLD):
    return list(sides_of(items, threshold=threshold).sides.values())


@pytest.mark.parametrize(
    ("amount", "life", "side"),
    [(5_000, 2, CAPITAL), (4_999, 2, OPERATING), (5_000, 1, OPERATING), (9_000, "1.1", CAPITAL)],
)
def test_1f_capital_costs_the_threshold_and_lasts_more_than_a_year(amount, life, side):
    assert sides(item(amount, life=life)) == [side]


def test_1f_forty_chairs_at_250_are_one_set():
    assert sides(item(40 * 250)) == [CAPITAL]
    assert sides(item(250)) == [OPERATING]
    table = item(4_000, key=2, bought_with="day room")
    assert sides(item(1_000, bought_with="day room"), table) == [CAPITAL, CAPITAL]
    assert sides(item(1_000), table) == [OPERATING, OPERATING]


def test_1f_software_bought_with_hardware_counts_with_it():
    hardware = item(4_000, bought_with="pumps")
    software = item(1_500, key=2, nature=ItemNature.SOFTWARE, life=1, bought_with="pumps")

    assert sides(hardware, software) == [CAPITAL, CAPITAL]


def test_1f_software_bought_alone_below_the_threshold_is_operating():
    assert sides(item(4_999, nature=ItemNature.SOFTWARE)) == [OPERATING]
    assert sides(item(5_000, nature=ItemNature.SOFTWARE)) == [CAPITAL]


@pytest.mark.parametrize("nature", [ItemNature.TRAINING, ItemNature.SUBSCRIPTION])
def test_1f_training_and_subscriptions_are_operating_and_make_no_set_larger(nature):
    large = item(90_000, nature=nature)
    beside = item(4_000, key=2, bought_with="pumps")

    assert sides(large) == [OPERATING]
    assert sides(item(90_000, nature=nature, bought_with="pumps"), beside) == [OPERATING, OPERATING]


def test_1f_finance_may_say_otherwise():
    assert sides(item(90_000, nature=ItemNature.TRAINING, override=CAPITAL)) == [CAPITAL]
    assert sides(item(90_000, override=OPERATING)) == [OPERATING]


def test_the_threshold_is_a_setting_and_the_sums_add_up():
    found = sides_of([item(6_000), item(9_000, key=2)], threshold=Decimal(8_000))

    assert (found.capital, found.operating) == (9_000, 6_000)
    assert found.sides == {1: OPERATING, 2: CAPITAL}
