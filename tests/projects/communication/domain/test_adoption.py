from datetime import date

import pytest

from projects.communication.domain.adoption import AdoptionCounts, due_days


def test_shares_are_of_those_licensed_assigned_and_planned():
    counts = AdoptionCounts(
        licensed=480,
        active=402,
        assigned=438,
        passed=391,
        tickets=67,
        units_planned=12,
        units_live=9,
    )

    # 391 of 438 is the worked example of readiness: 89.3 %
    assert round(counts.pass_share, 3) == 0.893
    assert counts.active_share == 402 / 480
    assert round(counts.tickets_per_100, 1) == 16.7
    assert counts.unit_share == 0.75


@pytest.mark.parametrize(
    "counts",
    [AdoptionCounts(), AdoptionCounts(licensed=0, active=0, assigned=0, passed=0, tickets=3)],
)
def test_what_cannot_be_counted_is_none(counts):
    assert counts.active_share is None
    assert counts.pass_share is None
    assert counts.tickets_per_100 is None
    assert counts.unit_share is None


def test_days_are_counted_from_the_go_live():
    assert due_days(date(2026, 3, 1)) == [
        (7, date(2026, 3, 8)),
        (30, date(2026, 3, 31)),
        (90, date(2026, 5, 30)),
    ]
