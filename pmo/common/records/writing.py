"""The two ways a record is written: added, or changed by somebody who saw its latest version."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import date
from enum import Enum
from functools import cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, models, transaction
from django.utils import timezone

from pmo.common.models import Versioned
from pmo.common.records import audit, bounds, ledger
from pmo.common.records.broken_rules import broken_rule, is_two_of_a_kind
from pmo.common.records.fields import no_control_characters, no_patient_data
from pmo.common.records.turns import is_busy

log = logging.getLogger(__name__)
values_of = ledger.values_of
R = TypeVar("R", bound=models.Model)
V = TypeVar("V", bound=Versioned)
P = ParamSpec("P")
T = TypeVar("T")
_adds_nothing: ContextVar[str] = ContextVar("adds_nothing", default="")


class Ask(Enum):
    """The answer of a caller that has not read what stands: the service asks the database."""

    DATABASE = "database"


ASK: Final = Ask.DATABASE

# what a field may hold many times, and be sound each time; 1, True and 1.0 are kept apart by their type
MAY_COME_AGAIN = frozenset({str, int, bool, date})
AT_ONCE = "Another change was saved at the same moment and conflicts with this one. Yours was not saved: check and try again."
# PostgreSQL's codes: a transaction that could not be put in order, a deadlock, a lock not granted
ONE_HAD_TO_YIELD = {"40001", "40P01", "55P03"}


class RefusalError(Exception):
    """The rules do not allow this; the text is a sentence for the user."""


class ClashError(RefusalError):
    """Two writers met and the database let the other through; the same may go well a moment later."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)


class BrokenRuleError(RefusalError):
    """The database keeps a rule that what was sent breaks; `field` is "" for one across fields."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def met_another(error: DatabaseError) -> bool:
    """Say whether two writers each found the way free, and the database let one of them through."""
    if is_two_of_a_kind(error):
        return True
    code = getattr(error.__cause__, "pgcode", None)
    return isinstance(error, OperationalError) and (code in ONE_HAD_TO_YIELD or is_busy(error))


def refusal_of(error: Exception) -> RefusalError | None:
    """
    Return what to say of the database's refusal: a clash of two writers, or a broken rule by name.

    None is a fault. A broken rule is logged as one of ours: a form should have said it first.
    """
    if isinstance(error, DatabaseError) and met_another(error):
        log.warning("Two writers met in the database.", exc_info=error)
        return ClashError()
    if rule := broken_rule(error):
        log.error("Only the database kept a rule: %s", rule.sentence, exc_info=error)
        return BrokenRuleError(rule.sentence, rule.field)
    return None


@contextmanager
def refusing_clashes() -> Iterator[None]:
    """Turn what the database did into a refusal with its sentence: a clash, or a broken rule."""
    try:
        yield
    except (DatabaseError, OverflowError) as error:
        if refusal := refusal_of(error):
            raise refusal from error
        raise


def all_or_nothing(service: Callable[P, T]) -> Callable[P, T]:
    """
    Make a function one write: it happens wholly or not at all, and says so in a sentence.

    Raises ClashError and BrokenRuleError, also when it is the end of the transaction that fails.
    """

    @wraps(service)
    def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        if ledger.deferring():
            # part of a larger writing that takes its rows back itself
            return service(*args, **kwargs)
        with refusing_clashes(), transaction.atomic():
            return service(*args, **kwargs)

    return whole


@contextmanager
def adding_nothing(sentence: str) -> Iterator[None]:
    """Refuse with this sentence whatever would be added; changes have their version to guard them."""
    token = _adds_nothing.set(sentence)
    try:
        yield
    finally:
        _adds_nothing.reset(token)


class EditConflictError(RefusalError):
    """Somebody else saved the record after this editor opened it."""

    def __init__(self, current: Versioned) -> None:
        super().__init__("Another person saved this while you were editing.")
        self.current = current


def only(fields: Mapping[str, Any], allowed: Collection[str]) -> dict[str, Any]:
    """Return the fields; raises TypeError for one the service does not accept."""
    if unknown := set(fields).difference(allowed):
        raise TypeError(f"This service does not write {', '.join(sorted(unknown))}.")
    return dict(fields)


def joined() -> AbstractContextManager[None]:
    """Join the business transaction: a savepoint each would double the statements."""
    return nullcontext() if ledger.deferring() else transaction.atomic(savepoint=False)


def writing_many(record: R) -> R | None:
    """Return the saved record that a gathering holds; None outside of one, and where it holds none."""
    book = ledger.current()
    return book.held(record) if book is not None else None


def locked_of(record: R, *, to_remove: bool = False) -> R:
    """
    Return the record as saved, held until the transaction ends; raises DoesNotExist.

    Others may refer to what is held, unless it is held `to_remove`. In which order records are held is in
    `docs/adr/0055-one-order-of-locks.md`.
    """
    if (held := writing_many(record)) is not None:
        return held
    rows = type(record)._default_manager.select_for_update(no_key=not to_remove)
    saved: R = rows.get(pk=record.pk)
    return saved


def insert(record: models.Model) -> None:
    """Insert a record that is checked, with no event of its own; in bulk where many are gathered."""
    book = ledger.current()
    if book is not None and book.takes(type(record)):
        book.insert(record)
        book.effects.append(ledger.Effect(ledger.ADDED, record, None, {}))
        return
    record.save(force_insert=True)
    if book is not None:
        book.touched += 1
        book.effects.append(ledger.Effect(ledger.ADDED, record, record.pk, {}))


def insert_all(records: Sequence[models.Model]) -> None:
    """Insert records of one kind that are checked, in one statement, with no event of their own."""
    if not records or ledger.current() is None:
        for model in {type(record) for record in records}:
            model._default_manager.bulk_create(records)
        return
    for record in records:
        insert(record)


def check(record: models.Model, *, exclude: Collection[str] = ()) -> None:
    """
    Check a record before it is written; raises ValidationError.

    Where many are gathered the database is not asked: what a record names was read a moment ago, and
    constraints speak when the records are put down.
    """
    book = ledger.current()
    if book is None or not book.takes(type(record)):
        record.full_clean(exclude=exclude)
        return
    clean_fields(record, exclude=_links(type(record)).union(exclude))
    record.clean()


@cache
def _links(model: type[models.Model]) -> frozenset[str]:
    return frozenset(one.name for one in model._meta.concrete_fields if one.is_relation)


def clean_fields(record: models.Model, *, exclude: Collection[str]) -> None:
    """
    Clean the fields as the model does; raises ValidationError.

    Where many are gathered, a value of a field is looked at once: rows say much that others said.
    """
    book = ledger.current()
    if book is None or not book.takes(type(record)):
        record.clean_fields(exclude=set(exclude))
        return
    sound = book.sound.setdefault(type(record), set())
    said = {
        (name, type(value), value)
        for name in _own_fields(type(record)).difference(exclude)
        if type(value := getattr(record, name)) in MAY_COME_AGAIN
    }
    record.clean_fields(exclude={name for name, _, _ in said & sound}.union(exclude))
    for name, kind, value in said - sound:
        now = getattr(record, name)
        if type(now) is kind and now == value:  # cleaning leaves it as it is
            sound.add((name, kind, value))


@cache
def _own_fields(model: type[models.Model]) -> frozenset[str]:
    return frozenset(
        one.name for one in model._meta.fields if not (one.is_relation or one.generated)
    )


def add(
    record: R,
    *,
    by: AbstractBaseUser | None,
    action: str,
    scope: models.Model | None = None,
    untold: Collection[str] = (),
) -> R:
    """
    Check and insert; the event's scope is the record unless given.

    `untold` are columns that the event leaves out, where more people read it than may read them. Raises
    ValidationError, and RefusalError inside `adding_nothing`.
    """
    if refused := _adds_nothing.get():
        raise RefusalError(refused)
    with joined():
        if isinstance(record, Versioned):
            record.changed_by = by  # type: ignore[assignment]  # common must not know the user model
        check(record)
        insert(record)
        after = ledger.values_of(record) if audit.keeps_events() else {}
        audit.record(
            action=action,
            target=record,
            by=by,
            scope=scope or record,
            after={name: value for name, value in after.items() if name not in untold},
        )
    return record


def change(
    record: V,
    *,
    version: int | None,
    by: AbstractBaseUser | None,
    action: str,
    scope: models.Model | None = None,
    event_reason: str = "",
    **changes: Any,
) -> V:
    """
    Check and save `changes` if nobody saved since `version`; raises EditConflictError otherwise.

    `version=None` is for writers that hold no form: imports and the clockwork. Returns the record
    unsaved and without an event when nothing differs. `event_reason` is kept in the event only, and
    screened as what a field keeps.
    """
    _screen_reason(event_reason)
    with joined():
        current = locked_of(record)
        if version is not None and current.version != version:
            raise EditConflictError(current)
        before = ledger.values_of(current)
        for name, value in changes.items():
            setattr(current, name, value)
        after = ledger.values_of(current)
        changed = {name for name in after if after[name] != before[name]}
        if not changed:
            return current
        _save_change(current, before, changed, by)
        audit.record(
            action=action,
            target=current,
            by=by,
            scope=scope or current,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed}
            | ({"reason": event_reason} if event_reason else {}),
        )
        return current


def _screen_reason(said: str) -> None:
    """Raise ValidationError at `reason` for words that no event may hold: nobody could take them out again."""
    try:
        no_control_characters(said)
        no_patient_data(said)
    except ValidationError as error:
        raise ValidationError({"reason": error}) from error


def _save_change(
    current: Versioned,
    before: Mapping[str, Any],
    changed: Collection[str],
    by: AbstractBaseUser | None,
) -> None:
    """Check and save what changed, at once or with the others that are gathered."""
    book = ledger.current()
    kept = {name: before[name] for name in changed}
    stamps = {
        "version": current.version,
        "changed_at": current.changed_at,
        "changed_by_id": current.changed_by_id,
    }
    is_later = book is not None and book.takes(type(current)) and book.held(current) is current
    try:
        # what narrower bounds would refuse is for whoever edits it, not for whoever changes the name
        check(current, exclude=bounds.left_outside(current, unless=changed))
    except ValidationError:
        for name, value in kept.items() if is_later else ():
            setattr(current, name, value)
        raise
    current.version += 1
    current.changed_at = timezone.now()
    current.changed_by = by  # type: ignore[assignment]  # common must not know the user model
    if is_later and book is not None:
        book.update(current, kept | stamps)
    else:
        current.save()
    if book is not None:
        book.touched += not is_later
        book.effects.append(ledger.Effect(ledger.CHANGED, current, current.pk, kept))


def note_change(record: models.Model, before: Mapping[str, Any]) -> None:
    """Tell who gathers what is written that a record was saved; `before` are its columns as they were."""
    if book := ledger.current():
        book.touched += 1
        book.effects.append(ledger.Effect(ledger.CHANGED, record, record.pk, before))


def touch(record: Versioned, *, by: AbstractBaseUser | None) -> None:
    """Count a change of what belongs to a record and is edited with it, so that no edit is lost."""
    rows = type(record)._default_manager.filter(pk=record.pk)
    rows.update(version=models.F("version") + 1, changed_at=timezone.now(), changed_by=by)


def remove(
    record: models.Model,
    *,
    by: AbstractBaseUser | None,
    action: str,
    scope: models.Model | str = "",
) -> None:
    """Delete a record that may go, keeping what it said in the audit trail."""
    book = ledger.current()
    with joined():
        target, key, before = audit.target_of(record), record.pk, ledger.values_of(record)
        record.delete()
        if book is not None:
            book.touched += 1
            book.effects.append(ledger.Effect(ledger.REMOVED, record, key, before))
        audit.record(action=action, target=target, by=by, scope=scope, before=before)
