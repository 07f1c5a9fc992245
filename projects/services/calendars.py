"""Write working calendars, and compute the plans again that count on them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.background import jobs
from pmo.common.records import audit
from pmo.common.records.writing import (
    ClashError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    only,
    remove,
    touch,
)
from projects.domain.plan.days_off import Days, written
from projects.models import CalendarException, Project, WorkCalendar
from projects.selectors.planning import days_of
from projects.services.plan import reschedule
from projects.services.projects import COMPUTE

MOST_DAYS = 1_000  # decades of holidays
CALENDAR_FIELDS = frozenset({"name", "weekdays", "is_default"})


@all_or_nothing
def create_calendar(*, by: User | None, days: Sequence[Days] = (), **fields: Any) -> WorkCalendar:
    values = only(fields, CALENDAR_FIELDS)
    _only_default(values, by)
    calendar = add(WorkCalendar(**values), by=by, action="calendar.created")
    _write_days(calendar, days)
    _compute_plans(calendar, by)
    return calendar


@all_or_nothing
def change_calendar(
    *,
    calendar: WorkCalendar,
    version: int | None,
    by: User | None,
    days: Sequence[Days] | None = None,
    **fields: Any,
) -> WorkCalendar:
    """Change a calendar; `days` replaces its exceptions, None leaves them."""
    values = only(fields, CALENDAR_FIELDS)
    _only_default(values, by, calendar)
    seen = WorkCalendar.objects.select_for_update().get(pk=calendar.pk).version
    changed = change(calendar, version=version, by=by, action="calendar.changed", **values)
    before = days_of(changed)
    if days is not None and list(days) != before:
        changed.exceptions.all().delete()
        _write_days(changed, days)
        if changed.version == seen:
            touch(changed, by=by)
        audit.record(
            action="calendar.days_changed",
            target=changed,
            by=by,
            scope=changed,
            before={"days": written(before)},
            after={"days": written(days)},
        )
    _compute_plans(changed, by)
    return changed


@all_or_nothing
def remove_calendar(*, calendar: WorkCalendar, by: User | None) -> None:
    if calendar.is_default or calendar.tasks.exists() or calendar.projects.exists():
        raise RefusalError("Plans count on this calendar. Give them another one first.")
    remove(calendar, by=by, action="calendar.removed")


def _only_default(
    values: dict[str, Any], by: User | None, calendar: WorkCalendar | None = None
) -> None:
    """Take the default from whichever calendar has it, when this one is to be it."""
    if values.get("is_default"):
        others = WorkCalendar.objects.filter(is_default=True)
        if calendar is not None:
            others = others.exclude(pk=calendar.pk)
        for other in others:
            change(other, version=None, by=by, action="calendar.changed", is_default=False)


def _write_days(calendar: WorkCalendar, days: Sequence[Days]) -> None:
    if len(days) > MOST_DAYS:
        raise RefusalError(f"A calendar holds at most {MOST_DAYS:,} days or spans that differ.")
    for one in days:
        row = CalendarException(
            calendar=calendar,
            first_date=one.first,
            last_date=one.last,
            is_working=one.is_working,
            name=one.name,
        )
        row.full_clean()
        row.save(force_insert=True)


def plans_on(calendar: WorkCalendar) -> list[int]:
    """Return the projects whose plans count on a calendar."""
    uses = Q(tasks__calendar=calendar) | Q(calendar=calendar)
    if calendar.is_default:
        uses |= Q(calendar=None)
    rows = Project.objects.filter(uses, tasks__isnull=False)
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def _compute_plans(calendar: WorkCalendar, by: User | None) -> None:
    """Have the plans computed in the background, once for each version of the calendar."""
    if plans_on(calendar):
        last = calendar.exceptions.order_by("-pk").values_list("pk", flat=True).first()
        key = f"{calendar.pk}:{calendar.version}:{last or 0}"
        jobs.enqueue(kind=COMPUTE, key=key, params={"calendar": calendar.pk}, by=by)


def run_compute(run: jobs.Run) -> dict[str, int]:
    """Compute the plan of a project, or all that count on a calendar; leave what cannot be."""
    keys, left = _asked(run.params), 0
    done_to = run.noted.get("done_to", 0)  # they come in the order of their ids
    for number, key in enumerate(keys, start=1):
        if key <= done_to:
            continue
        try:
            with transaction.atomic():
                reschedule(project=Project.objects.get(pk=key), by=run.job.requested_by)
                # with what it did, so that whoever takes over does not do it again
                run.note(done_to=key)
        except ClashError:
            raise  # the job is tried again
        except RefusalError:
            left += 1
        run.progress(number, len(keys), f"{number} of {len(keys)} plans computed")
    return {"computed": len(keys) - left, "left": left}


def _asked(params: dict[str, int]) -> list[int]:
    if "project" in params:
        return list(Project.objects.filter(pk=params["project"]).values_list("pk", flat=True))
    calendar = WorkCalendar.objects.filter(pk=params["calendar"]).first()
    return plans_on(calendar) if calendar else []
