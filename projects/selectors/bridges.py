"""
From the first baseline to today's forecast, or to the actual end, by cause: for many in two statements.

The differences between baselines are the approved changes. A cause that somebody recorded counts from the
latest baseline on: what came before it is in that baseline's own difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from projects.domain.earning.assessment import CANCELLED
from projects.domain.earning.bridge import Bridge, BridgeStep, Way, bridge, way
from projects.domain.earning.figure import ZERO
from projects.domain.earning.indices import NO_BASELINE
from projects.domain.kinds import Cause
from projects.models import Baseline, VarianceCause, VarianceMeasure

NO_FORECAST_COST = "No forecast made."
NO_COST = "No cost recorded."
NO_FORECAST_FINISH = "No forecast finish date."
NO_MONEY = "The first baseline has no money."
NO_FINISH = "The first baseline has no finish date."


class End(NamedTuple):
    """
    What a project is forecast to cost, and when it is to finish; None where nobody said.

    Of a finished project, what it did cost and when it did finish: no forecast speaks of it any more.
    """

    cost: Decimal | None
    finish: date | None
    is_finished: bool = False


def end_of(
    *, forecast: Decimal | None, spent: Decimal | None, finish: date | None, is_finished: bool
) -> End:
    """Choose what a bridge leads to: actual cost once the project is finished, the forecast before."""
    return End(spent if is_finished else forecast, finish, is_finished)


class Bridges(NamedTuple):
    """Bridges of money and of calendar days; None with the reason why there is none."""

    cost: Bridge | None
    cost_reason: str
    finish: Bridge | None
    finish_reason: str
    since: "Approval | None" = None  # of the latest baseline


class Approval(NamedTuple):
    """The day a baseline holds from, and the moment it was written."""

    on: date
    at: datetime


class BridgedBaseline(NamedTuple):
    """One baseline, as far as a bridge goes."""

    number: int
    approved_on: date
    approved_at: datetime
    name: str
    change: str | None
    budget: Decimal | None
    finish: date | None

    @property
    def approval(self) -> Approval:
        return Approval(self.approved_on, self.approved_at)

    @property
    def words(self) -> str:
        return f"Baseline {self.number}: {self.change or self.name}"


class Ways(NamedTuple):
    """The parts of both bridges; None where there is none."""

    cost: Way | None
    finish: Way | None


NO_WAYS = Ways(None, None)
_COLUMNS = (
    "project_id",
    "number",
    "approved_on",
    "approved_at",
    "name",
    "change_request__title",
    "budget_at_completion",
    "finish",
)
_BUDGET, _FINISH = _COLUMNS.index("budget_at_completion"), _COLUMNS.index("finish")


def bridges_of(ends: Mapping[int, End], *, as_of: date) -> dict[int, Bridges]:
    """Return the bridges by project id; baselines and causes after `as_of` do not count."""
    versions, causes = _versions(ends, as_of), _causes(ends, as_of)
    return {pk: _bridges(end, versions[pk], causes[pk]) for pk, end in ends.items()}


class ManyWays:
    """
    What the bridges of thousands of projects are made of, without drawing or keeping any.

    `among` asks the database for the ids of the projects: thousands are slow to send there.
    """

    def __init__(self, among: Any, *, as_of: date) -> None:
        # most projects have one baseline, of which a row is enough
        self._only: dict[int, tuple[Any, ...]] = {}
        self._versions: dict[int, list[BridgedBaseline]] = {}
        for row in _rows(among, as_of):
            first = self._only.setdefault(row[0], row)
            if first is not row:
                several = self._versions.setdefault(row[0], [BridgedBaseline(*first[1:])])
                several.append(BridgedBaseline(*row[1:]))
        self._causes = _causes(among, as_of)

    def of(self, pk: int, end: End) -> Ways:
        """Return the parts of one project's bridges."""
        row = self._only.get(pk)
        if row is None:
            return NO_WAYS
        if pk not in self._versions and pk not in self._causes:
            return _plain(row[_BUDGET], row[_FINISH], end)
        versions = self._versions.get(pk) or [BridgedBaseline(*row[1:])]
        cost, finish = _spans(end, versions, self._causes.get(pk, ()))
        return Ways(way(*cost) if cost else None, way(*finish) if finish else None)


def _plain(budget: Decimal | None, finish: date | None, end: End) -> Ways:
    """Lead from the only baseline to the end, where nobody named a cause."""
    to_cost, to_finish = end.cost, end.finish
    return Ways(
        None if budget is None or to_cost is None else way(budget, to_cost),
        None
        if finish is None or to_finish is None
        else way(ZERO, Decimal((to_finish - finish).days)),
    )


def _versions(ids: Any, as_of: date) -> dict[int, list[BridgedBaseline]]:
    versions: dict[int, list[BridgedBaseline]] = defaultdict(list)
    for pk, *values in _rows(ids, as_of):
        versions[pk].append(BridgedBaseline(*values))
    return versions


def _rows(ids: Any, as_of: date) -> Iterator[tuple[Any, ...]]:
    """Yield project id and fields of each `BridgedBaseline`, in the order of their numbers."""
    rows = Baseline.objects.filter(project__in=ids, approved_on__lte=as_of).order_by("number")
    return iter(rows.values_list(*_COLUMNS))


def _causes(ids: Any, as_of: date) -> dict[int, list[VarianceCause]]:
    causes: dict[int, list[VarianceCause]] = defaultdict(list)
    noted = VarianceCause.objects.filter(project__in=ids, noted_on__lte=as_of)
    for cause in noted.order_by("noted_on", "pk"):
        causes[cause.project_id].append(cause)
    return causes


def stopped(found: Bridges) -> Bridges:
    """Take the bridges of a cancelled project away: they would lead to a forecast that nobody holds."""
    return found._replace(cost=None, cost_reason=CANCELLED, finish=None, finish_reason=CANCELLED)


def counting(causes: Iterable[VarianceCause], latest: Approval | None) -> list[VarianceCause]:
    """Keep the causes that no later baseline covers; on its own day, those entered after it."""
    return [
        cause
        for cause in causes
        if latest is None or (cause.noted_on, cause.created_at) >= (latest.on, latest.at)
    ]


def _bridges(
    end: End, versions: Sequence[BridgedBaseline], causes: Sequence[VarianceCause]
) -> Bridges:
    if not versions:
        return Bridges(None, NO_BASELINE, None, NO_BASELINE)
    first = versions[0]
    no_end = NO_COST if end.is_finished else NO_FORECAST_COST
    cost, finish = (bridge(*one) if one else None for one in _spans(end, versions, causes))
    return Bridges(
        cost,
        "" if cost else NO_MONEY if first.budget is None else no_end,
        finish,
        "" if finish else NO_FINISH if first.finish is None else NO_FORECAST_FINISH,
        versions[-1].approval,
    )


Span = tuple[Decimal, Decimal, Sequence[BridgeStep]]


def _spans(
    end: End, versions: Sequence[BridgedBaseline], causes: Sequence[VarianceCause]
) -> tuple[Span | None, Span | None]:
    """Return start, end and steps of the money and of the days; None where there is no such bridge."""
    if not versions:
        return None, None
    cost: Span | None = None
    finish: Span | None = None
    first, kept = versions[0], counting(causes, versions[-1].approval)
    if first.budget is not None and end.cost is not None:
        cost = (first.budget, end.cost, _cost_steps(versions, kept))
    if first.finish is not None and end.finish is not None:
        days = Decimal((end.finish - first.finish).days)
        finish = (ZERO, days, _finish_steps(versions, kept))
    return cost, finish


def _cost_steps(
    versions: Sequence[BridgedBaseline], causes: Iterable[VarianceCause]
) -> list[BridgeStep]:
    steps, before = [], versions[0].budget
    for version in versions[1:]:
        if version.budget is not None and before is not None and version.budget != before:
            steps.append(BridgeStep(Cause.APPROVED, version.budget - before, version.words))
        before = version.budget if version.budget is not None else before
    return [*steps, *_noted(causes, VarianceMeasure.COST)]


def _finish_steps(
    versions: Sequence[BridgedBaseline], causes: Iterable[VarianceCause]
) -> list[BridgeStep]:
    steps, before = [], versions[0].finish
    for version in versions[1:]:
        if version.finish is not None and before is not None and version.finish != before:
            days = Decimal((version.finish - before).days)
            steps.append(BridgeStep(Cause.APPROVED, days, version.words))
        before = version.finish or before
    return [*steps, *_noted(causes, VarianceMeasure.FINISH)]


def _noted(causes: Iterable[VarianceCause], measure: VarianceMeasure) -> list[BridgeStep]:
    return [
        BridgeStep(
            Cause(cause.cause),
            cause.amount if cause.amount is not None else Decimal(cause.days or 0),
            cause.explanation,
        )
        for cause in causes
        if cause.measure == measure
    ]
