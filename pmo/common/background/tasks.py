from datetime import datetime

from celery import shared_task

from pmo.common.background import jobs, publishing, schedule
from pmo.common.background.leases import DEADLINE, process_ends_after
from pmo.common.records import once


@shared_task(name=publishing.RUN_JOB, bind=True)  # type: ignore[untyped-decorator]  # celery has no types
def run_job(self, *, job_id: int) -> None:  # type: ignore[no-untyped-def]  # the same
    jobs.run(job_id, ends_process=not self.request.is_eager)


@shared_task(name="common.tick", bind=True, expires=120)  # type: ignore[untyped-decorator]  # the same
def tick(self) -> None:  # type: ignore[no-untyped-def]  # the same
    if self.request.is_eager:
        schedule.tick()
        return
    with process_ends_after(DEADLINE):
        schedule.tick()


@shared_task(name="common.take_over", expires=10)  # type: ignore[untyped-decorator]  # the same
def take_over() -> None:
    jobs.take_over()


@schedule.duty
def old_submissions(now: datetime) -> None:
    """Forget which forms were sent once nobody can still send them by mistake."""
    once.forget(now=now)
