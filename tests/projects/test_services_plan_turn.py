"""Open plans are computed again as the day turns; nobody did it, so the trail says nothing."""

from datetime import date, timedelta

import pytest

from pmo.common.models import AuditEvent, Job
from pmo.common.records import guards
from projects import tasks
from projects.models import Project, Task
from projects.services import plan_turn
from projects.services.plan import create_task
from tests.factories import ProjectFactory
from tests.reports.clock import Clock

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(MONDAY)
    return clock


def planned(**fields):
    """A project whose plan is one day of work, computed on Monday."""
    project = ProjectFactory(start_date=MONDAY, **fields)
    create_task(project=project, by=None, name="Wire", duration=1)
    project.refresh_from_db()
    return project


def dates(project):
    row = Task.objects.get(project=project)
    return row.start, row.finish, Project.objects.get(pk=project.pk).data_date


def test_work_that_had_not_started_starts_later_and_no_one_did_it(clock):
    project = planned()
    before = AuditEvent.objects.count(), Task.objects.get().version
    assert dates(project) == (MONDAY, MONDAY, MONDAY)
    clock.set(FRIDAY, 0, 1)
    tasks.daily_plans(clock.at)

    clock.run(Job.objects.get(kind=plan_turn.TURN))

    assert dates(project) == (FRIDAY, FRIDAY, FRIDAY)
    assert (AuditEvent.objects.count(), Task.objects.get().version) == before
    assert Job.objects.get(kind=plan_turn.TURN).result == {"computed": 1, "left": 0}


def test_nothing_is_queued_where_all_plans_are_of_the_day(clock):
    planned()

    tasks.daily_plans(clock.at)

    assert not Job.objects.filter(kind=plan_turn.TURN).exists()


def test_projects_that_ended_or_have_no_plan_stay_as_they_are(clock):
    ended = planned()
    Project.objects.filter(pk=ended.pk).update(stage="closed")
    ProjectFactory()
    clock.set(FRIDAY)

    assert not plan_turn.plans_of_another_day(FRIDAY).exists()
    assert plan_turn.as_of_today(Project.objects.get(pk=ended.pk)).data_date == MONDAY


def test_a_plan_that_cannot_be_computed_stops_no_other(clock):
    broken, other = planned(), planned()
    row = Task.objects.get(project=broken)
    Task.objects.filter(pk=row.pk).update(parent=row.pk)
    clock.set(FRIDAY)
    tasks.daily_plans(clock.at)

    clock.run(Job.objects.get(kind=plan_turn.TURN))

    assert dates(other) == (FRIDAY, FRIDAY, FRIDAY)


def test_killed_halfway_it_goes_on_where_it_stopped(clock, monkeypatch):
    first, second = planned(), planned()
    clock.set(FRIDAY)
    tasks.daily_plans(clock.at)
    job = Job.objects.get(kind=plan_turn.TURN)
    plan_turn.as_of_today(first)

    clock.run(job)

    assert Job.objects.get(pk=job.pk).result == {"computed": 1, "left": 0}
    assert dates(second) == (FRIDAY, FRIDAY, FRIDAY)


class TestPages:
    """Who reads a plan while the worker is down sees today's too, and one finish on one page."""

    def test_headline_and_card_are_of_today(self, clock, signed_in, lead):
        project = planned(forecast_finish_date=MONDAY)
        clock.set(FRIDAY)

        page = signed_in(lead).get(f"/projects/{project.pk}/plan/").content.decode()

        assert "The plan finishes on 27 Nov 2026" in page
        assert page.count("23 Nov 2026") == 1  # what the manager says
        assert dates(project) == (FRIDAY, FRIDAY, FRIDAY)

    def test_a_row_that_is_added_moves_both(self, clock, signed_in, lead):
        project = planned()
        client = signed_in(lead)
        address = f"/projects/{project.pk}/plan/"

        added = client.post(
            f"{address}add/",
            {"name": "Test", "duration": "3", "waits_for": "1"},
            headers={"HX-Request": "true"},
            follow=True,
        ).content.decode()

        assert 'id="plan-lede"' in added
        assert '<div id="plan-declared" hx-swap-oob="true">' in added
        assert "The plan finishes on 26 Nov 2026" in added
        assert "<dd>26 Nov 2026" in added

    def test_the_file_for_other_programs_is_of_today(self, clock, signed_in, lead):
        project = planned()
        clock.set(FRIDAY)

        body = signed_in(lead).get(f"/projects/{project.pk}/plan.xml").content.decode()

        assert "<Start>2026-11-27T" in body

    def test_a_plan_that_cannot_be_computed_is_shown_as_of_its_own_day(
        self, clock, signed_in, lead
    ):
        project = planned()
        guards.take_down()  # as release 0.1 took it
        Task.objects.update(duration=2_000_000)
        clock.set(FRIDAY)

        page = signed_in(lead).get(f"/projects/{project.pk}/plan/")

        assert page.status_code == 200
        assert "The plan finishes on 23 Nov 2026" in page.content.decode()

    def test_reading_it_again_computes_nothing(self, clock, lead, django_assert_num_queries):
        project = planned()

        with django_assert_num_queries(0):
            assert plan_turn.as_of_today(project) is project


def test_the_clock_asks_again_each_day(clock):
    planned()
    for day in (FRIDAY, FRIDAY, FRIDAY + timedelta(days=3)):
        clock.set(day)
        tasks.daily_plans(clock.at)

    keys = Job.objects.filter(kind=plan_turn.TURN).values_list("key", flat=True)
    assert sorted(keys) == ["2026-11-27", "2026-11-30"]
