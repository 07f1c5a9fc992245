"""
Tell higher apps, after commit, that records changed.

A lower app announces ("projects.project", 7); a higher app that listens gets all keys of one
transaction at once. A rolled-back transaction announces nothing.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

Listener = Callable[[set[int]], None]
_listeners: dict[str, list[Listener]] = {}
_gathering: ContextVar[dict[str, set[int]] | None] = ContextVar("gathering", default=None)
log = logging.getLogger(__name__)


class _Announcement:
    def __init__(self, topic: str, key: int) -> None:
        self.topic = topic
        self.keys = {key}
        # Django names a robust callback that failed by this
        self.__qualname__ = f"announcement of {topic}"

    def __call__(self) -> None:
        for listener in _listeners.get(self.topic, []):
            listener(self.keys)


def listen(topic: str) -> Callable[[Listener], Listener]:
    """Register a function for a topic; import it from the app's `ready()`."""

    def register(listener: Listener) -> Listener:
        if listener not in _listeners.setdefault(topic, []):
            _listeners[topic].append(listener)
        return listener

    return register


def announce(topic: str, key: int) -> None:
    """Say that record `key` changed; joins an announcement of the same transaction."""
    gathering = _gathering.get()
    if gathering is not None:
        gathering.setdefault(topic, set()).add(key)
        return
    connection = transaction.get_connection()
    savepoints = set(connection.savepoint_ids)
    for waiting, callback, *_ in connection.run_on_commit:
        if (
            isinstance(callback, _Announcement)
            and callback.topic == topic
            and waiting == savepoints
        ):
            callback.keys.add(key)
            return
    # robust: the change is committed; a listener that fails is caught up by the next refresh
    transaction.on_commit(_Announcement(topic, key), robust=True)


@contextmanager
def gathered(*, tells: bool = True) -> Iterator[None]:
    """
    Announce what many services write at once, at the end; for work that is written wholly or not.

    Without `tells` nothing is announced: whoever gathers does it in a way of their own.
    """
    keys: dict[str, set[int]] = {}
    token = _gathering.set(keys)
    try:
        yield
    finally:
        _gathering.reset(token)
    if not tells:
        return
    # in one transaction, or each key would be told of by itself
    with transaction.atomic():
        for topic, changed in keys.items():
            for key in sorted(changed):
                announce(topic, key)
