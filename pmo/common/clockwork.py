"""What the scheduler does each time it wakes: every registered duty decides itself what is due."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from pmo.common import jobs

Duty = Callable[[datetime], None]
_duties: list[Duty] = []
log = logging.getLogger(__name__)


def duty(function: Duty) -> Duty:
    """Register a function of the current local time; it must do nothing when nothing is due."""
    if function not in _duties:
        _duties.append(function)
    return function


def tick() -> None:
    """Run all duties, then publish jobs that were lost; one failing duty stops no other."""
    now = timezone.localtime()
    for function in _duties:
        try:
            function(now)
        except Exception:
            log.exception(
                "The duty %s failed; it is tried again at the next tick.", function.__name__
            )
    jobs.sweep()
