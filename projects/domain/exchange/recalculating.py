"""Does this plan, computed here, run when the file says it does?"""

from datetime import date

from projects.domain.exchange.planfile import (
    CalendarRow,
    Loss,
    PlanFile,
    PlanFileError,
    ReadingLedger,
)
from projects.domain.plan.calendars import Calendar, DayException, ScheduleError
from projects.domain.plan.network import schedule
from projects.domain.plan.records import (
    Activity,
    CycleError,
    Dependency,
    Key,
    Plan,
    Schedule,
)


def recalculated(file: PlanFile) -> tuple[Schedule, tuple[Loss, ...]]:
    """
    Compute the file's dates without today's, and say which rows not yet started finish on another day.

    A file from here says as of which day it was computed; work not begun was to start on it or later.

    Raises PlanFileError for tasks that wait for each other and for plans without end.
    """
    names = {row.key: row.name for row in file.tasks}
    try:
        computed = schedule(_plan(file))
    except CycleError as error:
        ring = " → ".join(f"“{names.get(str(key), 'a summary row')}”" for key in error.keys)
        raise PlanFileError(
            f"Tasks wait for each other in a loop: {ring}. Take one of these links out of the file."
        ) from error
    except ScheduleError as error:
        raise PlanFileError(str(error)) from error
    ledger = ReadingLedger()
    for position, row in enumerate(file.tasks, start=1):
        timing = computed.timings[row.key]
        is_computed = not row.is_summary and row.actual_start is None
        if row.finish is None or not is_computed or timing.finish == row.finish:
            continue
        days = (timing.finish - row.finish).days
        moved = (
            f"{abs(days)} day{'s' if abs(days) != 1 else ''} {'later' if days > 0 else 'earlier'}"
        )
        ledger.changed(
            "Dates",
            "Computed here from links, calendars and constraints, these rows finish on another day "
            "than the file says.",
            task=f"{position} {row.name}: {moved}",
        )
    return computed, ledger.losses()


def _plan(file: PlanFile) -> Plan:
    calendars: dict[Key, Calendar] = {row.key: calendar_of(row) for row in file.calendars}
    default = calendars.get(file.default_calendar or "", Calendar())
    above: list[str] = []
    activities = []
    for row in file.tasks:
        del above[row.depth :]
        activities.append(
            Activity(
                key=row.key,
                duration=row.duration,
                parent=above[-1] if above else None,
                calendar=row.calendar,
                constraint=row.constraint,
                constraint_date=row.constraint_date,
                actual_start=row.actual_start,
                actual_finish=row.actual_finish,
                percent=row.percent_complete,
            )
        )
        above.append(row.key)
    days = [day for row in file.tasks for day in (row.start, row.constraint_date) if day]
    return Plan(
        data_date=_computed_on(file),
        start=file.start or min(days, default=date(2000, 1, 3)),
        activities=activities,
        links=[
            Dependency(
                predecessor=link.predecessor,
                successor=link.successor,
                kind=link.kind,
                lag=link.lag,
                is_elapsed=link.is_elapsed,
            )
            for link in file.links
        ],
        calendars=calendars,
        calendar=default,
    )


def _computed_on(file: PlanFile) -> date | None:
    """Return the day of a file from here: other programs leave work where it was to begin."""
    is_ours = any(row.number is not None for row in file.tasks)
    return file.status_on if is_ours else None


def calendar_of(row: CalendarRow) -> Calendar:
    """Return the calendar as scheduling reads it."""
    return Calendar(
        weekdays=row.weekdays,
        exceptions=tuple(
            DayException(first=e.first, last=e.last, is_working=e.is_working)
            for e in row.exceptions
        ),
    )
