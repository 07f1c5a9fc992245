"""What a new baseline of a project is made of: its plan, its money, its working days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from projects.domain.baselining import WHOLE, ZERO, Count, Item
from projects.domain.kinds import BudgetKind, EarningMethod, ReserveKind, TaskKind
from projects.domain.workdays import workdays
from projects.models import (
    MONDAY_TO_FRIDAY,
    Baseline,
    BaselineItem,
    BudgetLine,
    Milestone,
    Project,
    ReserveMovement,
    Task,
    TaskStep,
    WorkCalendar,
)
from projects.selectors.figures import money_of

OWN = "project"  # the key of the project's own calendar
# what an item keeps of its task or milestone under the same name
COPIED = (
    "position",
    "outline",
    "name",
    "kind",
    "is_summary",
    "start",
    "finish",
    "duration",
    "calendar",
    "earning",
    "amount",
    "steps",
)
FROZEN = ("task_number", "milestone_number", *COPIED)
Frozen = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The plan as it stands, and the days on which it is worked."""

    items: list[Item]
    calendars: dict[str, Frozen]

    @property
    def start(self) -> date | None:
        return min((i.start for i in self.items if i.start), default=None)

    @property
    def finish(self) -> date | None:
        """Return the last date of the plan; None where nothing has one."""
        return max((i.finish for i in self.items if i.finish), default=None)

    def counts(self) -> dict[str, Count]:
        return {key: counter_of(frozen) for key, frozen in self.calendars.items()}


def basis_of(project: Project, *, forecast: bool = False) -> Basis:
    """
    Read tasks, milestones and calendars; a project without either earns as a whole.

    Milestones stand at their approved date where they have one, or with `forecast` at the other.
    """
    tasks = list(
        Task.objects.filter(project=project).select_related("budget_line", "milestone").in_order()
    )
    steps = _steps(project)
    items = [_task_item(task, steps.get(task.pk, ())) for task in tasks]
    linked = {task.milestone_id for task in tasks if task.milestone_id}
    milestones = Milestone.objects.filter(project=project).order_by("due_date", "pk")
    items += [_milestone_item(m, len(items) + n, forecast) for n, m in enumerate(milestones, 1) if m.pk not in linked]  # fmt: skip
    if not items:
        items = [Item(name=WHOLE, start=project.start_date, calendar=OWN)]
    keys = {task.calendar_id for task in tasks if task.calendar_id}
    return Basis(items=items, calendars=_calendars(project, keys))


def _steps(project: Project) -> dict[int, list[tuple[int, int]]]:
    """Return id and weight of each step of the tasks that earn by them."""
    rows = TaskStep.objects.filter(project=project, task__earning=EarningMethod.STEPS.value)
    found: dict[int, list[tuple[int, int]]] = {}
    for task, pk, weight in rows.order_by("pk").values_list("task_id", "pk", "weight"):
        found.setdefault(task, []).append((pk, weight))
    return found


def _task_item(task: Task, steps: Sequence[tuple[int, int]]) -> Item:
    line = task.budget_line
    return Item(
        name=task.name,
        kind=TaskKind(task.kind),
        task=task.pk,
        milestone=task.milestone_id,
        position=task.position,
        outline=task.outline,
        is_summary=task.is_summary,
        is_done=task.is_done,
        start=task.start,
        finish=task.finish,
        duration=task.duration,
        calendar=str(task.calendar_id) if task.calendar_id else OWN,
        earning=EarningMethod(task.earning),
        weight=task.milestone.weight if task.milestone else 1,
        # a summary's money is that of the tasks below it
        amount=None if task.is_summary else task.planned_cost,
        steps=steps,
        money=BudgetKind(line.kind) if line else None,
    )


def _milestone_item(milestone: Milestone, position: int, forecast: bool) -> Item:  # noqa: FBT001 - basis_of's own
    approved = None if forecast else milestone.baseline_date
    day = approved or milestone.due_date
    return Item(
        name=milestone.name,
        kind=TaskKind.MILESTONE,
        milestone=milestone.pk,
        position=position,
        is_done=milestone.actual_date is not None,
        start=day,
        finish=day,
        calendar=OWN,
        earning=EarningMethod.ZERO_HUNDRED,
        weight=milestone.weight,
    )


def _calendars(project: Project, keys: set[int]) -> dict[str, Frozen]:
    rows = WorkCalendar.objects.prefetch_related("exceptions")
    own = rows.filter(pk=project.calendar_id) if project.calendar_id else rows.filter(is_default=True)  # fmt: skip
    found = {str(row.pk): _frozen(row) for row in rows.filter(pk__in=keys)} if keys else {}
    default = own.first()
    found[OWN] = _frozen(default) if default else {"weekdays": MONDAY_TO_FRIDAY, "exceptions": []}
    return found


def _frozen(calendar: WorkCalendar) -> Frozen:
    days = sorted(calendar.exceptions.all(), key=lambda day: (day.first_date, day.pk))
    return {
        "weekdays": calendar.weekdays,
        "exceptions": [
            [day.first_date.isoformat(), day.last_date.isoformat(), day.is_working] for day in days
        ],
    }


def counter_of(frozen: Frozen) -> Count:
    """Return what counts the working days of a calendar as a baseline keeps it."""
    exceptions = tuple(
        (date.fromisoformat(first), date.fromisoformat(last), worked)
        for first, last, worked in frozen["exceptions"]
    )
    return workdays(frozen["weekdays"], exceptions).between


def approved_budget(project: Project, *, as_of: date) -> Decimal | None:
    return money_of([project.pk], as_of=as_of)[project.pk].approved.value


def capital_share(project: Project) -> Decimal:
    """Return how much of the budget lines is capital, 0 to 1; all of it where nothing is known."""
    rows = BudgetLine.objects.filter(project=project, amount__gt=0)
    by_kind: Counter[str] = Counter()
    for kind, amount in rows.values_list("kind", "amount"):
        by_kind[kind] += amount
    total = sum(by_kind.values())
    return Decimal(by_kind[BudgetKind.CAPITAL]) / total if total else Decimal(1)


def balances_of(project: Project) -> dict[ReserveKind, Decimal]:
    """Return what is left of each reserve."""
    rows = ReserveMovement.objects.filter(project=project).values("reserve").order_by()
    sums = {row["reserve"]: row["total"] for row in rows.annotate(total=Sum("amount"))}
    return {kind: sums.get(kind.value, ZERO) for kind in ReserveKind}


def items_of(baseline: Baseline) -> list[Item]:
    """Return the frozen items of a version, in the order of the plan."""
    rows = BaselineItem.objects.filter(baseline=baseline).order_by("position", "pk")
    return [
        Item(
            task=row.pop("task_number"),
            milestone=row.pop("milestone_number"),
            kind=TaskKind(row.pop("kind")),
            earning=EarningMethod(row.pop("earning")),
            **row,
        )
        for row in rows.values(*FROZEN)
    ]


def latest_baseline(project: Project) -> Baseline | None:
    return Baseline.objects.filter(project=project).order_by("-number").first()
