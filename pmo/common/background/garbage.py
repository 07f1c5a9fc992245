"""
Look for garbage less often while a long work makes objects by the hundred thousand and keeps most.

Python looks after every 700 new ones and goes through what stays again and again: a fifth of the time
of an import. What is not in a circle is freed at once as ever.

Circles that were still in use at such a look wait for one at everything. Python puts that off until it is worth
going through a large program once more; some 50 MB piled up. So the program is not gone through meanwhile, and what
the work itself made is looked at sooner.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

OBJECTS = 5_000  # new ones between two looks
OLD = 1  # looks at what is not so new, between two at everything


class _Works:
    """How many such works there are in this process, and what was in force before the first."""

    def __init__(self) -> None:
        self._lock, self._count = Lock(), 0
        self._before = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            if not self._count:
                self._before = gc.get_threshold()
                gc.set_threshold(OBJECTS, self._before[1], OLD)
                gc.freeze()
            self._count += 1

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            if not self._count:
                gc.unfreeze()
                gc.set_threshold(*self._before)


_works = _Works()


@contextmanager
def looked_for_seldom() -> Iterator[None]:
    """Look for garbage seldom until this and every other such work is over."""
    _works.begin()
    try:
        yield
    finally:
        _works.end()
