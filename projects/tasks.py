"""What runs in the background here: reminders of status updates, and schedule files."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings

from pmo.common import clockwork, jobs
from projects.domain.calendar import DUE_DAYS, week_of
from projects.selectors.following import REMINDER
from projects.services import calendars, plan_imports, reminders
from projects.services.projects import COMPUTE

REMIND_AT = time(12, 0)  # on the day the updates are due
FORGET_AT = time(3, 0)


@jobs.handles(reminders.REMIND_ALL)
def remind_all(run: jobs.Run) -> dict[str, Any]:
    return reminders.run_remind_all(run)


@jobs.handles(REMINDER)
def remind(run: jobs.Run) -> dict[str, Any]:
    return reminders.run_reminder(run)


@jobs.handles(plan_imports.CHECK)
def check_plan_import(run: jobs.Run) -> dict[str, Any]:
    return plan_imports.run_check(run)


@jobs.handles(plan_imports.APPLY)
def apply_plan_import(run: jobs.Run) -> dict[str, Any]:
    return plan_imports.run_apply(run)


@jobs.handles(COMPUTE)
def compute_plans(run: jobs.Run) -> dict[str, Any]:
    return calendars.run_compute(run)


@clockwork.duty
def forgotten_files(now: datetime) -> None:
    """Empty schedule files that nobody wrote; from the night on, so that no day brings it back."""
    if now.time() >= FORGET_AT:
        plan_imports.forget_files(before=now - timedelta(days=settings.FORGET_UPLOADS_AFTER_DAYS))


@clockwork.duty
def friday_reminders(now: datetime) -> None:
    """Remind at noon on the due day; later that day when the machine slept at noon."""
    if now.weekday() == DUE_DAYS and now.time() >= REMIND_AT:
        reminders.remind_all(by=None, now=now, key=f"{week_of(now.date()).isoformat()}:due")
