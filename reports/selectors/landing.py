"""Where a portfolio will land: earned value of its projects added up, and the way from their baselines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Round

from pmo.common.folding import fold
from pmo.common.records.search import as_read
from pmo.organization.current import category_name
from projects.domain.earning.bridge import Bridge, BridgeTotal, averaged
from projects.domain.earning.delays import Delays, DelayTotal
from projects.domain.earning.finishes import Finishes, finishes_of
from projects.domain.earning.indices import is_out_of_date
from projects.domain.earning.memory import Accuracy, Finished, GroupKey, accuracy, grouped, lent
from projects.domain.earning.rollup import EarnedRollup, Share, reason_of, rolled_up
from projects.selectors.bridges import ManyWays, end_of
from projects.selectors.facts import CENT
from reports.domain.landing import LandingHeadline
from reports.domain.scope import HOSPITAL
from reports.models import Snapshot
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.forecast import accuracy_by, accuracy_in, finished_by, finished_in
from reports.selectors.visible_rows import VisibleRows

QUARTERS = ("First quarter", "Second quarter", "Third quarter", "Last quarter")


PARTS = ("budget_at_completion", "planned_value", "earned_value", "spent", "eac")
WHOLE = Q(**{f"{part}__isnull": False for part in PARTS})  # what `Share.is_complete` asks for


class Landed(NamedTuple):
    """One row of the portfolio's projects; None where a figure is not known."""

    project: int
    code: str
    name: str
    budget: Decimal | None
    planned: Decimal | None
    earned: Decimal | None
    spent: Decimal | None
    eac: Decimal | None
    eac_low: Decimal | None
    eac_high: Decimal | None
    cpi: Decimal | None
    spi_t: Decimal | None
    finish_at_pace: date | None
    forecast_cost: Decimal | None
    reasons: Mapping[str, str]

    @property
    def over(self) -> Decimal | None:
        """Estimate minus approved plan, positive = over; None when either is not known."""
        if self.eac is None or self.budget is None:
            return None
        return self.eac - self.budget

    @property
    def reason(self) -> str:
        """Say why it cannot be added up; the reason of the first figure that lacks."""
        parts = (self.budget, self.planned, self.earned)
        return reason_of(self.reasons, earned=parts, spent=self.spent)

    @property
    def is_out_of_date(self) -> bool:
        return is_out_of_date(self.forecast_cost, self.spent)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioLanding:
    """
    The sums of the projects, and what made their costs and finishes move.

    Money adds up across projects: `cost` is their sum. Days do not: `finish` is the average project's
    bridge, and `delays` tells projects apart.
    """

    rollup: EarnedRollup
    finishes: Finishes
    cost: Bridge | None
    finish: Bridge | None
    delays: Delays | None
    has_finished: bool


def portfolio_landing(view: VisibleRows) -> PortfolioLanding:
    """Add up what the reader may see of the portfolio on its day, in four statements."""
    shown = view.rows()
    courses = _courses(shown)
    paces = [row[_PACE] for row in courses if row[_PACE] is not None]
    moved = _moved(courses, ManyWays(shown.values("project_id"), as_of=view.day))
    return PortfolioLanding(
        rollup=rolled_up(_shares(shown), paces=paces),
        finishes=finishes_of(row[_FINISHES] for row in courses),
        has_finished=any(row[_IS_FINISHED] for row in courses),
        **moved._asdict(),
    )


# of each project: its name and three finishes as `ThreeFinishes` has them, what a bridge leads to, its pace
_COURSE = (
    "name",
    "baseline_finish",
    "forecast_finish",
    "forecast_finish_ev",
    "project_id",
    "forecast_cost",
    "spent",
    "is_finished",
    "spi_t",
)
_FINISHES = slice(0, 4)
_IS_FINISHED, _PACE = _COURSE.index("is_finished"), _COURSE.index("spi_t")


def _courses(rows: SnapshotQuerySet) -> list[tuple[Any, ...]]:
    """Return the rows as the database gives them: to make thousands of objects takes longer."""
    return list(rows.order_by().values_list(*_COURSE))


class _Moved(NamedTuple):
    """What made costs and finishes move."""

    cost: Bridge | None
    finish: Bridge | None
    delays: Delays | None


def _moved(courses: Iterable[tuple[Any, ...]], ways: ManyWays) -> _Moved:
    costs, finishes, delays = BridgeTotal(), BridgeTotal(), DelayTotal()
    for name, _planned, due, _at_pace, pk, forecast, spent, is_finished, _pace in courses:
        end = end_of(forecast=forecast, spent=spent, finish=due, is_finished=is_finished)
        cost, finish = ways.of(pk, end)
        if cost is None:
            costs.leave_out()
        else:
            costs.add(cost.start, cost.parts)
        if finish is None:
            finishes.leave_out()
            delays.leave_out()
        else:
            finishes.add(finish.start, finish.parts)
            delays.add(name, finish.difference, finish.parts)
    whole = finishes.bridge()
    return _Moved(costs.bridge(), averaged(whole) if whole else None, delays.delays())


def _shares(rows: SnapshotQuerySet) -> list[Share]:
    """Let the database add up the projects that are alike in method, or in what they lack."""
    lacks_earned = Q(budget_at_completion=None) | Q(planned_value=None) | Q(earned_value=None)
    groups = (
        rows.order_by()
        .annotate(
            method=Case(When(WHOLE, then="eac_method"), default=Value("")),
            said=Case(When(~WHOLE, then="earned_reasons")),
            lacks_earned=Case(When(lacks_earned, then=True), default=False),
            lacks_spent=Case(When(spent=None, then=True), default=False),
            is_old=Case(When(forecast_cost__lt=F("spent"), then=True), default=False),
        )
        .values("method", "said", "lacks_earned", "lacks_spent", "is_old")
        .annotate(
            projects=Count("pk"),
            budget=Sum("budget_at_completion", filter=WHOLE),
            planned=Sum("planned_value", filter=WHOLE),
            earned=Sum("earned_value", filter=WHOLE),
            actual=Sum("spent", filter=WHOLE),
            middle=Sum("eac", filter=WHOLE),
            low=Sum(Coalesce("eac_low", "eac"), filter=WHOLE),
            high=Sum(Coalesce("eac_high", "eac"), filter=WHOLE),
        )
    )
    return [
        Share(
            projects=group["projects"],
            budget=group["budget"],
            planned=group["planned"],
            earned=group["earned"],
            actual=group["actual"],
            eac=group["middle"],
            eac_low=group["low"],
            eac_high=group["high"],
            is_out_of_date=group["is_old"],
            method=group["method"],
            reason=reason_of(
                group["said"] or {},
                earned=(None,) if group["lacks_earned"] else (),
                spent=None if group["lacks_spent"] else Decimal(),
            ),
        )
        for group in groups
    ]


def headline_of(view: VisibleRows) -> LandingHeadline:
    """Add up in the database, in one statement, where the portfolio will land and what challenges it."""
    both = Q(cost_variance__isnull=False)
    sums = view.rows().aggregate(
        all=Count("pk"),
        both=Count("pk", filter=both),
        budgets=Sum("approved_budget", filter=both),
        forecasts=Sum("forecast_cost", filter=both),
        counted=Count("pk", filter=WHOLE),
        middle=Sum("eac", filter=WHOLE),
        low=Sum(Coalesce("eac_low", "eac"), filter=WHOLE),
        high=Sum(Coalesce("eac_high", "eac"), filter=WHOLE),
        set_against=Count("pk", filter=both & WHOLE),
        gaps=Sum(F("eac") - F("forecast_cost"), filter=both & WHOLE),
    )
    return LandingHeadline(
        projects=sums["all"],
        compared=sums["both"],
        approved=sums["budgets"],
        forecast=sums["forecasts"],
        calculated=sums["counted"],
        eac=sums["middle"],
        eac_low=sums["low"],
        eac_high=sums["high"],
        challenged=sums["set_against"],
        gap=_to_the_cent(sums["gaps"]),
    )


def _to_the_cent(value: Decimal | None) -> Decimal | None:
    """SQLite subtracts in floating point."""
    return None if value is None else value.quantize(CENT)


def landed_page(
    view: VisibleRows, number: str | None, *, size: int, projects: int
) -> "Page[Landed]":
    """Return one page of the `projects` rows, furthest over at the end first, the unknown last."""
    # rounded to the cent: SQLite subtracts in floating point, and equal rows go by name
    over = Round(F("eac") - F("budget_at_completion"), 2)
    found = (
        view.rows()
        .order_by(over.desc(nulls_last=True), *as_read("name", "project_id"))
        .values_list(
            "project_id",
            "code",
            "name",
            *PARTS,
            "eac_low",
            "eac_high",
            "cpi",
            "spi_t",
            "forecast_finish_ev",
            "forecast_cost",
            "earned_reasons",
        )
    )
    paginator = Paginator(found, size)
    paginator.count = projects  # counted already
    page = paginator.get_page(number)
    page.object_list = [Landed(*row) for row in page.object_list]
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class MissHistory:
    """
    How far forecasts of finished projects were off: of all, by quarter of their course, by group.

    `memory` is what they teach of the projects that run, lent where `whole` knows too little.
    """

    projects: Sequence[Finished]  # the latest finished first
    whole: Accuracy
    memory: Accuracy
    quarters: Sequence[Accuracy]
    categories: Sequence[Accuracy]
    managers: Sequence[Accuracy]


def finished_of(view: VisibleRows) -> list[Finished]:
    """Return the portfolio's finished projects that the reader may see, on a past day as known then."""
    visible = _visible_live(view)
    if view.period.is_now:
        return finished_in(visible)
    return list(finished_by(view.day, visible).values())


def _visible_live(view: VisibleRows) -> SnapshotQuerySet:
    live = Snapshot.objects.live().of_scope(view.scope, on=view.today)
    return live.visible_to(view.user)


def memory_of(view: VisibleRows) -> Accuracy:
    """
    Return how far forecasts of the portfolio's finished projects were off.

    Where they are too few, it is that of all finished projects that the reader may see.
    """
    return _with_lent(view, _accuracy_of(view))


def _accuracy_of(view: VisibleRows) -> Accuracy:
    visible = _visible_live(view)
    return accuracy_in(visible) if view.period.is_now else accuracy_by(view.day, visible)


def _with_lent(view: VisibleRows, own: Accuracy) -> Accuracy:
    if view.scope.is_hospital or None not in (own.cost.median, own.days.median):
        return own
    return lent(own, _accuracy_of(replace(view, scope=HOSPITAL)))


def history_of(view: VisibleRows) -> MissHistory:
    """Compare what was forecast with what came."""
    finished = finished_of(view)
    whole = accuracy(finished, name="All finished projects")
    return MissHistory(
        projects=sorted(finished, key=lambda one: (one.finish, fold(one.name)), reverse=True),
        whole=whole,
        memory=_with_lent(view, whole),
        quarters=[
            accuracy(finished, name=name, quarter=number) for number, name in enumerate(QUARTERS)
        ],
        categories=grouped(finished, lambda one: GroupKey(None, category_name(one.category))),
        managers=grouped(finished, lambda one: GroupKey(one.manager_key, one.manager)),
    )
