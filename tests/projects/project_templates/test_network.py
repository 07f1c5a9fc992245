"""Lengths, and dates counted back from a go-live."""

from datetime import date, timedelta

import pytest

from projects.domain.plan.calendars import MONDAY_TO_FRIDAY, Calendar, DayException
from projects.project_templates.domain.network import (
    StartPace,
    back_from,
    counted_from,
    laid_out,
    lengths_of,
    link_of,
    measured,
    next_pin,
    scaled,
)
from projects.project_templates.domain.sections import pin_of
from projects.project_templates.shipped import shipped_documents

FIGURES = {
    "ehr_rollout": (403, 303),
    "telehealth": (172, 104),
    "vaccine_rollout": (104, 39),
    "facility_occupied": (412, 299),
    "compliance_overhaul": (183, 83),
    "value_based_care": (600, 145),
}
DOCUMENTS = {one["code"]: one for one in shipped_documents()}
TELEHEALTH = DOCUMENTS["telehealth"]


@pytest.mark.parametrize("code", FIGURES)
def test_length_and_go_live_day_are_what_the_checker_prints(code):
    assert measured(DOCUMENTS[code]) == FIGURES[code]


@pytest.mark.parametrize("code", FIGURES)
@pytest.mark.parametrize("days", range(7))
def test_counted_back_from_any_day_it_goes_live_on_that_day(code, days):
    go_live = date(2029, 1, 1) + timedelta(days=days)

    course = back_from(DOCUMENTS[code], go_live=go_live)

    assert course.go_live == go_live
    assert course.is_held == (go_live.weekday() > 4)
    assert lengths_of(course, MONDAY_TO_FRIDAY).go_live == FIGURES[code][1]


def test_the_start_is_the_latest_from_which_the_go_live_can_be_reached():
    course = back_from(TELEHEALTH, go_live=date(2029, 1, 1))

    later = laid_out(TELEHEALTH, start=course.start + timedelta(days=1))
    assert later.go_live > date(2029, 1, 1)


def test_holidays_are_counted_around():
    holidays = Calendar(
        exceptions=(DayException(first=date(2028, 12, 18), last=date(2028, 12, 29)),)
    )

    plain = back_from(TELEHEALTH, go_live=date(2029, 1, 1))
    course = back_from(TELEHEALTH, go_live=date(2029, 1, 1), pace=StartPace(calendar=holidays))

    assert course.go_live == plain.go_live
    assert (plain.start - course.start).days == 14
    assert lengths_of(course, holidays).go_live == 104


def test_seven_day_work_is_done_on_seven_days_when_asked():
    ehr = DOCUMENTS["ehr_rollout"]

    course = back_from(ehr, go_live=date(2029, 1, 1), pace=StartPace(seven_days=True))

    center = course.timings["T37"]
    assert (center.finish - center.start).days == 14
    assert lengths_of(course, MONDAY_TO_FRIDAY).length == 397


@pytest.mark.parametrize(("days", "percent", "wanted"), [(10, 50, 5), (5, 50, 3), (0, 50, 0), (1, 25, 1), (10, 120, 12)])  # fmt: skip
def test_durations_scale_to_whole_days(days, percent, wanted):
    assert scaled(days, percent) == wanted


def test_9b_anchored_items_are_set_by_calendar_days_from_a_computed_milestone():
    course = back_from(TELEHEALTH, go_live=date(2029, 1, 1))
    rows = TELEHEALTH["anchored"]

    days = [
        counted_from(course.timings[row["from"]].finish, row, until=course.finish) for row in rows
    ]

    assert days == [
        [date(2028, 12, 2)],
        [date(2029, 4, 2)],
        [date(2029, 7, 2)],
        [date(2030, 1, 1)],
    ]


def test_9b_a_repeated_one_comes_again_until_the_end_of_the_plan():
    row = {"calendar_days": 7, "repeat_days": 7}

    assert counted_from(date(2027, 1, 4), row, until=date(2027, 1, 26)) == [
        date(2027, 1, 11),
        date(2027, 1, 18),
        date(2027, 1, 25),
    ]


def test_a_pinned_go_live_is_known_and_the_next_such_day_found():
    assert pin_of(DOCUMENTS["value_based_care"]) == "01-01"
    assert pin_of(TELEHEALTH) == ""
    assert next_pin("01-01", date(2027, 1, 1)) == date(2027, 1, 1)
    assert next_pin("01-01", date(2027, 1, 2)) == date(2028, 1, 1)


@pytest.mark.parametrize("text", ["T01", "T01:SS", "T01:SS+10", "T01:FF+5", "T01:FS+2"])
def test_a_link_is_written_as_it_is_read(text):
    assert str(link_of(text)) == text


@pytest.mark.parametrize("text", ["", "T 1", "T01:XX", "T01:SS+", "T01+5"])
def test_what_is_no_link_is_none(text):
    assert link_of(text) is None
