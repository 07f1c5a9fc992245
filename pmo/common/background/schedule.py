"""What the scheduler does each time it wakes: every registered duty decides itself what is due."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from pmo.common.background import jobs
from pmo.common.local import local_time
from pmo.common.models import Heartbeat

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


def tick() -> None:
    """Run all duties, then publish jobs that were lost; one failing duty stops no other."""
    with local_time.in_local_time():
        now = timezone.localtime()
        Heartbeat.objects.update_or_create(pk=1, defaults={"at": now})
        for function in _duties:
            try:
                function(now)
            except Exception:
                log.exception(
                    "The duty %s failed; it is tried again at the next tick.", function.__name__
                )
        jobs.sweep()
