"""Small drawings are true to scale and never overlap their labels."""

from datetime import date, timedelta
from decimal import Decimal

from pmo.common.page.inline_charts import (
    BAR_WIDTH,
    LABEL_GAP,
    LETTER,
    STRIP_WIDTH,
    StripMark,
    budget_bar,
    milestone_strip,
    sparkline,
)

TODAY = date(2026, 11, 20)


def test_budget_bar_is_scaled_to_120_percent_of_approved():
    bar = budget_bar(Decimal(50), Decimal(110), Decimal(100))

    assert bar is not None
    assert (bar.spent, bar.forecast, bar.approved_x, bar.is_over) == (55.0, 121.0, 109.0, True)


def test_budget_bar_is_over_only_above_two_percent():
    at_limit, above = budget_bar(0, 102, 100), budget_bar(0, Decimal("102.01"), 100)

    assert at_limit is not None
    assert above is not None
    assert (at_limit.is_over, above.is_over) == (False, True)


def test_budget_bar_stays_inside_its_track():
    bar = budget_bar(-5, 900, 100)

    assert bar is not None
    assert (bar.spent, bar.forecast) == (0.0, float(BAR_WIDTH))


def test_budget_bar_leaves_out_what_is_unknown():
    bar = budget_bar(None, None, 100)

    assert bar is not None
    assert (bar.spent, bar.forecast, bar.is_over) == (None, None, False)


def test_budget_bar_needs_an_approved_amount():
    assert budget_bar(1, 2, None) is None
    assert budget_bar(1, 2, 0) is None


def test_strip_places_marks_by_date_and_tells_their_state():
    strip = milestone_strip(
        [
            StripMark(name="Opening", date=TODAY + timedelta(days=100)),
            StripMark(name="Design", date=TODAY - timedelta(days=100), done=True),
            StripMark(name="Permit", date=TODAY + timedelta(days=50), days_late=24),
            StripMark(name="Review", date=TODAY - timedelta(days=1)),
            StripMark(name="Someday", date=None),
        ],
        TODAY,
    )

    assert strip is not None
    assert [(placed.mark.name, placed.state) for placed in strip.marks] == [
        ("Design", "done"),
        ("Review", "late"),
        ("Permit", "late"),
        ("Opening", "open"),
    ]
    assert [strip.marks[0].x, strip.marks[-1].x, strip.today_x] == [24.0, 676.0, 350.0]


def test_strip_of_one_date_is_drawn_in_the_middle():
    strip = milestone_strip([StripMark(name="Opening", date=TODAY)], TODAY)

    assert strip is not None
    assert (strip.marks[0].x, strip.today_x) == (350.0, 350.0)


def test_strip_knows_when_today_is_outside():
    marks = [StripMark(name="A", date=date(2027, 1, 1)), StripMark(name="B", date=date(2027, 6, 1))]

    before, after = milestone_strip(marks, TODAY), milestone_strip(marks, date(2028, 1, 1))

    assert before is not None
    assert after is not None
    assert (before.today_x, before.past_x) == (None, 24)
    assert (after.today_x, after.past_x) == (None, 676.0)


def test_strip_without_dates_is_nothing():
    assert milestone_strip([], TODAY) is None
    assert milestone_strip([StripMark(name="Someday", date=None)], TODAY) is None


def test_labels_never_overlap_and_stay_inside():
    marks = [
        StripMark(name=f"Milestone with a long name {i}", date=TODAY + timedelta(days=i * 7))
        for i in range(40)
    ]

    strip = milestone_strip(marks, TODAY)

    assert strip is not None
    for row in (46, 62):
        ends = float("-inf")
        for placed in (one for one in strip.marks if one.label_y == row):
            width = len(placed.label) * LETTER
            shift = {"start": 0, "middle": width / 2, "end": width}[placed.anchor]
            left = placed.x - shift
            assert left >= ends + LABEL_GAP
            assert left >= 0
            assert left + width <= STRIP_WIDTH
            ends = left + width
    assert [one.label for one in strip.marks if one.label_y == 0] == [""] * (
        40 - sum(1 for one in strip.marks if one.label)
    )


def test_sparkline_runs_from_left_to_right():
    assert sparkline([]) == []
    assert sparkline([5]) == [(2.0, 12.0)]
    assert sparkline([0, 10]) == [(2.0, 19.1), (86.0, 4.9)]
