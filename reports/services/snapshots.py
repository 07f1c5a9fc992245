"""Keep the live rows true, and freeze them."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from pmo.common import audit
from pmo.common.writing import all_or_nothing
from portfolio.models import Portfolio
from projects.domain.calendar import week_end, week_of
from projects.models import Project
from reports.models import Freeze, FreezeKind, Snapshot
from reports.models.snapshots import SnapshotQuerySet
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
    return sum(_refresh_chunk(chunk, today) for chunk in _chunks(sorted(ids)))


@all_or_nothing
def _refresh_chunk(ids: list[int], today: date) -> int:
    # locked while read and written, or an older reading could overwrite a newer one
    return len(_write(build_snapshots(ids, as_of=today, lock=True)))


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


def freeze_week(day: date) -> Freeze:
    """
    Freeze every active project as it stood on `day`, once; a second call returns the first freeze.

    A live row built on that day is copied; one built on another day is judged again as of `day`. A
    project that ended since the freeze before is frozen a last time, so that the week's pages say so.
    """
    if known := _frozen(day):
        return known
    try:
        return _freeze_week(day)
    except IntegrityError:
        # somebody else froze the same week in this moment
        if known := _frozen(day):
            return known
        raise


def _frozen(day: date) -> Freeze | None:
    return Freeze.objects.filter(date=day, portfolio=None).first()


@transaction.atomic
def _freeze_week(day: date) -> Freeze:
    before = (
        Freeze.objects.filter(portfolio=None, date__lt=day)
        .order_by("-date")
        .values_list("date", flat=True)
        .first()
    )
    due = Q(is_active=True)
    if before:
        due |= Q(project__in=Snapshot.objects.at(before).active().values("project_id"))
    start = timezone.make_aware(datetime.combine(day, time.min))
    of_the_day = Q(built_at__gte=start, built_at__lt=start + timedelta(days=1))
    live = Snapshot.objects.live().filter(due)
    rows = _copy(live.filter(of_the_day), day)
    others = live.exclude(of_the_day).order_by("project_id").values_list("project_id", flat=True)
    for chunk in _chunks(list(others)):
        built = build_snapshots(chunk, as_of=day, date_of_row=day)
        rows += len(Snapshot.objects.bulk_create(built))
    return _record_freeze(day, FreezeKind.WEEK, rows)


def _copy(rows: SnapshotQuerySet, day: date) -> int:
    """Copy rows to `day` inside the database: ten thousand take no longer than one page."""
    names = [field for field in Snapshot._meta.concrete_fields if field.name not in {"id", "date"}]
    chosen, values = (
        rows.order_by().values_list(*(f.attname for f in names)).query.sql_with_params()
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Snapshot._meta.db_table)} ({columns}, {quote('date')})"  # noqa: S608 - own column names
            f" SELECT chosen.*, %s FROM ({chosen}) AS chosen",
            [connection.ops.adapt_datefield_value(day), *values],
        )
        return int(cursor.rowcount)


def _record_freeze(
    day: date, kind: FreezeKind, rows: int, portfolio: Portfolio | None = None
) -> Freeze:
    freeze_milestones(day)
    freeze = Freeze.objects.create(
        date=day, portfolio=portfolio, kind=kind, frozen_at=timezone.now(), rows=rows
    )
    audit.record(action="snapshots.frozen", target=freeze, by=None, after={"rows": rows})
    return freeze


@all_or_nothing
def freeze_import(*, portfolio: Portfolio, projects: Collection[int], day: date) -> Freeze:
    """Freeze an imported portfolio as it was on a past day; importing the day again rebuilds nothing."""
    known = Freeze.objects.filter(date=day, portfolio=portfolio).first()
    if known:
        return known
    rows = 0
    for chunk in _chunks(sorted(projects)):
        built = build_snapshots(chunk, as_of=day, date_of_row=day)
        rows += len(Snapshot.objects.bulk_create(built))
    return _record_freeze(day, FreezeKind.IMPORT, rows, portfolio)


def week_to_freeze(today: date) -> date:
    """Return the last Sunday that is over: the freeze that should exist by now."""
    return week_end(week_of(today)) - timedelta(days=7)


def is_due(day: date) -> bool:
    """True when `day` should be frozen: nobody did, and some project was here by then."""
    if _frozen(day):
        return False
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return Project.objects.filter(created_at__lt=end).exists()
