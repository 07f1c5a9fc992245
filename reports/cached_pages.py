"""
Keep what takes long to compute for an hour, for readers who see the same projects.

That is for a record that no longer changes; a page that keeps what does must say how old it may be.
"""

import hashlib
from array import array
from collections.abc import Callable, Collection
from typing import TypeVar

from django.core.cache import cache

SECONDS = 3600
T = TypeVar("T")


def kept(name: str, *, seen: Collection[int], make: Callable[[], T]) -> T:
    """
    Return what `make` returns, once for all who may see exactly the projects `seen`.

    `name` must change whenever the record does.
    """
    return kept_at(key_of(name, seen=seen), make=make)


def key_of(name: str, *, seen: Collection[int]) -> str:
    """Return where a record is kept for those who see exactly these projects, of which there are many."""
    return f"{name}:{hashlib.sha256(array('q', sorted(seen)).tobytes()).hexdigest()}"


def kept_at(key: str, *, make: Callable[[], T]) -> T:
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, timeout=SECONDS)
    return found
