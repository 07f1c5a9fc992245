"""A project's plan as the scheduling engine reads it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from pmo.accounts.models import User
from projects.domain.kinds import Constraint, LinkKind
from projects.domain.plan.calendars import MONDAY_TO_FRIDAY, Calendar, DayException
from projects.domain.plan.days_off import Days
from projects.domain.plan.predecessors import Wait
from projects.domain.plan.records import Activity, Dependency, Key, Plan
from projects.models import Project, Task, TaskLink, WorkCalendar

CONSTRAINTS = {constraint.value: constraint for constraint in Constraint}
KINDS = {kind.value: kind for kind in LinkKind}


def calendar_of(row: WorkCalendar) -> Calendar:
    """Return a calendar as formulas read it; prefetch its exceptions for several."""
    return Calendar(
        weekdays=row.weekdays,
        exceptions=tuple(
            DayException(first=day.first, last=day.last, is_working=day.is_working)
            for day in days_of(row)
        ),
    )


def days_of(row: WorkCalendar) -> list[Days]:
    """Return a calendar's exceptions by date; of two for one day the later in the list counts."""
    days = sorted(row.exceptions.all(), key=lambda day: (day.first_date, day.pk))
    return [Days(day.first_date, day.last_date, day.is_working, day.name) for day in days]


def uses_of(calendars: Iterable[WorkCalendar], reader: User) -> Counter[int]:
    """Count by calendar the projects that name it, themselves or in a task; those the reader may see."""
    keys = [calendar.pk for calendar in calendars]
    projects = Project.objects.visible_to(reader).filter(calendar__in=keys)
    tasks = Task.objects.visible_to(reader).filter(calendar__in=keys)
    named = {
        *projects.values_list("calendar", "pk"),
        *tasks.order_by().values_list("calendar", "project").distinct(),
    }
    return Counter(calendar for calendar, _ in named if calendar is not None)


def calendars_of(project: Project, keys: Iterable[int]) -> tuple[Calendar, dict[Key, Calendar]]:
    """Return the project's own calendar, the default or Monday to Friday, and those named by key."""
    wanted = set(keys)
    rows = {
        row.pk: row
        for row in WorkCalendar.objects.prefetch_related("exceptions")
        if row.pk in wanted or row.pk == project.calendar_id or row.is_default
    }
    own = rows.get(project.calendar_id or 0)
    own = own or next((row for row in rows.values() if row.is_default), None)
    found: dict[Key, Calendar] = {pk: calendar_of(row) for pk, row in rows.items() if pk in wanted}
    return (calendar_of(own) if own else MONDAY_TO_FRIDAY), found


def links_of(project: Project) -> list[Dependency]:
    rows = TaskLink.objects.filter(project=project).values_list(
        "predecessor_id", "successor_id", "kind", "lag", "is_elapsed"
    )
    return [
        Dependency(predecessor=p, successor=s, kind=KINDS[kind], lag=lag, is_elapsed=is_elapsed)
        for p, s, kind, lag, is_elapsed in rows
    ]


def plan_of(project: Project, tasks: Sequence[Task], *, data_date: date) -> Plan:
    """Return what the engine computes; it starts with the project, or with the first work done."""
    begun = [task.actual_start for task in tasks if task.actual_start]
    calendar, calendars = calendars_of(
        project, {task.calendar_id for task in tasks if task.calendar_id}
    )
    return Plan(
        start=project.start_date or min([*begun, data_date]),
        activities=[_activity(task) for task in tasks],
        links=links_of(project),
        calendars=calendars,
        calendar=calendar,
        data_date=data_date,
    )


def _activity(task: Task) -> Activity:
    return Activity(
        key=task.pk,
        duration=task.duration,
        parent=task.parent_id,
        calendar=task.calendar_id,
        constraint=CONSTRAINTS[task.constraint],
        constraint_date=task.constraint_date,
        actual_start=task.actual_start,
        actual_finish=task.actual_finish,
        percent=task.percent_complete,
    )


def waits_of(tasks: Iterable[Task]) -> dict[int, list[Wait]]:
    """Return what each of these rows waits for, by row numbers."""
    found: dict[int, list[Wait]] = {}
    rows = TaskLink.objects.filter(successor__in=[task.pk for task in tasks]).values_list(
        "successor_id", "predecessor__position", "kind", "lag", "is_elapsed"
    )
    for successor, row, kind, lag, is_elapsed in rows:
        found.setdefault(successor, []).append(Wait(row, KINDS[kind], lag, is_elapsed))
    return found
