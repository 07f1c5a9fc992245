"""Money that lapses and months that add up: cases worked out by hand, and properties."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.calendar import fiscal_months, month_of, months_from
from projects.domain.money import LineMoney, at_completion, lapsing, planned_use, to_come

AS_OF = date(2026, 11, 20)
EXPIRY = date(2027, 9, 30)
MONEY = st.decimals(0, 10**9, places=2)
MONTHS = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2029, 12, 31)).map(month_of), MONEY, max_size=12
)
LINES = st.builds(LineMoney, spent=MONEY, committed=MONEY, spent_this_month=MONEY, months=MONTHS)


def month(text):
    return date.fromisoformat(f"{text}-01")


def line(spent=0, committed=0, this_month=0, **months):
    return LineMoney(
        spent=Decimal(spent),
        committed=Decimal(committed),
        spent_this_month=Decimal(this_month),
        months={month(name[1:].replace("_", "-")): Decimal(v) for name, v in months.items()},
    )


class TestMonths:
    def test_are_named_by_their_first_day(self):
        assert month_of(date(2027, 2, 28)) == date(2027, 2, 1)

    def test_follow_each_other_over_new_year(self):
        assert months_from(date(2026, 11, 20), 3) == [
            date(2026, 11, 1),
            date(2026, 12, 1),
            date(2027, 1, 1),
        ]

    @pytest.mark.parametrize(
        ("start_month", "first", "last"),
        [
            (1, date(2027, 1, 1), date(2027, 12, 1)),
            (7, date(2026, 7, 1), date(2027, 6, 1)),
            (10, date(2026, 10, 1), date(2027, 9, 1)),
        ],
    )
    def test_of_a_fiscal_year_end_in_the_year_that_names_it(self, start_month, first, last):
        found = fiscal_months(2027, start_month=start_month)

        assert (found[0], found[-1], len(found)) == (first, last, 12)


class TestToCome:
    def test_counts_the_months_after_this_one(self):
        # October is over, December and January are to come: 20 + 30
        assert to_come(line(m2026_10=99, m2026_12=20, m2027_01=30), as_of=AS_OF) == 50

    @pytest.mark.parametrize(("spent", "left"), [(0, 40), (15, 25), (40, 0), (55, 0)])
    def test_of_this_month_counts_what_is_not_spent_yet(self, spent, left):
        assert to_come(line(this_month=spent, m2026_11=40), as_of=AS_OF) == left

    def test_leaves_out_months_that_begin_after_the_end(self):
        months = line(m2026_12=20, m2027_09=30, m2027_10=50)

        assert to_come(months, as_of=AS_OF, until=EXPIRY) == 50

    def test_counts_the_month_of_the_end_in_full(self):
        assert to_come(line(m2027_09=30), as_of=AS_OF, until=date(2027, 9, 1)) == 30

    def test_is_nothing_once_the_end_is_over(self):
        assert to_come(line(m2026_11=30), as_of=AS_OF, until=date(2026, 11, 19)) == 0

    @given(LINES, st.dates(date(2026, 1, 1), date(2029, 12, 31)))
    def test_never_grows_by_an_end(self, money, until):
        assert to_come(money, as_of=AS_OF, until=until) <= to_come(money, as_of=AS_OF)


class TestLapsing:
    def of(self, allotted, *lines, expires_on=EXPIRY, as_of=AS_OF):
        return lapsing(allotted=Decimal(allotted), lines=lines, expires_on=expires_on, as_of=as_of)

    def test_is_what_is_left_after_costs_and_months(self):
        # 1000 allotted, 300 spent, 10 + 190 in the months up to September: 500 lapse;
        # the 400 of October come too late
        money = line(spent=300, m2026_12=10, m2027_09=190, m2027_10=400)

        assert self.of(1000, money) == 500

    def test_does_not_count_a_commitment_and_its_months_twice(self):
        # the months (200) pay the commitment (150): 1000 - 300 - 200, not - 350
        assert self.of(1000, line(spent=300, committed=150, m2026_12=200)) == 500

    def test_counts_a_commitment_that_no_month_pays(self):
        assert self.of(1000, line(spent=300, committed=150, m2027_10=200)) == 550

    def test_takes_the_larger_use_of_each_line_by_itself(self):
        # 1000 - (100 committed of one line) - (70 in months of the other)
        assert self.of(1000, line(committed=100), line(m2026_12=70)) == 830

    def test_is_never_below_zero(self):
        assert self.of(1000, line(spent=1200)) == 0

    def test_of_an_expired_source_is_what_was_not_used_in_time(self):
        money = line(spent=600, committed=100, m2026_11=300)

        assert self.of(1000, money, expires_on=date(2026, 9, 30)) == 300

    def test_without_any_use_is_all_of_it(self):
        assert self.of("1200000.50") == Decimal("1200000.50")

    @given(MONEY, st.lists(LINES, max_size=4))
    def test_is_between_nothing_and_the_allotment(self, allotted, lines):
        assert 0 <= self.of(allotted, *lines) <= allotted

    @given(MONEY, st.lists(LINES, max_size=4), MONEY)
    def test_never_grows_when_more_is_spent(self, allotted, lines, more):
        assert self.of(allotted, *lines, LineMoney(spent=more)) <= self.of(allotted, *lines)

    @given(MONEY, st.lists(LINES, max_size=4), MONEY)
    def test_a_month_after_the_expiry_changes_nothing(self, allotted, lines, amount):
        late = LineMoney(months={date(2027, 10, 1): amount})

        assert self.of(allotted, *lines, late) == self.of(allotted, *lines)

    @given(MONEY, LINES, MONEY)
    def test_paying_a_commitment_changes_nothing(self, allotted, money, paid):
        paid = min(paid, money.committed)
        before = LineMoney(spent=money.spent, committed=money.committed)
        after = LineMoney(spent=money.spent + paid, committed=money.committed - paid)

        assert self.of(allotted, before) == self.of(allotted, after)


def test_planned_use_is_never_below_zero():
    assert planned_use(line(committed=-5, m2026_12=-7), as_of=AS_OF) == 0


def test_at_completion_is_spent_and_the_months_to_come():
    # 300 + (40 - 15 left of November) + 60, and 5 of a line that has no months
    lines = [line(spent=300, this_month=15, m2026_10=9, m2026_11=40, m2026_12=60), line(spent=5)]

    assert at_completion(lines, as_of=AS_OF) == 390


@given(st.lists(LINES, max_size=4))
def test_at_completion_is_at_least_what_is_spent(lines):
    assert at_completion(lines, as_of=AS_OF) >= sum(one.spent for one in lines)
