"""Write a checked file into the plan, and put a plan back as it was."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import add, remove
from projects.domain.exchange import CalendarRow, TaskRow
from projects.domain.exchange.matching import differences
from projects.models import (
    BudgetLine,
    CalendarException,
    Milestone,
    Project,
    Task,
    TaskLink,
    TaskStep,
    WorkCalendar,
)
from projects.selectors.plan_file import ENTERED, LINK
from projects.services.plan_imports.checking import NEW_KEY, CheckedPlan, parents_of

BATCH = 500
LONGEST_NAME = 80
# What a file says of a row; the rest of a row stays as it is.
WRITTEN = (
    "name", "kind", "duration", "constraint", "constraint_date", "actual_start", "actual_finish",
    "percent_complete", "planned_cost", "notes",
)  # fmt: skip
PLACED = ("parent", "position", "depth", "is_summary")
STAMPS = ("version", "changed_at", "changed_by")
NOT_RENAMED = {"id", "external_id"}
DATES = ("constraint_date", "actual_start", "actual_finish")


def write_check(check: CheckedPlan, project: Project, by: User | None) -> list[int]:
    """Make the plan what the file says; returns the ids of the calendars that were added."""
    calendars = {row.key: _add_calendar(row, project, by) for row in check.calendars}
    existing = {task.pk: task for task in Task.objects.filter(project=project)}
    rows = [row for row, _ in check.match.rows]
    same = {row.number for row, was in check.match.rows if was and not differences(row, was)}
    tasks = [
        _task(row, existing.get(row.number or 0), project, calendars, is_same=row.number in same)
        for row in rows
    ]
    for position, task in enumerate(tasks, start=1):
        task.position = position
    _save(tasks, parents_of(rows), set(existing), by)
    kept = {task.pk for task in tasks}
    Task.objects.filter(project=project).exclude(pk__in=kept).delete()
    ids = {row.key: task.pk for row, task in zip(rows, tasks, strict=True)}
    _replace_links(
        project,
        [
            TaskLink(
                project=project,
                predecessor_id=ids[link.predecessor],
                successor_id=ids[link.successor],
                kind=link.kind.value,
                lag=link.lag,
                is_elapsed=link.is_elapsed,
            )
            for link in check.match.links
        ],
    )
    return sorted(calendars.values())


def _add_calendar(row: CalendarRow, project: Project, by: User | None) -> int:
    name, number = row.name[:LONGEST_NAME], 1
    while WorkCalendar.objects.filter(name=name).exists():
        tail = f" ({project.code})" if number == 1 else f" ({project.code}, {number})"
        name, number = row.name[: LONGEST_NAME - len(tail)] + tail, number + 1
    calendar = add(WorkCalendar(name=name, weekdays=row.weekdays), by=by, action="calendar.created")
    CalendarException.objects.bulk_create(
        CalendarException(
            calendar=calendar,
            first_date=e.first,
            last_date=e.last,
            is_working=e.is_working,
            name=e.name,
        )
        for e in row.exceptions
    )
    return calendar.pk


def _task(
    row: TaskRow, was: Task | None, project: Project, calendars: Mapping[str, int], *, is_same: bool
) -> Task:
    """Return the row as the file says it; one that says the same keeps all of its own."""
    task = was or Task(project=project, external_id=row.key)
    if not is_same:
        for name in WRITTEN:
            setattr(task, name, getattr(row, name))
        key = row.calendar
        task.calendar_id = (
            None if key is None else calendars[key] if key.startswith(NEW_KEY) else int(key)
        )
    task.depth, task.is_summary = row.depth, row.is_summary
    if row.start or was is None:
        task.start, task.finish = row.start, row.finish
    return task


def _save(
    tasks: list[Task], parents: list[int | None], existing: set[int], by: User | None
) -> None:
    """Write the rows; new ones level by level, so that each parent has its id before its rows."""
    now = timezone.now()
    levels: dict[int, list[int]] = defaultdict(list)
    for index, task in enumerate(tasks):
        task.changed_at, task.changed_by = now, by
        if task.pk not in existing:
            levels[task.depth].append(index)
    old = [task for task in tasks if task.pk in existing]
    for depth in sorted(levels):
        new = [tasks[index] for index in levels[depth]]
        for index, task in zip(levels[depth], new, strict=True):
            task.parent = _parent(tasks, parents[index])
        Task.objects.bulk_create(new, batch_size=BATCH)
    for task, parent in zip(tasks, parents, strict=True):
        if task.pk in existing:
            task.version += 1
            task.parent = _parent(tasks, parent)
    _upsert(old, [*WRITTEN, "calendar", *PLACED, "start", "finish", *STAMPS])


def _parent(tasks: list[Task], index: int | None) -> Task | None:
    return None if index is None else tasks[index]


def _upsert(tasks: list[Task], columns: list[str]) -> None:
    """Insert rows with the ids they have, or change these columns where they are there."""
    Task.objects.bulk_create(
        tasks,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=columns,
    )


def _replace_links(project: Project, links: list[TaskLink]) -> None:
    """Write the links that are not there and remove those that are not wanted; most stay as they are."""

    def said(link: TaskLink) -> tuple[object, ...]:
        return tuple(getattr(link, name) for name in LINK)

    there = {said(link): link.pk for link in TaskLink.objects.filter(project=project)}
    wanted = {said(link) for link in links}
    gone = [pk for key, pk in there.items() if key not in wanted]
    TaskLink.objects.filter(pk__in=gone).delete()
    new = [link for link in links if said(link) not in there]
    TaskLink.objects.bulk_create(new, batch_size=BATCH)


def restore(document: dict[str, Any], project: Project, by: User | None) -> None:
    """Make the plan what the document says, with the ids it had; references that are gone are empty."""
    existing = {task.pk: task for task in Task.objects.filter(project=project)}
    gone = _missing_references(document["tasks"])
    holding = [task.pk for task in existing.values() if task.milestone_id]
    tasks, parents, changed = [], [], set()
    index = {values["id"]: number for number, values in enumerate(document["tasks"])}
    for values in document["tasks"]:
        task = existing.get(values["id"]) or Task(project=project)
        wanted = {name: _value(name, value, gone) for name, value in values.items()}
        if task.pk is None or any(getattr(task, name) != wanted[name] for name in wanted):
            changed.add(wanted["id"])
        for name, value in wanted.items():
            setattr(task, name, value)
        parents.append(index[values["parent_id"]] if values["parent_id"] else None)
        tasks.append(task)
    changed |= _mark_outline(tasks, parents)
    # links to milestones are unique, so nothing may hold one while the others get theirs
    loose = [pk for pk in holding if pk in changed or pk not in index]
    Task.objects.filter(pk__in=loose).update(milestone=None)
    _save_restored([task for task in tasks if task.pk in changed], set(existing), by)
    Task.objects.filter(project=project).exclude(pk__in=index).delete()
    _restore_steps(document["steps"], project)
    _replace_links(project, [TaskLink(project=project, **values) for values in document["links"]])


def _mark_outline(tasks: list[Task], parents: list[int | None]) -> set[int]:
    """Say of each row how deep it lies and whether others lie below it; returns the ids that differ."""
    with_rows = {parent for parent in parents if parent is not None}
    differ = set()
    for number, (task, parent) in enumerate(zip(tasks, parents, strict=True)):
        depth = 0 if parent is None else tasks[parent].depth + 1
        is_summary = number in with_rows
        if (task.depth, task.is_summary) != (depth, is_summary):
            task.depth, task.is_summary = depth, is_summary
            differ.add(task.pk)
    return differ


def _save_restored(tasks: list[Task], existing: set[int], by: User | None) -> None:
    now = timezone.now()
    for task in tasks:
        task.changed_at, task.changed_by = now, by
    old = [task for task in tasks if task.pk in existing]
    for task in old:
        task.version += 1
    columns = [name.removesuffix("_id") for name in ENTERED if name not in NOT_RENAMED]
    _upsert(tasks, [*columns, "external_id", "depth", "is_summary", *STAMPS])


def _missing_references(rows: list[dict[str, Any]]) -> dict[str, set[int]]:
    """Return the calendars, budget lines and milestones that a kept plan names and that are gone."""
    models = {
        "calendar_id": WorkCalendar,
        "budget_line_id": BudgetLine,
        "milestone_id": Milestone,
    }
    gone = {}
    for name, model in models.items():
        named = {values[name] for values in rows if values[name]}
        there = set(model._default_manager.filter(pk__in=named).values_list("pk", flat=True))
        gone[name] = named - there
    return gone


def _value(name: str, value: Any, gone: Mapping[str, set[int]]) -> Any:
    if value is None or value in gone.get(name, ()):
        return None
    if name in DATES:
        return date.fromisoformat(value)
    return Decimal(value) if name == "planned_cost" else value


def _restore_steps(steps: list[dict[str, Any]], project: Project) -> None:
    there = set(TaskStep.objects.filter(project=project).values_list("pk", flat=True))
    TaskStep.objects.bulk_create(
        TaskStep(
            project=project,
            **{k: v for k, v in values.items() if k != "done_on"},
            done_on=date.fromisoformat(values["done_on"]) if values["done_on"] else None,
        )
        for values in steps
        if values["id"] not in there
    )


def remove_calendars(ids: list[int], by: User | None) -> None:
    """Take calendars away again that nothing uses."""
    unused = WorkCalendar.objects.filter(pk__in=ids, is_default=False, tasks=None, projects=None)
    for calendar in unused.order_by("pk"):
        remove(calendar, by=by, action="calendar.removed")
