"""Keep the live rows true, and freeze them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from django.core.cache import cache
from django.db import connection
from django.db.models import DecimalField, Max, Q
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.schedule import is_believed
from pmo.common.records import audit
from pmo.common.records.inserting import inserting
from pmo.common.records.writing import ClashError, all_or_nothing
from portfolio.models import Portfolio
from projects.domain.rhythm import week_to_freeze
from projects.models import Project
from projects.selectors.rhythm import rhythm_now
from reports.models import Freeze, FreezeKind, Snapshot
from reports.models.snapshots import COMING, SnapshotQuerySet
from reports.selectors.building import build_snapshots
from reports.selectors.live_day import ids_of_another_day, oldest_day
from reports.services.milestones import freeze_milestones

CHUNK = 500
IN_REQUEST = 200  # projects whose figures are computed while a page waits; more are a job
_BUILT = [
    field.name
    for field in Snapshot._meta.concrete_fields
    if field.name not in {"id", "project", "date", "is_early"}
]
DIGITS = 15  # that a database of floats can hand back
# what the columns of sums and ratios hold at most
_MOST = {
    field.attname: Decimal(10) ** (DIGITS - field.decimal_places)
    - Decimal(10) ** -field.decimal_places
    for field in Snapshot._meta.concrete_fields
    if isinstance(field, DecimalField)
}


def refresh(ids: Collection[int], *, today: date | None = None) -> int:
    """
    Rebuild the live rows of these projects; return how many.

    While the rows of a day that began are still prepared aside, a changed row stays of the day that
    all others are of, and what is prepared of it is built again too.
    """
    day = today or day_to_judge(timezone.localdate())
    return sum(_refresh_chunk(chunk, day) for chunk in chunks(sorted(ids)))


@all_or_nothing
def _refresh_chunk(ids: list[int], day: date) -> int:
    # locked while read and written, or an older reading could overwrite a newer one
    rows = build_snapshots(ids, as_of=day, lock=True)
    if day != timezone.localdate():
        write_coming(list(Snapshot.objects.coming().filter(project__in=ids)))
    return len(write(rows))


def day_to_judge(today: date) -> date:
    """Return the day for which a changed row is judged: today, or the one before until that is over."""
    key = f"live-rows-turned:{today}"
    if cache.get(key):
        return today
    others = ids_of_another_day(today, most=IN_REQUEST + 1)
    if not others:
        cache.set(key, True, timeout=None)
    return oldest_day(today) if len(others) > IN_REQUEST else today


def write_coming(known: list[Snapshot]) -> None:
    """Build again what is prepared aside of these projects, each for the day it was prepared for."""
    days = defaultdict(list)
    for row in known:
        days[row.judged_for].append(row.project_id)
    for day, ids in days.items():
        if day:
            prepare(ids, day)


def prepare(ids: Collection[int], day: date) -> None:
    """Build rows aside; the caller's transaction holds the projects from here on."""
    rows = build_snapshots(ids, as_of=day, date_of_row=COMING, lock=True)
    for row in rows:
        row.is_early = True
    write(rows)


def refresh_all(
    *, today: date | None = None, progress: Callable[[int, int], None] | None = None
) -> int:
    """Rebuild every live row: dates pass even where nobody changes anything."""
    ids = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    done = 0
    for chunk in chunks(ids):
        done += refresh(chunk, today=today)
        if progress:
            progress(done, len(ids))
    return done


def _hold(row: Snapshot) -> None:
    """Cut sums and ratios to what their columns hold: one project's slip must not stop the others."""
    for name, most in _MOST.items():
        value = getattr(row, name)
        if value is not None and not -most <= value <= most:
            setattr(row, name, most if value > 0 else -most)


def chunks(ids: list[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def write(rows: list[Snapshot]) -> list[Snapshot]:
    for row in rows:
        _hold(row)
    return inserting(Snapshot).bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["project", "date", "is_early"],
        update_fields=_BUILT,
    )


def freeze_week(day: date) -> Freeze:
    """
    Freeze every active project as it stood on `day`, once; a second call returns the first freeze.

    A live row that is of that day is copied; one of another day is judged again as of `day`, from what
    was dated or published by then. What keeps no past is as it stands now: the freeze says when. A
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


def freeze_due(today: date) -> Freeze | None:
    """
    Freeze the last week that is over, where nobody did; None when there is nothing to do.

    Before live rows are judged for another day: as they are, they are the week's. A clock that may
    have jumped freezes nothing.
    """
    if not is_believed(timezone.now()):
        return None
    day = week_to_freeze(today, rhythm_now())
    return freeze_week(day) if is_due(day) else None


def frozen_week(day: date) -> Freeze | None:
    """Return the freeze of the reporting week that `day` is in; a voided one too: its rows stay."""
    return Freeze.with_voided.of_week(day).first()


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
    rows = copy_rows(live.filter(judged_for=day), day, is_early=is_early)
    others = Snapshot.objects.of_another_day(day).filter(due).order_by("project_id")
    for chunk in chunks(list(others.values_list("project_id", flat=True))):
        built = build_snapshots(chunk, as_of=day, date_of_row=day, known_by=day)
        for row in built:
            row.is_early = is_early
        rows += len(Snapshot.objects.bulk_create(built))
    return _record_freeze(day, kind, rows, by=by)


def copy_rows(
    rows: SnapshotQuerySet, day: date, *, is_early: bool = False, replacing: bool = False
) -> int:
    """
    Copy rows to another date inside the database: ten thousand take no longer than one page.

    `replacing` overwrites what stands at that date, and leaves each row its id.
    """
    own = {"id", "date", "is_early"}
    names = [field for field in Snapshot._meta.concrete_fields if field.name not in own]
    # in one order, so that of two who write the same freeze one waits for the other
    chosen, values = (
        rows.order_by("project_id").values_list(*(f.attname for f in names)).query.sql_with_params()
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in names)
    own_key = ", ".join(quote(name) for name in ("project_id", "date", "is_early"))
    taken = ", ".join(
        f"{quote(str(field.column))} = excluded.{quote(str(field.column))}" for field in names
    )
    instead = f" ON CONFLICT ({own_key}) DO UPDATE SET {taken}" if replacing else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Snapshot._meta.db_table)}"  # noqa: S608 - own column names
            f" ({columns}, {quote('date')}, {quote('is_early')})"
            # "WHERE true": SQLite would take ON for a join's
            f" SELECT chosen.*, %s, %s FROM ({chosen}) AS chosen WHERE true{instead}",
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
        date=day,
        portfolio=portfolio,
        kind=kind,
        frozen_at=timezone.now(),
        rows=rows,
        by=by,
        taken_on=None if kind == FreezeKind.IMPORT else _last_built(day, kind),
    )
    audit.record(
        action="snapshots.frozen", target=freeze, by=by, after={"rows": rows, "kind": kind}
    )
    return freeze


def _last_built(day: date, kind: FreezeKind) -> date:
    """Return the day on which the last of these rows was computed: later ones hold later records."""
    rows = Snapshot.objects.at(day, is_early=kind == FreezeKind.EARLY)
    last = rows.aggregate(last=Max("built_at"))["last"]
    return timezone.localtime(last).date() if last else day


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
    for chunk in chunks(sorted(projects)):
        built = build_snapshots(chunk, as_of=day, date_of_row=day)
        rows += len(Snapshot.objects.bulk_create(built))
    return _record_freeze(day, FreezeKind.IMPORT, rows, portfolio=portfolio)


def is_due(day: date) -> bool:
    """True when the week of `day` should be frozen: nobody did, and some project was here by then."""
    if frozen_week(day):
        return False
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return Project.objects.filter(created_at__lt=end).exists()
