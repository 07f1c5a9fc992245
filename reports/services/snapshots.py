"""Keep the live rows true, and freeze them."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.writing import ClashError, all_or_nothing
from portfolio.models import Portfolio
from projects.models import Project
from reports.models import Freeze, FreezeKind, Snapshot
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.building import build_snapshots
from reports.services.milestones import freeze_milestones

CHUNK = 500
_BUILT = [
    field.name
    for field in Snapshot._meta.concrete_fields
    if field.name not in {"id", "project", "date", "is_early"}
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
        rows,
        update_conflicts=True,
        unique_fields=["project", "date", "is_early"],
        update_fields=_BUILT,
    )


def freeze_week(day: date) -> Freeze:
    """
    Freeze every active project as it stood on `day`, once; a second call returns the first freeze.

    A live row built on that day is copied; one built on another day is judged again as of `day`. A
    project that ended since the freeze before is frozen a last time, so that the week's pages say so.
    A week that was frozen on another of its days, under another rhythm, is not frozen again.
    """
    if known := frozen_week(day):
        return known
    try:
        return write_freeze(day=day, kind=FreezeKind.WEEK, by=None)
    except ClashError:
        # somebody else froze the same week in this moment
        if known := frozen_week(day):
            return known
        raise


def frozen_week(day: date) -> Freeze | None:
    """Return the freeze of the reporting week that `day` is in."""
    return Freeze.objects.of_week(day).first()


@all_or_nothing
def write_freeze(*, day: date, kind: FreezeKind, by: User | None) -> Freeze:
    """Write the rows, milestones and record of one freeze; raises ClashError for a second one."""
    before = Freeze.objects.filter(portfolio=None).to_compare_with(day).first()
    is_early = kind == FreezeKind.EARLY
    due = Q(is_active=True)
    if before:
        known = Snapshot.objects.at(before.date, is_early=before.is_early)
        due |= Q(project__in=known.active().values("project_id"))
    live = Snapshot.objects.live().filter(due)
    rows = _copy(live.filter(built_on(day)), day, is_early=is_early)
    others = live.exclude(built_on(day)).order_by("project_id").values_list("project_id", flat=True)
    for chunk in _chunks(list(others)):
        built = build_snapshots(chunk, as_of=day, date_of_row=day)
        for row in built:
            row.is_early = is_early
        rows += len(Snapshot.objects.bulk_create(built))
    return _record_freeze(day, kind, rows, by=by)


def built_on(day: date) -> Q:
    """Keep the live rows that were judged on that day."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return Q(built_at__gte=start, built_at__lt=end)


def _copy(rows: SnapshotQuerySet, day: date, *, is_early: bool) -> int:
    """Copy rows to `day` inside the database: ten thousand take no longer than one page."""
    own = {"id", "date", "is_early"}
    names = [field for field in Snapshot._meta.concrete_fields if field.name not in own]
    # in one order, so that of two who write the same freeze one waits for the other
    chosen, values = (
        rows.order_by("project_id").values_list(*(f.attname for f in names)).query.sql_with_params()
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Snapshot._meta.db_table)}"  # noqa: S608 - own column names
            f" ({columns}, {quote('date')}, {quote('is_early')})"
            f" SELECT chosen.*, %s, %s FROM ({chosen}) AS chosen",
            [connection.ops.adapt_datefield_value(day), is_early, *values],
        )
        return int(cursor.rowcount)


def _record_freeze(
    day: date,
    kind: FreezeKind,
    rows: int,
    *,
    by: User | None = None,
    portfolio: Portfolio | None = None,
) -> Freeze:
    freeze_milestones(day, is_early=kind == FreezeKind.EARLY)
    if kind == FreezeKind.WEEK:
        _only_one_a_week(day)
    freeze = Freeze.objects.create(
        date=day, portfolio=portfolio, kind=kind, frozen_at=timezone.now(), rows=rows, by=by
    )
    audit.record(
        action="snapshots.frozen", target=freeze, by=by, after={"rows": rows, "kind": kind}
    )
    return freeze


def _only_one_a_week(day: date) -> None:
    """Raise ClashError when the week is frozen by now, on this day or on another of its days."""
    # two clocks may hold two rhythms for a moment; whoever writes the trail first is the week's
    audit.held_head()
    if frozen_week(day):
        raise ClashError


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
    return _record_freeze(day, FreezeKind.IMPORT, rows, portfolio=portfolio)


def is_due(day: date) -> bool:
    """True when the week of `day` should be frozen: nobody did, and some project was here by then."""
    if frozen_week(day):
        return False
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return Project.objects.filter(created_at__lt=end).exists()
