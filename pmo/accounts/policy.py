"""May this user do this, here? The only place that answers."""

from typing import NamedTuple, Protocol

from django.contrib.auth.models import AnonymousUser

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.roles import GRANTS, Role, roles_granting


class Scoped(Protocol):
    """A record that lives in a unit and may name people in roles of its own."""

    @property
    def unit_path(self) -> str: ...
    @property
    def is_hidden(self) -> bool: ...
    def roles_of(self, user: User) -> set[Role]: ...


class Clearance(NamedTuple):
    allowed: bool
    reason: str


class Scope(NamedTuple):
    """Where a user's organization roles grant something: everywhere, or below these paths."""

    everywhere: bool
    paths: tuple[str, ...]

    def covers(self, path: str) -> bool:
        return self.everywhere or any(path.startswith(prefix) for prefix in self.paths)


def scope_of(user: User, permission: Permission) -> Scope:
    granting = [held.path for held in user.held if permission in GRANTS[held.role]]
    return Scope(everywhere="" in granting, paths=tuple(sorted({p for p in granting if p})))


def can(
    user: User | AnonymousUser, permission: Permission, target: Scoped | None = None
) -> Clearance:
    """Ask for a record, or with `target=None` whether the user may at all, anywhere."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Clearance(allowed=False, reason="Sign in first.")
    if target is None:
        allowed = any(permission in GRANTS[held.role] for held in user.held)
    else:
        allowed = _may_on(user, permission, target)
    if allowed:
        return Clearance(allowed=True, reason="")
    needed = ", ".join(role.label for role in Role if role in roles_granting(permission))
    return Clearance(allowed=False, reason=f"This needs one of these roles: {needed}.")


def _may_on(user: User, permission: Permission, target: Scoped) -> bool:
    """Ask what the user came with first: the roles of the record itself are read only where that is not enough."""
    path = target.unit_path
    if scope_of(user, permission).covers(path) and (
        not target.is_hidden or scope_of(user, Permission.PROJECT_VIEW_CONFIDENTIAL).covers(path)
    ):
        return True
    return any(permission in GRANTS[role] for role in target.roles_of(user))
