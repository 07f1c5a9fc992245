"""Sign-in by address and password; the person comes with the roles held, in one statement."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from pmo.accounts.models import HeldRole, Membership, User
from pmo.accounts.roles import Role
from pmo.common.records.prepared import prepared


@prepared
def _held_by(user: int) -> "QuerySet[Membership]":
    return Membership.objects.filter(user=user).select_related("user", "unit")


class RolesAtOnceBackend(ModelBackend):
    """Reads who asks and what they may do together, since every page needs both."""

    def get_user(self, user_id: Any) -> User | None:
        rows = _held_by(int(user_id))
        if not rows:
            return super().get_user(user_id)
        user = rows[0].user
        user.held = [HeldRole(Role(row.role), row.unit.path if row.unit else "") for row in rows]
        return user if self.user_can_authenticate(user) else None
