"""Who sees the list of steps to the first summary, and when."""

from django.contrib.auth.models import AnonymousUser

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import checklist
from pmo.organization.current import organization


def is_hidden() -> bool:
    return organization().checklist_hidden_at is not None


def is_open(user: User | AnonymousUser) -> bool:
    """Say whether the list is shown to this person; costs at most one question."""
    return can(user, Permission.OFFICE_OPEN).allowed and not is_hidden() and not checklist.is_over()


def open_checklist(user: User | AnonymousUser) -> checklist.Checklist | None:
    """Return the list for this person; None when it is done, hidden or not theirs."""
    return checklist.checklist_for(user) if is_open(user) else None
