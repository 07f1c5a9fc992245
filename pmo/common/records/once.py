"""
What was sent is done once, however often it arrives.

The row of a submission is written last in the transaction that does the work, with the answer. Whoever
sends the same again meanwhile does the work too, waits at the row (at its key in PostgreSQL, in SQLite
for the one writer), finds it taken and takes the work back. Work that is refused writes no row.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict

from pmo.common.models import Submission

R = TypeVar("R")
KEPT = timedelta(days=2)
_CLAIM = (
    f"INSERT INTO {Submission._meta.db_table} (key, body, answer, made_at) VALUES (%s, %s, %s, %s)"  # noqa: S608 - a name of ours
    " ON CONFLICT (key) DO NOTHING"
)


class Sent(NamedTuple):
    """One thing that was sent, as its row knows it."""

    key: str
    body: str


def sent(key: str, *, by: int | None, to: str, body: bytes) -> Sent:
    """
    Bind a key to who sent it and where to: the same key of somebody else is another one.

    `by` is a person's id, None for a form that is open to strangers. Hashed with the secret, since a
    body may hold a password.
    """
    whose = f"{by}\n{to}\n{key}"
    return Sent(
        key=salted_hmac("once.key", whose, algorithm="sha256").hexdigest(),
        body=salted_hmac("once.body", body, algorithm="sha256").hexdigest(),
    )


def digest(said: Any, files: MultiValueDict[str, Any]) -> bytes:
    """Return what tells one body from another; files are read and wound back."""
    found = sha256(json.dumps(said, sort_keys=True, default=str).encode())
    for name, several in sorted(files.lists()):
        for file in several:
            found.update(json.dumps([name, file.name, file.size]).encode())
            for chunk in file.chunks():
                found.update(chunk)
            file.seek(0)
    return found.digest()


def is_first(one: Sent, answer: dict[str, Any]) -> bool:
    """
    Write the row with what whoever sends the same again is to hear; False where it was there.

    Last in the transaction of the work, which is the caller's to take back where this says False.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [one.key, one.body, json.dumps(answer), timezone.now()])
        return bool(cursor.rowcount)


def tried(
    one: Sent, act: Callable[[], R], *, answer_of: Callable[[R], dict[str, Any]]
) -> tuple[R, bool]:
    """Do the work and claim its row; what came of it, and False where that was taken back as a second."""
    with transaction.atomic():
        result = act()
        is_claimed = is_first(one, answer_of(result))
        if not is_claimed:
            transaction.set_rollback(True)
    return result, is_claimed


def before(one: Sent) -> Submission | None:
    """Return the row of what was sent before under this key."""
    return Submission.objects.filter(key=one.key).first()


def forget(*, now: datetime) -> None:
    """Drop the rows that are older than a page is left open."""
    Submission.objects.filter(made_at__lt=now - KEPT).delete()
