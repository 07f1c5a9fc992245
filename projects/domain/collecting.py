"""Python's own collector of garbage, and work that is faster while it rests."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """
    Let the collector rest: it would look at every new list and tuple in vain, for half of the time.

    For work that makes no rings of objects and ends soon; what it no longer needs is freed all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
