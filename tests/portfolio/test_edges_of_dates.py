"""No formula of requests, committees and messages falls over a date, whatever an earlier release took."""

from datetime import date
from itertools import product

from portfolio.governance.domain.delay import delay_days, ratification, ratify_by
from portfolio.intake.domain.clock import days_between, due_on, soon_until
from projects.communication.domain.adoption import due_days
from projects.communication.domain.timing import Cadence, is_late, next_due, shifted
from projects.domain.workdays import MONDAY_TO_FRIDAY

EDGES = (
    date.min,
    date(26, 11, 20),
    date(1900, 1, 1),
    date(2026, 12, 1),
    date(2200, 12, 31),
    date.max,
)


def test_each_answers_for_every_edge():
    for one, other, third in product(EDGES, repeat=3):
        assert delay_days(one, other, third) >= 0
        assert ratify_by(one) >= one
        ratification(one, other, None)
        assert days_between(one, other, MONDAY_TO_FRIDAY) >= 0
        assert due_on(one, used=0, days=10, calendar=MONDAY_TO_FRIDAY) >= one
        assert soon_until(one, MONDAY_TO_FRIDAY) >= one
        is_late(one, other)
        shifted(one, 40_000)
        due_days(one)


def test_what_goes_on_is_due_later_than_it_was_done_or_no_more():
    for first, until, done in product(EDGES, (*EDGES, None), EDGES):
        for cadence in Cadence:
            due = next_due(first=first, cadence=cadence, until=until, done_through=done)
            assert due is None or due > done, (first, cadence, until, done)
