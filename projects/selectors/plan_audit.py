"""The checks of one project's plan, with the rows at fault."""

from dataclasses import dataclass
from datetime import date

from projects.domain.plan.audit import PlanCheck, Subject, audit
from projects.domain.plan.records import Key, Schedule, Timing
from projects.models import BaselineItem, Project, Task
from projects.selectors.planning import plan_of

SHOWN = 20  # rows at fault that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """A check with the rows at fault, the first of them named; `more` counts the others."""

    check: PlanCheck
    tasks: list[Task]
    more: int


def audit_of(project: Project, *, as_of: date) -> list[AuditFinding]:
    """Check the plan as it was computed last; nothing for one without rows or never computed."""
    rows = list(Task.objects.filter(project=project).in_order())
    computed: dict[Key, Timing] = {row.pk: _timing(row) for row in rows if row.start and row.finish}
    if len(computed) < len(rows):
        return []
    finish = max((timing.finish for timing in computed.values()), default=None)
    subject = Subject(
        plan=plan_of(project, rows, data_date=project.data_date or as_of),
        computed=Schedule(finish=finish, timings=computed),
        as_of=as_of,
        baseline=_baseline_finishes(project),
        costed={task.pk for task in rows if task.planned_cost},
    )
    by_key = {task.pk: task for task in rows}
    return [_finding(check, by_key) for check in audit(subject)]


def _timing(task: Task) -> Timing:
    start, finish = task.start, task.finish
    assert start is not None and finish is not None  # noqa: S101, PT018 - the caller looked
    return Timing(
        start,
        finish,
        task.late_start or start,
        task.late_finish or finish,
        task.total_float,
        task.free_float,
        task.is_critical,
        task.on_longest_path,
        task.percent_complete,
    )


def _baseline_finishes(project: Project) -> dict[object, date]:
    latest = project.baselines.order_by("-number").values("pk")[:1]
    rows = BaselineItem.objects.filter(
        baseline__in=latest, task_number__isnull=False, finish__isnull=False, is_summary=False
    )
    return {number: day for number, day in rows.values_list("task_number", "finish") if day}


def _finding(check: PlanCheck, tasks: dict[int, Task]) -> AuditFinding:
    found = sorted(
        {tasks[key] for key in check.offenders if isinstance(key, int)},
        key=lambda task: task.position,
    )
    return AuditFinding(check=check, tasks=found[:SHOWN], more=len(found) - len(found[:SHOWN]))
