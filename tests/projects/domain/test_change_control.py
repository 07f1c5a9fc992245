from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.change_control import (
    DEFAULT_LIMITS,
    ApprovalLevel,
    Approved,
    ChangeEffect,
    approve_by,
    funding_fault,
    overdue_from,
    used_by,
    who_decides,
)
from projects.domain.kinds import ChangeFunding

BUDGET = Decimal(1_000_000)  # 2 % is 20,000; 5 % is 50,000
EFFECTS = st.builds(
    ChangeEffect,
    st.decimals(min_value=-200_000, max_value=200_000, places=2),
    st.integers(-60, 60),
)
LEVELS = st.sampled_from(list(ApprovalLevel))
PAST = st.lists(
    st.builds(Approved, EFFECTS, LEVELS, st.one_of(st.none(), st.integers(2, 9))), max_size=6
)


def decides(cost=0, days=0, *approved, budget=BUDGET):
    effect = ChangeEffect(Decimal(cost), days)
    return who_decides(effect, budget=budget, limits=DEFAULT_LIMITS, approved=approved).level


def before(cost, days, level, version=None):
    return Approved(ChangeEffect(Decimal(cost), days), level, version)


@pytest.mark.parametrize(
    ("cost", "days", "level"),
    [
        (0, 0, ApprovalLevel.MANAGER),
        (20_000, 5, ApprovalLevel.MANAGER),
        ("20_000.01", 0, ApprovalLevel.SPONSOR),
        (0, 6, ApprovalLevel.SPONSOR),
        (50_000, 20, ApprovalLevel.SPONSOR),
        ("50_000.01", 0, ApprovalLevel.LEAD),
        (0, 21, ApprovalLevel.LEAD),
        (20_000, 21, ApprovalLevel.LEAD),
        (-60_000, 0, ApprovalLevel.LEAD),  # giving a lot back is a large change too
        (0, -6, ApprovalLevel.SPONSOR),
    ],
)
def test_the_lowest_level_whose_limits_hold_the_change_decides(cost, days, level):
    assert decides(cost, days) is level


def test_many_small_changes_add_up():
    small = before(8_000, 0, ApprovalLevel.MANAGER)

    assert decides(8_000, 0, small) is ApprovalLevel.MANAGER
    assert decides(8_000, 0, small, small) is ApprovalLevel.SPONSOR
    assert decides(8_000, 0, *[small] * 6) is ApprovalLevel.LEAD


def test_what_goes_up_and_down_again_counts_twice():
    assert decides(0, 3, before(0, -3, ApprovalLevel.MANAGER)) is ApprovalLevel.SPONSOR


def test_a_higher_level_s_approval_does_not_use_up_a_lower_one():
    assert decides(20_000, 5, before(40_000, 15, ApprovalLevel.SPONSOR)) is ApprovalLevel.MANAGER
    assert decides(30_000, 0, before(40_000, 15, ApprovalLevel.SPONSOR)) is ApprovalLevel.LEAD


def test_a_baseline_of_a_higher_level_starts_anew():
    own = before(20_000, 5, ApprovalLevel.MANAGER, version=2)

    assert decides(1, 0, own) is ApprovalLevel.SPONSOR
    assert (
        decides(1, 0, own, before(1, 0, ApprovalLevel.SPONSOR, version=3)) is ApprovalLevel.MANAGER
    )
    assert (
        decides(1, 0, own, before(1, 0, ApprovalLevel.SPONSOR)) is ApprovalLevel.SPONSOR
    )  # not implemented
    later = before(20_000, 5, ApprovalLevel.MANAGER, version=4)
    assert (
        decides(1, 0, before(1, 0, ApprovalLevel.SPONSOR, version=3), later)
        is ApprovalLevel.SPONSOR
    )


def test_days_used_up_do_not_weigh_on_money_alone():
    assert decides(1_000, 0, before(0, 5, ApprovalLevel.MANAGER)) is ApprovalLevel.MANAGER
    assert decides(0, 1, before(20_000, 0, ApprovalLevel.MANAGER)) is ApprovalLevel.MANAGER


def test_money_alone_is_not_weighed_by_days_that_are_used_up_beyond_the_limit():
    three = before(0, 3, ApprovalLevel.MANAGER)

    assert decides(1_000, 0, three, three) is ApprovalLevel.MANAGER
    assert decides(1_000, 1, three, three) is ApprovalLevel.SPONSOR


@pytest.mark.parametrize("budget", [None, Decimal()])
def test_without_a_budget_there_is_no_share_of_it(budget):
    assert decides(1, 0, budget=budget) is ApprovalLevel.LEAD
    assert decides(0, 5, budget=budget) is ApprovalLevel.MANAGER


@given(EFFECTS, PAST, LEVELS)
def test_more_approved_before_never_lowers_who_decides(effect, past, level):
    def rank(approved):
        verdict = who_decides(effect, budget=BUDGET, limits=DEFAULT_LIMITS, approved=approved)
        return verdict.level.rank

    assert rank([*past, before(7_000, 4, level)]) >= rank(past)


@given(EFFECTS, PAST)
def test_the_order_of_what_was_approved_says_nothing(effect, past):
    def verdict(approved):
        return who_decides(effect, budget=BUDGET, limits=DEFAULT_LIMITS, approved=approved)

    assert verdict(past) == verdict(past[::-1])


@given(EFFECTS, PAST)
def test_every_check_but_the_last_fails(effect, past):
    level, checks, *_ = who_decides(effect, budget=BUDGET, limits=DEFAULT_LIMITS, approved=past)

    assert [check.fits for check in checks[:-1]] == [False] * (len(checks) - 1)
    assert checks[-1].fits == (level is not ApprovalLevel.LEAD)
    assert [check.used for check in checks] == [used_by(check.level, past) for check in checks]


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 23)),  # Monday to Monday
        (date(2026, 11, 20), date(2026, 11, 27)),
        (date(2026, 11, 21), date(2026, 11, 27)),  # Saturday
    ],
)
def test_an_emergency_is_approved_within_five_working_days(raised, due):
    assert approve_by(raised) == due


@pytest.mark.parametrize(
    ("cost", "funding", "fault"),
    [
        (0, ChangeFunding.NONE, ""),
        (5, ChangeFunding.NEW, ""),
        (-5, ChangeFunding.CONTINGENCY, ""),
        (5, ChangeFunding.NONE, "Say where the money comes from, or where it goes back to."),
        (
            0,
            ChangeFunding.NEW,
            "This change needs no money: choose “No money needed”, or give its cost.",
        ),
    ],
)
def test_money_and_its_source_go_together(cost, funding, fault):
    assert funding_fault(Decimal(cost), funding) == fault


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 30))
def test_overdue_is_what_should_have_been_approved_before_today(today, age):
    raised = today - timedelta(days=age)

    assert (raised <= overdue_from(today)) == (approve_by(raised) < today)
