"""Hook the imports to the clock."""

from datetime import datetime, time, timedelta

from django.conf import settings

from pmo.common.background import schedule
from reports.imports.services import runs

FORGET_AT = time(4, 0)


@schedule.duty
def forgotten_files(now: datetime) -> None:
    """Empty tables that nobody applied."""
    if now.time() >= FORGET_AT:
        runs.forget_files(before=now - timedelta(days=settings.FORGET_UPLOADS_AFTER_DAYS))
