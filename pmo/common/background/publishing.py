"""
Carry a job's number to a worker, and wait for no broker.

The row is the truth and the sweep comes by every minute: a broker that is away, or takes the
connection and never answers, costs a request less than a second, and the next ones nothing.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from celery import current_app, signature
from django.conf import settings
from kombu.pools import producers

RUN_JOB = "common.run_job"  # sent by name: the task runs what is in `jobs`
# seconds for each step of a publish: a broker that works answers within thousandths
STEP = 0.25
# seconds in which a broker that did not answer is not asked again: one request may ask for many jobs
SPARED = 5.0
HURRIED = {"socket_timeout": STEP, "socket_connect_timeout": STEP, "max_retries": 0}

log = logging.getLogger(__name__)


class _Broker:
    """What this process knows of the broker: until when it is left alone."""

    spared_until = 0.0


def publish(job_id: int) -> None:
    """Carry the id to a worker; a broker that is away is no failure, the sweep comes back."""
    message = signature(RUN_JOB, kwargs={"job_id": job_id})
    if settings.CELERY_TASK_ALWAYS_EAGER:
        message.apply_async()
        return
    if monotonic() < _Broker.spared_until:
        return
    try:
        with _producer() as producer:
            message.apply_async(retry=False, producer=producer)
    except Exception as error:
        _Broker.spared_until = monotonic() + SPARED
        kind = type(error).__name__
        log.warning("Job %s waits: the broker does not answer (%s: %s).", job_id, kind, error)


@contextmanager
def _producer() -> Iterator[Any]:
    """Lend a producer on connections of its own: those of a worker wait for messages, and longer."""
    options = HURRIED if settings.REDIS_URL else {}
    connection = current_app.connection_for_write(transport_options=options)
    with producers[connection].acquire(block=True, timeout=STEP) as producer:
        yield producer
