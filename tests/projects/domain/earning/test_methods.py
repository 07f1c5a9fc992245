"""The five ways to earn, the spread of the plan over working days, and where money without work counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from projects.domain.earning.earned_schedule import earned_schedule
from projects.domain.earning.figure import EarningError
from projects.domain.earning.methods import (
    NO_PROGRESS,
    EarningPlan,
    Piece,
    PieceProgress,
    course,
    earned_share,
    earned_value,
    planned_curve,
    planned_value,
    work_ended,
)
from projects.domain.kinds import EarningMethod as By
from projects.domain.workdays import workdays

MONDAY = date(2026, 1, 5)
FRIDAY = date(2026, 1, 16)  # of the next week: ten working days


def plan(*pieces, budget=None, **changes):
    pieces = pieces or (Piece(Decimal(1000), MONDAY, FRIDAY),)
    total = Decimal(budget) if budget else sum(piece.amount for piece in pieces)
    return EarningPlan(
        **{"start": MONDAY, "finish": FRIDAY, "budget": total, "pieces": pieces} | changes
    )


@pytest.mark.parametrize(
    ("method", "progress", "share"),
    [
        (By.ZERO_HUNDRED, PieceProgress(started=True, percent=Decimal(99)), "0"),
        (By.ZERO_HUNDRED, PieceProgress(started=True, finished=True), "1"),
        (By.FIFTY_FIFTY, NO_PROGRESS, "0"),
        (By.FIFTY_FIFTY, PieceProgress(started=True, percent=Decimal(99)), "0.5"),
        (By.FIFTY_FIFTY, PieceProgress(started=True, finished=True), "1"),
        (By.STEPS, PieceProgress(started=True, steps=((3, True), (1, False))), "0.75"),
        (By.STEPS, PieceProgress(started=True), "0"),
        (By.STEPS, PieceProgress(started=True, finished=True, steps=((3, True), (1, False))), "1"),
        (By.PERCENT, PieceProgress(started=True, percent=Decimal(40)), "0.4"),
        (By.PERCENT, PieceProgress(started=True, percent=Decimal(140)), "1"),
        (By.PERCENT, PieceProgress(percent=Decimal(-3)), "0"),
        (By.PERCENT, PieceProgress(finished=True, percent=Decimal(90)), "1"),
        (By.EFFORT, NO_PROGRESS, "0.3"),
        (By.EFFORT, PieceProgress(finished=True), "0.3"),
    ],
)
def test_each_method_earns_its_share(method, progress, share):
    assert earned_share(method, progress, Decimal("0.3")) == Decimal(share)


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 1, 4), "0"),
        (date(2026, 1, 5), "100"),
        (date(2026, 1, 9), "500"),
        (date(2026, 1, 11), "500"),
        (date(2026, 1, 15), "900"),
        (date(2026, 1, 16), "1000"),
        (date(2027, 1, 1), "1000"),
    ],
)
def test_planned_value_grows_by_working_days(day, wanted):
    assert planned_value(plan(), day) == Decimal(wanted)


def test_work_that_begins_within_a_week_is_spread_from_its_first_day():
    wednesday, friday = date(2026, 1, 7), date(2026, 1, 9)

    one = plan(Piece(Decimal(300), wednesday, friday))

    assert [planned_value(one, wednesday + timedelta(days=n)) for n in range(-1, 3)] == [
        0,
        100,
        200,
        300,
    ]


def test_short_plans_are_drawn_by_weeks_and_long_ones_by_months():
    year = plan(finish=date(2026, 12, 18))

    assert [day for day, _ in planned_curve(plan())] == [MONDAY, date(2026, 1, 12), FRIDAY]
    assert [day for day, _ in planned_curve(year)][:3] == [
        MONDAY,
        date(2026, 1, 31),
        date(2026, 2, 28),
    ]
    assert planned_curve(year)[-1] == (date(2026, 12, 18), Decimal(1000))


def test_work_has_ended_when_the_last_piece_has_and_all_the_money_is_in_pieces():
    half = Piece(Decimal(500), MONDAY, FRIDAY)
    done = [PieceProgress(finished=True, done_on=day) for day in (FRIDAY, MONDAY)]

    assert work_ended(plan(half, half), done) == FRIDAY
    assert work_ended(plan(half, half), [done[0], PieceProgress(finished=True)]) is None
    assert work_ended(plan(half, half), [done[0], NO_PROGRESS]) is None
    assert work_ended(plan(half, half), [NO_PROGRESS, NO_PROGRESS]) is None
    assert work_ended(plan(half, half, budget="1001"), done) is None


def test_course_ends_at_the_whole_budget_also_where_no_piece_carries_it():
    one = course(plan(budget="1200"), earned=Decimal(0), until=FRIDAY)

    assert (one.planned(one.duration - 1), one.planned(one.duration)) == (900, 1200)


def test_holidays_of_its_own_calendar_earn_nothing():
    closed = workdays("1111100", ((date(2026, 1, 6), date(2026, 1, 6), False),))

    found = planned_value(
        plan(Piece(Decimal(900), MONDAY, FRIDAY, By.PERCENT, closed)), date(2026, 1, 6)
    )

    assert found == Decimal(100)


def test_point_is_due_as_a_whole_on_its_day():
    one = plan(Piece(Decimal(300), None, date(2026, 1, 8)), Piece(Decimal(700), None, None))

    assert planned_value(one, date(2026, 1, 7)) == 0
    assert planned_value(one, date(2026, 1, 8)) == 300
    assert planned_value(one, date(2026, 1, 15)) == 300
    assert planned_value(one, FRIDAY) == 1000


def test_work_on_days_without_work_is_due_at_its_end():
    saturday, sunday = date(2026, 1, 10), date(2026, 1, 11)

    one = plan(Piece(Decimal(50), saturday, sunday), Piece(Decimal(50), MONDAY, FRIDAY))

    assert planned_value(one, saturday) == 25
    assert planned_value(one, sunday) == 75


def test_money_without_work_is_planned_when_the_finish_has_passed_and_never_earned_before():
    one = plan(budget="1200")

    assert planned_value(one, date(2026, 1, 15)) == 900
    assert planned_value(one, FRIDAY) == 1200
    assert earned_value(one, [PieceProgress(finished=True)], FRIDAY) == 1000


def test_level_of_effort_earns_what_was_planned():
    effort = Piece(Decimal(1000), MONDAY, FRIDAY, By.EFFORT)
    empty = Piece(Decimal(0), MONDAY, FRIDAY, By.EFFORT)

    assert earned_value(plan(effort, empty), [NO_PROGRESS, NO_PROGRESS], date(2026, 1, 7)) == 300


def test_values_are_whole_cents():
    one = plan(Piece(Decimal("100.00"), MONDAY, MONDAY + timedelta(days=2)))

    assert planned_value(one, MONDAY) == Decimal("33.33")
    assert earned_value(one, [PieceProgress(percent=Decimal(33))], MONDAY) == Decimal("33.00")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"finish": date(2026, 1, 2)}, "The baseline's finish is before its start."),
        ({"budget": Decimal(999)}, "The pieces of work are worth more than the budget."),
        (
            {"pieces": (Piece(Decimal(-1), MONDAY, FRIDAY),)},
            "A piece of work is worth less than nothing.",
        ),
    ],
)
def test_contradicting_plans_are_refused(values, sentence):
    with pytest.raises(EarningError, match=f"^{sentence}$"):
        plan(**values)


def test_course_counts_working_days_so_that_being_on_plan_is_a_pace_of_one():
    friday = date(2026, 1, 9)

    one = course(plan(), earned=Decimal(500), until=friday)
    after_the_weekend = course(plan(), earned=Decimal(500), until=date(2026, 1, 11))

    assert (one.duration, one.elapsed, earned_schedule(one)) == (10, 5, 5)
    assert after_the_weekend.elapsed == 5
    assert [one.planned(day) for day in (0, 1, 9, 10, 11)] == [0, 100, 900, 1000, 1000]


PIECES = st.lists(
    st.tuples(
        st.integers(0, 10**9),
        st.integers(0, 300),
        st.integers(0, 200),
        st.sampled_from(list(By)),
        st.integers(0, 100),
    ),
    min_size=1,
    max_size=12,
)
# half a cent, or a hair less: by where the third of the three equal ones stands
ONE, OTHER, LAST = ((cents, 0, 0, By.PERCENT, 0) for cents in (147, 3461, 1))
THIRD = (10461, 166, 125, By.PERCENT, 0)
A_HAIR_APART = ([ONE, THIRD, THIRD, THIRD, OTHER, LAST], [ONE, THIRD, OTHER, THIRD, THIRD, LAST])


def made(rows):
    pieces = [
        Piece(
            Decimal(cents) / 100,
            MONDAY + timedelta(days=first),
            MONDAY + timedelta(days=first + more),
            method,
        )
        for cents, first, more, method, _ in rows
    ]
    progress = [
        PieceProgress(started=percent > 0, finished=percent == 100, percent=Decimal(percent))
        for *_, percent in rows
    ]
    finish = max(piece.finish for piece in pieces)
    total = sum(piece.amount for piece in pieces)
    return EarningPlan(start=MONDAY, finish=finish, budget=total, pieces=pieces), progress


@given(
    PIECES.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))),
    st.integers(0, 550),
)
@example(A_HAIR_APART, 242)
def test_order_of_the_work_changes_nothing(both, days):
    rows, shuffled = both
    day = MONDAY + timedelta(days=days)
    one, progress = made(rows)
    other, other_progress = made(shuffled)

    assert planned_value(one, day) == planned_value(other, day)
    assert earned_value(one, progress, day) == earned_value(other, other_progress, day)


@given(PIECES, st.integers(0, 550))
def test_planned_value_never_falls_and_ends_at_the_budget(rows, days):
    one, progress = made(rows)
    day = MONDAY + timedelta(days=days)

    assert planned_value(one, day) <= planned_value(one, day + timedelta(days=1)) <= one.budget
    assert planned_value(one, one.finish) == one.budget
    assert 0 <= earned_value(one, progress, day) <= one.budget
