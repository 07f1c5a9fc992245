"""Several at once: who press "Freeze now", who are the first readers of a day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pmo.common.records import audit
from reports.models import Freeze, FrozenMilestone, Snapshot
from reports.services import day_turn, early, snapshots
from tests.factories import MilestoneFactory, ProjectFactory
from tests.projects.test_services_status_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_pressed_by_four_at_once_the_day_is_frozen_once(lead):
    for _ in range(3):
        MilestoneFactory(project=ProjectFactory())
    snapshots.refresh_all()

    outcomes = race(4, lambda _: early.request_freeze(by=lead))

    assert sorted(outcomes) == ["RefusalError"] * 3 + ["won"]
    assert Freeze.objects.get().rows == 3
    today = timezone.localdate()
    assert Snapshot.objects.at(today, is_early=True).count() == 3
    assert FrozenMilestone.objects.count() == 3
    assert audit.faults() == []


def test_a_week_is_frozen_once_by_clocks_that_hold_two_rhythms(lead):
    ProjectFactory()
    snapshots.refresh_all()
    days = (date(2026, 11, 20), date(2026, 11, 22))

    outcomes = race(2, lambda number: snapshots.freeze_week(days[number]))

    assert outcomes == ["won"] * 2
    assert Freeze.objects.count() == 1
    assert Snapshot.objects.exclude(date__year=9999).count() == 1
    assert audit.faults() == []


def test_read_by_four_at_once_as_the_day_turned_each_row_is_judged_once(monkeypatch):
    for _ in range(3):
        ProjectFactory()
    today, written = timezone.localdate(), []
    snapshots.refresh_all(today=today - timedelta(days=1))
    write = day_turn.write
    monkeypatch.setattr(day_turn, "write", lambda rows: written.append(len(rows)) or write(rows))

    found = []
    outcomes = race(4, lambda _: found.append(day_turn.live_day()))

    assert outcomes == ["won"] * 4
    assert [(one.day, one.is_behind) for one in found] == [(today, False)] * 4
    assert sum(written) == 3
    assert set(Snapshot.objects.live().values_list("judged_for", flat=True)) == {today}
