"""A schedule file that a worker checks and writes: what it was asked, for as long as that takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pmo.common.background import jobs
from pmo.common.models import Job
from projects.models import Task
from projects.services import plan_imports
from projects.services.plan_imports import background
from tests.projects.test_services_plan_imports import SMALL, WITH_CALENDAR

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("work", ["check_again", "apply_import"])
def test_no_second_worker_takes_a_file_while_the_first_has_it(project, lead, monkeypatch, work):
    leases = []
    do = getattr(background, work)

    def watched(**asked):
        leases.append(Job.objects.latest("pk").lease_until - timezone.now())
        return do(**asked)

    monkeypatch.setattr(background, work, watched)
    run = plan_imports.upload_file(project=project, file_name="a.xml", content=SMALL, by=lead)
    jobs.run(run.job_id)
    jobs.run(plan_imports.request_apply(run=run, by=lead).job_id)

    assert Task.objects.count() == 4
    assert [lease > jobs.LEASE + timedelta(minutes=1) for lease in leases] == [True]


def test_who_does_not_ask_for_calendars_adds_none(project, lead):
    run = plan_imports.upload_file(
        project=project, file_name="a.xml", content=WITH_CALENDAR, by=lead
    )

    jobs.run(run.job_id)

    run.refresh_from_db()
    assert (run.state, run.counts["calendars"]) == ("checked", 0)
