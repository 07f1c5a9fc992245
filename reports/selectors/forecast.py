"""Where a project will land: its figures now, how they moved, and how wrong such forecasts have been."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from pmo.accounts.models import User
from projects.domain.earning.assessment import Assessment, Situation, assess
from projects.domain.earning.memory import (
    Accuracy,
    Finished,
    FrozenForecast,
    Typical,
    accuracy,
    typicals,
)
from projects.domain.stages import Stage
from projects.models import Project
from projects.selectors.bridges import Bridges, bridges_of, end_of, stopped
from projects.selectors.earned_value import situation_of, spent_course
from reports.cached_pages import kept
from reports.models import Freeze, Snapshot
from reports.models.snapshots import LIVE, SnapshotQuerySet

POINTS = 104  # two years of weeks
REMEMBERED = 60  # freezes, one a month: five years
_ENDS = (
    "project_id",
    "start_date",
    "forecast_finish",
    "spent",
    "name",
    "manager_name",
    "manager_id",
    "category",
)
Ended = tuple[int, date, date, Decimal | None, str, str, int | None, str]
_CAME = slice(0, _ENDS.index("name"))  # when it came, and at what cost
# without both days there is no course to compare with
_HAS_COURSE = Q(start_date__isnull=False, forecast_finish__isnull=False)


class Then(NamedTuple):
    """One frozen day of one project, as its forecasts stood."""

    day: date
    baseline: int | None
    planned: Decimal | None
    earned: Decimal | None
    spent: Decimal | None
    eac: Decimal | None
    forecast_cost: Decimal | None
    forecast_finish: date | None
    finish_at_pace: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLanding:
    """Everything that the page of one project's forecast shows."""

    situation: Situation
    now: Assessment
    past: Sequence[Then]
    spent: Sequence[tuple[date, Decimal]]
    bridges: Bridges
    is_finished: bool
    is_cancelled: bool
    cancelled_on: date | None


def landing_of(project: Project, *, today: date) -> ProjectLanding:
    situation = situation_of(project.pk, as_of=today)
    actual = project.actual_finish_date
    is_finished = actual is not None and actual <= today
    end = end_of(
        forecast=situation.bottom_up.value,
        spent=situation.actual.value,
        finish=actual or project.forecast_finish_date,
        is_finished=is_finished,
    )
    is_cancelled = project.stage == Stage.CANCELLED
    bridges = bridges_of({project.pk: end}, as_of=today)[project.pk]
    return ProjectLanding(
        situation=situation,
        now=assess(situation),
        past=past_of(project),
        spent=spent_course(project, as_of=today),
        bridges=stopped(bridges) if is_cancelled else bridges,
        is_finished=is_finished,
        is_cancelled=is_cancelled,
        cancelled_on=project.cancelled_on,
    )


def past_of(project: Project) -> list[Then]:
    """Return the last frozen days, oldest first, in one query."""
    rows = (
        Snapshot.objects.filter(project=project, date__lt=LIVE)
        .regular()
        .order_by("-date")
        .values_list(
            "date",
            "baseline_number",
            "planned_value",
            "earned_value",
            "spent",
            "eac",
            "forecast_cost",
            "forecast_finish",
            "forecast_finish_ev",
        )[:POINTS]
    )
    return [Then(*row) for row in reversed(rows)]


def own_history(project: Project, landing: ProjectLanding) -> Finished | None:
    """Return what was forecast of a finished project, once a month; None while it runs."""
    start, finish = project.start_date, project.actual_finish_date
    if start is None or finish is None or finish <= start:
        return None
    while_running = [then for then in landing.past if start <= then.day < finish]
    monthly = set(_monthly(then.day for then in reversed(while_running)))
    return Finished(
        start=start,
        finish=finish,
        cost=landing.now.standing.actual.value,
        said=[
            FrozenForecast(then.day, then.forecast_finish, then.forecast_cost)
            for then in while_running
            if then.day in monthly
        ],
    )


def accuracy_for(user: User) -> Accuracy:
    """Return how far forecasts were off of the finished projects that the reader may see."""
    return accuracy_in(Snapshot.objects.live().visible_to(user))


def accuracy_in(live: SnapshotQuerySet) -> Accuracy:
    """Return how far forecasts of the finished ones among live rows were off."""
    return _ended_in(live).accuracy()


def accuracy_by(day: date, live: SnapshotQuerySet) -> Accuracy:
    """Return how far forecasts were off of the projects that were finished on a frozen day, as known then."""
    return _ended_by(day, live).accuracy()


def finished_in(live: SnapshotQuerySet) -> list[Finished]:
    """Return the finished ones among live rows, with what was frozen of them while they ran."""
    return list(_ended_in(live).with_misses().values())


def finished_by(day: date, live: SnapshotQuerySet) -> dict[int, Finished]:
    """Return by id the projects among live rows that were finished on a frozen day, as known then."""
    return _ended_by(day, live).with_misses()


def _ended_in(live: SnapshotQuerySet) -> "_Ended":
    done = live.filter(is_finished=True)
    shown = ["manager_said" if name == "manager_name" else name for name in _ENDS]
    ends = done.filter(_HAS_COURSE).with_marks().order_by("project_id").values_list(*shown)
    return _Ended(ends, done, until=LIVE)


def _ended_by(day: date, live: SnapshotQuerySet) -> "_Ended":
    done = live.filter(is_finished=True)
    # the last of each project alone: there are a hundred before it
    ended = Snapshot.objects.regular().filter(
        _HAS_COURSE, project=OuterRef("project"), date__lte=day, is_finished=True
    )
    frozen = Snapshot.objects.filter(
        pk__in=done.values_list(Subquery(ended.order_by("-date").values("pk")[:1]))
    )
    # a row of before ids were kept: its manager is the one of today who has that name
    same = done.filter(project=OuterRef("project"), manager_name=OuterRef("manager_name"))
    who = Coalesce(
        F("manager_id"),
        Subquery(same.order_by().values("manager_id")[:1]),
        output_field=BigIntegerField(),
    )
    named = [who if name == "manager_id" else name for name in _ENDS]
    return _Ended(frozen.order_by("project_id").values_list(*named), done, until=day)


class _Ended:
    """Projects that ended, when and at what cost, and how far forecasts up to a day were off."""

    def __init__(self, ends: Iterable[Ended], done: SnapshotQuerySet, *, until: date) -> None:
        self._ends = list(ends)
        self._ids = [end[0] for end in self._ends]
        self._done = done
        self._freezes = _monthly_freezes(until) if self._ends else []

    def accuracy(self) -> Accuracy:
        """Pool how far the forecasts of all of them were off."""
        if not self._ends:
            return accuracy([])
        return kept(
            f"pooled-misses:{self._known}",
            seen=self._ids,
            make=lambda: accuracy(self.with_misses().values()),
        )

    def with_misses(self) -> dict[int, Finished]:
        """Return them by id, each with what is typical of its forecasts."""
        if not self._ends:
            return {}
        found = {end[0]: _finished(end) for end in self._ends}
        typical = kept(
            f"misses:{self._known}",
            seen=self._ids,
            make=lambda: _typical(found, _said(self._done, self._freezes)),
        )
        return {pk: replace(one, typical=typical[pk]) for pk, one in found.items()}

    @property
    def _known(self) -> str:
        """
        What was frozen never changes, so only another freeze, project, end or cost asks for it again.

        A freeze is its day and whose it was: a portfolio may be imported as of a day that has been frozen.
        """
        came = [end[_CAME] for end in self._ends]
        return sha256(repr((self._freezes, came)).encode()).hexdigest()


def _finished(end: Ended) -> Finished:
    pk, start, finish, spent, name, manager, manager_key, category = end
    return Finished(
        start=start,
        finish=finish,
        cost=spent,
        key=pk,
        name=name,
        manager=manager,
        manager_key=manager_key,
        category=category,
    )


def _typical(
    found: Mapping[int, Finished], said: Mapping[int, Sequence[FrozenForecast]]
) -> dict[int, list[Typical]]:
    return {pk: typicals(replace(one, said=said.get(pk, ()))) for pk, one in found.items()}


def _said(
    done: SnapshotQuerySet, freezes: Iterable[tuple[date, int | None]]
) -> dict[int, list[FrozenForecast]]:
    """Return by project what was forecast at its last of these freezes in each month, while it ran."""
    days = {day for day, _ in freezes}
    rows = (
        Snapshot.objects.regular()
        .filter(project__in=done.values("project_id"), date__in=days, is_finished=False)
        .values_list("project_id", "date", "forecast_finish", "forecast_cost")
    )
    said: dict[int, dict[tuple[int, int], FrozenForecast]] = defaultdict(dict)
    for pk, day, *values in rows.order_by("date"):
        said[pk][day.year, day.month] = FrozenForecast(day, *values)
    return {pk: list(by_month.values()) for pk, by_month in said.items()}


def _monthly_freezes(until: date) -> list[tuple[date, int | None]]:
    """
    Return the last freeze of each month, of the organization and of each imported portfolio.

    One of a portfolio holds no rows of the others: it takes no month away from them.
    """
    last: dict[tuple[int, int, int | None], tuple[date, int | None]] = {}
    freezes = Freeze.objects.regular().filter(date__lte=until).order_by("-date", "portfolio")
    for day, portfolio in freezes.values_list("date", "portfolio_id"):
        last.setdefault((day.year, day.month, portfolio), (day, portfolio))
    months = set(sorted({key[:2] for key in last}, reverse=True)[:REMEMBERED])
    return [one for key, one in last.items() if key[:2] in months]


def _monthly(days: Iterable[date]) -> list[date]:
    """Keep the last freeze of each month: a forecast a week would say the same four times."""
    by_month: dict[tuple[int, int], date] = {}
    for day in days:
        by_month.setdefault((day.year, day.month), day)
    return list(by_month.values())[:REMEMBERED]
