"""
What color do a project's own figures imply, and which rule says so?

Schedule: slip of the forecast finish against the baseline, as a share of the planned duration.
Cost: forecast against the approved budget, as a share of it. Bands are the organization's; without
others, green is to 5 %, amber to 10 %, red above (a slip of at most 10 working days is green whatever
its share only together with the share), in the tradition of the US IT Dashboard's and FEMA's bands;
there is no single standard, so the rule that fired is always printed. Nothing here replaces the
manager's color: both are shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from projects.domain.calendar import working_days
from projects.domain.colors import Color, worst


class Axis(StrEnum):
    SCHEDULE = "schedule"
    COST = "cost"
    SCOPE = "scope"
    RISK = "risk"
    RESOURCES = "resources"
    QUALITY = "quality"

    @property
    def note(self) -> str:
        """Name the column of the sentence on it in a status update."""
        return f"{self.value}_note"

    @property
    def measured(self) -> str:
        """Name the column of the color that the data says, in a snapshot."""
        return f"measured_{self.value}"

    @property
    def measured_rule(self) -> str:
        return f"measured_{self.value}_rule"


# the axes that figures speak of, too; the columns of a snapshot hold their color and their rule
MEASURED = (Axis.SCHEDULE, Axis.COST, Axis.RISK)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRules:
    """The bands. Shares are of the planned duration, those of cost of the approved budget."""

    green_share: Decimal = Decimal("0.05")
    amber_share: Decimal = Decimal("0.10")
    green_working_days: int = 10
    cost_green_share: Decimal = Decimal("0.05")
    cost_amber_share: Decimal = Decimal("0.10")
    stale_days: int = 14


DEFAULT_RULES = HealthRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A color and the sentence of the rule that gave it; NONE with the reason why there is none."""

    color: Color
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFacts:
    """Dates of one project; None means not known."""

    start: date | None
    baseline_finish: date | None
    forecast_finish: date | None
    actual_finish: date | None
    milestones_overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFacts:
    """Money of one project in the organization's currency; None means not known."""

    approved: Decimal | None
    forecast: Decimal | None
    spent: Decimal | None


def measure_schedule(
    facts: ScheduleFacts, *, as_of: date, rules: HealthRules = DEFAULT_RULES
) -> Measure:
    """Return the schedule color at `as_of`."""
    finish = facts.actual_finish or facts.forecast_finish
    if facts.baseline_finish is None:
        return Measure(color=Color.NONE, rule="No baseline finish date to compare with.")
    if finish is None:
        return Measure(color=Color.NONE, rule="No forecast finish date.")
    if facts.actual_finish is None and finish < as_of:
        late = (as_of - finish).days
        return Measure(
            color=Color.RED,
            rule=f"The forecast finish passed {_days(late)} ago and the project is not finished: red.",
        )
    found = _slip(facts, finish, rules)
    if facts.milestones_overdue and found.color is Color.GREEN:
        count = facts.milestones_overdue
        noun = "milestone is" if count == 1 else "milestones are"
        return Measure(color=Color.AMBER, rule=f"{count} {noun} past the date and not done: amber.")
    return found


def _slip(facts: ScheduleFacts, finish: date, rules: HealthRules) -> Measure:  # noqa: PLR0911 - one return per rule
    assert facts.baseline_finish is not None  # noqa: S101 - the caller returned before
    slip = (finish - facts.baseline_finish).days
    if slip <= 0:
        when = "on the baseline date" if slip == 0 else f"{_days(-slip)} before baseline"
        return Measure(color=Color.GREEN, rule=f"Finish forecast {when}: green.")
    lead = f"Finish forecast {_days(slip)} after baseline"
    workdays = working_days(facts.baseline_finish, finish)
    if facts.start is None or facts.start >= facts.baseline_finish:
        limit = rules.green_working_days
        if workdays <= limit:
            return Measure(color=Color.GREEN, rule=f"{lead}: green up to {limit} working days.")
        return Measure(color=Color.RED, rule=f"{lead}: red above {limit} working days.")
    share = Decimal(slip) / (facts.baseline_finish - facts.start).days
    lead += f", {_percent(share)} of the planned duration"
    if share > rules.amber_share:
        return Measure(color=Color.RED, rule=f"{lead}: red above {_percent(rules.amber_share)}.")
    if share > rules.green_share:
        return Measure(
            color=Color.AMBER, rule=f"{lead}: amber above {_percent(rules.green_share)}."
        )
    if workdays > rules.green_working_days:
        limit = rules.green_working_days
        return Measure(color=Color.AMBER, rule=f"{lead}: amber above {limit} working days.")
    return Measure(color=Color.GREEN, rule=f"{lead}: green up to {_percent(rules.green_share)}.")


def measure_cost(  # noqa: PLR0911 - one return per rule
    facts: CostFacts, *, rules: HealthRules = DEFAULT_RULES
) -> Measure:
    """Return the cost color."""
    if facts.approved is None or facts.approved <= 0:
        return Measure(color=Color.NONE, rule="No approved budget to compare with.")
    if facts.spent is not None and facts.spent > facts.approved:
        share = facts.spent / facts.approved - 1
        return Measure(
            color=Color.RED, rule=f"Spent is {_percent(share)} above the approved budget: red."
        )
    if facts.forecast is None:
        return Measure(color=Color.NONE, rule="No forecast cost.")
    if facts.spent is not None and facts.forecast < facts.spent:
        return Measure(
            color=Color.NONE, rule="The forecast cost is below what is spent: it is out of date."
        )
    share = facts.forecast / facts.approved - 1
    if share <= 0:
        where = "at" if share == 0 else f"{_percent(-share)} below"
        return Measure(color=Color.GREEN, rule=f"Forecast cost {where} the approved budget: green.")
    lead = f"Forecast cost {_percent(share)} above the approved budget"
    if share > rules.cost_amber_share:
        return Measure(
            color=Color.RED, rule=f"{lead}: red above {_percent(rules.cost_amber_share)}."
        )
    if share > rules.cost_green_share:
        return Measure(
            color=Color.AMBER, rule=f"{lead}: amber above {_percent(rules.cost_green_share)}."
        )
    return Measure(
        color=Color.GREEN, rule=f"{lead}: green up to {_percent(rules.cost_green_share)}."
    )


NOT_MEASURED = Measure(color=Color.NONE, rule="No data for this area.")


def measure_overall(measures: Mapping[Axis, Measure]) -> Measure:
    """Return the worst measured axis and its rule; NONE when no axis could be measured."""
    color = worst(measure.color for measure in measures.values())
    if color is Color.NONE:
        reasons: Iterable[str] = (
            measures[a].rule for a in (Axis.SCHEDULE, Axis.COST) if a in measures
        )
        return Measure(color=color, rule=" ".join(reasons) or NOT_MEASURED.rule)
    axis = next(axis for axis in Axis if axis in measures and measures[axis].color is color)
    return Measure(color=color, rule=measures[axis].rule)


def is_stale(updated: date | None, *, as_of: date, rules: HealthRules = DEFAULT_RULES) -> bool:
    """True when there is no update, or none in the last `stale_days` days."""
    return updated is None or (as_of - updated).days > rules.stale_days


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _percent(share: Decimal) -> str:
    """Print a share in the fewest places that do not round it onto a whole: 10.04 % is not 10 %."""
    value = share * 100
    if value == value.to_integral_value():
        return f"{value:.0f}%"
    short = round(value, 1)
    return f"{short}%" if short != short.to_integral_value() else f"{value:.2f}%"
