from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.baselining import (
    BaseliningError,
    Item,
    Layers,
    distribute,
    earns_by,
    layers_of,
    moved,
    periods,
    redate,
    shares,
    spread,
)
from projects.domain.calendar import working_days
from projects.domain.kinds import BudgetKind, EarnsBy, TaskKind

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
CENTS = st.decimals(min_value=0, max_value=10**12, places=2)
MONDAY = date(2026, 1, 5)


def count(first, last):
    """Monday to Friday, both days included."""
    return working_days(first - timedelta(days=1), last)


def task(number, amount=None, **fields):
    cost = None if amount is None else Decimal(amount)
    return Item(name=f"Task {number}", task=number, amount=cost, **fields)


def milestone(number, **fields):
    return Item(name=f"M {number}", kind=TaskKind.MILESTONE, milestone=number, **fields)


class TestSpread:
    def test_gives_each_month_its_working_days(self):
        # 20 working days from 19 January to 13 February 2026: ten in each month
        assert spread(Decimal(1000), date(2026, 1, 19), date(2026, 2, 13), count) == {
            date(2026, 1, 1): Decimal(500),
            date(2026, 2, 1): Decimal(500),
        }

    def test_leaves_out_a_month_without_a_working_day(self):
        # Friday 30 January, then Sunday 1 February: all of it is January's
        assert spread(Decimal(90), date(2026, 1, 30), date(2026, 2, 1), count) == {
            date(2026, 1, 1): Decimal(90)
        }

    @pytest.mark.parametrize("start", [None, date(2026, 2, 7)])
    def test_puts_all_into_the_month_of_the_finish_where_nothing_can_be_counted(self, start):
        assert spread(Decimal(90), start, date(2026, 2, 8), count) == {
            date(2026, 2, 1): Decimal(90)
        }

    @given(CENTS, DAYS, st.integers(0, 800))
    def test_adds_up_to_the_cent_and_never_takes_back(self, amount, start, length):
        found = spread(amount, start, start + timedelta(days=length), count)

        assert sum(found.values()) == amount
        assert all(part == part.quantize(Decimal("0.01")) for part in found.values())
        assert all(part >= 0 for part in found.values())
        assert list(found) == sorted(found)


class TestShares:
    def test_are_by_weight(self):
        assert shares(Decimal(100), [1, 3]) == [Decimal(25), Decimal(75)]

    @given(CENTS, st.lists(st.integers(1, 100), min_size=1, max_size=50))
    def test_add_up_to_the_cent(self, amount, weights):
        parts = shares(amount, weights)

        assert sum(parts) == amount
        assert all(
            abs(part - amount * weight / sum(weights)) <= Decimal("0.01")
            for part, weight in zip(parts, weights, strict=True)
        )


class TestWhatEarns:
    def test_is_the_tasks_once_one_costs_something(self):
        assert earns_by([task(1, 5), milestone(1)]) is EarnsBy.TASKS

    def test_is_the_milestones_while_no_task_costs_anything(self):
        assert earns_by([task(1), task(2, 0), milestone(1)]) is EarnsBy.MILESTONES

    def test_is_percent_complete_without_either(self):
        assert earns_by([Item(name="The whole project")]) is EarnsBy.PERCENT


class TestDistribute:
    def test_leaves_tasks_the_money_they_bring(self):
        items = [task(1, 5), milestone(1)]

        assert distribute(items, Decimal(100), {}) == items

    def test_shares_among_milestones_by_weight(self):
        items = [milestone(1, weight=1), milestone(2, weight=3), task(1)]

        found = distribute(items, Decimal(100), {})

        assert [item.amount for item in found] == [Decimal(25), Decimal(75), None]

    def test_leaves_what_is_done_as_it_was(self):
        items = [milestone(1, is_done=True), milestone(2), milestone(3)]

        found = distribute(items, Decimal(130), {("milestone", 1): Decimal(30)})

        assert [item.amount for item in found] == [Decimal(30), Decimal(50), Decimal(50)]

    def test_does_not_take_back_what_was_earned(self):
        items = [milestone(1, is_done=True), milestone(2)]

        with pytest.raises(BaseliningError, match="are worth more than the new budget"):
            distribute(items, Decimal(20), {("milestone", 1): Decimal(30)})

    def test_gives_a_project_without_parts_the_whole(self):
        assert distribute([Item(name="All")], Decimal(9), {})[0].amount == Decimal(9)

    def test_gives_nothing_where_nothing_is_approved(self):
        assert [i.amount for i in distribute([milestone(1)], None, {})] == [None]


class TestLayers:
    def test_leave_undistributed_what_no_task_carries(self):
        found = layers_of(
            [task(1, 60), task(2, 20), task(3)],
            work=Decimal(100),
            contingency=Decimal(10),
            management_reserve=Decimal(5),
            includes_contingency=False,
        )

        assert (found.distributed, found.undistributed) == (Decimal(80), Decimal(20))
        assert found.budget_at_completion == Decimal(100)
        assert found.authorized == Decimal(115)

    def test_are_none_without_any_money(self):
        found = layers_of(
            [task(1)],
            work=None,
            contingency=Decimal(),
            management_reserve=Decimal(),
            includes_contingency=True,
        )

        assert found == Layers(includes_contingency=True)
        assert (found.budget_at_completion, found.authorized) == (None, None)

    def test_refuse_tasks_that_cost_more_than_is_approved(self):
        with pytest.raises(
            BaseliningError, match=r"tasks cost 80\.01, but the approved budget .* 80\.00"
        ):
            layers_of(
                [task(1, "80.01")],
                work=Decimal(80),
                contingency=Decimal(),
                management_reserve=Decimal(),
                includes_contingency=False,
            )

    @given(CENTS, CENTS, CENTS, CENTS, st.booleans())
    def test_always_balance(self, done, rest, contingency, management, includes):
        found = layers_of(
            [task(1, done)],
            work=done + rest,
            contingency=contingency,
            management_reserve=management,
            includes_contingency=includes,
        )

        assert (
            found.authorized == found.distributed + found.undistributed + contingency + management
        )
        inside = contingency if includes else 0
        assert found.budget_at_completion == done + rest + inside
        assert found.budget_at_completion <= found.authorized


class TestPeriods:
    def test_keep_capital_and_operating_apart(self):
        items = [
            task(1, 100, start=MONDAY, finish=MONDAY, money=BudgetKind.OPERATING),
            task(2, 100, start=MONDAY, finish=MONDAY),
            milestone(3),
        ]

        found = periods(items, finish=MONDAY, counts={"": count}, capital=Decimal("0.25"))

        assert found == {
            (date(2026, 1, 1), BudgetKind.CAPITAL): Decimal(25),
            (date(2026, 1, 1), BudgetKind.OPERATING): Decimal(175),
        }

    @given(
        st.lists(st.tuples(CENTS, DAYS, st.integers(0, 400)), min_size=1, max_size=5),
        st.integers(0, 100),
    )
    def test_add_up_to_the_items(self, rows, percent):
        items = [
            task(n, amount, start=start, finish=start + timedelta(days=length))
            for n, (amount, start, length) in enumerate(rows)
        ]

        found = periods(items, finish=MONDAY, counts={"": count}, capital=Decimal(percent) / 100)

        assert sum(found.values()) == sum(item.amount for item in items)


class TestMoved:
    OLD = date(2026, 6, 1)

    @pytest.mark.parametrize(
        ("slip", "approved", "expected"),
        [
            (0, 0, 0),
            (10, 0, 0),  # a slip that nobody approved stays one
            (10, 7, 7),
            (5, 7, 5),
            (-5, 7, 0),
            (-5, -10, -5),
            (-15, -10, -10),
            (3, -10, 0),
        ],
    )
    def test_a_date_goes_where_it_is_forecast_but_no_further_than_approved(
        self, slip, approved, expected
    ):
        forecast = self.OLD + timedelta(days=slip)

        assert moved(forecast, self.OLD, approved) == self.OLD + timedelta(days=expected)

    def test_a_date_that_one_version_lacks_is_the_other_s(self):
        assert moved(None, self.OLD, 5) == self.OLD
        assert moved(self.OLD, None, 5) == self.OLD

    @given(
        DAYS, st.integers(0, 400), st.integers(-400, 400), st.integers(0, 400), st.integers(-99, 99)
    )
    def test_a_start_never_passes_its_finish(self, old, old_length, slip, length, days):
        start = old + timedelta(days=slip)
        first = moved(start, old, days)
        last = moved(start + timedelta(days=length), old + timedelta(days=old_length), days)

        assert first <= last


def test_a_new_version_keeps_what_is_done_and_holds_what_is_new_to_the_finish():
    june, july, august = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
    before = {i.key: i for i in [milestone(1, finish=june), milestone(2, finish=june)]}
    items = [
        milestone(1, finish=july, is_done=True),
        milestone(2, finish=july),
        milestone(3, start=august, finish=august),
        milestone(4),
    ]

    found = redate(items, before, days=20, finish=july)

    assert [i.finish for i in found] == [june, date(2026, 6, 21), july, None]
    assert found[2].start == july


def test_a_finish_that_was_brought_forward_holds_what_is_not_done():
    december = date(2026, 12, 31)
    before = {i.key: i for i in [task(n, start=december, finish=december) for n in (1, 2)]}
    items = [
        task(1, start=december, finish=december),
        task(2, start=december, finish=december, is_done=True),
    ]

    found = redate(items, before, days=-10, finish=date(2026, 12, 21))

    assert [(i.start, i.finish) for i in found] == [
        (date(2026, 12, 21), date(2026, 12, 21)),
        (december, december),
    ]


def test_a_task_that_is_done_keeps_what_it_was_worth():
    items = [task(1, 600, is_done=True), task(2, 300), task(3, 50, is_done=True)]
    kept = {("task", 1): Decimal(400), ("task", 2): Decimal(200)}

    found = distribute(items, Decimal(1000), kept)

    assert [i.amount for i in found] == [400, 300, 50]
