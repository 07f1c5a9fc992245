"""
Remind project managers of updates that are missing: one mail each, once a day.

Each mail is a job of its own, keyed by person and day. Its event in the trail is written right after
the mail went out, and looked for before it goes: a worker killed later sends no second one.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.acting import acting
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.roles import Role
from pmo.common.background import jobs, mailing
from pmo.common.models import AuditEvent, Job
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.search import as_read
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.organization.current import organization
from projects.models import Project
from projects.selectors.status import due_now
from projects.selectors.updates_received import (
    REMINDER,
    chased_by,
    managers_of,
    missing,
    reminder_key,
)
from projects.words.status import due_words

REMIND_ALL = "status.remind_all"
NOBODY = "Nobody is named as manager of this project. Name somebody first."
DEACTIVATED = "The manager of this project is deactivated. Name another manager first."
NO_ADDRESS = "The manager of this project has no address. An administrator adds one under People."


def _why_nobody(project: Project) -> str:
    named = project.members.filter(role=Role.MANAGER)
    if not named.exists():
        return NOBODY
    return NO_ADDRESS if named.filter(user__is_active=True).exists() else DEACTIVATED


@all_or_nothing
def remind_managers(*, project: Project, by: User, now: datetime | None = None) -> list[Job]:
    """Queue today's reminder for each manager; raises RefusalError when there is nobody or no need."""
    due = due_now(now or timezone.now())
    owed = missing(Project.objects.filter(pk=project.pk).reporting(), week=due.week)
    if not owed.exists():
        raise RefusalError("This project owes no update: there is nothing to remind of.")
    managers = managers_of([project.pk])
    if not managers:
        raise RefusalError(_why_nobody(project))
    return [_queue(user_id, due.now.date(), by) for user_id in managers]


@all_or_nothing
def remind_all(*, by: User | None, now: datetime | None = None, key: str = "") -> Job:
    """Queue the job that queues a reminder for everybody whose update is missing."""
    at = timezone.localtime(now or timezone.now())
    key = key or f"{at:%Y-%m-%dT%H:%M}:{by.pk if by else ''}"
    return jobs.enqueue(kind=REMIND_ALL, key=key, params={}, by=by)


def _queue(user_id: int, day: date, by: User | None) -> Job:
    params = {"user": user_id, "day": day.isoformat()}
    return jobs.enqueue(kind=REMINDER, key=reminder_key(user_id, day), params=params, by=by)


def run_remind_all(run: jobs.Run) -> dict[str, int]:
    """Queue one reminder for each manager whom the one who asked may remind; all for the clockwork."""
    due = due_now(timezone.now())
    by = acting(run.job.requested_by, Permission.STATUS_CHASE)
    projects = chased_by(by) if by else Project.objects.reporting()
    owed = missing(projects, week=due.week)
    managers, day = managers_of(owed.values("pk")), due.now.date()
    queued = _left_alone(run.job, [reminder_key(user_id, day) for user_id in managers])
    for done, user_id in enumerate(managers, start=1):
        if reminder_key(user_id, day) not in queued:
            _queue(user_id, day, by)
        run.progress(done, len(managers), f"{formats.count(done, 'reminder')} queued")
    return {"reminders": len(managers)}


def _left_alone(job: Job, keys: list[str]) -> set[str]:
    """
    Return the reminders that are not queued again.

    Those that an earlier attempt queued, whatever became of them since; and for the clock those that
    may have arrived, which only a person sends again.
    """
    known = Q(due_at__gte=job.created_at)
    if job.requested_by_id is None:
        known |= Q(**{f"params__{jobs.NOTED}__{mailing.HANDING_OVER}": True})
    found = Job.objects.filter(known, kind=REMINDER, key__in=keys)
    return set(found.values_list("key", flat=True))


def run_reminder(run: jobs.Run) -> dict[str, Any]:
    """Mail one manager what is still missing now; nothing when all came in meanwhile."""
    by = acting(run.job.requested_by, Permission.STATUS_CHASE)
    user = User.objects.filter(pk=run.params["user"], is_active=True).first()
    due = due_now(timezone.now())
    if user is None:
        return {"sent": 0, "reason": "The person may not sign in any more."}
    if user.email is None:
        return {"sent": 0, "reason": "The person has no address."}
    managed = Project.objects.reporting().named(user, Role.MANAGER)
    projects = list(missing(managed, week=due.week).order_by(*as_read("name", "pk")))
    # the local day by its name: the event's own time, in UTC, may be of the day after or before
    day = f'"day":"{run.params["day"]}"'
    sent = AuditEvent.objects.filter(
        action="status.reminded", target=audit.target_of(user), body__contains=day
    )
    if not projects or sent.exists():
        return {"sent": 0, "reason": "Nothing is missing any more." if not projects else "Sent."}
    message = _message(user, user.email, projects, due_words(due), due.week)
    mailing.send_once(message, run=run)
    audit.record(
        action="status.reminded",
        target=user,
        by=by,
        after={
            "day": run.params["day"],
            "week": due.week,
            "projects": [project.pk for project in projects],
        },
    )
    return {"sent": 1, "projects": len(projects)}


def _message(
    user: User, address: str, projects: list[Project], due: str, week: date
) -> EmailMultiAlternatives:
    items = [
        {
            "name": str(project),
            "url": settings.BASE_URL + reverse("projects:status_form", args=[project.pk]),
        }
        for project in projects
    ]
    context = {
        "name": str(user),
        "items": items,
        "due": due,
        "week": formats.week(week),
        "organization_name": organization().name,
    }
    noun = formats.count(len(projects), "status update")
    message = EmailMultiAlternatives(
        subject=f"{noun} to write: {formats.week(week)}",
        body=render_to_string("emails/status_reminder.txt", context),
        to=[address],
    )
    html = render_to_string("emails/status_reminder.html", context)
    message.attach_alternative(html, "text/html")
    return message
