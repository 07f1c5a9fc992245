"""The critical path: published networks, a second way to compute it, and what must always hold."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.domain.kinds import Constraint, LinkKind
from projects.domain.plan.calendars import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    Calendar,
    DayException,
    ScheduleError,
    networkdays,
)
from projects.domain.plan.network import schedule
from projects.domain.plan.records import Activity, CycleError, Dependency, Plan

FS, SS = LinkKind.FINISH_START, LinkKind.START_START
FF, SF = LinkKind.FINISH_FINISH, LinkKind.START_FINISH
MONDAY = date(2026, 11, 2)
DAY = timedelta(days=1)
CASES = json.loads((Path(__file__).parents[3] / "cases" / "plan.json").read_text(encoding="utf-8"))[
    "networks"
]


def task(key, duration=1, **more):
    return Activity(key=key, duration=duration, **more)


def link(predecessor, successor, kind=FS, lag=0, *, is_elapsed=False):
    return Dependency(
        predecessor=predecessor, successor=successor, kind=kind, lag=lag, is_elapsed=is_elapsed
    )


def planned(*activities, links=(), **more):
    return schedule(Plan(start=MONDAY, activities=activities, links=links, **more)).timings


def dates(timing):
    return timing.start, timing.finish


def november(first, last):
    return date(2026, 11, first), date(2026, 11, last)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_published_network(case):
    found = schedule(
        Plan(
            start=MONDAY,
            activities=[task(i, d) for i, d in enumerate(case["durations"], start=1)],
            links=[link(*pair) for pair in case["links"]],
            calendar=EVERY_DAY,
        )
    )
    timings = found.timings

    assert [key for key, timing in timings.items() if timing.is_critical] == case["critical"]
    assert [key for key, timing in timings.items() if timing.on_longest_path] == case["critical"]
    assert found.finish == MONDAY + max(case["duration"] - 1, 0) * DAY
    for key, times in case["times"].items():
        timing = timings[int(key)]
        ends = bool(case["durations"][int(key) - 1])
        assert [
            (timing.start - MONDAY).days,
            (timing.finish - MONDAY).days + ends,
            (timing.late_start - MONDAY).days,
            (timing.late_finish - MONDAY).days + ends,
            timing.total_float,
            timing.free_float,
        ] == times


def test_an_empty_plan_has_no_finish():
    found = schedule(Plan(start=MONDAY, activities=()))

    assert (found.finish, found.timings) == (None, {})


def test_a_task_runs_over_the_weekend_and_the_next_starts_on_monday():
    timings = planned(task("a", 6), task("b", 5), links=[link("a", "b")])

    assert dates(timings["a"]) == november(2, 9)
    assert dates(timings["b"]) == november(10, 16)


@pytest.mark.parametrize(
    ("kind", "lag", "expected"),
    [
        (FS, 0, november(9, 11)),
        (FS, 2, november(11, 13)),
        (FS, -2, november(5, 9)),
        (SS, 0, november(2, 4)),
        (SS, 3, november(5, 9)),
        (FF, 0, november(4, 6)),
        (FF, 1, november(5, 9)),
        (SF, 0, november(2, 4)),
        (SF, 4, november(3, 5)),
    ],
)
def test_each_kind_of_link_with_its_lag(kind, lag, expected):
    timings = planned(task("a", 5), task("b", 3), links=[link("a", "b", kind, lag)])

    assert dates(timings["b"]) == expected


def test_an_elapsed_lag_counts_weekends():
    links = [link("a", "b", lag=7, is_elapsed=True)]

    timings = planned(task("a", 5), task("b"), links=links)

    assert dates(timings["b"]) == november(16, 16)
    assert timings["a"].free_float == 0


def test_a_lag_runs_on_the_calendar_of_the_predecessor():
    calendars = {"all": EVERY_DAY}

    timings = planned(
        task("a", 5), task("b", 1, calendar="all"), task("c", 1, calendar="all"),
        links=[link("a", "b", lag=2), link("b", "c", lag=2)], calendars=calendars,
    )  # fmt: skip

    assert dates(timings["b"]) == november(11, 11)
    assert dates(timings["c"]) == november(14, 14)


def test_a_milestone_has_the_day_on_which_what_it_waits_for_is_finished():
    timings = planned(
        task("begun", 0), task("a", 5), task("done", 0), task("b", 1),
        links=[link("begun", "a"), link("a", "done"), link("done", "b")],
    )  # fmt: skip

    assert dates(timings["begun"]) == november(2, 2)
    assert dates(timings["done"]) == november(6, 6)
    assert dates(timings["b"]) == november(9, 9)
    assert {timing.total_float for timing in timings.values()} == {0}


def test_a_milestone_floats_to_working_days_and_no_further_than_the_plan():
    timings = planned(task("long", 10), task("a", 5), task("done", 0), links=[link("a", "done")])

    assert timings["done"].total_float == 5
    assert timings["done"].late_finish == date(2026, 11, 13)


@pytest.mark.parametrize(
    ("constraint", "day", "expected", "total"),
    [
        (Constraint.NONE, None, november(2, 4), 7),
        (Constraint.START_NOT_BEFORE, 5, november(5, 9), 4),
        (Constraint.START_NOT_BEFORE, 7, november(9, 11), 2),
        (Constraint.FINISH_NOT_BEFORE, 10, november(6, 10), 3),
        (Constraint.START_NOT_AFTER, 3, november(2, 4), 1),
        (Constraint.FINISH_NOT_AFTER, 6, november(2, 4), 2),
        (Constraint.MUST_START, 9, november(9, 11), 0),
        (Constraint.MUST_FINISH, 10, november(6, 10), 0),
        (Constraint.MUST_FINISH, 14, november(11, 13), 0),
        (Constraint.FINISH_NOT_AFTER, 3, november(2, 4), -1),
    ],
)
def test_each_constraint(constraint, day, expected, total):
    imposed = date(2026, 11, day) if day else None

    timings = planned(
        task("a", 3, constraint=constraint, constraint_date=imposed), task("long", 10)
    )

    assert dates(timings["a"]) == expected
    assert timings["a"].total_float == total


@pytest.mark.parametrize(
    ("constraint", "day", "expected"),
    [
        (Constraint.START_NOT_BEFORE, 7, 7),
        (Constraint.MUST_FINISH, 8, 8),
        (Constraint.FINISH_NOT_AFTER, 3, 2),
        (Constraint.START_NOT_AFTER, 3, 2),
    ],
)
def test_a_constraint_of_a_milestone_keeps_its_day_even_on_a_weekend(constraint, day, expected):
    timings = planned(
        task("live", 0, constraint=constraint, constraint_date=date(2026, 11, day)),
        task("long", 10),
    )

    assert dates(timings["live"]) == november(expected, expected)


def test_links_win_over_a_date_that_must_be_and_show_as_negative_float():
    must = {"constraint": Constraint.MUST_START, "constraint_date": date(2026, 11, 4)}

    timings = planned(task("a", 5), task("b", 2, **must), links=[link("a", "b")])

    assert dates(timings["b"]) == november(9, 10)
    assert (timings["a"].total_float, timings["b"].total_float) == (-3, -3)


def test_an_imposed_finish_makes_floats_negative_without_moving_anything():
    timings = planned(
        task("a", 5), task("b", 5), task("c", 2),
        links=[link("a", "b")], imposed_finish=date(2026, 11, 11),
    )  # fmt: skip

    assert dates(timings["b"]) == november(9, 13)
    assert [timings[key].total_float for key in "abc"] == [-2, -2, 6]
    assert [timings[key].on_longest_path for key in "abc"] == [True, True, False]


def test_a_threshold_widens_what_is_critical():
    rows = task("a", 5), task("b", 4), task("c", 2)

    assert [t.is_critical for t in planned(*rows).values()] == [True, False, False]
    assert [t.is_critical for t in planned(*rows, critical_float=1).values()] == [True, True, False]


def test_finished_work_keeps_its_dates_and_has_no_float():
    done = task("a", 3, actual_start=date(2026, 11, 3), actual_finish=date(2026, 11, 10))

    timings = planned(done, task("b", 2), links=[link("a", "b")], data_date=date(2026, 11, 12))

    assert dates(timings["a"]) == november(3, 10)
    assert (timings["a"].total_float, timings["a"].percent) == (None, 100)
    assert timings["a"].is_critical is False
    assert dates(timings["b"]) == november(12, 13)


def test_what_has_not_started_starts_no_earlier_than_the_data_date():
    timings = planned(task("a", 2), data_date=date(2026, 11, 11))

    assert dates(timings["a"]) == november(11, 12)


def test_what_remains_of_started_work_runs_from_the_data_date():
    started = task("a", 10, actual_start=MONDAY, percent=35)

    timings = planned(started, task("b", 1), links=[link("a", "b")], data_date=date(2026, 11, 9))

    assert dates(timings["a"]) == november(2, 17)  # 6.5 days left are 7 working days
    assert dates(timings["b"]) == november(18, 18)
    assert timings["a"].is_critical


def test_work_that_started_too_early_no_longer_waits_but_its_finish_does():
    before, started = task("a", 5), task("b", 2, actual_start=MONDAY)

    free = planned(before, started, links=[link("a", "b")], data_date=MONDAY)
    held = planned(before, started, links=[link("a", "b", FF, 1)], data_date=MONDAY)

    assert dates(free["b"]) == november(2, 3)
    assert free["a"].total_float == 0
    assert dates(held["b"]) == november(2, 9)
    assert held["b"].on_longest_path and held["a"].on_longest_path


def test_a_reached_milestone_is_done_on_its_day():
    timings = planned(task("gate", 0, actual_start=date(2026, 11, 4)), task("a", 3))

    assert dates(timings["gate"]) == november(4, 4)
    assert timings["gate"].total_float is None


def test_work_that_is_all_done_but_not_closed_ends_before_the_data_date():
    timings = planned(task("a", 5, actual_start=MONDAY, percent=100), data_date=date(2026, 11, 11))

    assert dates(timings["a"]) == november(2, 10)


def test_a_cycle_names_its_tasks_in_order():
    links = [link("a", "b"), link("b", "c"), link("c", "a"), link("start", "a"), link("c", "end")]

    with pytest.raises(CycleError, match=r"^a → b → c → a$") as error:
        planned(*(task(key) for key in ("end", "c", "b", "a", "start")), links=links)

    assert error.value.keys == ("a", "b", "c", "a")


@pytest.mark.parametrize("numbers", [(8, 9, 10), (99, 100, 101), ("9", "10", "11")])
def test_a_cycle_starts_at_the_lowest_number_however_many_digits_it_has(numbers):
    one, two, three = numbers
    links = [link(one, two), link(two, three), link(three, one)]

    with pytest.raises(CycleError) as error:
        planned(*map(task, numbers), links=links)

    assert error.value.keys == (one, two, three, one)


def test_a_cycle_through_a_summary_names_the_summary():
    with pytest.raises(CycleError, match=r"^in → phase → x → in$"):
        planned(
            task("phase"), task("in", parent="phase"), task("x"),
            links=[link("phase", "x"), link("x", "in", SS, 2)],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("links", "calendar", "message"),
    [
        ([link("a", "nowhere")], None, "row that is not in the plan"),
        ([], "lunar", "calendar that is not there"),
    ],
)
def test_what_is_not_there_is_refused(links, calendar, message):
    with pytest.raises(ScheduleError, match=message):
        planned(task("a", calendar=calendar), links=links)


def test_a_duration_beyond_centuries_is_refused():
    with pytest.raises(ScheduleError, match="far too large"):
        planned(task("a", 2_000_000))
    with pytest.raises(ScheduleError, match="no working day"):
        planned(task("a"), calendar=Calendar(weekdays="0000000"))


def test_a_long_plan_widens_the_calendars():
    timings = planned(task("a", 20_000), task("b", 1), links=[link("a", "b", lag=-19_999)])

    assert networkdays(MONDAY_TO_FRIDAY, MONDAY, timings["a"].finish) == 20_000
    assert dates(timings["b"]) == november(3, 3)


LINKS = st.tuples(
    st.integers(0, 11),
    st.integers(0, 11),
    st.sampled_from(list(LinkKind)),
    st.integers(-3, 5),
).filter(lambda one: one[0] < one[1])
HOLIDAYS = Calendar(
    exceptions=(
        DayException(first=date(2026, 11, 11), last=date(2026, 11, 13)),
        DayException(first=date(2026, 11, 21), last=date(2026, 11, 21), is_working=True),
    )
)


@st.composite
def plans(draw, *, least=1, calendars=(EVERY_DAY, MONDAY_TO_FRIDAY, HOLIDAYS), mixed=True):
    chosen = st.sampled_from([None, "all", "holidays"]) if mixed else st.none()
    activities = [task(i, draw(st.integers(least, 8)), calendar=draw(chosen)) for i in range(12)]
    links = {(p, s): link(p, s, kind, lag) for p, s, kind, lag in draw(st.lists(LINKS))}
    return Plan(
        start=MONDAY,
        activities=activities,
        links=list(links.values()),
        calendars={"all": EVERY_DAY, "holidays": HOLIDAYS},
        calendar=draw(st.sampled_from(calendars)),
    )


def by_hand(plan):
    """Compute the textbook's passes over working-day numbers, task by task, until nothing moves."""
    d = {a.key: a.duration for a in plan.activities}
    es = dict.fromkeys(d, 0)
    for _ in d:
        for one in plan.links:
            p, s, lag = one.predecessor, one.successor, one.lag
            bound = {
                FS: es[p] + d[p] + lag,
                SS: es[p] + lag,
                FF: es[p] + d[p] + lag - d[s],
                SF: es[p] + lag - d[s],
            }[one.kind]
            es[s] = max(es[s], bound)
    end = max(es[key] + d[key] for key in d)
    lf, free = dict.fromkeys(d, end), dict.fromkeys(d, end)

    def latest(one, starts):
        p, s, lag = one.predecessor, one.successor, one.lag
        return {
            FS: starts[s] - lag,
            SS: starts[s] - lag + d[p],
            FF: starts[s] + d[s] - lag,
            SF: starts[s] + d[s] - lag + d[p],
        }[one.kind]

    for _ in d:
        for one in plan.links:
            p = one.predecessor
            lf[p] = min(lf[p], latest(one, {key: lf[key] - d[key] for key in d}))
            free[p] = min(free[p], latest(one, es))
    return {key: (es[key], lf[key] - es[key] - d[key], free[key] - es[key] - d[key]) for key in d}


@given(plans(mixed=False))
def test_on_one_calendar_it_is_the_textbook_in_working_days(plan):
    timings = schedule(plan).timings

    found = {
        key: (
            networkdays(plan.calendar, MONDAY, timing.start) - 1,
            timing.total_float,
            timing.free_float,
        )
        for key, timing in timings.items()
    }

    assert found == by_hand(plan)


@given(plans(least=0), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_links_changes_nothing(plan, random):
    activities, links = list(plan.activities), list(plan.links)
    random.shuffle(activities)
    random.shuffle(links)

    assert schedule(replace(plan, activities=activities, links=links)) == schedule(plan)


@given(plans(least=0))
def test_floats_are_never_negative_without_an_imposed_date_nor_free_above_total(plan):
    found = schedule(plan)

    for timing in found.timings.values():
        assert 0 <= timing.free_float <= timing.total_float
        assert timing.start <= timing.late_start
        assert timing.finish <= timing.late_finish <= found.finish
        assert timing.is_critical == (timing.total_float == 0)
    assert any(timing.on_longest_path for timing in found.timings.values())


@given(plans(least=0), LINKS)
def test_one_more_link_never_shortens_the_plan(plan, one):
    more = replace(plan, links=[*plan.links, link(*one)])

    assert schedule(more).finish >= schedule(plan).finish


@given(plans(least=0))
def test_a_link_between_tasks_off_the_longest_path_drives_nothing(plan):
    found = schedule(plan)
    path = {key for key, timing in found.timings.items() if timing.on_longest_path}
    kept = [one for one in plan.links if {one.predecessor, one.successor} <= path]

    assert schedule(replace(plan, links=kept)).finish == found.finish


@given(plans())
@settings(max_examples=50)
def test_a_task_may_slip_by_its_total_float_and_by_no_day_more(plan):
    plan = replace(plan, calendar=EVERY_DAY, calendars={"all": EVERY_DAY, "holidays": EVERY_DAY})
    found = schedule(plan)
    for activity in plan.activities[:4]:
        timing = found.timings[activity.key]
        for slip, moves in ((timing.total_float, False), (timing.total_float + 1, True)):
            day = timing.start + slip * DAY
            late = replace(activity, constraint=Constraint.START_NOT_BEFORE, constraint_date=day)
            rows = [late if a.key == activity.key else a for a in plan.activities]
            again = schedule(replace(plan, activities=rows))
            assert (again.finish > found.finish) is moves
