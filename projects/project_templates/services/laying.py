"""Write a whole plan at once: phases, tasks, what each waits for; computed once, with one event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing
from projects.domain.kinds import Constraint, TaskKind
from projects.models import Milestone, Project, Task, TaskLink, WorkCalendar
from projects.project_templates.domain.network import LinkSaid
from projects.services.plan import compute
from projects.services.projects import TOPIC, locked

NOT_EMPTY = "This project has a plan already."
LINKED = {"project", "parent", "calendar", "budget_line", "milestone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidTask:
    """One row to write; `not_before` holds its start, `calendar` None is the project's."""

    key: str
    phase: str
    name: str
    duration: int
    after: Sequence[LinkSaid] = ()
    notes: str = ""
    milestone: Milestone | None = None
    calendar: WorkCalendar | None = None
    not_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidPlan:
    """Phases by key in their order, and the rows of each in theirs."""

    phases: Mapping[str, str]
    tasks: Sequence[LaidTask] = field(default_factory=list)


@all_or_nothing
def lay_plan(*, project: Project, plan: LaidPlan, by: User | None) -> dict[str, Task]:
    """Write a plan into a project that has none; returns its tasks by key."""
    saved = locked(project)
    if saved.tasks.exists():
        raise RefusalError(NOT_EMPTY)
    parents, rows = _rows(saved, plan, by)
    Task.objects.bulk_create(parents.values())
    for row in plan.tasks:
        rows[row.key].parent = parents[row.phase]
    Task.objects.bulk_create(rows.values())
    TaskLink.objects.bulk_create(
        TaskLink(
            project=saved,
            predecessor=rows[link.task],
            successor=rows[row.key],
            kind=link.kind.value,
            lag=link.lag,
        )
        for row in plan.tasks
        for link in row.after
    )
    compute(saved)
    audit.record(
        action="plan.laid",
        target=saved,
        by=by,
        scope=saved,
        after={"tasks": len(rows), "phases": len(parents)},
    )
    announce(TOPIC, saved.pk)
    return {task.external_id: task for task in saved.tasks.exclude(external_id="")}


def _rows(
    project: Project, plan: LaidPlan, by: User | None
) -> tuple[dict[str, Task], dict[str, Task]]:
    """Return the rows of phases and of tasks, checked, in the order of the plan."""
    parents: dict[str, Task] = {}
    rows: dict[str, Task] = {}
    position, now = 0, timezone.now()
    for key, name in plan.phases.items():
        below = [row for row in plan.tasks if row.phase == key]
        if not below:
            continue
        position += 1
        parents[key] = Task(project=project, name=name, position=position, is_summary=True)
        for row in below:
            position += 1
            rows[row.key] = _task(project, row, position)
    for task in (*parents.values(), *rows.values()):
        task.changed_at, task.changed_by = now, by
        task.clean_fields(exclude=LINKED | {"changed_by"})
    return parents, rows


def _task(project: Project, row: LaidTask, position: int) -> Task:
    held = row.not_before is not None
    return Task(
        project=project,
        name=row.name,
        position=position,
        depth=1,
        external_id=row.key,
        duration=row.duration,
        kind=(TaskKind.WORK if row.duration else TaskKind.MILESTONE).value,
        notes=row.notes,
        milestone=row.milestone,
        calendar=row.calendar,
        constraint=(Constraint.START_NOT_BEFORE if held else Constraint.NONE).value,
        constraint_date=row.not_before,
    )
