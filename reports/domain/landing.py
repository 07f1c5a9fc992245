"""Where will the projects of a document land: in money, in time, and how far such forecasts were off."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from projects.domain.earning.finishes import Finishes, ThreeFinishes, finishes_of
from projects.domain.earning.indices import is_out_of_date
from projects.domain.earning.memory import Accuracy, Typical, lent, pooled
from projects.domain.earning.rollup import EarnedRollup, Share, rolled_up
from reports.domain.lines import ProjectLine, Seen

PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSum:
    """The estimates added up, the finishes of the middle project, and the misses of finished ones."""

    rollup: EarnedRollup
    finishes: Finishes
    memory: Accuracy


def landing_of(seen: Seen) -> LandingSum:
    """Work it out from what one reader may see."""
    running = seen.running
    return LandingSum(
        rollup=rolled_up(share_of(line) for line in running),
        finishes=finishes_of(
            ThreeFinishes(
                line.name, line.baseline_finish, line.forecast_finish, line.forecast_finish_ev
            )
            for line in running
        ),
        memory=lent(pooled(seen.finished), pooled((*seen.finished, *seen.elsewhere))),
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
