"""
What a file of Microsoft Project says of days worked: splits, and ends in the morning.

A split stands nowhere by name. It shows where the work of all that is assigned to a task leaves out a
working day, or where what is left of it is resumed later than the working day after it was stopped. An
end before work begins belongs to the last working day before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from projects.domain.exchange.guarded_xml import Element, local
from projects.domain.exchange.mspdi_tasks import RawTask
from projects.domain.exchange.mspdi_values import finish_of, minutes_of, number_of, start_of
from projects.domain.exchange.planfile import ReadingLedger, TaskRow
from projects.domain.plan.calendars import Calendar, ScheduleError, networkdays, workday

Days = tuple[date, date]
REMAINING_WORK, ACTUAL_WORK = 1, 2
A_DAY = timedelta(days=1)
NO_SPLITS = "Work here has no breaks: a task takes its duration in one piece from its start."


def worked_days(element: Element) -> Days | None:
    """Return the first and last day of a piece of work in time; None where nothing is worked."""
    said = {local(part.tag): part.text or "" for part in element}
    if number_of(said.get("Type", "")) not in {REMAINING_WORK, ACTUAL_WORK}:
        return None
    first = start_of(said.get("Start", ""))
    last = finish_of(said.get("Finish", ""), first)
    if first is None or last is None or not minutes_of(said.get("Value", "")):
        return None
    return first, max(first, last)


def grown(days: list[Days], more: Days) -> None:
    """Add days to those before, in place; what touches them becomes one."""
    if days and days[-1][0] <= more[0] <= days[-1][1] + A_DAY:
        days[-1] = days[-1][0], max(days[-1][1], more[1])
    else:
        days.append(more)


def note_splits(
    raws: Iterable[tuple[RawTask, TaskRow]],
    worked: Mapping[str, list[Days]],
    calendars: Mapping[str | None, Calendar],
    ledger: ReadingLedger,
) -> None:
    """Name the tasks that the file interrupts; `calendars` has the default under None."""
    for raw, row in raws:
        if row.is_summary:
            continue
        stop, resume = start_of(raw.text("Stop")), start_of(raw.text("Resume"))
        days = sorted(worked.get(raw.key, ()))
        if stop and resume and stop < resume:
            days = days or [(stop, stop), (resume, resume)]
        if _has_gap(days, calendars[row.calendar]):
            ledger.lost("Splits", NO_SPLITS, task=raw.label)


def _has_gap(days: list[Days], calendar: Calendar) -> bool:
    last = None
    for first, until in days:
        if last is not None and first > last + A_DAY and _between(calendar, last, first):
            return True
        last = until if last is None else max(last, until)
    return False


def _between(calendar: Calendar, last: date, first: date) -> bool:
    try:
        return networkdays(calendar, last + A_DAY, first - A_DAY) > 0
    except ScheduleError:
        return False


def ended_on_working_days(row: TaskRow, ends: Collection[str], calendar: Calendar) -> TaskRow:
    """Return the row with the ends that came before work on the last working days before."""
    if "finish" in ends:
        row = replace(row, finish=_worked_before(row.finish, row.start, calendar))
    if "actual_finish" in ends:
        finished = _worked_before(row.actual_finish, row.actual_start, calendar)
        row = replace(row, actual_finish=finished)
    return row


def _worked_before(day: date | None, first: date | None, calendar: Calendar) -> date | None:
    if day is None:
        return None
    try:
        worked = workday(calendar, day + A_DAY, -1)
    except ScheduleError:
        return day
    return max(worked, first or worked)
