"""The clock, the contingency, what a lane asks for, and which state follows which."""

from datetime import date
from decimal import Decimal

import pytest

from portfolio.intake.domain.clock import days_between, due_on, soon_until
from portfolio.intake.domain.contingency import left, may_draw
from portfolio.intake.domain.grounds import has_lapsed, has_moved, is_scored
from portfolio.intake.domain.kinds import (
    NEXT,
    STATE_AFTER,
    GroundKind,
    RequestState,
    TriageOutcome,
    follows,
)
from projects.domain.kinds import Lane
from projects.domain.workdays import MONDAY_TO_FRIDAY, workdays

FRIDAY = date(2026, 11, 20)
MILLION = Decimal(1_000_000)


def test_ten_working_days_from_a_friday_end_two_weeks_later():
    assert due_on(FRIDAY, used=0, days=10, calendar=MONDAY_TO_FRIDAY) == date(2026, 12, 4)


def test_1g_days_that_were_used_before_a_question_count():
    assert due_on(FRIDAY, used=7, days=10, calendar=MONDAY_TO_FRIDAY) == date(2026, 11, 25)
    assert due_on(FRIDAY, used=12, days=10, calendar=MONDAY_TO_FRIDAY) == FRIDAY


def test_holidays_are_no_working_days():
    thanksgiving = date(2026, 11, 26)
    calendar = workdays("1111100", ((thanksgiving, thanksgiving, False),))

    assert due_on(FRIDAY, used=0, days=10, calendar=calendar) == date(2026, 12, 7)


def test_the_day_of_submission_is_day_0_and_a_weekend_adds_none():
    assert days_between(FRIDAY, FRIDAY, MONDAY_TO_FRIDAY) == 0
    assert days_between(FRIDAY, date(2026, 11, 22), MONDAY_TO_FRIDAY) == 0
    assert days_between(FRIDAY, date(2026, 11, 23), MONDAY_TO_FRIDAY) == 1
    assert soon_until(FRIDAY, MONDAY_TO_FRIDAY) == date(2026, 11, 27)


def test_the_contingency_of_the_example_keeps_1_545_million():
    draws = [Decimal(310_000), Decimal(145_000)]

    assert left(2 * MILLION, draws) == Decimal(1_545_000)
    assert not may_draw(Decimal(1_600_000), contingency=2 * MILLION, draws=draws)
    assert may_draw(Decimal(1_545_000), contingency=2 * MILLION, draws=draws)
    assert not may_draw(Decimal("1545000.01"), contingency=2 * MILLION, draws=draws)


@pytest.mark.parametrize("lane", list(Lane))
def test_1c_only_mandatory_work_is_not_scored(lane):
    assert is_scored(lane) is (lane is not Lane.MANDATORY)


def test_1b_growth_is_no_ground():
    assert {one.value for one in GroundKind} == {
        "regulation",
        "safety",
        "security",
        "vendor",
        "contract",
    }


@pytest.mark.parametrize(
    ("now", "moved"),
    [
        (date(2027, 3, 1), False),
        (date(2027, 3, 2), True),
        (date(2026, 9, 2), False),
        (date(2026, 9, 1), True),
    ],
)
def test_1d_a_date_that_moves_more_than_90_days_either_way_does_not_hold(now, moved):
    assert has_moved(date(2026, 12, 1), now, most_days=90) is moved


def test_1d_a_date_lapses_on_the_day_after():
    assert not has_lapsed(FRIDAY, FRIDAY)
    assert has_lapsed(FRIDAY, date(2026, 11, 21))


def test_each_decision_leads_to_a_state_that_follows_triage():
    assert set(NEXT) == set(RequestState)
    assert set(STATE_AFTER) == set(TriageOutcome)
    assert all(follows(RequestState.TRIAGE, then) for then in STATE_AFTER.values())
    assert NEXT[RequestState.WITHDRAWN] == frozenset()
