"""Rows are numbered by their place; summaries follow what lies below, and links at them do too."""

from datetime import date

import pytest

from projects.domain.kinds import LinkKind
from projects.domain.plan.calendars import ScheduleError
from projects.domain.plan.network import schedule
from projects.domain.plan.outline import OutlinePlace, places_of
from projects.domain.plan.records import Activity, Dependency, Plan

FS, SS, FF = LinkKind.FINISH_START, LinkKind.START_START, LinkKind.FINISH_FINISH
MONDAY = date(2026, 11, 2)
ROWS = (
    Activity(key="design"),
    Activity(key="draw", duration=3, parent="design", percent=100),
    Activity(key="review", duration=1, parent="design", percent=20),
    Activity(key="build"),
    Activity(key="frame", parent="build"),
    Activity(key="walls", duration=5, parent="frame"),
    Activity(key="roof", duration=2, parent="frame"),
    Activity(key="paint", duration=4, parent="build"),
)


def link(predecessor, successor, kind=FS, lag=0):
    return Dependency(predecessor=predecessor, successor=successor, kind=kind, lag=lag)


def days(*links):
    timings = schedule(Plan(start=MONDAY, activities=ROWS, links=links)).timings
    return {key: (timing.start.day, timing.finish.day) for key, timing in timings.items()}


def test_rows_are_numbered_by_their_place():
    places = places_of([(row.key, row.parent) for row in ROWS])

    assert {key: place.outline for key, place in places.items()} == {
        "design": "1", "draw": "1.1", "review": "1.2",
        "build": "2", "frame": "2.1", "walls": "2.1.1", "roof": "2.1.2", "paint": "2.2",
    }  # fmt: skip
    assert places["frame"] == OutlinePlace("2.1", 1, True)
    assert places["walls"] == OutlinePlace("2.1.1", 2, False)


def test_a_summary_spans_what_lies_below_and_shares_its_least_float():
    timings = schedule(
        Plan(start=MONDAY, activities=ROWS, links=[link("draw", "review"), link("walls", "paint")])
    ).timings

    assert (timings["design"].start.day, timings["design"].finish.day) == (2, 5)
    assert (timings["build"].start.day, timings["build"].finish.day) == (2, 12)
    assert (timings["build"].is_critical, timings["design"].is_critical) == (True, False)
    assert timings["design"].total_float == 5
    assert timings["design"].percent == (3 * 100 + 1 * 20) // 4


def test_milestones_alone_count_equally():
    rows = [
        Activity(key="gates"),
        Activity(key="a", duration=0, parent="gates", actual_start=MONDAY),
        Activity(key="b", duration=0, parent="gates"),
    ]

    timings = schedule(Plan(start=MONDAY, activities=rows)).timings

    assert timings["gates"].percent == 50


def test_a_link_between_summaries_holds_every_row_below():
    found = days(link("draw", "review"), link("design", "build"))

    assert found["design"] == (2, 5)
    assert (found["walls"], found["roof"], found["paint"]) == ((6, 12), (6, 9), (6, 11))


@pytest.mark.parametrize(
    ("one", "roof"),
    [
        (link("design", "roof", lag=2), (9, 10)),
        (link("design", "roof", SS, 1), (3, 4)),
        (link("design", "roof", FF), (3, 4)),
    ],
)
def test_a_summary_leads_by_its_finish_or_when_all_below_have_started(one, roof):
    assert days(one)["roof"] == roof


def test_a_finish_at_a_summary_holds_every_finish_below():
    found = days(link("paint", "frame", FF, 3))

    assert (found["walls"], found["roof"]) == ((4, 10), (9, 10))


def test_free_float_looks_through_a_summary():
    links = [link("draw", "review"), link("frame", "late"), link("paint", "late", lag=10)]

    timings = schedule(
        Plan(start=MONDAY, activities=[*ROWS, Activity(key="late")], links=links)
    ).timings

    assert (timings["walls"].free_float, timings["roof"].free_float) == (9, 12)


def test_rows_inside_each_other_are_refused():
    rows = [Activity(key="a", parent="b"), Activity(key="b", parent="a"), Activity(key="c")]

    with pytest.raises(ScheduleError, match="inside itself"):
        schedule(Plan(start=MONDAY, activities=rows))


def test_a_link_to_a_row_that_is_not_there_is_refused():
    with pytest.raises(ScheduleError, match="not in the plan"):
        days(link("design", "nowhere"))
