"""What runs in the background here: reminders of status updates, and schedule files."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings

from pmo.common.background import jobs, schedule
from projects.domain.calendar import week_of
from projects.domain.rhythm import freeze_day, remind_at
from projects.selectors.rhythm import rhythm_now
from projects.selectors.updates_received import REMINDER
from projects.services import calendars, plan_imports, plan_turn, reminders
from projects.services.projects import COMPUTE

FORGET_AT = time(3, 0)


@jobs.handles(reminders.REMIND_ALL)
def remind_all(run: jobs.Run) -> dict[str, Any]:
    return reminders.run_remind_all(run)


@jobs.handles(REMINDER, mails=True)
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


@jobs.handles(plan_turn.TURN)
def compute_plans_for_today(run: jobs.Run) -> dict[str, Any]:
    return plan_turn.run_turn(run)


@schedule.duty
def daily_plans(now: datetime) -> None:
    """Compute open plans for the day that began."""
    plan_turn.request_turn(now.date())


@schedule.duty
def forgotten_files(now: datetime) -> None:
    """Empty schedule files that nobody wrote; from the night on, so that no day brings it back."""
    if now.time() >= FORGET_AT:
        plan_imports.forget_files(before=now - timedelta(days=settings.FORGET_UPLOADS_AFTER_DAYS))


@schedule.duty
def weekly_reminders(now: datetime) -> None:
    """
    Remind once a week, at its hour of the day updates are due, or later until the week is frozen.

    Later when the machine slept, or when the day was moved to one that is over.
    """
    rhythm, week = rhythm_now(), week_of(now.date())
    due = remind_at(week, rhythm, zone=now.tzinfo or UTC)
    if now >= due and now.date() <= freeze_day(week, rhythm):
        reminders.remind_all(by=None, now=now, key=f"{week.isoformat()}:due")
