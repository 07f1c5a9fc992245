"""The score of what is due to be replaced, by the published examples."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.intake.domain.kinds import Support
from portfolio.intake.domain.replacement import Sign, Worn, is_due, score, signs

THIRD = Decimal("0.30")
CT = Worn(
    condition=4,
    support=Support.ENDED,
    safety=4,
    service_cost=Decimal(38),
    new_cost=Decimal(100),
    age=Decimal(11),
    life=Decimal(8),
)
PUMPS = Worn(
    condition=3,
    support=Support.ENDS,
    safety=5,
    service_cost=Decimal(15),
    new_cost=Decimal(100),
    age=Decimal(9),
    life=Decimal(10),
)


def test_the_ct_of_the_example_scores_88():
    assert score(CT) == 88


def test_the_pumps_of_the_example_score_65():
    assert score(PUMPS) == 65


@pytest.mark.parametrize(
    ("percent", "points"),
    [(0, 1), (9.99, 1), (10, 2), (19.9, 2), (20, 3), (30, 4), (49.9, 4), (50, 5), (90, 5)],
)
def test_service_cost_counts_in_five_steps(percent, points):
    worn = replace(PUMPS, service_cost=Decimal(str(percent)))

    assert score(worn) - score(replace(PUMPS, service_cost=Decimal(0))) == 3 * (points - 1)


@pytest.mark.parametrize(
    ("age", "points"), [(0, 1), (4.9, 1), (5, 2), (7.5, 3), (9.9, 3), (10, 4), (12.5, 5)]
)
def test_age_counts_in_five_steps(age, points):
    worn = replace(PUMPS, age=Decimal(str(age)))

    assert score(worn) - score(replace(PUMPS, age=Decimal(0))) == 3 * (points - 1)


def test_two_signs_make_it_due():
    assert signs(CT, service_share=THIRD) == [Sign.COSTLY, Sign.UNSUPPORTED]
    assert is_due(CT, service_share=THIRD, at_least=2)
    assert not is_due(CT, service_share=THIRD, at_least=3)


def test_one_sign_is_not_enough():
    worn = replace(PUMPS, is_failing=True)

    assert signs(worn, service_share=THIRD) == [Sign.FAILING]
    assert not is_due(worn, service_share=THIRD, at_least=2)


def test_service_above_half_of_a_new_one_is_due_by_itself():
    half = replace(PUMPS, service_cost=Decimal(50))

    assert not is_due(half, service_share=THIRD, at_least=2)
    assert is_due(replace(half, service_cost=Decimal(51)), service_share=THIRD, at_least=2)
