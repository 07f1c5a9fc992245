"""Where a portfolio will land: earned value of its projects added up, and the way from their baselines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from projects.domain.earning.bridge import Bridge, averaged, summed
from projects.domain.earning.delays import Delays, delays_of
from projects.domain.earning.finishes import Due, Finishes, finishes_of
from projects.domain.earning.indices import is_out_of_date
from projects.domain.earning.memory import Accuracy, Finished, accuracy, grouped, lent
from projects.domain.earning.rollup import Estimate, Rollup, Share, reason_of, rolled_up
from projects.domain.kinds import CATEGORY_LABELS, Category
from projects.selectors.bridges import End, bridges_of, end_of
from reports.models import Snapshot
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.forecast import finished_by, finished_in
from reports.selectors.looking import View

QUARTERS = ("First quarter", "Second quarter", "Third quarter", "Last quarter")


class Landed(NamedTuple):
    """One project of the portfolio on the day; None where a figure is not known."""

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
    eac_method: str
    cpi: Decimal | None
    spi_t: Decimal | None
    finish_at_pace: date | None
    forecast_cost: Decimal | None
    planned_finish: date | None
    forecast_finish: date | None
    is_finished: bool
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

    @property
    def end(self) -> End:
        return end_of(
            forecast=self.forecast_cost,
            spent=self.spent,
            finish=self.forecast_finish,
            is_finished=self.is_finished,
        )

    @property
    def share(self) -> Share:
        return Share(
            budget=self.budget,
            planned=self.planned,
            earned=self.earned,
            actual=self.spent,
            eac=self.eac,
            eac_low=self.eac_low,
            eac_high=self.eac_high,
            spi_t=self.spi_t,
            is_out_of_date=self.is_out_of_date,
            method=self.eac_method,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioLanding:
    """
    The projects furthest over first, their sums, and what made their costs and finishes move.

    Money adds up across projects: `cost` is their sum. Days do not: `finish` is the average project's
    bridge, and `delays` tells projects apart.
    """

    rows: Sequence[Landed]
    rollup: Rollup
    finishes: Finishes
    cost: Bridge | None
    finish: Bridge | None
    delays: Delays | None


def portfolio_landing(view: View) -> PortfolioLanding:
    """Add up what the reader may see of the portfolio on its day, in three statements."""
    shown = view.rows()
    rows = landed_in(shown)
    ends = {row.project: row.end for row in rows}
    bridges = bridges_of(ends, as_of=view.day, among=shown.values("project_id"))
    finish = summed(one.finish for one in bridges.values())
    return PortfolioLanding(
        rows=rows,
        rollup=rolled_up(row.share for row in rows),
        finishes=finishes_of(
            Due(row.name, row.planned_finish, row.forecast_finish, row.finish_at_pace)
            for row in rows
        ),
        cost=summed(one.cost for one in bridges.values()),
        finish=averaged(finish) if finish else None,
        delays=delays_of((row.name, bridges[row.project].finish) for row in rows),
    )


def estimate_of(view: View) -> Estimate:
    """
    Add up in the database, in one statement, what the projects of the portfolio will cost.

    The same sums as the rollup's: over the projects that have all of what `Share.is_complete` asks for.
    """
    parts = ("budget_at_completion", "planned_value", "earned_value", "spent", "eac")
    whole = Q(**{f"{part}__isnull": False for part in parts})
    sums = view.rows().aggregate(
        all=Count("pk"),
        counted=Count("pk", filter=whole),
        plans=Sum("budget_at_completion", filter=whole),
        middle=Sum("eac", filter=whole),
        low=Sum(Coalesce("eac_low", "eac"), filter=whole),
        high=Sum(Coalesce("eac_high", "eac"), filter=whole),
    )
    return Estimate(*sums.values())


def landed_in(rows: SnapshotQuerySet) -> list[Landed]:
    """Return the projects, furthest over at the end first, the unknown last."""
    found = rows.order_by("name", "project_id").values_list(
        "project_id",
        "code",
        "name",
        "budget_at_completion",
        "planned_value",
        "earned_value",
        "spent",
        "eac",
        "eac_low",
        "eac_high",
        "eac_method",
        "cpi",
        "spi_t",
        "forecast_finish_ev",
        "forecast_cost",
        "baseline_finish",
        "forecast_finish",
        "is_finished",
        "earned_reasons",
    )
    landed = [Landed(*row) for row in found]
    return sorted(landed, key=lambda row: (row.over is None, -(row.over or 0)))


def forecast_total(view: View) -> Decimal | None:
    """Add up what managers forecast, of what is not out of date; None where nobody did."""
    rows = view.rows().exclude(forecast_cost__lt=F("spent"))
    total: Decimal | None = rows.aggregate(total=Sum("forecast_cost"))["total"]
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
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


def finished_of(view: View) -> list[Finished]:
    """Return the portfolio's finished projects that the reader may see, on a past day as known then."""
    live = Snapshot.objects.live().of_portfolio(view.portfolio, on=view.today)
    visible = live.visible_to(view.user)
    if view.period.is_now:
        return finished_in(visible)
    return list(finished_by(view.day, visible).values())


def memory_of(view: View) -> Accuracy:
    """
    Return how far forecasts of the portfolio's finished projects were off.

    Where they are too few, it is that of all finished projects that the reader may see.
    """
    return _with_lent(view, accuracy(finished_of(view)))


def _with_lent(view: View, own: Accuracy) -> Accuracy:
    if view.portfolio is None or None not in (own.cost.median, own.days.median):
        return own
    return lent(own, accuracy(finished_of(replace(view, portfolio=None))))


def history_of(view: View) -> History:
    """Compare what was forecast with what came."""
    finished = finished_of(view)
    whole = accuracy(finished, name="All finished projects")
    return History(
        projects=sorted(finished, key=lambda one: (one.finish, one.name), reverse=True),
        whole=whole,
        memory=_with_lent(view, whole),
        quarters=[
            accuracy(finished, name=name, quarter=number) for number, name in enumerate(QUARTERS)
        ],
        categories=grouped(finished, lambda one: CATEGORY_LABELS[Category(one.category)]),
        managers=grouped(finished, lambda one: one.manager),
    )
