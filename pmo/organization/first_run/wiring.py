"""Hook the first run to the command line, to the list of steps, and to roles as they are given."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone

from pmo.accounts.models import Membership
from pmo.accounts.roles import Role
from pmo.common.background.subcommands import greeting
from pmo.organization.first_run import (
    commands,  # noqa: F401 - registers its words after `manage.py rounds`
    link,
    printing,
    steps,  # noqa: F401 - registers the first steps
)
from pmo.organization.models import Setup

greeting(printing.greeting)


def close(instance: Membership, *, created: bool, **_signal: Any) -> None:
    """End the set-up link as soon as somebody administers, whichever way that came about."""
    if created and instance.role == Role.ADMINISTRATOR:
        Setup.objects.filter(used_at=None).update(used_at=timezone.now())
        transaction.on_commit(link.forget_file)


def listen() -> None:
    post_save.connect(close, sender=Membership, dispatch_uid="set-up link")
