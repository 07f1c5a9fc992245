"""Write people, units and the roles people hold."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from knox.models import AuthToken

from pmo.accounts.models import Membership, MembershipQuerySet, Unit, UnsentWords, User
from pmo.accounts.roles import Role
from pmo.common.records import audit
from pmo.common.records.writing import (
    RefusalError,
    add,
    all_or_nothing,
    change,
    insert,
    only,
    remove,
)

USER_FIELDS = frozenset({"email", "name", "title", "unit"})
UNIT_FIELDS = frozenset({"name", "kind", "parent", "headcount"})
LAST_ADMINISTRATOR = "This is the last administrator; name another one first."


@all_or_nothing
def create_user(*, by: User | None, password: str | None = None, **fields: Any) -> User:
    """
    Add a person who holds the staff role, so that being named on a project is enough to work.

    Without an `email` the person can be named and cannot sign in until somebody adds one.
    """
    accepted = only(fields, USER_FIELDS)
    accepted["email"] = _address(accepted.get("email"))
    user = User(**accepted)
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    insert(user)
    audit.record(action="person.created", target=user, by=by, after=accepted)
    grant_role(user=user, role=Role.STAFF, unit=None, by=by)
    return user


@all_or_nothing
def create_administrator(
    *, by: User | None, password: str | None = None, leads_office: bool = False, **fields: Any
) -> User:
    """
    Add a person who runs Rounds, and with `leads_office` leads the project office too.

    Raises ValidationError, also without an address: nobody could sign in to administer.
    """
    if not fields.get("email"):
        raise ValidationError({"email": "An administrator needs an address to sign in with."})
    user = create_user(by=by, password=password, **fields)
    grant_role(user=user, role=Role.ADMINISTRATOR, unit=None, by=by)
    if leads_office:
        grant_role(user=user, role=Role.PMO_LEAD, unit=None, by=by)
    return user


def _address(text: str | None) -> str | None:
    """Return an address as it is kept; None for none, since many people may have none."""
    return text.lower() if text else None


@all_or_nothing
def change_user(*, user: User, by: User | None, **fields: Any) -> User:
    accepted = only(fields, USER_FIELDS)
    before = {name: getattr(user, name) for name in accepted}
    for name, value in accepted.items():
        setattr(user, name, _address(value) if name == "email" else value)
    user.full_clean()
    user.save(update_fields=list(accepted))
    audit.record(action="person.changed", target=user, by=by, before=before, after=accepted)
    return user


@all_or_nothing
def set_active(*, user: User, is_active: bool, by: User) -> User:
    """Let somebody in again, or not any more, which ends every session and token at once."""
    if user.pk == by.pk and not is_active:
        raise RefusalError("You cannot deactivate yourself; ask another administrator.")
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if not is_active:
        AuthToken.objects.filter(user=user).delete()
        UnsentWords.objects.filter(person=user).delete()  # nobody else may read them
        for session in Session.objects.all().iterator():
            if session.get_decoded().get("_auth_user_id") == str(user.pk):
                session.delete()
    audit.record(
        action="person.activated" if is_active else "person.deactivated", target=user, by=by
    )
    return user


@all_or_nothing
def grant_role(*, user: User, role: Role, unit: Unit | None, by: User | None) -> Membership:
    record = Membership(user=user, role=role.value, unit=unit)
    return add(record, by=by, action="role.granted", scope=user)


def administrators() -> MembershipQuerySet:
    """Return the roles that let somebody run Rounds, held: two who give theirs up wait for each other."""
    running = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    return running.select_for_update(of=("self",)).order_by("pk")


@all_or_nothing
def revoke_role(*, membership: Membership, by: User) -> None:
    """Take a role away; raises RefusalError for the last administrator."""
    if membership.role == Role.ADMINISTRATOR and not administrators().exclude(pk=membership.pk):
        raise RefusalError(LAST_ADMINISTRATOR)
    remove(membership, by=by, action="role.revoked", scope=membership.user)


@all_or_nothing
def create_unit(*, by: User | None, **fields: Any) -> Unit:
    unit = add(Unit(**only(fields, UNIT_FIELDS)), by=by, action="unit.created")
    unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


@all_or_nothing
def change_unit(*, unit: Unit, version: int | None, by: User | None, **fields: Any) -> Unit:
    """Change or move a unit; raises RefusalError when it would sit below itself."""
    accepted = only(fields, UNIT_FIELDS)
    parent = accepted.get("parent", unit.parent)
    if parent is not None and parent.path.startswith(unit.path):
        raise RefusalError("A unit cannot sit below itself.")
    changed = change(unit, version=version, by=by, action="unit.changed", **accepted)
    old, new = changed.path, f"{parent.path if parent else '/'}{changed.pk}/"
    if new != old:
        for below in Unit.objects.filter(path__startswith=old):
            below.path = new + below.path[len(old) :]
            below.save(update_fields=["path"])
        changed.path = new
    return changed


@all_or_nothing
def create_token(*, user: User, days: int) -> str:
    """Make an API token and return its secret, which is not kept: only its hash is."""
    token, secret = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
    audit.record(
        action="token.created",
        target=f"knox.authtoken:{token.token_key}",
        by=user,
        scope=user,
        after={"expires": token.expiry},
    )
    return str(secret)


@all_or_nothing
def revoke_token(*, token: AuthToken, by: User) -> None:
    target = f"knox.authtoken:{token.token_key}"
    token.delete()
    audit.record(action="token.revoked", target=target, by=by, scope=by)
