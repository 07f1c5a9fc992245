"""
Append to, and verify, the audit chain.

Each event's MAC covers its number, the MAC before it and its exact text, under a key that is not in
the database: a changed, dropped, inserted or swapped row is found. A cut-off end is found only
against a head noted elsewhere, which is why the weekly summary prints it.
"""

import datetime
import hashlib
import hmac
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from pmo.common.models import AuditEvent, AuditHead
from pmo.common.records import doubts, ledger
from pmo.common.records.inserting import inserting

_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"))


class Fault(NamedTuple):
    sequence: int
    reason: str


def target_of(record: models.Model) -> str:
    """Name a record for ever: one whose app got another label keeps its first as `trail_label`."""
    label = getattr(record, "trail_label", record._meta.label_lower)
    return f"{label}:{record.pk}"


def plain(value: Any) -> Any:  # noqa: PLR0911 - one return per kind of value
    """Turn a field's value into what JSON can hold, the same on every database."""
    match value:
        case None | bool() | int() | float() | str():  # most values are one of these
            return value
        case models.Model():
            return value.pk
        case Decimal():
            return f"{value:f}"
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat()
        case datetime.date():
            return value.isoformat()
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(v) for v in value]
    return str(value)


def mac_of(sequence: int, previous: str, body: str) -> str:
    text = f"{sequence}|{previous}|{body}".encode()
    return hmac.new(settings.AUDIT_KEY.encode(), text, hashlib.sha256).hexdigest()


class Entry(NamedTuple):
    """One event to append: what happened to which record, and inside which."""

    action: str
    target: models.Model | str
    scope: models.Model | str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record(
    *,
    action: str,
    target: models.Model | str,
    by: AbstractBaseUser | None,
    scope: models.Model | str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent | None:
    """
    Append one event; `by` is None for the clockwork. Call it last in the business transaction.

    Returns None where events are gathered: it is appended with the others.
    """
    written = record_all([Entry(action, target, scope, before, after)], by=by)
    return written[0] if written else None


@contextmanager
def gathered(
    *, later: Collection[type[models.Model]] = (), keeps: bool = True
) -> Iterator[ledger.Book]:
    """
    Gather what services write inside, and append its events in one go at the end of the transaction.

    The end of the trail is locked for that moment only. Records of the kinds in `later` are put down
    in bulk, at the latest then. Without `keeps` no events are appended: for what is taken back.
    """
    with ledger.opened(later, keeps=keeps) as book:
        yield book
        book.put_down()
    around = ledger.current()
    if around is not None:
        around.entries += [(_named(entry), by) for entry, by in book.entries]
        return
    for by, entries in groupby(book.entries, key=lambda one: one[1]):
        record_all([entry for entry, _ in entries], by=by)


def keeps_events() -> bool:
    """Say whether an event comes on the trail; False inside of what is taken back."""
    book = ledger.current()
    return book is None or book.keeps


def _resolved(entry: Entry) -> Entry:
    """Return the entry as it is kept until the end: named, and with the reason for its words."""
    after = dict(entry.after or {})
    return _named(entry._replace(after=after | doubts.kept(after)))


def _named(entry: Entry) -> Entry:
    """Name what has a key already: a record that is removed later has none any more."""
    target, scope = entry.target, entry.scope
    if isinstance(target, str) and isinstance(scope, str):
        return entry
    if isinstance(target, models.Model) and target.pk is not None:
        target = target_of(target)
    if isinstance(scope, models.Model) and scope.pk is not None:
        scope = target_of(scope)
    return Entry(entry.action, target, scope, entry.before, entry.after)


def held_head() -> AuditHead:
    """Lock the end of the trail until the transaction is over: whoever holds it writes alone."""
    locked = AuditHead.objects.select_for_update().filter(pk=1)
    head = locked.first()
    if head is None:
        # the first event ever; a second writer may be there too, so lock and read again
        AuditHead.objects.get_or_create(pk=1)
        head = locked.get()
    return head


def record_all(entries: Sequence[Entry], *, by: AbstractBaseUser | None) -> list[AuditEvent]:
    """Append events in this order, in three statements however many; none yet where they are gathered."""
    book = ledger.current()
    if book is None:
        return _appended(entries, by) if entries else []
    if book.keeps:
        book.entries += [(_resolved(entry), by) for entry in entries]
    return []


@transaction.atomic(savepoint=False)
def _appended(entries: Sequence[Entry], by: AbstractBaseUser | None) -> list[AuditEvent]:
    head = held_head()
    at, previous, events = timezone.now(), head.mac, []
    for sequence, entry in enumerate(entries, start=head.sequence + 1):
        event = _event(sequence, previous, entry, by, at)
        previous = event.mac
        events.append(event)
    inserting(AuditEvent).bulk_create(events)
    AuditHead.objects.filter(pk=1).update(sequence=events[-1].sequence, mac=previous)
    return events


def _event(
    sequence: int,
    previous: str,
    entry: Entry,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> AuditEvent:
    named = entry.target if isinstance(entry.target, str) else target_of(entry.target)
    within = entry.scope if isinstance(entry.scope, str) else target_of(entry.scope)
    after = dict(entry.after or {})
    body = _JSON.encode(
        {
            "action": entry.action,
            "target": named,
            "scope": within,
            "by": by.pk if by else None,
            "at": plain(at),
            "before": plain(entry.before or {}),
            "after": plain(after | doubts.kept(after)),
        }
    )
    return AuditEvent(
        sequence=sequence,
        at=at,
        by=by,  # type: ignore[misc]  # common must not know the concrete user model
        action=entry.action,
        target=named,
        scope=within,
        body=body,
        previous_mac=previous,
        mac=mac_of(sequence, previous, body),
    )


def faults(*, head: tuple[int, str] | None = None) -> list[Fault]:
    """Check every event, and the (number, MAC) noted elsewhere when given; empty when all is well."""
    found = []
    previous, expected = "", 1
    noted = head is None
    for event in AuditEvent.objects.order_by("sequence").iterator():
        if event.sequence != expected:
            found.append(Fault(expected, "an event is missing"))
        if event.previous_mac != previous:
            found.append(Fault(event.sequence, "it does not follow the event before it"))
        if event.mac != mac_of(event.sequence, event.previous_mac, event.body):
            found.append(Fault(event.sequence, "its text was changed"))
        elif not _columns_agree(event):
            found.append(Fault(event.sequence, "its columns differ from its text"))
        noted = noted or (event.sequence, event.mac) == head
        previous, expected = event.mac, event.sequence + 1
    if not noted and head:
        found.append(Fault(head[0], "the event noted elsewhere is gone"))
    now = AuditHead.objects.filter(pk=1).first()
    if now and (now.sequence, now.mac) != (expected - 1, previous):
        found.append(Fault(expected, "the end of the chain was cut off"))
    return found


def _columns_agree(event: AuditEvent) -> bool:
    body = json.loads(event.body)
    columns = {
        "action": event.action,
        "target": event.target,
        "scope": event.scope,
        "by": event.by_id,
        "at": plain(event.at),
    }
    return all(body[name] == value for name, value in columns.items())
