"""
What the scheduler does each time it wakes: every registered duty decides itself what is due.

A clock that is days away from its last tick is not believed: it may have jumped, and what is frozen
or sent on a wrong day stays. Nothing is due then until a person says that it is right, or it comes back.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from pmo.common.background import jobs
from pmo.common.local import local_time
from pmo.common.models import Heartbeat
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing

FAR = timedelta(days=3)  # a long weekend without the server needs nobody's word

Duty = Callable[[datetime], None]
_duties: list[Duty] = []
log = logging.getLogger(__name__)


def duty(function: Duty) -> Duty:
    """Register a function of the current local time; it must do nothing when nothing is due."""
    if function not in _duties:
        _duties.append(function)
    return function


def last_tick() -> datetime | None:
    """Return when the clock last ticked; None when it never did."""
    return Heartbeat.objects.filter(pk=1).values_list("at", flat=True).first()


def last_sign() -> datetime | None:
    """Return when the scheduler last came by, believed or not; None when it never did."""
    beat = Heartbeat.objects.filter(pk=1).first()
    return None if beat is None else beat.doubted or beat.at


def is_believed(now: datetime) -> bool:
    """False where the clock is days before or behind its last tick; the first one ever is believed."""
    last = last_tick()
    return last is None or abs(now - last) <= FAR


def doubted() -> Heartbeat | None:
    """Return the last tick and what the clock says, where nobody may believe it yet."""
    return Heartbeat.objects.filter(pk=1).exclude(doubted=None).first()


@all_or_nothing
def confirm_clock(*, by: AbstractBaseUser) -> datetime:
    """Believe the clock from now on; raises RefusalError where it is not in doubt."""
    beat = Heartbeat.objects.select_for_update().filter(pk=1).exclude(doubted=None).first()
    if beat is None:
        raise RefusalError("The clock is believed already. There is nothing to confirm.")
    now = timezone.now()
    audit.record(
        action="clock.confirmed",
        target=beat,
        by=by,
        before={"at": beat.at},
        after={"at": now},
    )
    beat.at, beat.doubted = now, None
    beat.save(update_fields=["at", "doubted"])
    return now


def tick() -> None:
    """Run all duties, then publish jobs that were lost; one failing duty stops no other."""
    with local_time.in_local_time():
        now = timezone.localtime()
        if is_believed(now):
            Heartbeat.objects.update_or_create(pk=1, defaults={"at": now, "doubted": None})
            _do_duties(now)
        else:
            log.warning("The clock says %s, far from its last tick: nothing is due.", now)
            Heartbeat.objects.filter(pk=1).update(doubted=now)
        jobs.sweep()


def _do_duties(now: datetime) -> None:
    for function in _duties:
        try:
            function(now)
        except Exception:
            log.exception(
                "The duty %s failed; it is tried again at the next tick.", function.__name__
            )
