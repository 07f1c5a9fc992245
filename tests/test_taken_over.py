"""A worker may be killed after its last write: whoever takes the job over does nothing twice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.background.mailing import INTERRUPTED
from pmo.common.models import AuditEvent, Job, JobState
from projects.models import Project
from projects.services import reminders
from projects.services.plan import create_task
from projects.services.projects import COMPUTE
from reports.models import Freeze, Snapshot, Summary, VarianceReport
from tests.factories import MemberFactory, ProjectFactory, person
from tests.fakes import WorkerKilled
from tests.test_background_rights import SCENES, queued

pytestmark = pytest.mark.django_db
MAILS = ("person.invitation", "status.reminder")


def computed(user):
    project = ProjectFactory()
    create_task(project=project, by=None, name="Wire", duration=1)
    jobs.enqueue(kind=COMPUTE, key="1", params={"project": project.pk}, by=user)


def everything():
    """Count what jobs write, and the trail."""
    kinds = (Summary, VarianceReport, Snapshot, Freeze, Project, Job)
    events = list(AuditEvent.objects.values_list("action", "target").order_by("pk"))
    return [kind._base_manager.count() for kind in kinds], events, len(mail.outbox)


def left_behind(job):
    """Let the job be as a worker left it that was killed before it could say that it was done."""
    past = timezone.now() - timedelta(seconds=1)
    state = {"state": JobState.RUNNING, "lease_until": past, "finished_at": None}
    Job.objects.filter(pk=job.pk).update(**state)


def killed(*_args, **_options):
    raise WorkerKilled


@pytest.mark.parametrize("kind", [*SCENES, COMPUTE])
def test_a_job_that_was_done_but_for_saying_so_does_nothing_twice(lead, kind):
    if kind == COMPUTE:
        computed(lead)
        job = Job.objects.get(kind=COMPUTE)
    else:
        job = queued(kind, lead)
    jobs.run(job.pk)
    done = everything()
    left_behind(job)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert everything() == done


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_whose_worker_was_killed_while_it_was_handed_over_goes_again_only_when_asked_for(
    lead, kind, monkeypatch
):
    job = queued(kind, lead)
    with monkeypatch.context() as during:
        during.setattr("django.core.mail.EmailMultiAlternatives.send", killed)
        with pytest.raises(WorkerKilled):
            jobs.run(job.pk)
    left_behind(job)

    for _ in range(2):  # this one may be killed before it says so
        jobs.run(job.pk)
        left_behind(job)
    jobs.run(job.pk)
    job.refresh_from_db()
    said, sent = (job.state, job.error), len(mail.outbox)
    jobs.retry(job=job, by=lead)
    jobs.run(job.pk)

    assert (said, sent) == ((JobState.FAILED, INTERRUPTED), 0)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_whose_worker_was_killed_right_after_it_went_is_not_sent_again(
    lead, kind, monkeypatch
):
    job = queued(kind, lead)
    with monkeypatch.context() as during:
        during.setattr("pmo.common.records.audit.record", killed)
        with pytest.raises(WorkerKilled):
            jobs.run(job.pk)
    left_behind(job)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error, len(mail.outbox)) == (JobState.FAILED, INTERRUPTED, 1)


def manager():
    found = person(Role.STAFF)
    MemberFactory(project=ProjectFactory(), user=found, role=Role.MANAGER)
    return found


def test_reminders_that_were_queued_before_the_worker_was_killed_are_not_queued_again(lead):
    manager()
    job = reminders.remind_all(by=lead)
    jobs.run(job.pk)
    queued_one = Job.objects.get(kind="status.reminder")
    Job.objects.filter(pk=queued_one.pk).update(state=JobState.FAILED, error=INTERRUPTED)
    left_behind(job)

    jobs.run(job.pk)

    queued_one.refresh_from_db()
    assert (queued_one.state, queued_one.error) == (JobState.FAILED, INTERRUPTED)


@pytest.mark.parametrize(("noted", "state"), [({"handing_over": True}, "failed"), ({}, "queued")])
def test_the_clock_repeats_no_reminder_that_may_have_arrived(lead, noted, state):
    manager()
    jobs.run(reminders.remind_all(by=lead).pk)
    one = Job.objects.get(kind="status.reminder")
    Job.objects.filter(pk=one.pk).update(
        state=JobState.FAILED,
        params={**one.params, "noted": noted},
        due_at=timezone.now() - timedelta(hours=1),
    )

    jobs.run(reminders.remind_all(by=None, key="due").pk)

    one.refresh_from_db()
    assert one.state == state
