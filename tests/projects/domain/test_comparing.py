from datetime import date
from decimal import Decimal

from projects.domain.baselining import Item
from projects.domain.comparing import MonthPair, compare_items, compare_months
from projects.domain.kinds import BudgetKind

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def task(number, finish, amount=None):
    cost = None if amount is None else Decimal(amount)
    return Item(name=f"Task {number}", task=number, finish=finish, amount=cost)


def test_pieces_are_paired_by_what_they_are_and_not_by_name():
    first = [task(1, JUNE, 5), task(2, JUNE), task(3, JUNE, 7)]
    second = [task(4, JULY, 9), task(1, JULY, 5), task(2, JUNE)]

    pairs = compare_items(first, second)

    assert [(p.name, p.state, p.days, p.money, p.differs) for p in pairs] == [
        ("Task 4", "added", None, Decimal(9), True),
        ("Task 1", "", 30, Decimal(0), True),
        ("Task 2", "", 0, None, False),
        ("Task 3", "removed", None, Decimal(-7), True),
    ]


def test_a_piece_without_a_finish_moved_by_nothing_known():
    pair = compare_items([task(1, None)], [task(1, JUNE)])[0]

    assert (pair.days, pair.differs) == (None, False)


def test_months_of_both_are_paired_by_kind():
    capital, operating = BudgetKind.CAPITAL, BudgetKind.OPERATING
    first = {(JULY, capital): Decimal(5), (JUNE, capital): Decimal(1)}
    second = {(JULY, capital): Decimal(8), (JULY, operating): Decimal(2)}

    pairs = compare_months(first, second)

    assert pairs == [
        MonthPair(month=JUNE, kind=capital, first=Decimal(1), second=Decimal(0)),
        MonthPair(month=JULY, kind=capital, first=Decimal(5), second=Decimal(8)),
        MonthPair(month=JULY, kind=operating, first=Decimal(0), second=Decimal(2)),
    ]
    assert [pair.money for pair in pairs] == [-1, 3, 2]
