"""Time the critical path of 10,000 tasks, and a plan of 5,000 on its page; nothing is kept."""

import json
import random
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django
from django.db import transaction

from projects.domain.kinds import LinkKind
from projects.domain.plan.calendars import EVERY_DAY, Calendar, DayException
from projects.domain.plan.network import schedule
from projects.domain.plan.records import Activity, Dependency, Plan

TASKS, LINKS = 10_000, 20_000
ROWS = 5_000
NEAR = 100  # rows between a task and what it waits for, at most
PLAIN = 0.9  # finish to start without a lag
TRIES = 9
START = date(2026, 11, 2)
HOLIDAYS = Calendar(exceptions=(DayException(first=date(2026, 12, 24), last=date(2027, 1, 1)),))


def pairs(rows: int, links: int, dice: random.Random) -> list[tuple[int, int]]:
    """Return links from earlier to later rows, each pair once."""
    found: dict[tuple[int, int], None] = {}
    while len(found) < links:
        successor = dice.randrange(1, rows)
        found[dice.randrange(max(0, successor - NEAR), successor), successor] = None
    return list(found)


def network() -> Plan:
    dice = random.Random(1)  # noqa: S311 - the same plan each time, no secret
    kinds = list(LinkKind)
    return Plan(
        start=START,
        activities=[
            Activity(
                key=key, duration=dice.randint(0, 10), calendar=dice.choice([None, None, "all"])
            )
            for key in range(TASKS)
        ],
        links=[
            Dependency(predecessor=p, successor=s)
            if dice.random() < PLAIN
            else Dependency(
                predecessor=p, successor=s, kind=dice.choice(kinds), lag=dice.randint(-2, 5)
            )
            for p, s in pairs(TASKS, LINKS, dice)
        ],
        calendars={"all": EVERY_DAY},
        calendar=HOLIDAYS,
        data_date=START,
    )


def best(work: Callable[[], Any]) -> float:
    """Return the milliseconds of the fastest of several runs."""
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times) * 1000


def page() -> dict[str, float]:
    """Time the page of a plan of 5,000 rows, and one change of its first task."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - needs a configured Django
    from django.test import Client  # noqa: PLC0415 - the same

    from projects.models import Project, Task, TaskLink  # noqa: PLC0415 - the same
    from projects.services.plan import change_task, reschedule  # noqa: PLC0415 - the same

    dice = random.Random(2)  # noqa: S311 - the same plan each time, no secret
    project = Project.objects.filter(tasks=None, is_confidential=False).earliest("pk")
    tasks = Task.objects.bulk_create(
        Task(project=project, name=f"Task {n}", position=n + 1, duration=dice.randint(1, 9))
        for n in range(ROWS)
    )
    TaskLink.objects.bulk_create(
        TaskLink(project=project, predecessor=tasks[p], successor=tasks[s])
        for p, s in pairs(ROWS, 2 * ROWS, dice)
    )
    reschedule(project=project, by=None)
    client = Client(HTTP_HOST="127.0.0.1")
    lead = get_user_model().objects.filter(memberships__role="pmo_lead", is_active=True)
    client.force_login(lead.earliest("pk"))
    address = f"/projects/{project.pk}/plan/"
    answer = client.get(address, secure=True)
    assert answer.status_code == 200, answer.status_code  # noqa: S101, PLR2004 - else nothing is measured
    durations = iter(range(10, 10 + TRIES))
    return {
        "plan_page_ms": best(lambda: client.get(address, secure=True)),
        "plan_change_ms": best(
            lambda: change_task(task=tasks[0], version=None, by=None, duration=next(durations))
        ),
    }


def main() -> None:
    plan = network()
    found = {"critical_path_ms": best(lambda: schedule(plan))}
    django.setup()
    with transaction.atomic():
        found |= page()
        transaction.set_rollback(True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
