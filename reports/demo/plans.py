"""Lay a story's work out as tasks and links, and move them from week to week."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pmo.accounts.models import User
from projects.domain.kinds import ReserveKind, TaskKind
from projects.domain.stages import Stage
from projects.models import (
    CalendarException,
    Milestone,
    Project,
    Task,
    TaskLink,
    TaskStep,
    WorkCalendar,
)
from projects.models.plan import EVERY_DAY
from projects.services.baselines import set_first_baseline
from projects.services.reserves import move_reserve
from reports.demo.course import CENT
from reports.demo.stories import day_of, read
from reports.demo.timeline import Timeline
from reports.demo.work import PlannedTask, Work, holidays

DONE = ("percent_complete", "actual_start", "actual_finish")
MOVED = (*DONE, "duration", "start", "finish")
APPROVED_BEFORE = 2  # weeks before the start


class PlacedTask(NamedTuple):
    planned: PlannedTask
    row: Task
    steps: list[TaskStep]


@dataclass(frozen=True)
class PlacedPlan:
    """One project's plan as rows of the database; empty where the story has no detailed plan."""

    project: Project
    work: Work
    tasks: list[PlacedTask]

    @property
    def code(self) -> str:
        return self.work.timeline.story.code

    def changed(self, week: int, names: Sequence[str] = DONE) -> Iterator[Task]:
        """Yield the rows of which the week moved a field of these `names`, moved."""
        points = self.work.points(week)
        for placed in self.tasks:
            if placed.row.actual_finish:
                continue
            now = self.work.progress(placed.planned, week, points)._asdict()
            moved = [name for name in names if getattr(placed.row, name) != now[name]]
            for name in moved:
                setattr(placed.row, name, now[name])
            if moved:
                yield placed.row

    def steps_done(self, week: int) -> Iterator[TaskStep]:
        """Yield the steps that were done in the week, with the day."""
        going = [t for t in self.tasks if t.steps and t.steps[-1].done_on is None]
        points = self.work.points(week) if going else []
        for placed in going:
            days = self.work.steps_done(placed.planned, week, points)
            for step, day in zip(placed.steps, days, strict=False):
                if step.done_on is None:
                    step.done_on = day
                    yield step


def create_calendars() -> None:
    """Create the week that projects work, and the one of go-lives."""
    week = WorkCalendar.objects.create(name="Project week", is_default=True)
    WorkCalendar.objects.create(name="Every day, for go-lives and moves", weekdays=EVERY_DAY)
    CalendarException.objects.bulk_create(
        CalendarException(calendar=week, first_date=h.day, last_date=h.day, name=h.name)
        for h in holidays()
    )


def move(plans: Sequence[PlacedPlan], week: int, names: Sequence[str]) -> None:
    """Bring the fields of these `names` to where they stood at the end of the week."""
    Task.objects.bulk_create(
        (row for plan in plans for row in plan.changed(week, names)),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=names,
    )
    steps = [step for plan in plans for step in plan.steps_done(week)]
    if steps:
        TaskStep.objects.bulk_update(steps, ["done_on"])


def place(
    pairs: Iterable[tuple[Project, Timeline]], milestones: dict[int, Sequence[Milestone]]
) -> list[PlacedPlan]:
    """Create the plans of all stories that have one; `milestones` are by project, in order."""
    plans = []
    for project, timeline in pairs:
        if Work.is_told(timeline):
            plans.append(_place(project, Work(timeline), milestones[project.pk]))
    return plans


def _place(project: Project, work: Work, milestones: Sequence[Milestone]) -> PlacedPlan:
    tasks: list[PlacedTask] = []
    position = 0
    for number, phase in enumerate(work.phases, start=1):
        position += 1
        spans = [work.planned_dates(row) for row in phase.rows]
        parent = Task.objects.create(
            project=project,
            name=phase.name,
            position=position,
            outline=str(number),
            is_summary=True,
            start=min(span.start for span in spans),
            finish=max(span.finish for span in spans),
        )
        for place, (planned, span) in enumerate(zip(phase.rows, spans, strict=True), start=1):
            position += 1
            row = Task(
                project=project,
                parent=parent,
                position=position,
                outline=f"{number}.{place}",
                depth=1,
                name=planned.name,
                kind=planned.kind,
                duration=span.duration,
                start=span.start,
                finish=span.finish,
                planned_cost=planned.amount,
                earning=planned.earning,
                milestone=milestones[planned.segment]
                if planned.kind is TaskKind.MILESTONE
                else None,
            )
            steps = [
                TaskStep(project=project, task=row, name=step.name, weight=step.weight)
                for step in planned.steps
            ]
            tasks.append(PlacedTask(planned, row, steps))
    Task.objects.bulk_create(placed.row for placed in tasks)
    TaskStep.objects.bulk_create(step for placed in tasks for step in placed.steps)
    TaskLink.objects.bulk_create(_links(project, tasks))
    return PlacedPlan(project, work, tasks)


def _links(project: Project, tasks: list[PlacedTask]) -> Iterator[TaskLink]:
    """Yield the links: from each milestone to the work after it, and from that to the next one."""
    points = {t.planned.segment: t.row for t in tasks if t.planned.kind is TaskKind.MILESTONE}
    for planned, row, _ in tasks:
        if planned.kind is TaskKind.MILESTONE:
            continue
        if planned.segment:
            yield TaskLink(project=project, predecessor=points[planned.segment - 1], successor=row)
        yield TaskLink(project=project, predecessor=row, successor=points[planned.segment])


def approve(pairs: Iterable[tuple[Project, Timeline]], *, by: User) -> None:
    """Set reserves aside and approve the first baseline of every project that is past its proposal."""
    reserves = read("control")["reserves"]
    for project, timeline in pairs:
        story = timeline.story
        if story.stage_at(0) is Stage.PROPOSAL:
            continue
        on = day_of(timeline.monday, min(story.start, 0) - APPROVED_BEFORE)
        for kind, share in zip(ReserveKind, reserves.get(story.code, ()), strict=False):
            if share:
                move_reserve(
                    project=project,
                    reserve=kind,
                    amount=(story.budget * Decimal(str(share))).quantize(CENT),
                    reason="Set aside with the approved budget",
                    on=on,
                    by=by,
                )
        set_first_baseline(
            project=project,
            by=by,
            name="Approved plan",
            reason="Approved with the business case.",
            on=on,
        )
