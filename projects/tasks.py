"""What runs in the background here: reminders of status updates."""

from datetime import datetime, time
from typing import Any

from pmo.common import clockwork, jobs
from projects.domain.calendar import DUE_DAYS, week_of
from projects.selectors.following import REMINDER
from projects.services import reminders

REMIND_AT = time(12, 0)  # on the day the updates are due


@jobs.handles(reminders.REMIND_ALL)
def remind_all(run: jobs.Run) -> dict[str, Any]:
    return reminders.run_remind_all(run)


@jobs.handles(REMINDER)
def remind(run: jobs.Run) -> dict[str, Any]:
    return reminders.run_reminder(run)


@clockwork.duty
def friday_reminders(now: datetime) -> None:
    """Remind at noon on the due day; later that day when the machine slept at noon."""
    if now.weekday() == DUE_DAYS and now.time() >= REMIND_AT:
        reminders.remind_all(by=None, now=now, key=f"{week_of(now.date()).isoformat()}:due")
