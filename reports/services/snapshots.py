"""Keep the live rows true, and freeze them."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from pmo.common import audit
from portfolio.models import Portfolio
from projects.domain.calendar import week_end, week_of
from projects.models import Project
from reports.models import Freeze, FreezeKind, Snapshot
from reports.models.snapshots import LIVE
from reports.selectors.building import build_snapshots
from reports.services.milestones import freeze_milestones

CHUNK = 500
_BUILT = [
    field.name
    for field in Snapshot._meta.concrete_fields
    if field.name not in {"id", "project", "date"}
]


def refresh(ids: Collection[int], *, today: date | None = None) -> int:
    """Rebuild the live rows of these projects; return how many."""
    today = today or timezone.localdate()
    done = 0
    for chunk in _chunks(sorted(ids)):
        done += len(_write(build_snapshots(chunk, as_of=today)))
    return done


def refresh_all(
    *, today: date | None = None, progress: Callable[[int, int], None] | None = None
) -> int:
    """Rebuild every live row: dates pass even where nobody changes anything."""
    ids = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    done = 0
    for chunk in _chunks(ids):
        done += refresh(chunk, today=today)
        if progress:
            progress(done, len(ids))
    return done


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _write(rows: list[Snapshot]) -> list[Snapshot]:
    return Snapshot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["project", "date"], update_fields=_BUILT
    )


@transaction.atomic
def freeze_week(day: date) -> Freeze:
    """
    Copy the live rows to `day`, once; a second call returns the first freeze.

    A project that ended since the last freeze is copied a last time, so that the week's pages say so.
    """
    known = Freeze.objects.filter(date=day, portfolio=None).first()
    if known:
        return known
    before = (
        Freeze.objects.filter(portfolio=None, date__lt=day)
        .order_by("-date")
        .values_list("date", flat=True)
        .first()
    )
    columns = [str(f.column) for f in Snapshot._meta.concrete_fields if f.name != "id"]
    quoted = ", ".join(connection.ops.quote_name(c) for c in columns)
    chosen = ", ".join("%s" if c == "date" else connection.ops.quote_name(c) for c in columns)
    table = connection.ops.quote_name(Snapshot._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {chosen} FROM {table}"  # noqa: S608 - own column names
            f" WHERE date = %s AND (is_active OR project_id IN"
            f" (SELECT project_id FROM {table} WHERE date = %s AND is_active))",
            [day, LIVE, before or day],
        )
        rows = cursor.rowcount
    freeze_milestones(day)
    freeze = Freeze.objects.create(
        date=day, kind=FreezeKind.WEEK, frozen_at=timezone.now(), rows=rows
    )
    audit.record(action="snapshots.frozen", target=freeze, by=None, after={"rows": rows})
    return freeze


@transaction.atomic
def freeze_import(*, portfolio: Portfolio, projects: Collection[int], day: date) -> Freeze:
    """Freeze an imported portfolio as it was on a past day; importing the day again rebuilds nothing."""
    known = Freeze.objects.filter(date=day, portfolio=portfolio).first()
    if known:
        return known
    rows = 0
    for chunk in _chunks(sorted(projects)):
        built = build_snapshots(chunk, as_of=day, date_of_row=day)
        rows += len(Snapshot.objects.bulk_create(built))
    freeze_milestones(day)
    freeze = Freeze.objects.create(
        date=day, portfolio=portfolio, kind=FreezeKind.IMPORT, frozen_at=timezone.now(), rows=rows
    )
    audit.record(action="snapshots.frozen", target=freeze, by=None, after={"rows": rows})
    return freeze


def week_to_freeze(today: date) -> date:
    """Return the last Sunday that is over: the freeze that should exist by now."""
    return week_end(week_of(today)) - timedelta(days=7)
