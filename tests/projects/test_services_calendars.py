"""Calendars are written with their days, and plans that count on them are computed again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pmo.common.background.jobs import run
from pmo.common.models import AuditEvent, Job
from pmo.common.records import guards
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.domain.plan.days_off import Days
from projects.models import CalendarException, Task, WorkCalendar
from projects.selectors.planning import days_of
from projects.services import calendars, plan
from projects.services.projects import COMPUTE, change_project
from tests.factories import CalendarFactory, ProjectFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]
MONDAY = date(2027, 1, 4)
EPIPHANY = Days(date(2027, 1, 6), date(2027, 1, 6), False, "Epiphany")


@pytest.fixture
def task(lead):
    """Five days from Monday to Friday."""
    project = ProjectFactory(start_date=MONDAY)
    return plan.create_task(project=project, name="Draw", duration=5, by=lead)


def finish(task):
    return Task.objects.get(pk=task.pk).finish


def work():
    for job in Job.objects.filter(kind=COMPUTE, finished_at=None):
        assert run(job.pk)


def test_a_calendar_is_created_with_its_days(lead):
    made = calendars.create_calendar(by=lead, name="Clinic", weekdays="1111110", days=[EPIPHANY])

    assert days_of(made) == [EPIPHANY]
    event = AuditEvent.objects.get()
    assert (event.action, event.by) == ("calendar.created", lead)
    assert not Job.objects.exists()


def test_the_default_moves_and_every_plan_is_computed(lead, task):
    old = CalendarFactory(is_default=True)

    calendars.create_calendar(by=lead, name="New", is_default=True, days=[EPIPHANY])
    work()

    assert not WorkCalendar.objects.get(pk=old.pk).is_default
    said = AuditEvent.objects.filter(action="calendar.changed").values_list("target", flat=True)
    assert list(said) == [f"projects.workcalendar:{old.pk}"]
    assert finish(task) == date(2027, 1, 11)
    assert Job.objects.get().result == {"computed": 1, "left": 0}


def test_days_and_week_are_changed_with_an_event_each(lead, task):
    calendar = CalendarFactory()
    plan.change_task(task=task, version=None, calendar=calendar, by=lead)
    before = AuditEvent.objects.count()

    calendars.change_calendar(calendar=calendar, version=1, by=lead, days=[EPIPHANY])
    work()
    assert finish(task) == date(2027, 1, 11)

    with pytest.raises(EditConflictError):
        calendars.change_calendar(calendar=calendar, version=1, by=lead, days=[])
    calendars.change_calendar(calendar=calendar, version=2, by=lead, weekdays="1111111")
    work()
    assert finish(task) == date(2027, 1, 9)
    actions = AuditEvent.objects.order_by("sequence").values_list("action", flat=True)[before:]
    assert list(actions) == [
        "calendar.days_changed",
        "plan.rescheduled",
        "calendar.changed",
        "plan.rescheduled",
    ]


def test_a_plan_that_cannot_be_computed_is_left_and_counted(lead, task):
    calendar = CalendarFactory()
    guards.take_down()  # as release 0.1 took it
    Task.objects.update(calendar=calendar, duration=2_000_000)

    calendars.change_calendar(calendar=calendar, version=1, by=lead, days=[EPIPHANY])
    work()

    assert Job.objects.get().result == {"computed": 0, "left": 1}


def test_a_calendar_that_is_gone_meanwhile_ends_its_job(lead, task):
    calendar = CalendarFactory()
    Task.objects.update(calendar=calendar)
    calendars.change_calendar(calendar=calendar, version=1, by=lead, days=[EPIPHANY])
    Task.objects.update(calendar=None)
    calendar.delete()

    work()

    assert Job.objects.get().result == {"computed": 0, "left": 0}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"weekdays": "0000000"}, "Choose at least one working day of the week."),
        ({"weekdays": "11111"}, "Choose at least one working day of the week."),
        ({"name": ""}, "This field cannot be blank."),
        ({"days": [EPIPHANY._replace(name="Patient MRN 12345678")]}, "This looks like"),
    ],
)
def test_what_cannot_be_is_refused_without_a_trace(lead, said, message):
    calendar = CalendarFactory()
    before = AuditEvent.objects.count()

    with pytest.raises(ValidationError, match=message):
        calendars.change_calendar(calendar=calendar, version=1, by=lead, **said)

    calendar.refresh_from_db()
    assert (calendar.version, calendar.weekdays) == (1, "1111100")
    assert (CalendarException.objects.count(), AuditEvent.objects.count()) == (0, before)


def test_two_editors_meet(lead):
    calendar = CalendarFactory()
    calendars.change_calendar(calendar=calendar, version=1, by=lead, name="Mine")

    with pytest.raises(EditConflictError):
        calendars.change_calendar(calendar=calendar, version=1, by=lead, name="Theirs")


def test_a_calendar_in_use_stays(lead, task):
    free, used = CalendarFactory(), CalendarFactory(is_default=True)

    calendars.remove_calendar(calendar=free, by=lead)
    with pytest.raises(RefusalError, match="Plans count on this calendar"):
        calendars.remove_calendar(calendar=used, by=lead)

    assert list(WorkCalendar.objects.all()) == [used]
    assert AuditEvent.objects.latest("sequence").action == "calendar.removed"


def test_another_start_or_calendar_of_a_project_computes_its_plan(lead, task):
    change_project(
        project=task.project,
        version=None,
        by=lead,
        start_date=date(2027, 2, 1),
        baseline_finish_date=None,
    )
    work()
    assert finish(task) == date(2027, 2, 5)

    calendar = CalendarFactory(weekdays="1111000")
    change_project(project=task.project, version=None, by=lead, calendar=calendar)
    work()
    assert finish(task) == date(2027, 2, 8)

    change_project(project=task.project, version=None, by=lead, summary="x", calendar=calendar)
    assert Job.objects.filter(kind=COMPUTE).count() == 2


def test_a_calendar_holds_a_thousand_days_that_differ_and_no_more(lead):
    with pytest.raises(RefusalError, match="at most 1,000 days"):
        calendars.create_calendar(by=lead, name="Clinic", days=[EPIPHANY] * 1_001)

    assert not WorkCalendar.objects.exists()
    assert not AuditEvent.objects.exists()
