"""What runs in the background here: invitations, links for passwords, long lists, what ends by itself."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings

from pmo.accounts import services
from pmo.accounts.selectors import UNSENT_DAYS
from pmo.common.background import jobs, schedule

FORGET_AT = time(3, 0)


@jobs.handles(services.INVITE, mails=True)
def invite(run: jobs.Run) -> dict[str, Any]:
    return services.run_invitation(run)


@jobs.handles(services.RESET, mails=True)
def mail_password_link(run: jobs.Run) -> dict[str, Any]:
    return services.run_password_mail(run)


@jobs.handles(services.WRITE)
def write_list(run: jobs.Run) -> dict[str, Any]:
    return services.run_writing(run)


@schedule.duty
def forgotten_lists(now: datetime) -> None:
    """Empty lists that nobody wrote, and what was refused of others; from the night on."""
    if now.time() >= FORGET_AT:
        services.forget_files(before=now - timedelta(days=settings.FORGET_UPLOADS_AFTER_DAYS))


@schedule.duty
def forgotten_words(now: datetime) -> None:
    """Delete what was typed and never saved, once it is a month old; from the night on."""
    if now.time() >= FORGET_AT:
        services.forget_words(before=now - timedelta(days=UNSENT_DAYS))
