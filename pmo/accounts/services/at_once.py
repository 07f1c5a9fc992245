"""One step for several people: a role added or removed, or an invitation sent."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.roles import Role
from pmo.accounts.services.invitations import (
    JUST_NOW,
    NO_MAIL,
    ONCE_PER,
    enqueue,
    mail_goes_out,
    refusal_of,
)
from pmo.accounts.services.records import administrators
from pmo.common.models import JobState
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing, values_of


class Outcome(NamedTuple):
    """What became of one person: whether something changed, and the sentence that says it."""

    person: User
    is_done: bool
    sentence: str


def _held(people: Sequence[User]) -> list[User]:
    """Return the people as they are now, held, in one order for all who do this."""
    keys = [person.pk for person in people]
    rows = User.objects.filter(pk__in=keys).select_related("invitation")
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


@all_or_nothing
def change_roles(
    *, people: Sequence[User], role: Role, unit: Unit | None, adds: bool, by: User
) -> list[Outcome]:
    """Add one role in one place to several people, or remove it; the last administrator keeps it."""
    held = _held(people)
    rows = Membership.objects.filter(user__in=held, role=role, unit=unit)
    present = {row.user_id: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    where = f"in {unit}" if unit else "in the whole organization"
    found = _added(held, present, role, unit, by) if adds else _removed(held, present, role, by)
    return [
        Outcome(person, is_done, f"{role.label} {where}: {words}")
        for person, is_done, words in found
    ]


Told = list[tuple[User, bool, str]]


def _added(
    held: list[User], present: dict[int, Membership], role: Role, unit: Unit | None, by: User
) -> Told:
    told: Told = []
    for person in held:
        if not person.is_active:
            told.append((person, False, "not added, the person is deactivated."))
        elif person.pk in present:
            told.append((person, False, "held already."))
        else:
            told.append((person, True, "added."))
    people = [person for person, is_done, _ in told if is_done]
    grant_roles(wanted=[(person, role, unit) for person in people], by=by)
    return told


@all_or_nothing
def grant_roles(*, wanted: Sequence[tuple[User, Role, Unit | None]], by: User | None) -> None:
    """Write new roles in a fixed number of statements, with one event each."""
    rows = [Membership(user=user, role=role.value, unit=unit) for user, role, unit in wanted]
    for row in rows:
        row.clean_fields(exclude=["user", "unit"])
    made = Membership.objects.bulk_create(rows)
    entries = [audit.Entry("role.granted", row, row.user, after=values_of(row)) for row in made]
    if entries:
        audit.record_all(entries, by=by)


def _removed(held: list[User], present: dict[int, Membership], role: Role, by: User) -> Told:
    keeper = _keeper(present, by) if role == Role.ADMINISTRATOR else None
    told: Told = []
    for person in held:
        if person.pk not in present:
            told.append((person, False, "was not held."))
        elif person.pk == keeper:
            told.append((person, False, "kept, for somebody must run Rounds."))
        else:
            told.append((person, True, "removed."))
    gone = [(present[person.pk], person) for person, is_done, _ in told if is_done]
    entries = [
        audit.Entry("role.revoked", audit.target_of(row), person, before=values_of(row))
        for row, person in gone
    ]
    Membership.objects.filter(pk__in=[row.pk for row, _ in gone]).delete()
    if entries:
        audit.record_all(entries, by=by)
    return told


def _keeper(present: dict[int, Membership], by: User) -> int | None:
    """Return who keeps the role that nobody else would hold: whoever asks, else the first; None for none."""
    running = {row.pk: row.user_id for row in administrators()}
    leaving = {row.pk for row in present.values()}
    if running.keys() - leaving:
        return None
    holders = {user for pk, user in running.items() if pk in leaving}
    return by.pk if by.pk in holders else min(holders, default=None)


@all_or_nothing
def invite_all(*, people: Sequence[User], by: User) -> list[Outcome]:
    """Queue a mail for each who awaits the first sign-in; raises RefusalError where there is no mail."""
    if not mail_goes_out():
        raise RefusalError(NO_MAIL)
    told: list[Outcome] = []
    for person in _held(people):
        refusal = refusal_of(person) or _just_now(person)
        if not refusal:
            enqueue(person, by)
        told.append(Outcome(person, not refusal, refusal or "The invitation is on its way."))
    entries = [
        audit.Entry("person.invited", one.person, after={"email": one.person.email})
        for one in told
        if one.is_done
    ]
    if entries:
        audit.record_all(entries, by=by)
    return told


def _just_now(person: User) -> str:
    last = person.invitation
    is_new = person.invited_at and timezone.now() - person.invited_at < ONCE_PER
    is_sent = last is not None and last.state != JobState.FAILED
    return JUST_NOW.format(person) if is_new and is_sent else ""
