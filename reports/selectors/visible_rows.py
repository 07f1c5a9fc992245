"""Whose eyes, which scope and which day a page looks at; the rows it may read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from pmo.accounts.models import User
from projects.models import Project
from reports.domain.periods import FrozenDay, Period, period_of, shown_freezes
from reports.domain.scope import HOSPITAL, ReportScope
from reports.models import FreezeKind, Snapshot
from reports.models.snapshots import LIVE, SnapshotQuerySet
from reports.selectors.freezing import later_day
from reports.selectors.live_day import FrozenRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleRows:
    """Whose eyes, which scope and which day a page looks at."""

    user: User
    today: date
    period: Period
    scope: ReportScope = HOSPITAL
    freezes: tuple[FrozenDay, ...] = ()  # that can be shown, one a day, newest first
    has_imports: bool = False  # the portfolio has days of its own, which were imported
    taken_on: date | None = None  # the later day on which the shown one was computed
    is_archive: bool = False  # nothing in it is live, so its last imported day is shown
    # a page asks five times which rows may be read: the question is put together once
    _asked: dict[str, SnapshotQuerySet] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def day(self) -> date:
        """The day the figures are judged at."""
        return self.period.shown or self.today

    @property
    def regular_days(self) -> tuple[date, ...]:
        """Return the days whose freezes make up the course of time, newest first."""
        return tuple(one.date for one in self.freezes if not one.is_early)

    def all_rows(self) -> SnapshotQuerySet:
        """Return the shown day's active rows, whoever may see them; for counting only."""
        if self.period.is_too_early:
            return Snapshot.objects.none()
        return self.at(self.period.shown, is_early=self.period.is_early)

    def rows(self) -> SnapshotQuerySet:
        if "rows" not in self._asked:
            self._asked["rows"] = self.all_rows().visible_to(self.user)
        return self._asked["rows"].all()

    def rows_before(self) -> SnapshotQuerySet | None:
        """Return the rows of the freeze that is compared with; None without one."""
        if self.period.before is None:
            return None
        if "before" not in self._asked:
            before = self.at(self.period.before, is_early=self.period.before_is_early)
            self._asked["before"] = before.visible_to(self.user)
        return self._asked["before"].all()

    def at(self, day: date | None, *, is_early: bool = False) -> SnapshotQuerySet:
        """Return one day's active rows of the projects that were in the scope then; None is now."""
        rows = Snapshot.objects.at(day or LIVE, is_early=is_early).active()
        return rows.of_scope(self.scope, on=day or self.today)


class HiddenCount(NamedTuple):
    """How many rows there are, and how many the reader may not see."""

    total: int
    hidden: int


def look(
    *,
    user: User,
    portfolios: Sequence[ReportScope],
    scope: ReportScope | None,
    asked: date | None,
    today: date,
    freezes: Sequence[FrozenRecord],
) -> VisibleRows:
    """
    Choose what a page looks at: a scope (None = the whole hospital), on the day asked for.

    Weekly freezes belong to the whole organization, imported days to one portfolio. Where the only
    portfolio was imported and nothing in it reports any more, its last imported day is shown unless
    another day is asked for: "now" would say nothing but "No report".
    """
    imported = {pk for _, pk, kind, _ in freezes if kind == FreezeKind.IMPORT}
    if scope is None and len(portfolios) == 1 and portfolios[0].portfolio_id in imported:
        scope = portfolios[0]
    scope = scope or HOSPITAL
    ours = shown_freezes(
        FrozenDay(day, kind == FreezeKind.EARLY)
        for day, pk, kind, _ in freezes
        if pk is None or pk == scope.portfolio_id
    )
    period = period_of(ours, asked=asked, today=today)
    view = VisibleRows(
        user=user,
        today=today,
        scope=scope,
        period=period,
        taken_on=_taken_later(freezes, period),
        freezes=tuple(reversed(ours)),
        has_imports=scope.portfolio_id in imported,
    )
    if asked or not view.has_imports:
        return view
    if view.rows().exclude(overall="none").exists():
        return view
    last = max(day for day, pk, *_ in freezes if pk == scope.portfolio_id)
    return replace(view, period=period_of(ours, asked=last, today=today), is_archive=True)


def _taken_later(freezes: Sequence[FrozenRecord], period: Period) -> date | None:
    """Return the later day on which the organization's freeze shown was computed."""
    kind = FreezeKind.EARLY if period.is_early else FreezeKind.WEEK
    for one in freezes:
        if (one.day, one.portfolio, one.kind) == (period.shown, None, kind):
            return later_day(one.day, one.taken_on)
    return None


def scale_of(view: VisibleRows, *, visible: int) -> HiddenCount:
    """Count what is hidden from the reader; the rows themselves are never read."""
    kept = Project.objects.kept_from(view.user)
    if kept is not None:
        # a few are looked up instead of counting them all
        hidden = view.all_rows().filter(project__in=kept.values("pk")).count()
        return HiddenCount(visible + hidden, hidden)
    total = view.all_rows().count()
    return HiddenCount(total, max(total - visible, 0))
