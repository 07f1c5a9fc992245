"""Which day are the live rows of? Asked by whatever shows them, in one statement."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Exists, Subquery
from django.utils import timezone

from reports.models import Freeze, Snapshot
from reports.models.snapshots import SnapshotQuerySet, of_other_days


class LiveDay(NamedTuple):
    """The day that the live rows were judged for, and when the last of them was built."""

    day: date
    last_built: datetime | None = None  # None: there is no row yet
    is_behind: bool = False  # another day has begun, and its figures are being computed


class FrozenRecord(NamedTuple):
    """One freeze as a page chooses among them; without a portfolio it is the organization's."""

    day: date
    portfolio: int | None
    kind: str
    taken_on: date | None


def live_day_found(today: date) -> LiveDay:
    """Return the day of the live rows; where they are of several, the oldest, and that it is behind."""
    newest = _newest().annotate(has_others=_has_others(today))
    found = newest.values_list("built_at", "has_others").first()
    return _live_day(today, *found) if found else LiveDay(today)


def freezes_and_live_day(today: date) -> tuple[list[FrozenRecord], LiveDay | None]:
    """
    Return all freezes, oldest first, and in the same statement the day of the live rows.

    The day is None where nothing is frozen.
    """
    rows = list(
        Freeze.objects.order_by("date")
        .annotate(
            last_built=Subquery(_newest().values("built_at")[:1]), has_others=_has_others(today)
        )
        .values_list("date", "portfolio_id", "kind", "taken_on", "last_built", "has_others")
    )
    live = _live_day(today, *rows[0][4:]) if rows else None
    return [FrozenRecord(*row[:4]) for row in rows], live


def _newest() -> SnapshotQuerySet:
    return Snapshot.objects.live().order_by("-judged_for", "-built_at")


def _has_others(today: date) -> Any:
    # three looks into the index: asked in one, each live row is read
    live = Snapshot.objects.live()
    return reduce(or_, (Exists(live.filter(one)) for one in of_other_days(today)))


def _live_day(today: date, last_built: datetime | None, has_others: bool) -> LiveDay:  # noqa: FBT001 - as the database answers
    if has_others:
        return LiveDay(oldest_day(today), last_built, is_behind=True)
    return LiveDay(today, last_built)


def oldest_day(today: date) -> date:
    """Return the first day that any live row of another day than today is of."""
    others = Snapshot.objects.of_another_day(today).order_by("judged_for", "built_at")
    dated = others.exclude(judged_for=None).values_list("judged_for", flat=True).first()
    unknown = others.filter(judged_for=None).values_list("built_at", flat=True).first()
    days = [timezone.localtime(unknown).date()] if unknown else []
    return min([*days, *([dated] if dated else [])], default=today)


def ids_of_another_day(today: date, *, most: int | None = None) -> list[int]:
    """Return the projects whose live rows are of another day than today."""
    found = Snapshot.objects.of_another_day(today).order_by("project_id")
    return list(found.values_list("project_id", flat=True)[:most])
