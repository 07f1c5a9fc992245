"""
Write a plan: its tasks, their order and what they wait for.

Each change computes the whole plan again in the same transaction, so that the stored dates, floats
and numbers never disagree with the rows. Whoever changes a plan holds its project meanwhile.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.records import audit
from pmo.common.records.writing import (
    RefusalError,
    add,
    all_or_nothing,
    change,
    only,
    remove,
    touch,
    values_of,
)
from projects.domain.kinds import LinkKind, TaskKind
from projects.domain.plan.calendars import Calendar, ScheduleError, networkdays
from projects.domain.plan.network import schedule
from projects.domain.plan.outline import OutlinePlace, places_of
from projects.domain.plan.predecessors import PredecessorsError, Wait, read, written
from projects.domain.plan.records import CycleError, Plan, Timing
from projects.models import Project, Task, TaskLink
from projects.selectors.planning import plan_of, waits_of
from projects.services.projects import TOPIC, locked
from projects.services.task_rules import keep_earned, settled

TASK_FIELDS = (
    "name",
    "kind",
    "calendar",
    "duration",
    "constraint",
    "constraint_date",
    "actual_start",
    "actual_finish",
    "percent_complete",
    "planned_cost",
    "budget_line",
    "earning",
    "milestone",
    "notes",
    "external_id",
)
# what the engine computes; nobody else writes these
COMPUTED = (
    "position",
    "outline",
    "depth",
    "is_summary",
    "start",
    "finish",
    "late_start",
    "late_finish",
    "total_float",
    "free_float",
    "is_critical",
    "on_longest_path",
)
# of a row with rows below it these two are computed too
SETTLED = (*COMPUTED, "percent_complete", "duration")

MOST_LEVELS = 20


@all_or_nothing
def create_task(
    *,
    project: Project,
    by: User | None,
    after: Task | None = None,
    parent: Task | None = None,
    waits_for: str = "",
    **fields: Any,
) -> Task:
    """Add a row below `after` at its level, else as the last one below `parent` or of the plan."""
    saved = locked(project)
    beside = Task.objects.filter(project=saved)
    if after is not None:
        after = row_of(saved, after)
        parent, position = after.parent, after.position
    else:
        parent = row_of(saved, parent) if parent else None
        position = (beside.aggregate(last=Max("position"))["last"] or 0) + 1
    if parent is not None:
        _may_sum_up(parent)
    task = Task(project=saved, parent=parent, position=position)
    for name, value in settled(task, only(fields, TASK_FIELDS)).items():
        setattr(task, name, value)
    add(task, by=by, action="task.created", scope=saved)
    if waits_for:
        _wait(task, waits_for)
    compute(saved)
    announce(TOPIC, saved.pk)
    task.refresh_from_db()
    return task


@all_or_nothing
def change_task(
    *,
    task: Task,
    version: int | None,
    by: User | None,
    waits_for: str | None = None,
    **fields: Any,
) -> Task:
    """Change a row; `waits_for` replaces its predecessors, None leaves them."""
    project = locked(task.project)
    saved = row_of(project, task)
    accepted = settled(saved, only(fields, TASK_FIELDS))
    changed = change(
        saved, version=version, by=by, action="task.changed", scope=project, **accepted
    )
    if waits_for is not None:
        before, now = _wait(changed, waits_for)
        if before != now:
            if changed.version == saved.version:
                touch(changed, by=by)
            audit.record(
                action="task.waits_changed",
                target=changed,
                by=by,
                scope=project,
                before={"waits_for": before},
                after={"waits_for": now},
            )
    compute(project)
    announce(TOPIC, project.pk)
    changed.refresh_from_db()
    return changed


@all_or_nothing
def remove_task(*, task: Task, by: User | None) -> None:
    """
    Remove a row with all rows below it and their links; each leaves what it said in the trail.

    Raises RefusalError for what has earned.
    """
    project = locked(task.project)
    saved = row_of(project, task)
    keep_earned(saved)
    below = Task.objects.filter(project=project, outline__startswith=f"{saved.outline}.")
    rows = [*below.order_by("-position"), saved]
    gone = [audit.Entry("task.removed", audit.target_of(r), project, values_of(r)) for r in rows]
    saved.delete()
    audit.record_all(gone, by=by)
    compute(project)
    announce(TOPIC, project.pk)


@all_or_nothing
def move_task(*, task: Task, direction: str, by: User | None) -> Task:
    """Move a row with those below it: up, down, in (below the row above it) or out."""
    move = {"up": _up, "down": _down, "in": _in, "out": _out}.get(direction)
    if move is None:
        raise RefusalError("Choose up, down, in or out.")
    project = locked(task.project)
    task = row_of(project, task)
    before = {"outline": task.outline}
    move(task)
    compute(project)
    task.refresh_from_db()
    audit.record(
        action="task.moved",
        target=task,
        by=by,
        scope=project,
        before=before,
        after={"outline": task.outline},
    )
    announce(TOPIC, project.pk)
    return task


@all_or_nothing
def link_tasks(
    *,
    predecessor: Task,
    successor: Task,
    by: User | None,
    kind: LinkKind = LinkKind.FINISH_START,
    lag: int = 0,
    is_elapsed: bool = False,
) -> TaskLink:
    project = locked(successor.project)
    if predecessor.project_id != project.pk:
        raise RefusalError("Only rows of one plan can be linked.")
    link = add(
        TaskLink(
            project=project,
            predecessor=predecessor,
            successor=successor,
            kind=kind.value,
            lag=lag,
            is_elapsed=is_elapsed,
        ),
        by=by,
        action="task.linked",
        scope=project,
    )
    touch(successor, by=by)
    compute(project)
    announce(TOPIC, project.pk)
    return link


@all_or_nothing
def unlink_tasks(*, link: TaskLink, by: User | None) -> None:
    project = locked(link.project)
    successor = link.successor
    remove(link, by=by, action="task.unlinked", scope=project)
    touch(successor, by=by)
    compute(project)
    announce(TOPIC, project.pk)


@all_or_nothing
def reschedule(*, project: Project, by: User | None, on: date | None = None) -> date | None:
    """Compute a plan as of `on`, None for today, and return its finish; None without rows."""
    saved = locked(project)
    before = _finish(saved)
    compute(saved, on)
    after = _finish(saved)
    audit.record(
        action="plan.rescheduled",
        target=saved,
        by=by,
        scope=saved,
        before={"finish": before},
        after={"finish": after},
    )
    announce(TOPIC, saved.pk)
    return after


def row_of(project: Project, task: Task) -> Task:
    """Return a row as saved; raises RefusalError for one of another plan or removed meanwhile."""
    saved = Task.objects.select_related("parent").filter(project=project, pk=task.pk).first()
    if saved is None:
        raise RefusalError("That row is not in this plan any more. Open the plan again.")
    return saved


def _finish(project: Project) -> date | None:
    latest: date | None = project.tasks.aggregate(last=Max("finish"))["last"]
    return latest


def _siblings(task: Task) -> list[Task]:
    rows = Task.objects.filter(project_id=task.project_id, parent_id=task.parent_id)
    return list(rows.in_order())


def _neighbor(task: Task, step: int, refusal: str) -> Task:
    rows = _siblings(task)
    at = next(i for i, row in enumerate(rows) if row.pk == task.pk) + step
    if not 0 <= at < len(rows):
        raise RefusalError(refusal)
    return rows[at]


def _exchange(task: Task, other: Task) -> None:
    Task.objects.filter(pk=task.pk).update(position=other.position)
    Task.objects.filter(pk=other.pk).update(position=task.position)


def _up(task: Task) -> None:
    _exchange(task, _neighbor(task, -1, "This is the first row of its level already."))


def _down(task: Task) -> None:
    _exchange(task, _neighbor(task, 1, "This is the last row of its level already."))


def _in(task: Task) -> None:
    above = _neighbor(task, -1, "There is no row above at the same level to go below.")
    _may_sum_up(above)
    Task.objects.filter(pk=task.pk).update(parent=above)


def _out(task: Task) -> None:
    if task.parent is None:
        raise RefusalError("This row is on the highest level already.")
    Task.objects.filter(pk=task.pk).update(parent=task.parent.parent_id)


def _may_sum_up(task: Task) -> None:
    if task.kind == TaskKind.MILESTONE.value:
        raise RefusalError(f"“{task.name}” is a milestone, so it cannot sum up rows below it.")
    if not task.is_summary and task.actual_start:
        raise RefusalError(
            f"“{task.name}” has progress of its own, so it cannot sum up rows below it."
        )


def _wait(task: Task, text: str) -> tuple[str, str]:
    """Replace what a row waits for; return the texts before and after."""
    before = waits_of([task]).get(task.pk, [])
    try:
        waits = read(text)
    except PredecessorsError as error:
        raise ValidationError({"waits_for": str(error)}) from None
    rows = _rows(task, waits)
    known, wanted = {wait.row: wait for wait in before}, {wait.row: wait for wait in waits}
    gone = [row for row, wait in known.items() if wanted.get(row) != wait]
    task.waits_for.filter(predecessor__position__in=gone).delete()
    for row, wait in wanted.items():
        if known.get(row) == wait:
            continue
        link = TaskLink(
            project_id=task.project_id,
            predecessor=rows[row],
            successor=task,
            kind=wait.kind.value,
            lag=wait.lag,
            is_elapsed=wait.is_elapsed,
        )
        link.full_clean()
        link.save(force_insert=True)
    return written(before), written(waits)


def _rows(task: Task, waits: list[Wait]) -> dict[int, Task]:
    """Return the rows by number; raises ValidationError for one that is not there or is this one."""
    numbers = [wait.row for wait in waits]
    found = {
        row.position: row
        for row in Task.objects.filter(project_id=task.project_id, position__in=numbers).exclude(
            pk=task.pk
        )
    }
    for number in numbers:
        if number not in found:
            own = number == task.position
            why = (
                "A row cannot wait for itself." if own else f"There is no row {number} in the plan."
            )
            raise ValidationError({"waits_for": why})
    return found


def _ring(error: CycleError, tasks: Sequence[Task]) -> str:
    """Name the rows of a ring, from the one that stands first in the plan back to it."""
    rows = [task for key in error.keys[:-1] for task in tasks if task.pk == key]
    first = min(range(len(rows)), key=lambda i: rows[i].position)
    around = [*rows[first:], *rows[:first], rows[first]]
    return " → ".join(f"{row.position} {row.name}" for row in around)


def compute(project: Project, on: date | None = None) -> None:
    """Compute the plan as of `on`, None for today, and write the rows that come out differently."""
    today = on or timezone.localdate()
    tasks = _in_outline(project)
    plan = plan_of(project, tasks, data_date=today)
    try:
        timings = schedule(plan).timings
    except CycleError as error:
        ring = _ring(error, tasks)
        raise RefusalError(f"These rows would wait for each other in a ring: {ring}.") from None
    except ScheduleError as error:
        raise RefusalError(str(error)) from None
    places = places_of([(task.pk, task.parent_id) for task in tasks])
    if any(place.depth >= MOST_LEVELS for place in places.values()):
        raise RefusalError(
            f"A plan has at most {MOST_LEVELS} levels; this row would be below them."
        )
    changed = [
        task
        for number, task in enumerate(tasks, start=1)
        if _takes(task, _computed(plan, task, number, places[task.pk], timings[task.pk]))
    ]
    Task.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=SETTLED
    )
    Project.objects.filter(pk=project.pk).update(data_date=today)


def _in_outline(project: Project) -> list[Task]:
    """Return the rows as the outline orders them, each summary before what lies below it."""
    below: dict[int | None, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(project=project).in_order():
        below[task.parent_id].append(task)
    ordered: list[Task] = []
    waiting = below[None][::-1]
    while waiting:
        task = waiting.pop()
        ordered.append(task)
        waiting += below[task.pk][::-1]
    return ordered


def _computed(
    plan: Plan, task: Task, number: int, place: OutlinePlace, timing: Timing
) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "position": number,
        **place._asdict(),
        **timing._asdict(),
        "percent_complete": task.percent_complete,
        "duration": task.duration,
    }
    if task.is_summary and not place.is_summary:
        found["percent_complete"] = 0  # nothing lies below it any more: it is work not begun
    if place.is_summary:
        found["percent_complete"] = timing.percent
        calendar: Calendar = plan.calendars.get(task.calendar_id, plan.calendar)
        found["duration"] = networkdays(calendar, timing.start, timing.finish)
    return found


def _takes(task: Task, computed: Mapping[str, Any]) -> bool:
    """Write computed values into the row; say whether any differs."""
    differs = False
    for name in SETTLED:
        if getattr(task, name) != computed[name]:
            setattr(task, name, computed[name])
            differs = True
    return differs
