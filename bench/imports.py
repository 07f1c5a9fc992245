"""
Time an import of made-up rows against bare bulk inserts of the same records, in one run.

Another process writes meanwhile, some times a second, and says how long it waited at most.
`DATABASE_URL=… python -m bench.imports 2500` empties that database first.
"""

import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

HEADERS = (
    "Code", "Name", "Unit", "Program", "Category", "Lane", "Stage", "Manager", "Sponsor", "Start",
    "Planned end", "Expected end", "Budget", "Budget of the year", "Forecast of the year",
    "Forecast cost", "Spent", "Complete, %", "RAG", "Comment",
)  # fmt: skip
FIELDS = (
    "code", "name", "unit", "program", "category", "lane", "stage", "manager", "sponsor",
    "start_date", "baseline_finish", "forecast_finish", "approved_budget", "year_budget",
    "year_forecast", "forecast_cost", "spent", "percent_complete", "color", "summary",
)  # fmt: skip
CHUNK, PEOPLE, UNITS = 100, 40, 12
COLORS = ("Green", "Amber", "Red")
OTHER, EVERY = "--other", (0.1, 0.3)  # seconds between two writes of the other one


def table(rows: int) -> bytes:
    """Return a CSV of this many projects with every column filled."""
    lines = [";".join(HEADERS)]
    for number in range(rows):
        start = date(2026, 1, 5) + timedelta(days=number % 300)
        cells: tuple[Any, ...] = (
            f"IMP-{number:05}", f"Project number {number}", f"Unit {number % UNITS}", "GROW", "other",
            "strategic", "delivery", f"Person {number % PEOPLE}", f"Person {(number + 7) % PEOPLE}",
            start, start + timedelta(days=300), start + timedelta(days=320), 1000 * (number + 1),
            300 * (number + 1), 310 * (number + 1), 1100 * (number + 1), 50 * (number + 1),
            number % 100, COLORS[number % 3], f"Stands where it should, number {number}.",
        )  # fmt: skip
        lines.append(";".join(str(cell) for cell in cells))
    return "\n".join(lines).encode()


def document() -> dict[str, Any]:
    """Return the mapping of the table."""
    return {
        "name": "bench",
        "record": "project",
        "source": {"records_in": "rows", "header": 1, "delimiter": ";"},
        "fields": {name: {"from": [head]} for name, head in zip(FIELDS, HEADERS, strict=True)},
    }


def _scene() -> Any:
    from pmo.accounts.models import Membership, Unit, User  # noqa: PLC0415 - needs a configured Django
    from projects.models import Program  # noqa: PLC0415 - the same

    lead = User.objects.create(email="lead@example.org", name="Lead")
    Membership.objects.create(user=lead, role="pmo_lead")
    for number in range(PEOPLE):
        User.objects.create(email=f"p{number}@example.org", name=f"Person {number}")
    for number in range(UNITS):
        unit = Unit.objects.create(name=f"Unit {number}")
        Unit.objects.filter(pk=unit.pk).update(path=f"/{unit.pk}/")
    Program.objects.create(code="GROW", name="Growth")
    return lead


def bare(rows: int) -> None:
    """Insert the records that the table comes to, in chunks, with nothing decided or checked."""
    from django.db import transaction  # noqa: PLC0415 - as above

    for start in range(0, rows, CHUNK):
        with transaction.atomic():
            _bare_chunk(range(start, min(start + CHUNK, rows)))


def _bare_chunk(numbers: range) -> None:
    from django.utils import timezone  # noqa: PLC0415 - as above

    from pmo.accounts.models import Unit, User  # noqa: PLC0415 - as above
    from projects.models import (  # noqa: PLC0415 - as above
        BudgetLine,
        CostEntry,
        ForecastEntry,
        Project,
        ProjectMember,
        StatusUpdate,
    )

    now, today = timezone.now(), timezone.localdate()
    unit, user = Unit.objects.first(), User.objects.first()
    made = Project.objects.bulk_create(
        Project(
            code=f"B-{n:05}", name=f"Project number {n}", unit=unit, stage="delivery",
            start_date=date(2026, 1, 5), baseline_finish_date=date(2026, 11, 5),
            forecast_finish_date=date(2026, 12, 5),
        )
        for n in numbers
    )  # fmt: skip
    ProjectMember.objects.bulk_create(
        ProjectMember(project=one, user=user, role=role)
        for one in made
        for role in ("manager", "sponsor")
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(project=one, category="Approved budget", fiscal_year=year, amount=100, changed_by=user)
        for one in made
        for year in (None, 2026)
    )  # fmt: skip
    ForecastEntry.objects.bulk_create(
        ForecastEntry(project=one, fiscal_year=year, amount=100, made_on=today)
        for one in made
        for year in (None, 2026)
    )
    CostEntry.objects.bulk_create(
        CostEntry(project=one, amount=10, entry_date=today, note="Spent") for one in made
    )
    StatusUpdate.objects.bulk_create(
        StatusUpdate(
            project=one, week=today, state="published", author=user, saved_at=now, published_at=now,
            overall="green", overall_note="As planned.", published_rating="Imported from a file",
        )
        for one in made
    )  # fmt: skip


def write_beside() -> None:
    """Write until the input ends; at each of its lines print the longest wait since the one before."""
    from django.db import transaction  # noqa: PLC0415 - as above

    from pmo.common.records import audit  # noqa: PLC0415 - as above

    longest, is_over = [0.0], threading.Event()

    def answer() -> None:
        for _line in sys.stdin:
            print(longest[0], flush=True)
            longest[0] = 0.0
        is_over.set()

    threading.Thread(target=answer).start()
    while not is_over.is_set():
        began = time.perf_counter()
        with transaction.atomic():
            audit.record(action="job.retried", target="common.job:1", by=None)
        longest[0] = max(longest[0], time.perf_counter() - began)
        time.sleep(random.uniform(*EVERY))  # noqa: S311 - no secret


class Other:
    """The other process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.imports", OTHER]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.longest()

    def longest(self) -> float:
        """Return the longest wait since this was asked last."""
        print(file=self._process.stdin, flush=True)
        return float(next(iter(self._process.stdout or ())))

    def end(self) -> None:
        self._process.communicate()


def memory() -> float:
    """Return the most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _took(name: str, began: tuple[float, float]) -> Iterator[tuple[str, float]]:
    """Yield the seconds since then, and how many of them this process computed: others may be at work too."""
    clock, processor = _now()
    yield name, clock - began[0]
    yield f"{name}_cpu", processor - began[1]


def _steps(rows: int) -> Iterator[tuple[str, float]]:
    from reports.imports.services import runs, work  # noqa: PLC0415 - as above

    lead, other = _scene(), Other()
    began = _now()
    bare(rows)
    yield from _took("bare", began)
    yield "bare_wait", other.longest()
    yield "bare_memory", memory()
    run = runs.start_import(file_name="bench.csv", content=table(rows), by=lead)
    run = runs.map_columns(run=run, by=lead, document=document())
    other.longest()  # what they took is a form's
    began = _now()
    work.finish_check(run, work.check(run))
    yield from _took("check", began)
    yield "check_wait", other.longest()
    yield "check_memory", memory()
    began = _now()
    run = runs.apply(run=run, by=lead)
    yield from _took("write", began)
    yield "write_wait", other.longest()
    other.end()
    print(run.report["counts"], file=sys.stderr)


def main() -> None:
    import django  # noqa: PLC0415 - as above

    from bench.databases import empty  # noqa: PLC0415 - as above

    if OTHER in sys.argv:
        django.setup()
        write_beside()
        return
    empty(os.environ["DATABASE_URL"])
    # apart: what migrations hold in memory is none of a worker's
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, check=True)
    django.setup()
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_500
    found = dict(_steps(rows))
    found["memory"] = memory()
    for name in ("check", "write"):
        found[f"{name}_ratio"] = found[name] / found["bare"]
        found[f"{name}_cpu_ratio"] = found[f"{name}_cpu"] / found["bare_cpu"]
    print(json.dumps({name: round(value, 2) for name, value in found.items()}))


if __name__ == "__main__":
    main()
