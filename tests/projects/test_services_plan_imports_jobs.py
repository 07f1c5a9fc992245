"""A schedule file that a worker checks and writes: what it was asked."""

import pytest

from pmo.common.background import jobs
from projects.services import plan_imports
from tests.projects.test_services_plan_imports import WITH_CALENDAR

pytestmark = pytest.mark.django_db


def test_who_does_not_ask_for_calendars_adds_none(project, lead):
    run = plan_imports.upload_file(
        project=project, file_name="a.xml", content=WITH_CALENDAR, by=lead
    )

    jobs.run(run.job_id)

    run.refresh_from_db()
    assert (run.state, run.counts["calendars"]) == ("checked", 0)
