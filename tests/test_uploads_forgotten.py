"""Files that somebody uploaded and nobody wrote do not stay for ever."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.background import schedule as clock
from pmo.common.models import AuditEvent, Job
from pmo.common.records.writing import RefusalError
from projects import tasks
from projects.services import plan_imports
from reports.imports import wiring
from reports.imports.services import runs
from tests.factories import UnitFactory, person
from tests.projects.test_services_plan_imports import SMALL
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
TABLE = "Code,Name,Unit\nA-1,Theater,Surgery\n"


@pytest.fixture
def night(settings):
    """Four in the night, nine days after the uploads of the test, which are kept for eight."""
    settings.FORGET_UPLOADS_AFTER_DAYS = 8
    today = timezone.localtime() + timedelta(days=9)
    return today.replace(hour=4, minute=0)


def schedule(project, by, name="plan.xml"):
    return plan_imports.start_import(project=project, file_name=name, content=SMALL, by=by)


def state_of(run):
    run.refresh_from_db()
    return run.state, bytes(run.content)


def forgotten():
    return list(
        AuditEvent.objects.filter(action__endswith=".forgotten").values_list("action", "by")
    )


def test_a_schedule_file_that_waited_is_emptied_once(project, manager, night):
    run = schedule(project, manager)

    tasks.forgotten_files(night)
    tasks.forgotten_files(night + timedelta(minutes=1))

    assert state_of(run) == ("forgotten", b"")
    assert forgotten() == [("plan_import.forgotten", None)]
    assert AuditEvent.objects.latest("sequence").scope == f"projects.project:{project.pk}"
    with pytest.raises(RefusalError, match="not open any more: forgotten"):
        plan_imports.apply_import(run=run, by=manager)


def test_a_table_that_waited_is_emptied_once(lead, night):
    UnitFactory(name="Surgery")
    run = started(TABLE, lead)

    wiring.forgotten_files(night)
    wiring.forgotten_files(night + timedelta(minutes=1))

    assert state_of(run) == ("forgotten", b"")
    assert forgotten() == [("import.forgotten", None)]
    with pytest.raises(RefusalError, match="This import is over"):
        runs.apply(run=run, by=lead)


def test_by_day_and_before_its_time_nothing_is_forgotten(project, manager, lead, night):
    plan, table = schedule(project, manager), started(TABLE, lead)

    for moment in (night.replace(hour=2), night - timedelta(days=2)):
        for duty in (tasks.forgotten_files, wiring.forgotten_files):
            duty(moment)

    assert [state_of(plan)[0], state_of(table)[0]] == ["checked", "mapping"]
    assert forgotten() == []


def test_what_was_written_or_checked_again_stays(project, manager, lead, night):
    written = plan_imports.apply_import(run=schedule(project, manager), by=manager)
    checked = schedule(project, manager, "again.xml")
    table = started(TABLE, lead)
    for run in (checked, table):
        run.job = Job.objects.create(kind="x", key=str(run), created_at=night - timedelta(days=1))
        run.save(update_fields=["job"])

    tasks.forgotten_files(night)
    wiring.forgotten_files(night)

    assert [state_of(run)[0] for run in (written, checked, table)] == [
        *("applied", "checked", "mapping")
    ]


def test_the_lists_and_pages_say_so(signed_in, project, manager, night):
    analyst = person(Role.PMO_ANALYST)
    plan, table = schedule(project, manager), started(TABLE, analyst)
    tasks.forgotten_files(night)
    wiring.forgotten_files(night)

    def page(reader, url):
        return signed_in(reader).get(url).content.decode()

    files = page(manager, reverse("projects:plan_import_list", args=[project.pk]))
    assert "Forgotten, nobody wrote it" in files
    assert "A file that is not imported is deleted after 8 days." in files
    assert "This file was not imported in time" in page(manager, plan.get_absolute_url())
    assert "Forgotten, nobody applied it" in page(analyst, reverse("reports:import_list"))
    assert "Forgotten, nobody applied it" in page(analyst, table.get_absolute_url())


def test_the_clock_asks_for_it():
    names = {(duty.__module__, duty.__name__) for duty in clock._duties}

    assert {
        ("projects.tasks", "forgotten_files"),
        ("reports.imports.wiring", "forgotten_files"),
    } <= names
