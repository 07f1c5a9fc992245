"""
What services write while many records are written at once: gathered, and put down together.

`audit.gathered()` opens a book. From then on the trail's entries wait for the end of the transaction,
what is written is noted as effects (`Effect`), and records of the kinds in `later` are inserted and
changed in bulk by `put_down`. Such records are checked in Python without asking the database: its
constraints speak when they are put down, and whoever gathers writes those rows again one by one.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import models

from pmo.common.records.inserting import inserting

M = TypeVar("M", bound=models.Model)
Key = tuple[type[models.Model], Any]
ADDED, CHANGED, REMOVED = "added", "changed", "removed"
# what tells nothing of a record's content, or is counted apart
UNSAID = frozenset({"id", "version", "created_at", "changed_at", "changed_by"})


@cache
def _columns(model: type[models.Model], *, is_new: bool) -> tuple[str, ...]:
    return tuple(
        one.attname
        for one in model._meta.concrete_fields
        if one.name not in UNSAID and not (one.generated and is_new)
    )


def values_of(record: models.Model) -> dict[str, Any]:
    """Return the record's own columns for the audit trail; what the database computes only once it has."""
    names = _columns(type(record), is_new=record._state.adding)
    return {name: getattr(record, name) for name in names}


def mark_of(record: models.Model) -> str:
    """Return what changes whenever somebody changes the record: its version, or a digest of it."""
    version = getattr(record, "version", None)
    if version is not None:
        return str(version)
    said = repr(sorted((name, str(value)) for name, value in values_of(record).items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class Effect(NamedTuple):
    """What happened to one record; `before` holds the columns that changed or went, as they were."""

    what: str
    record: models.Model
    pk: Any  # None for one that is inserted later: the record knows by then
    before: Mapping[str, Any]


class LedgerMark(NamedTuple):
    """A place in the book to go back to."""

    entries: int
    effects: int
    waiting: int
    changes: int
    afterwards: int
    touched: int


@dataclass(slots=True)
class Book:
    """
    One gathering; `touched` counts the writes that went to the database at once.

    Without `keeps` nothing comes on the trail: all of it is taken back. `sound` holds, of each kind of
    record, field, type and value of what was looked at and may be written.
    """

    later: tuple[type[models.Model], ...] = ()
    keeps: bool = True
    entries: list[tuple[Any, Any]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    touched: int = 0
    sound: dict[type[models.Model], set[tuple[str, type, Any]]] = field(default_factory=dict)
    _waiting: list[models.Model] = field(default_factory=list)
    _changes: list[tuple[models.Model, dict[str, Any]]] = field(default_factory=list)
    _afterwards: list[Callable[[], None]] = field(default_factory=list)
    _held: dict[Key, models.Model] = field(default_factory=dict)

    def takes(self, model: type[models.Model]) -> bool:
        """Say whether records of this kind wait to be put down."""
        return model in self.later

    def hold(self, records: Iterable[models.Model]) -> None:
        """Take these as the saved ones: whoever gathers has read and locked them in this transaction."""
        for record in records:
            self._held[type(record), record.pk] = record

    def held(self, record: M) -> M | None:
        """Return the saved record that stands for this one; None when nobody holds it."""
        if record.pk is None:
            return None
        return self._held.get((type(record), record.pk))  # type: ignore[return-value]  # kept under its own type

    def insert(self, record: models.Model) -> None:
        self._waiting.append(record)

    def update(self, record: models.Model, before: dict[str, Any]) -> None:
        """Save a held record later; `before` are the attributes to restore when the row is taken back."""
        self._changes.append((record, before))

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this once what waits has been put down."""
        self._afterwards.append(act)

    def mark(self) -> LedgerMark:
        return LedgerMark(
            len(self.entries),
            len(self.effects),
            len(self._waiting),
            len(self._changes),
            len(self._afterwards),
            self.touched,
        )

    def back_to(self, mark: LedgerMark) -> bool:
        """Forget what came since; False when some of it went to the database, which has to forget it too."""
        for record, before in reversed(self._changes[mark.changes :]):
            for name, value in before.items():
                setattr(record, name, value)
        del self.entries[mark.entries :], self.effects[mark.effects :]
        del self._waiting[mark.waiting :], self._changes[mark.changes :]
        del self._afterwards[mark.afterwards :]
        return self.touched == mark.touched

    def put_down(self) -> None:
        """Insert and change what waits, in bulk; raises what the database says."""
        kinds: dict[type[models.Model], list[models.Model]] = {}
        for record in self._waiting:
            kinds.setdefault(type(record), []).append(record)
        for model, records in kinds.items():
            inserting(model).bulk_create(records)
            self.hold(records)
        changed: dict[int, tuple[models.Model, set[str]]] = {}
        for record, before in self._changes:
            changed.setdefault(id(record), (record, set()))[1].update(before)
        for record, names in changed.values():
            fields = {one.name for one in record._meta.concrete_fields if one.attname in names}
            models.Model.save(record, update_fields=fields)
        self.touched += len(self._waiting) + len(self._changes)
        self._waiting.clear()
        self._changes.clear()
        for one in self._afterwards:
            one()
        self._afterwards.clear()


_book: ContextVar[Book | None] = ContextVar("book", default=None)


def current() -> Book | None:
    return _book.get()


def deferring() -> bool:
    """Say whether records wait to be put down: nothing is to be saved by itself meanwhile."""
    book = _book.get()
    return book is not None and bool(book.later)


def once_it_is_there(record: models.Model, act: Callable[[], None]) -> None:
    """Do this now, or when the record that waits has got its key."""
    book = _book.get()
    if book is None or record.pk is not None:
        act()
    else:
        book.afterwards(act)


@contextmanager
def opened(later: Collection[type[models.Model]] = (), *, keeps: bool = True) -> Iterator[Book]:
    around = _book.get()
    book = Book(tuple(later), keeps=keeps and (around is None or around.keeps))
    token = _book.set(book)
    try:
        yield book
    finally:
        _book.reset(token)
