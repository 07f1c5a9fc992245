"""A change of the week's rhythm neither skips a week's freeze, summary and reminder nor doubles one."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from pmo.common.background import jobs, schedule
from pmo.common.models import Job
from pmo.common.records.writing import ClashError
from projects.domain.calendar import week_of
from projects.services.reminders import REMIND_ALL
from reports import tasks, wiring
from reports.models import Freeze, FreezeKind, Summary
from reports.services import snapshots
from reports.services.summaries import COMPILE
from tests.factories import PortfolioFactory, ProjectFactory
from tests.reports.clock import Clock, be_here_since, set_rhythm
from tests.reports.documents import member

pytestmark = pytest.mark.django_db
# the week before, the week of the change, and the week after
MONDAY = date(2026, 11, 16)
TO_FRIDAY = {"due_weekday": 3, "freeze_weekday": 4, "compile_weekday": 5}
TO_SUNDAY = {"due_weekday": 4, "freeze_weekday": 6, "compile_weekday": 0}


def day(number):
    """Return a day of the week of the change: 0 is its Monday, 6 its Sunday."""
    return MONDAY + timedelta(days=number)


@pytest.fixture
def clock(monkeypatch):
    """A clock, a portfolio with a project that was always here, and no mail or job that runs."""
    clock = Clock(monkeypatch)
    member(PortfolioFactory(), ProjectFactory())
    be_here_since(date(2026, 1, 1))
    monkeypatch.setattr(jobs, "sweep", lambda: 0)
    return clock


def live(clock, first, last):
    clock.live_through(first, last)
    for job in Job.objects.open().filter(kind=COMPILE):
        assert clock.run(job)


def freezes():
    return list(Freeze.objects.order_by("date").values_list("date", flat=True))


def summaries():
    return list(Summary.objects.order_by("date").values_list("date", flat=True))


def reminded():
    keys = Job.objects.filter(kind=REMIND_ALL).order_by("pk").values_list("key", flat=True)
    return [key for key in keys if key >= MONDAY.isoformat()]


@pytest.mark.parametrize(
    ("first", "then", "changed_on", "expected"),
    [
        # before this week's freeze, and on its day
        (TO_SUNDAY, TO_FRIDAY, 2, [4]),
        (TO_SUNDAY, TO_FRIDAY, 4, [4]),
        # on a Saturday the Friday is over: the week is frozen at once
        (TO_SUNDAY, TO_FRIDAY, 5, [4]),
        (TO_SUNDAY, TO_FRIDAY, 6, [4]),
        (TO_FRIDAY, TO_SUNDAY, 2, [6]),
        (TO_FRIDAY, TO_SUNDAY, 4, [6]),
        # after this week's freeze: it stays the week's
        (TO_FRIDAY, TO_SUNDAY, 5, [4]),
        (TO_FRIDAY, TO_SUNDAY, 6, [4]),
    ],
)
def test_each_week_is_frozen_compiled_and_reminded_of_once(
    clock, first, then, changed_on, expected
):
    set_rhythm(**first)
    live(clock, day(-14), day(changed_on - 1))
    clock.tick(day(changed_on), 9)
    set_rhythm(**then)
    live(clock, day(changed_on), day(15))

    days = freezes()
    assert [one for one in days if week_of(one) == MONDAY] == [day(number) for number in expected]
    weeks = [week_of(one) for one in days]
    assert weeks == [MONDAY + timedelta(weeks=number) for number in (-3, -2, -1, 0, 1)]
    assert [week_of(one) for one in summaries()] == weeks
    assert reminded() == [
        f"{MONDAY + timedelta(weeks=number)}:due"
        for number in ((0, 1, 2) if then == TO_FRIDAY and day(15).weekday() >= 3 else (0, 1))
    ]


@pytest.mark.parametrize(
    ("first", "then", "awake_on", "frozen_on"),
    [
        (TO_SUNDAY, TO_FRIDAY, 5, 4),  # slept over the new day
        (TO_SUNDAY, TO_FRIDAY, 8, 4),  # and over the old one
        (TO_FRIDAY, TO_SUNDAY, 5, 6),  # slept over the old day: the new one is to come
        (TO_FRIDAY, TO_SUNDAY, 8, 6),
    ],
)
def test_a_server_that_slept_over_the_change_catches_up_once(
    clock, first, then, awake_on, frozen_on
):
    set_rhythm(**first)
    live(clock, day(-7), day(1))
    set_rhythm(**then)
    live(clock, day(awake_on), day(13))

    assert [one for one in freezes() if week_of(one) == MONDAY] == [day(frozen_on)]
    assert [one for one in summaries() if week_of(one) == MONDAY] == [day(frozen_on)]


def test_a_week_keeps_the_day_on_which_it_was_frozen(clock):
    clock.tick(day(0), 1)
    set_rhythm(**TO_FRIDAY)
    clock.tick(day(2))

    assert freezes() == [day(-1)]


def test_two_clocks_with_two_rhythms_freeze_a_week_once(clock):
    clock.set(day(7))
    first = snapshots.freeze_week(day(4))

    assert snapshots.freeze_week(day(6)) == first
    with pytest.raises(ClashError):
        snapshots.write_freeze(day=day(6), kind=FreezeKind.WEEK, by=None)
    assert freezes() == [day(4)]


def test_a_summary_that_is_not_due_yet_when_the_next_week_is_frozen_comes_all_the_same(clock):
    """Frozen on Sundays and compiled on Saturdays; then Fridays are frozen."""
    set_rhythm(freeze_weekday=6, compile_weekday=5)
    live(clock, day(0), day(2))
    assert (freezes(), summaries()) == ([day(-1)], [])
    set_rhythm(freeze_weekday=4)
    live(clock, day(3), day(5))

    assert freezes() == [day(-1), day(4)]
    assert summaries() == [day(-1), day(4)]


@pytest.mark.parametrize("name", ["America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"])
def test_the_week_ends_at_the_organization_s_midnight(monkeypatch, name):
    clock = Clock(monkeypatch, name)
    monkeypatch.setattr(jobs, "sweep", lambda: 0)
    member(PortfolioFactory(), ProjectFactory())
    be_here_since(date(2026, 1, 1))
    set_rhythm(time_zone=name, due_weekday=3, freeze_weekday=4, compile_weekday=5)
    clock.tick(day(0), 12)  # the last week, caught up
    Job.objects.all().delete()

    clock.tick(day(4), 23, 59)
    before = freezes()
    clock.tick(day(5), 0, 1)
    after = freezes()
    compiled = []
    for hour, minute in ((5, 59), (6, 0)):
        clock.tick(day(5), hour, minute)
        compiled.append(Job.objects.filter(kind=COMPILE, key__endswith=str(day(4))).count())

    assert (before, after) == ([day(-3)], [day(-3), day(4)])
    assert compiled == [0, 1]
    assert clock.zone == ZoneInfo(name)


def test_the_clock_knows_the_duties():
    assert {wiring.weekly, tasks.weekly_summaries} < set(schedule._duties)
