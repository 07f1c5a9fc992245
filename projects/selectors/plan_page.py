"""What the page of a plan shows: its rows with bars and baselines, and the figures above them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet

from projects.domain.plan.gantt import GanttBar, TimeScale, scale_of
from projects.domain.plan.predecessors import Wait, written
from projects.models import BaselineItem, Project, Task, TaskQuerySet
from projects.selectors.planning import waits_of

DONE = 100  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFigures:
    """A plan as a whole; `finish` is None while it has no rows, `baseline_finish` without a baseline."""

    rows: int = 0
    tasks: int = 0
    drivers: int = 0
    finish: date | None = None
    baseline_finish: date | None = None
    next_driver: Task | None = None
    # number of rows down to each level, the last being all
    levels: Sequence[int] = field(default_factory=list)

    @property
    def slip_days(self) -> int | None:
        if self.finish is None or self.baseline_finish is None:
            return None
        return (self.finish - self.baseline_finish).days


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTask:
    """One row with its place on the time line; parts without dates are None."""

    task: Task
    waits: Sequence[Wait]
    bar: GanttBar | None
    done: GanttBar | None
    planned: GanttBar | None
    slip_days: int | None
    is_late: bool

    @property
    def waits_for(self) -> str:
        return written(self.waits)


class Arrow(NamedTuple):
    """A link between two rows of one page; it `drives` when both ends decide the plan's finish."""

    source: int
    target: int
    kind: str
    drives: bool


def figures_of(project: Project) -> PlanFigures:
    tasks = Task.objects.filter(project=project)
    leaf, driver = Q(is_summary=False), Q(is_summary=False, on_longest_path=True)
    depths = list(
        tasks.values_list("depth")
        .annotate(
            rows=Count("pk"),
            leaves=Count("pk", filter=leaf),
            drivers=Count("pk", filter=driver),
            last=Max("finish"),
        )
        .order_by("depth")
    )
    if not depths:
        return PlanFigures()
    _, rows, leaves, drivers, finishes = zip(*depths, strict=True)
    return PlanFigures(
        rows=sum(rows),
        tasks=sum(leaves),
        drivers=sum(drivers),
        finish=max((day for day in finishes if day), default=None),
        baseline_finish=_baseline_items(project).aggregate(last=Max("finish"))["last"],
        next_driver=tasks.filter(driver).order_by("start", "position").first(),
        levels=list(accumulate(rows)),
    )


def _baseline_items(project: Project) -> QuerySet[BaselineItem]:
    """Return the tasks of the version approved last."""
    latest = project.baselines.order_by("-number").values("pk")[:1]
    return BaselineItem.objects.filter(baseline__in=latest, task_number__isnull=False)


def span_of(tasks: TaskQuerySet) -> TimeScale | None:
    found = tasks.aggregate(first=Min("start"), last=Max("finish"))
    return scale_of(found.values())


def rows_of(
    project: Project, tasks: Sequence[Task], scale: TimeScale | None, *, today: date
) -> list[DrawnTask]:
    waits = waits_of(tasks)
    planned = {
        number: (start, finish)
        for number, start, finish in _baseline_items(project)
        .filter(task_number__in=[task.pk for task in tasks])
        .values_list("task_number", "start", "finish")
    }
    return [
        _row(task, waits.get(task.pk, []), planned.get(task.pk), scale, today) for task in tasks
    ]


def arrows_of(rows: Sequence[DrawnTask]) -> list[Arrow]:
    """Return the links of which both ends are among these rows."""
    shown = {row.task.position: row.task for row in rows}
    return [
        Arrow(
            source=shown[wait.row].pk,
            target=row.task.pk,
            kind=wait.kind.value,
            drives=shown[wait.row].on_longest_path and row.task.on_longest_path,
        )
        for row in rows
        for wait in row.waits
        if wait.row in shown
    ]


def _row(
    task: Task,
    waits: Sequence[Wait],
    planned: tuple[date | None, date | None] | None,
    scale: TimeScale | None,
    today: date,
) -> DrawnTask:
    bar = done = before = None
    if scale and task.start and task.finish:
        bar = scale.bar(task.start, task.finish)
        done = GanttBar(x=bar.x, width=round(bar.width * task.percent_complete / DONE, 2))
    start, finish = planned or (None, None)
    if scale and start and finish:
        before = scale.bar(start, finish)
    return DrawnTask(
        task=task,
        waits=waits,
        bar=bar,
        done=done if task.percent_complete else None,
        planned=before,
        slip_days=(task.finish - finish).days if task.finish and finish else None,
        is_late=task.is_late(as_of=today) and task.percent_complete < DONE,
    )
