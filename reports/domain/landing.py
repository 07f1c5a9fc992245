"""Where will the projects of a document land: in money, in time, and how far such forecasts were off."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from projects.domain.earning.finishes import Finishes, ThreeFinishes, finishes_of
from projects.domain.earning.indices import is_out_of_date
from projects.domain.earning.memory import Accuracy, Typical, lent, pooled
from projects.domain.earning.rollup import EarnedRollup, Estimate, Share, rolled_up
from reports.domain.lines import ProjectLine, Seen
from reports.domain.money import Compared, sum_of

PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingHeadline(Compared):
    """
    The one answer to "where will the money land", and the calculation that is set against it.

    The answer is the managers' forecast against the approved budget, over the `compared` of `projects`
    that have both. The estimate at completion is over the `calculated`, and `gap` is how much more it is
    than the forecast, over the `challenged` that have all. None where no project is known.
    """

    projects: int = 0
    calculated: int = 0
    eac: Decimal | None = None
    eac_low: Decimal | None = None
    eac_high: Decimal | None = None
    challenged: int = 0
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSum:
    """The headline, estimates added up, finishes of the middle project, misses of finished ones."""

    headline: LandingHeadline
    rollup: EarnedRollup
    finishes: Finishes
    memory: Accuracy


def landing_of(seen: Seen) -> LandingSum:
    """Work it out from what one reader may see."""
    running = seen.running
    rollup = rolled_up(share_of(line) for line in running)
    return LandingSum(
        headline=headline_of(running, rollup.estimate),
        rollup=rollup,
        finishes=finishes_of(
            ThreeFinishes(
                line.name, line.baseline_finish, line.forecast_finish, line.forecast_finish_ev
            )
            for line in running
        ),
        memory=lent(pooled(seen.finished), pooled((*seen.finished, *seen.elsewhere))),
    )


def headline_of(lines: Iterable[ProjectLine], estimate: Estimate) -> LandingHeadline:
    """Set the estimate, which is of the same lines, against what their managers forecast."""
    both = [line for line in lines if line.cost_variance is not None]
    gaps = [
        line.eac - line.forecast_cost
        for line in both
        if line.eac is not None and line.forecast_cost is not None and share_of(line).is_complete
    ]
    money = sum_of(both)
    return LandingHeadline(
        projects=estimate.projects,
        compared=len(both),
        approved=money.approved,
        forecast=money.forecast,
        calculated=estimate.counted,
        eac=estimate.eac,
        eac_low=estimate.eac_low,
        eac_high=estimate.eac_high,
        challenged=len(gaps),
        gap=sum(gaps, Decimal()) if gaps else None,
    )


def share_of(line: ProjectLine) -> Share:
    return Share(
        budget=line.budget_at_completion,
        planned=line.planned_value,
        earned=line.earned_value,
        actual=line.spent,
        eac=line.eac,
        eac_low=line.eac_low,
        eac_high=line.eac_high,
        is_out_of_date=is_out_of_date(line.forecast_cost, line.spent),
        method=line.eac_method,
        reason=line.eac_reason,
    )


def numbers_of(found: LandingSum) -> dict[str, Any]:
    """Return the figures behind the sentences; None is not known, and `reason` or `left_out` say why."""
    rollup, finishes = found.rollup, found.finishes
    money = ("budget", "planned", "earned", "actual", "eac", "eac_low", "eac_high")
    return {
        "headline": headline_numbers(found.headline),
        "projects": rollup.projects,
        "counted": rollup.counted,
        "left_out": dict(rollup.left_out),
        "forecasts_out_of_date": rollup.out_of_date,
        "methods": {method.value: count for method, count in rollup.methods},
        **{name: getattr(rollup, name).value for name in money},
        "finish": {
            "counted": finishes.counted,
            "forecast_days_late": finishes.forecast,
            "days_late_at_pace": finishes.at_pace,
            "furthest_date": finishes.furthest_date,
            "reason": finishes.reason,
        },
        "earlier_forecasts": {
            "cost": asdict(found.memory.cost),
            "finish_days": asdict(found.memory.days),
        },
    }


def headline_numbers(found: LandingHeadline) -> dict[str, Any]:
    """Return the headline as the API says it."""
    return {
        "projects": found.projects,
        "compared": found.compared,
        "approved_budget": found.approved,
        "managers_forecast": found.forecast,
        "over_or_under": found.variance,
        "calculated": found.calculated,
        "calculated_landing": found.eac,
        "challenged": found.challenged,
        "calculated_minus_forecast": found.gap,
    }


def stored_misses(found: Mapping[int, Typical]) -> list[dict[str, Any]]:
    """Write how far the forecasts of each finished project were off, by project id."""
    return [
        {"id": pk}
        | {
            name: str(value.quantize(PLACES))
            for name, value in found[pk]._asdict().items()
            if value is not None
        }
        for pk in sorted(found)
    ]


def misses_in(stored: Iterable[Mapping[str, Any]]) -> dict[int, Typical]:
    """Read what `stored_misses` wrote."""
    return {
        row["id"]: Typical(**{name: Decimal(row[name]) for name in Typical._fields if name in row})
        for row in stored
    }
