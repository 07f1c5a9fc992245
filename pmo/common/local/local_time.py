"""The organization's time zone, for whatever runs: a request, a job, a tick of the clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import tzinfo

from django.utils import timezone

ZoneOf = Callable[[], tzinfo | None]
Forget = Callable[[], None]
_known: list[tuple[ZoneOf, Forget]] = []


def use_zone_of(zone: ZoneOf, *, forget: Forget) -> None:
    """Say where the zone is kept, and how to have it read anew."""
    _known[:] = [(zone, forget)]


@contextmanager
def in_local_time() -> Iterator[None]:
    """Read the organization anew and let its time zone be the current one within."""
    for zone, forget in _known:
        forget()
        with timezone.override(zone()):
            yield
        forget()
        return
    yield
