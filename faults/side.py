"""
Kill workers of one installation, and print what became of their jobs; `python -m faults` starts this.

The workers are the product's own programs. What beat would do is done here, more often: looking for
jobs whose worker fell silent. The last measurement leaves that, and the lease, to the product.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import django
import psutil

WITHIN = 90.0  # seconds in which whatever is waited for has to come
LOOKS_EVERY = 0.3  # seconds between two looks for jobs whose worker fell silent
UNCERTAIN_AFTER = {"handed", "inside"}  # a mail may have gone out by then


@dataclass(slots=True)
class CourseLine:
    """What the table says of one course, or of the true lease; take-over in seconds."""

    kind: str
    phases: str
    kills: int = 0
    hits: int = 0
    lost: int = 0
    doubled: int = 0
    longest: float = 0.0
    remark: str = ""


class Killer:
    """Kills the workers of one set of programs, kept alive by the product's own supervisor."""

    def __init__(self, *, takes_over: bool) -> None:
        from pmo.common.background import supervisor  # noqa: PLC0415 - needs Django set up

        supervisor.LONGEST_BACK_OFF_SECONDS = 1.0  # it is killed all the time, and not for a fault
        self.supervisor = supervisor.Supervisor(dict(os.environ), self._hear)
        self.takes_over, self._looked_at = takes_over, 0.0

    @staticmethod
    def _hear(sentence: str) -> None:
        print(sentence, file=sys.stderr)

    def wait(self, true: Callable[[], Any], *, seconds: float = WITHIN) -> bool:
        """Keep workers alive and lost jobs moving until something is true; False when time is up."""
        from pmo.common.background import jobs  # noqa: PLC0415 - needs Django set up

        def look() -> bool:
            if self.takes_over and time.monotonic() - self._looked_at > LOOKS_EVERY:
                jobs.sweep()
                self._looked_at = time.monotonic()
            return bool(true())

        return self.supervisor.wait_until(look, seconds=seconds)

    def kill_at(self, job: Any, attempt: int) -> tuple[bool, float]:
        """Kill whoever stands still in this attempt; return whether it held the job, and for how long it stayed its."""
        from faults import hooks  # noqa: PLC0415 - the same

        if not self.wait(lambda: hooks.standing(job.pk, attempt)):
            return False, 0.0
        found = hooks.standing(job.pk, attempt)
        job.refresh_from_db()
        held = (job.state, job.attempts) == ("running", attempt) and psutil.pid_exists(found.pid)
        os.kill(found.pid, signal.SIGKILL)
        began = time.monotonic()

        def taken_over() -> bool:
            job.refresh_from_db()
            return job.attempts > attempt

        followed = self.wait(taken_over)
        return held and followed, time.monotonic() - began


def run_course(killer: Killer, hospital: Any, course: Any, number: int) -> CourseLine:
    """Make a scene, kill every attempt at its job at its phase, and count what the last one left."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from faults import hooks  # noqa: PLC0415 - the same
    from pmo.common.background.mailing import INTERRUPTED  # noqa: PLC0415 - the same

    line = CourseLine(course.kind, ", ".join(course.phases))
    with transaction.atomic():  # no worker sees the job before its order lies there
        scene = hospital.scene(course.kind, number)
        hooks.order(scene.job.pk, list(course.phases))
    for attempt in range(1, len(course.phases) + 1):
        line.kills += 1
        hit, seconds = killer.kill_at(scene.job, attempt)
        line.hits += hit
        line.longest = max(line.longest, seconds)
        if not hit:
            break

    def over() -> bool:
        scene.job.refresh_from_db()
        return scene.job.is_finished

    is_over, effects = killer.wait(over), scene.effects()
    may_be_uncertain = UNCERTAIN_AFTER & set(course.phases)
    is_uncertain = bool(may_be_uncertain) and scene.job.error == INTERRUPTED
    is_done = is_over and (scene.job.state == "done" or is_uncertain)
    line.lost, line.doubled = int(not is_done or effects == 0), max(effects - 1, 0)
    line.remark = "said to be uncertain, not sent again" if is_uncertain else ""
    if not is_done:
        line.remark = f"{scene.job.state}: {scene.job.error}"
    return line


def workers() -> list[Any]:
    """Return the programs that run jobs: those of `make run`, or with Redis those of the containers."""
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from pmo.common.background.supervisor import Service  # noqa: PLC0415 - the same
    from pmo.common.management.commands.rounds import (  # noqa: PLC0415 - the same
        background_services,
        program,
    )

    if not settings.REDIS_URL:
        return [one for one in background_services() if one.name.startswith("worker")]
    command = (program("celery"), "--quiet", "--app", "pmo.background", "worker")
    return [Service(name="worker", command=(*command, "--concurrency", "2", "-l", "warning"))]


def kill_all(courses: Any) -> list[CourseLine]:
    """Run every course with the short lease."""
    from faults.scenes import Hospital  # noqa: PLC0415 - needs Django set up

    killer = Killer(takes_over=True)
    killer.supervisor.start(workers())
    lines = []
    try:
        hospital = Hospital()
        for number, course in enumerate(courses):
            try:
                line = run_course(killer, hospital, course, number)
            except Exception as error:  # the others are still to be killed
                fault = f"{type(error).__name__}: {error}"
                line = CourseLine(course.kind, ", ".join(course.phases), lost=1, remark=fault)
            lines.append(line)
            print(f"{lines[-1]}", file=sys.stderr, flush=True)
    finally:
        killer.supervisor.stop()
    return lines


def measure_true_lease() -> CourseLine:
    """Kill one worker, and let the product's lease, beat and workers follow it as they would."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from faults import hooks  # noqa: PLC0415 - the same
    from pmo.common.background import jobs  # noqa: PLC0415 - the same
    from pmo.common.management.commands.rounds import background_services  # noqa: PLC0415 - the same

    killer = Killer(takes_over=False)
    beat = [one for one in background_services() if one.name == "scheduler"]
    killer.supervisor.start([*workers(), *beat])
    line = CourseLine(
        "snapshots.daily", "claimed", kills=1, remark="lease of 60 s, beat's own sweep"
    )
    try:
        with transaction.atomic():
            job = jobs.enqueue(kind="snapshots.daily", key="true lease", params={}, by=None)
            hooks.order(job.pk, ["claimed"])
        hit, line.longest = killer.kill_at(job, 1)
        line.hits = int(hit)
        job.refresh_from_db()
        done = killer.wait(lambda: job.refresh_from_db() or job.is_finished)
        line.lost = int(not done or job.state != "done")
    finally:
        killer.supervisor.stop()
    return line


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("courses", choices=["few", "full", "true-lease"])
    chosen = parser.parse_args().courses
    django.setup()

    from faults import courses  # noqa: PLC0415 - beside the others

    if chosen == "true-lease":
        lines = [measure_true_lease()]
    else:
        lines = kill_all(courses.FEW if chosen == "few" else courses.FULL)
    print(json.dumps([asdict(line) for line in lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
