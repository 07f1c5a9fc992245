from datetime import date
from decimal import Decimal

from projects.domain.earning.frozen_course import FrozenPoint, Took, planned_course

DAY = [date(2026, 1, day) for day in range(1, 32)]
TODAY = FrozenPoint(DAY[20], 2, Decimal(30))
CURVE = [(DAY[n], Decimal(n)) for n in (0, 5, 10, 15, 20, 25, 30)]


def frozen(number, baseline, planned):
    return FrozenPoint(DAY[number], baseline, None if planned is None else Decimal(planned))


def test_the_past_is_as_it_was_frozen_and_steps_at_a_new_baseline():
    past = [frozen(6, 1, 40), frozen(13, 1, 60), frozen(19, 2, 29)]

    found = planned_course(past, today=TODAY, curve=CURVE, since=DAY[15])

    assert list(found.points) == [
        (DAY[6], 40),
        (DAY[13], 60),
        (DAY[19], 60),
        (DAY[19], 29),
        (DAY[20], 30),
        (DAY[25], 25),
        (DAY[30], 30),
    ]
    assert found.took == [Took(DAY[19], 2)]


def test_a_baseline_that_nothing_was_frozen_of_yet_steps_today():
    found = planned_course([frozen(6, 1, 40)], today=TODAY, curve=CURVE, since=DAY[20])

    assert list(found.points)[:3] == [(DAY[6], 40), (DAY[20], 40), (DAY[20], 30)]
    assert found.took == [Took(DAY[20], 2)]


def test_before_the_first_freeze_the_first_baseline_speaks_for_itself():
    past = [frozen(6, 1, 40)]

    found = planned_course(past, today=TODAY._replace(baseline=1), curve=CURVE, since=None)

    assert list(found.points)[:3] == [(DAY[0], 0), (DAY[5], 5), (DAY[6], 40)]
    assert not found.took


def test_a_later_baseline_says_nothing_of_the_days_before_it_held():
    found = planned_course([], today=TODAY, curve=CURVE, since=DAY[15])

    assert list(found.points) == [
        (DAY[15], 15),
        (DAY[20], 30),
        (DAY[25], 25),
        (DAY[30], 30),
    ]


def test_weeks_without_a_baseline_leave_no_point():
    past = [frozen(3, None, None), frozen(6, 2, 10)]

    found = planned_course(past, today=TODAY, curve=CURVE, since=DAY[5])

    assert list(found.points)[:2] == [(DAY[5], 5), (DAY[6], 10)]


def test_without_a_plan_there_is_no_line():
    today = FrozenPoint(DAY[20], None, None)

    assert list(planned_course([], today=today, curve=[], since=None).points) == []
