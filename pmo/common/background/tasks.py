from celery import shared_task

from pmo.common.background import jobs, schedule


@shared_task(name=jobs.RUN_JOB)  # type: ignore[untyped-decorator]  # celery has no types
def run_job(*, job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="common.tick", expires=120)  # type: ignore[untyped-decorator]  # celery has no types
def tick() -> None:
    schedule.tick()
