"""
May the person a job acts for still do this?

Rights are asked for when a job is queued and again when it runs: in between a role may be taken
away, the person shut out, or the project turned confidential. A worker asks inside the transaction
that writes.
"""

from django.contrib.auth.base_user import AbstractBaseUser

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import Scoped, can
from pmo.common.records.writing import RefusalError

SHUT_OUT = "Whoever asked for this may not sign in any more, so nothing was done."
NOT_ALLOWED = "Whoever asked for this may not do it any more, so nothing was done."


def acting(
    asked: AbstractBaseUser | None, permission: Permission, target: Scoped | None = None
) -> User | None:
    """Return the person as they are now, None for the clockwork; raises RefusalError."""
    if asked is None:
        return None
    # read anew: the instance at hand may remember roles that are gone
    user = User.objects.get(pk=asked.pk)
    if not user.is_active:
        raise RefusalError(SHUT_OUT)
    decision = can(user, permission, target)
    if not decision.allowed:
        raise RefusalError(f"{NOT_ALLOWED} {decision.reason}")
    return user
