"""A project's plan in the plain form that goes out to, and is compared with, other programs' files."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from pmo.common.records.audit import plain
from pmo.organization.current import organization
from projects.domain.exchange import (
    BaselineRow,
    CalendarRow,
    ExceptionRow,
    LinkRow,
    PlanFile,
    TaskRow,
    write_mspdi,
)
from projects.domain.kinds import Constraint, LinkKind, TaskKind
from projects.models import Baseline, Project, Task, TaskLink, TaskStep, WorkCalendar

STANDARD = CalendarRow(key="standard", name="Monday to Friday")
# A row's own columns: what people entered. Dates and floats follow from them.
ENTERED = (
    "id", "parent_id", "position", "name", "kind", "calendar_id", "duration", "constraint",
    "constraint_date", "actual_start", "actual_finish", "percent_complete", "planned_cost",
    "budget_line_id", "earning", "milestone_id", "notes", "external_id",
)  # fmt: skip
STEP = ("id", "task_id", "name", "weight", "done_on")
LINK = ("predecessor_id", "successor_id", "kind", "lag", "is_elapsed")


def calendar_rows(calendars: Iterable[WorkCalendar]) -> list[CalendarRow]:
    """Return calendars, prefetched with their exceptions, under their ids as keys."""
    return [
        CalendarRow(
            key=str(calendar.pk),
            name=calendar.name,
            weekdays=calendar.weekdays,
            exceptions=tuple(
                ExceptionRow(
                    first=row.first_date,
                    last=row.last_date,
                    is_working=row.is_working,
                    name=row.name,
                )
                for row in sorted(calendar.exceptions.all(), key=lambda e: (e.first_date, e.pk))
            ),
        )
        for calendar in calendars
    ]


def default_calendar_id(project: Project) -> int | None:
    """Return the calendar of tasks that name none: the project's, else the organization's."""
    if project.calendar_id is not None:
        return project.calendar_id
    return WorkCalendar.objects.filter(is_default=True).values_list("pk", flat=True).first()


def plan_file_of(project: Project) -> PlanFile:
    """Return the plan; rows keep the key of the file they came from where it is theirs alone."""
    tasks = list(Task.objects.filter(project=project).in_order())
    twice = Counter(task.external_id for task in tasks)
    keys = {
        task.pk: task.external_id
        if task.external_id and twice[task.external_id] == 1
        else f"task-{task.pk}"
        for task in tasks
    }
    default = default_calendar_id(project)
    used = {task.calendar_id for task in tasks if not task.is_summary} | {default}
    calendars = calendar_rows(
        WorkCalendar.objects.filter(pk__in=[pk for pk in used if pk is not None])
        .prefetch_related("exceptions")
        .order_by("pk")
    )
    links = TaskLink.objects.filter(project=project).order_by("pk").values_list(*LINK)
    return PlanFile(
        title=project.name,
        format="rounds",
        start=project.start_date,
        status_on=project.data_date,
        default_calendar=str(default) if default else STANDARD.key,
        calendars=tuple(calendars if default else [STANDARD, *calendars]),
        tasks=tuple(_row(task, keys[task.pk]) for task in tasks),
        links=tuple(
            LinkRow(
                predecessor=keys[before],
                successor=keys[after],
                kind=LinkKind(kind),
                lag=lag,
                is_elapsed=is_elapsed,
            )
            for before, after, kind, lag, is_elapsed in links
        ),
    )


def _row(task: Task, key: str) -> TaskRow:
    fields: dict[str, Any] = {
        "key": key,
        "number": task.pk,
        "depth": task.depth,
        "name": task.name,
        "start": task.start,
        "finish": task.finish,
        "notes": task.notes,
    }
    if task.is_summary:  # its own constraint means nothing while there are rows below it
        return TaskRow(**fields, is_summary=True)
    return TaskRow(
        **fields,
        kind=TaskKind(task.kind),
        calendar=None if task.calendar_id is None else str(task.calendar_id),
        duration=task.duration,
        constraint=Constraint(task.constraint),
        constraint_date=task.constraint_date,
        actual_start=task.actual_start,
        actual_finish=task.actual_finish,
        percent_complete=task.percent_complete,
        planned_cost=task.planned_cost,
    )


def with_baseline(plan: PlanFile, project: Project) -> PlanFile:
    """Add the dates and amounts of the latest baseline."""
    baseline = Baseline.objects.filter(project=project).order_by("-approved_on", "-number").first()
    if baseline is None:
        return plan
    keys = {row.number: row.key for row in plan.tasks}
    items = baseline.items.filter(task_number__in=keys).order_by("position", "pk")
    rows = tuple(
        BaselineRow(
            task=keys[item.task_number], start=item.start, finish=item.finish, cost=item.amount
        )
        for item in items
    )
    return replace(plan, baseline=rows)


def mspdi_of(project: Project, *, made_at: datetime) -> bytes:
    """Return the plan with its latest baseline as a file of Microsoft Project."""
    plan = with_baseline(plan_file_of(project), project)
    now = organization()
    return write_mspdi(plan, currency=now.currency, is_behind=now.currency_after, made_at=made_at)


def document_of(project: Project) -> dict[str, Any]:
    """Return everything that people entered into the plan, as JSON can hold it."""
    tasks = list(
        Task.objects.filter(project=project)
        .order_by("position", "pk")
        .values(*ENTERED, "is_summary")
    )
    for values in tasks:
        if values.pop("is_summary"):
            # computed from the rows below, so it changes without anybody entering anything
            values |= {"duration": 1, "percent_complete": 0}
    steps = TaskStep.objects.filter(project=project).order_by("pk").values(*STEP)
    links = TaskLink.objects.filter(project=project)
    found: dict[str, Any] = plain(
        {
            "tasks": tasks,
            "steps": list(steps),
            "links": list(links.order_by("predecessor_id", "successor_id").values(*LINK)),
        }
    )
    return found


def digest_of(document: dict[str, Any]) -> str:
    """Return a fingerprint that differs when anything that people entered differs."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
