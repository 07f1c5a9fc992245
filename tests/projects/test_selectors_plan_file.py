"""The plan as a file: keys, calendars, baseline, in the same number of queries for any size."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.domain.exchange import BaselineRow, read_mspdi
from projects.domain.kinds import EarnsBy, TaskKind
from projects.models import (
    Baseline,
    BaselineItem,
    CalendarException,
    Task,
    TaskLink,
    WorkCalendar,
)
from projects.selectors.plan_file import digest_of, document_of, mspdi_of, plan_file_of
from tests.projects.domain.exchange.files import MADE_AT

pytestmark = pytest.mark.django_db


def add(project, number, **fields):
    return Task.objects.create(project=project, name=f"Row {number}", position=number, **fields)


def test_keys_are_the_files_where_they_are_a_rows_alone(project):
    dig = add(project, 1, external_id="7", duration=3)
    pour, cure = add(project, 2, external_id="8"), add(project, 3, external_id="8")
    TaskLink.objects.create(project=project, predecessor=dig, successor=cure, lag=-2)

    plan = plan_file_of(project)

    assert [row.key for row in plan.tasks] == ["7", f"task-{pour.pk}", f"task-{cure.pk}"]
    assert [row.number for row in plan.tasks] == [dig.pk, pour.pk, cure.pk]
    assert [(x.predecessor, x.successor, x.lag) for x in plan.links] == [
        ("7", f"task-{cure.pk}", -2)
    ]


def test_calendars_are_the_default_and_those_in_use(project):
    usual = WorkCalendar.objects.create(name="Usual", is_default=True)
    nights = WorkCalendar.objects.create(name="Nights", weekdays="1111111")
    WorkCalendar.objects.create(name="Other")
    CalendarException.objects.create(
        calendar=nights, first_date=date(2026, 12, 25), last_date=date(2026, 12, 26), name="Feast"
    )
    add(project, 1, calendar=nights, kind=TaskKind.SUPPORT.value)

    plan = plan_file_of(project)
    again = read_mspdi(mspdi_of(project, made_at=MADE_AT))

    assert plan.default_calendar == str(usual.pk)
    assert [calendar.name for calendar in plan.calendars] == ["Usual", "Nights"]
    assert [(e.first, e.last, e.name) for e in plan.calendars[1].exceptions] == [
        (date(2026, 12, 25), date(2026, 12, 26), "Feast")
    ]
    assert again.tasks[0].kind is TaskKind.SUPPORT
    assert [calendar.name for calendar in again.calendars] == ["Usual", "Nights"]


def test_the_latest_baseline_goes_out_with_the_plan(project):
    dig = add(project, 1)
    for number, finish in ((1, date(2026, 3, 6)), (2, date(2026, 3, 9))):
        baseline = Baseline.objects.create(
            project=project,
            number=number,
            approved_on=date(2026, 1, number),
            approved_at=timezone.now(),
            earns_by=EarnsBy.TASKS.value,
        )
        BaselineItem.objects.create(
            project=project,
            baseline=baseline,
            task_number=dig.pk,
            name="Row 1",
            kind="work",
            start=date(2026, 3, 2),
            finish=finish,
            amount=Decimal(500),
        )

    plan = read_mspdi(mspdi_of(project, made_at=MADE_AT))

    assert plan.baseline == (
        BaselineRow(
            task="1", start=date(2026, 3, 2), finish=date(2026, 3, 9), cost=Decimal("500.00")
        ),
    )


def test_a_large_plan_takes_as_many_queries_as_a_small_one(project, django_assert_num_queries):
    for rows in (1, 30):
        for number in range(rows):
            add(project, number + 1)
        with django_assert_num_queries(4):
            mspdi_of(project, made_at=MADE_AT)


def test_the_fingerprint_follows_what_was_entered_and_not_what_was_computed(project):
    dig = add(project, 1)
    before = digest_of(document_of(project))

    Task.objects.update(start=date(2026, 3, 2), total_float=5, is_critical=True, version=9)
    assert digest_of(document_of(project)) == before

    for change in ({"duration": 7}, {"notes": "x"}, {"percent_complete": 3}, {"position": 2}):
        Task.objects.filter(pk=dig.pk).update(**change)
        after = digest_of(document_of(project))
        assert after != before
        before = after
