"""One project's figures from what is known of it."""

from datetime import date
from decimal import Decimal

import pytest

from projects.domain.earning.assessment import Situation, assess
from projects.domain.earning.figure import Figure, known, missing
from projects.domain.earning.methods import NO_PROGRESS, EarningPlan, Piece, PieceProgress
from projects.domain.kinds import EarningMethod
from projects.domain.workdays import MONDAY_TO_FRIDAY
from projects.words.earned_value import DEFINITIONS

MONDAY, FRIDAY = date(2026, 1, 5), date(2026, 1, 16)  # ten working days
WEDNESDAY = date(2026, 1, 7)
PLAN = EarningPlan(
    start=MONDAY, finish=FRIDAY, budget=Decimal(1000), pieces=[Piece(Decimal(1000), MONDAY, FRIDAY)]
)


def situation(percent=30, **changes):
    progress = [PieceProgress(started=True, percent=Decimal(percent))] if percent else [NO_PROGRESS]
    given = {"day": WEDNESDAY, "plan": PLAN, "progress": progress, "actual": known(Decimal(300))}
    return Situation(**given | changes)


def test_project_on_plan_finishes_on_its_planned_day():
    found = assess(situation())

    assert (found.standing.planned, found.standing.earned) == (known(Decimal(300)),) * 2
    assert (found.finish.value, found.finish_as_planned.value) == (FRIDAY, FRIDAY)
    assert found.time.spi_t == known(Decimal(1))


def test_slow_project_finishes_later_at_its_pace_than_as_planned():
    found = assess(situation(percent=15))  # ES 1.5 of 3 days: 20 days in all, or 11.5

    assert found.finish.value == date(2026, 1, 30)
    assert found.finish_as_planned.value == date(2026, 1, 20)


def test_pace_that_leads_nowhere_is_no_forecast():
    plan = EarningPlan(
        start=MONDAY,
        finish=FRIDAY,
        budget=Decimal(10**9),
        pieces=[Piece(Decimal(10**9), MONDAY, FRIDAY)],
    )
    pace = PieceProgress(started=True, percent=Decimal("0.00001"))

    found = assess(situation(plan=plan, progress=[pace]))

    assert found.finish == (None, "At this pace the work would take longer than anybody plans.")


def test_nothing_earned_has_no_finish_and_says_why():
    found = assess(situation(percent=0))

    assert found.finish == found.finish_as_planned == (None, "Nothing is earned yet.")
    assert found.time.earned_schedule == known(Decimal(0))


def test_finished_project_landed_on_its_day():
    done = [PieceProgress(started=True, finished=True)]

    found = assess(situation(progress=done, finished=WEDNESDAY, day=date(2026, 3, 1)))

    assert found.finish.value == WEDNESDAY
    assert found.elapsed == known(Decimal(3))
    assert found.time.time_variance == known(Decimal(7))


def test_finished_project_with_work_left_keeps_what_it_earned():
    found = assess(situation(finished=WEDNESDAY))

    assert found.standing.earned == known(Decimal(300))


def test_unknown_progress_leaves_the_planned_value_known():
    found = assess(situation(progress=None))

    why = missing("No status update gives a percent complete.")
    assert (found.standing.planned, found.standing.earned) == (known(Decimal(300)), why)
    assert found.time.spi_t == found.found.eac == why


def test_without_a_plan_every_figure_but_cost_and_forecast_has_the_reason():
    found = assess(
        Situation(
            day=WEDNESDAY, reason="No plan.", actual=known(Decimal(5)), bottom_up=known(Decimal(9))
        )
    )

    figures = dict(found.figures())
    assert figures.pop("actual") == known(Decimal(5))
    assert figures.pop("eac_bottom_up") == known(Decimal(9))
    assert set(figures.values()) == {Figure(None, "No plan.")}


def test_figures_are_those_that_are_explained():
    assert set(assess(situation()).figures()) == set(DEFINITIONS)


@pytest.mark.parametrize("percent", [20, 25, 40, 50, 80])
@pytest.mark.parametrize("cents", ["844361.88", "763982.50", "1234.57"])
def test_rounding_to_cents_moves_no_finish(cents, percent):
    # 40 of 100 days: what is earned by then is a round number of days, and so is the whole duration
    amount, finish = Decimal(cents), MONDAY_TO_FRIDAY.nth(100, since=MONDAY)
    plan = EarningPlan(
        start=MONDAY, finish=finish, budget=amount, pieces=[Piece(amount, MONDAY, finish)]
    )
    at_pace = MONDAY_TO_FRIDAY.nth(4000 // percent, since=MONDAY)

    found = assess(
        situation(percent=percent, plan=plan, day=MONDAY_TO_FRIDAY.nth(40, since=MONDAY))
    )

    assert found.finish.value == at_pace


def test_effort_on_plan_finishes_on_its_planned_day():
    # 763982.50 over 73 days is no round number of cents a day
    amount, finish = Decimal("763982.50"), MONDAY_TO_FRIDAY.nth(73, since=MONDAY)
    piece = Piece(amount, MONDAY, finish, EarningMethod.EFFORT)
    plan = EarningPlan(start=MONDAY, finish=finish, budget=amount, pieces=[piece])

    found = assess(situation(plan=plan, day=MONDAY_TO_FRIDAY.nth(9, since=MONDAY)))

    assert found.time.spi_t == known(Decimal(1))
    assert found.finish.value == finish


def test_project_that_finishes_early_has_earned_its_effort_too():
    effort = Piece(Decimal(200), MONDAY, FRIDAY, EarningMethod.EFFORT)
    work = Piece(Decimal(800), MONDAY, FRIDAY)
    plan = EarningPlan(start=MONDAY, finish=FRIDAY, budget=Decimal(1000), pieces=[work, effort])
    done = PieceProgress(started=True, finished=True, percent=Decimal(100))
    half = PieceProgress(started=True, percent=Decimal(50))

    found = assess(situation(plan=plan, progress=[done, done], finished=WEDNESDAY))
    left = assess(situation(plan=plan, progress=[half, done], finished=WEDNESDAY))

    assert found.standing.earned == known(Decimal(1000))
    assert found.found.eac == known(Decimal(300))
    assert left.standing.earned == known(Decimal(460))  # 400, and three of the effort's ten days


def test_work_that_is_done_without_a_date_gives_no_finish_and_says_why():
    found = assess(situation(percent=100))

    assert found.found.eac_method == "done"
    reason = "All the work is done, but nobody recorded when it was finished."
    assert found.finish == found.finish_as_planned == (None, reason)


WITH_EFFORT = EarningPlan(
    start=MONDAY,
    finish=FRIDAY,
    budget=Decimal(1000),
    pieces=[
        Piece(Decimal(800), MONDAY, FRIDAY),
        Piece(Decimal(200), MONDAY, FRIDAY, EarningMethod.EFFORT),
    ],
)


def test_level_of_effort_is_set_apart_from_the_schedule_index():
    progress = [PieceProgress(started=True, percent=Decimal(15)), NO_PROGRESS]

    found = assess(situation(plan=WITH_EFFORT, progress=progress))

    # planned 240 and 60, earned 120 and 60
    assert found.found.spi == known(Decimal("0.6"))
    assert (found.effort_share, found.spi_discrete) == (
        known(Decimal("0.2")),
        known(Decimal("0.5")),
    )


def test_finished_projects_effort_is_set_apart_as_a_whole():
    progress = [PieceProgress(started=True, finished=True), NO_PROGRESS]

    found = assess(situation(plan=WITH_EFFORT, progress=progress, finished=WEDNESDAY))

    # planned 240 and 60, earned all of the 800 and of the 200
    assert found.spi_discrete == known(Decimal(800) / 240)


def test_work_without_level_of_effort_has_nothing_to_set_apart():
    found = assess(situation())

    assert found.effort_share == known(Decimal(0))
    assert found.spi_discrete == missing("No work of the baseline is level of effort.")


def test_effort_alone_has_no_other_index():
    plan = EarningPlan(
        start=MONDAY,
        finish=FRIDAY,
        budget=Decimal(200),
        pieces=[Piece(Decimal(200), MONDAY, FRIDAY, EarningMethod.EFFORT)],
    )

    found = assess(situation(plan=plan, progress=[NO_PROGRESS]))

    assert found.effort_share == known(Decimal(1))
    assert found.spi_discrete == missing("No work was planned by this date.")
