"""Each sentence about whose updates are due, in or missing, where its number or its hour turns."""

from datetime import UTC, date, datetime, timedelta

import pytest

from projects.selectors.status import UpdateDue
from projects.selectors.updates_received import Counts, Mine
from projects.words.updates_received import NOTHING_DUE, my_lede, received_lede, received_sub

FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC)
BEFORE, AFTER = (
    UpdateDue(week=date(2026, 11, 23), at=FRIDAY, now=FRIDAY + timedelta(hours=hours))
    for hours in (-2, 3)
)
NONE = dict.fromkeys(
    (
        "total",
        "missing",
        "draft",
        "received",
        "optional",
        "silent",
        "disputed",
        "unreachable",
        "hidden",
    ),
    0,
)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (BEFORE, "Week 48, 23–27 Nov 2026. Due today 17:00"),
        (AFTER, "Week 48, 23–27 Nov 2026. Missing updates are 3 hours late."),
    ],
)
def test_the_week_and_its_hour(due, said):
    assert received_sub(due) == said


@pytest.mark.parametrize(
    ("owed", "reporting", "due", "said"),
    [
        (0, 0, BEFORE, NOTHING_DUE),
        (0, 1, BEFORE, "This week's update is in. Nothing is due."),
        (0, 2, BEFORE, "This week's 2 updates are in. Nothing is due."),
        (1, 1, BEFORE, "Your update is due today 17:00."),
        (1, 2, AFTER, "1 of your 2 updates is 3 hours late."),
        (2, 3, AFTER, "2 of your 3 updates are 3 hours late."),
    ],
)
def test_what_one_person_owes(owed, reporting, due, said):
    assert my_lede(Mine(page=None, rows=(), owed=owed, reporting=reporting), due) == said


@pytest.mark.parametrize(
    ("counts", "due", "said"),
    [
        ({}, BEFORE, "No project reports at present."),
        ({"total": 1, "received": 1}, BEFORE, "The one update is in."),
        ({"total": 1, "missing": 1}, BEFORE, "The one update is not in."),
        ({"total": 2, "received": 2}, AFTER, "2 of 2 updates are in."),
        (
            {"total": 3, "received": 2, "draft": 1},
            BEFORE,
            "2 of 3 updates are in. 1 is still to come, 1 of them started.",
        ),
        (
            {"total": 3, "received": 1, "missing": 2, "silent": 1},
            BEFORE,
            (
                "1 of 3 updates are in. 2 are still to come, 0 of them started."
                " 1 project has had no update for two weeks or more."
            ),
        ),
        (
            {"total": 2, "received": 1, "missing": 1},
            AFTER,
            "1 of 2 updates are in. 1 is late, 0 of them started.",
        ),
        (
            {"total": 4, "missing": 3, "draft": 1, "silent": 2},
            AFTER,
            (
                "0 of 4 updates are in. 4 are late, 1 of them started."
                " 2 projects have had no update for two weeks or more."
            ),
        ),
    ],
)
def test_how_far_the_week_is(counts, due, said):
    assert received_lede(Counts(**NONE | counts), due) == said
