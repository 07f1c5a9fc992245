"""A job acts for somebody: what the person may do is asked again when the job runs, not only before."""

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from pmo.accounts import services as accounts
from pmo.accounts.acting import NOT_ALLOWED, SHUT_OUT
from pmo.accounts.lists import ListKind
from pmo.accounts.models import Membership, User
from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import AuditEvent, Job, JobState
from portfolio.models import Portfolio
from projects.models import PlanImport, PlanImportState, Project, ProjectMember, Task, WorkCalendar
from projects.services import plan_imports, reminders
from reports.imports.models import ImportRun, ImportState
from reports.imports.services import runs, work
from reports.models import Snapshot, Summary, VarianceReport, scope_of
from reports.services import early
from reports.services.summaries import request_summary
from reports.services.variance import request_variance
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, UnitFactory, person
from tests.projects.test_services_plan_imports import SMALL, WITH_CALENDAR
from tests.reports.documents import SUNDAY, two_weeks
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
# kind of job -> why nobody's rights are asked again when it runs
FOLLOWS = {
    "plan.compute": "what was allowed and saved already decides the dates; they only follow",
    "summary.deliver": "the summary is issued and sealed; each reader's rights are asked per mail",
    "snapshots.daily": "asked for by the clock alone",
    "snapshots.turn": "the day turned: the rows say the same of another day, whoever met them first",
    "plan.turn": "the day turned: what was saved already decides the dates",
    "person.password": "asked for by whoever forgot it, before any right; sent to nobody who left",
}


def wanted(user):
    """Name the user manager of a project, of which there is nothing yet."""
    project = ProjectFactory(name="Wing")
    MemberFactory(project=project, user=user, role=Role.MANAGER)
    return project


def plan_check(user):
    project = wanted(user)
    plan_imports.upload_file(project=project, file_name="a.xml", content=SMALL, by=user)


def plan_apply(user):
    project = wanted(user)
    run = plan_imports.start_import(project=project, file_name="a.xml", content=SMALL, by=user)
    plan_imports.request_apply(run=run, by=user)


def table_check(user):
    UnitFactory(name="Surgery")
    run = started("Code,Name,Unit\nA-1,Theater,Surgery\n", user)
    runs.request_check(run=run, by=user)


def table_apply(user):
    UnitFactory(name="Surgery")
    run = started("Code,Name,Unit\nA-1,Theater,Surgery\n", user)
    runs.request_apply(run=work.finish_check(run, work.check(run)), by=user)


def table_undo(user):
    UnitFactory(name="Surgery")
    run = started("Code,Name,Unit\nA-1,Theater,Surgery\n", user, answers={"stage": "delivery"})
    runs.request_undo(run=runs.apply(run=run, by=user), by=user)


def compiled(user):
    portfolio = PortfolioFactory()
    two_weeks(portfolio)
    request_summary(scope=scope_of(portfolio), day=SUNDAY, by=user)


def varied(user):
    portfolio = PortfolioFactory()
    two_weeks(portfolio)
    request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=None, by=user)


def frozen_early(user):
    ProjectFactory()
    day = timezone.localdate().isoformat()
    jobs.enqueue(kind=early.FREEZE_EARLY, key=day, params={"day": day}, by=user)


def remind_all(user):
    wanted(person(Role.STAFF))
    reminders.remind_all(by=user)


def remind_one(user):
    project = wanted(person(Role.STAFF))
    reminders.remind_managers(project=project, by=user)


def invited(user):
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
    with override_settings(EMAIL_URL="smtp://mail.example.org"):
        accounts.invite(user=person(Role.STAFF), by=user)


def listed(user):
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
    content = b"name,email\nAda,ada@example.org\n"
    record = accounts.stage_file(kind=ListKind.PEOPLE, file_name="a.csv", content=content, by=user)
    accounts.request_writing(record=record, by=user)


SCENES = {
    "person.invitation": invited,
    "people_file.write": listed,
    "plan_imports.check": plan_check,
    "plan_imports.apply": plan_apply,
    "imports.check": table_check,
    "imports.apply": table_apply,
    "imports.undo": table_undo,
    "summary.compile": compiled,
    "variance.report": varied,
    "snapshots.early": frozen_early,
    "status.remind_all": remind_all,
    "status.reminder": remind_one,
}
ON_A_PROJECT = [kind for kind in SCENES if kind.startswith("plan_imports.")]


def shut_out(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def without_roles(user):
    Membership.objects.filter(user=user).delete()
    ProjectMember.objects.filter(user=user).delete()


def made():
    """Return how much of what the jobs make is there."""
    kinds = (Task, Summary, VarianceReport, Snapshot)
    table = Project.objects.filter(code="A-1").count() + User.objects.filter(name="Ada").count()
    ready = PlanImport.objects.exclude(
        state__in=[PlanImportState.CHECKING, PlanImportState.CHECKED]
    )
    return [kind.objects.count() for kind in kinds] + [table, ready.count(), len(mail.outbox)]


def queued(kind, user):
    SCENES[kind](user)
    return Job.objects.get(kind=kind)


def test_every_kind_of_job_asks_again_or_says_why_it_need_not():
    assert set(jobs._handlers) == set(SCENES) | set(FOLLOWS)


@pytest.mark.parametrize("kind", SCENES)
def test_a_job_runs_for_somebody_who_still_may(lead, kind):
    job = queued(kind, lead)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


@pytest.mark.parametrize(("lose", "sentence"), [(shut_out, SHUT_OUT), (without_roles, NOT_ALLOWED)])
@pytest.mark.parametrize("kind", SCENES)
def test_a_job_does_nothing_for_somebody_who_may_not_any_more(lead, kind, lose, sentence):
    job = queued(kind, lead)
    before, events = made(), AuditEvent.objects.count()
    lose(lead)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error.startswith(sentence)
    assert made() == before
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("kind", ON_A_PROJECT)
def test_a_schedule_file_is_refused_once_the_project_is_kept_from_the_person(kind):
    analyst = person(Role.PMO_ANALYST)
    job = queued(kind, analyst)
    ProjectMember.objects.filter(user=analyst).delete()
    Project.objects.update(is_confidential=True)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, Task.objects.count()) == (JobState.FAILED, 0)
    assert PlanImport.objects.get().trouble.startswith(NOT_ALLOWED)


def test_calendars_are_not_added_for_somebody_who_may_not_any_more():
    analyst = person(Role.PMO_ANALYST)
    run = plan_imports.start_import(
        project=wanted(analyst),
        file_name="a.xml",
        content=WITH_CALENDAR,
        by=analyst,
        adds_calendars=True,
    )
    plan_imports.request_apply(run=run, by=analyst, adds_calendars=True)
    Membership.objects.filter(user=analyst).update(role=Role.STAFF)

    jobs.run(Job.objects.get().pk)

    run.refresh_from_db()
    assert "checked with other calendars" in run.trouble
    assert (Task.objects.count(), WorkCalendar.objects.count()) == (0, 0)


def test_a_table_that_was_refused_can_be_discarded(lead):
    job = queued("imports.apply", lead)
    without_roles(lead)
    jobs.run(job.pk)

    run = runs.discard(run=ImportRun.objects.get(), by=lead)

    assert (run.state, bytes(run.content)) == (ImportState.DISCARDED, b"")


def test_what_was_refused_to_one_is_done_for_the_next_who_asks(lead):
    job = queued("variance.report", lead)
    shut_out(lead)
    jobs.run(job.pk)
    analyst = person(Role.PMO_ANALYST)

    again = request_variance(
        scope=scope_of(Portfolio.objects.get()), day=SUNDAY, compared_with=None, by=analyst
    )
    jobs.run(again.pk)

    again.refresh_from_db()
    assert (again.pk, again.state, again.requested_by) == (job.pk, JobState.DONE, analyst)
    assert VarianceReport.objects.get().requested_by == analyst
