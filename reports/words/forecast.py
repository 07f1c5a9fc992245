"""The sentences about where a project or a portfolio will land."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from pmo.common.page import formats
from pmo.organization.current import organization
from projects.domain.earning.assessment import Assessment
from projects.domain.earning.bridge import Bridge
from projects.domain.earning.indices import Method
from projects.domain.earning.memory import MissBand
from projects.words import earned_value
from projects.words.earned_value_explained import InputSource
from reports.words.landing import lower

COST: Mapping[Method, str] = {
    Method.RATE: "With the rest at budget, it will cost {cost}{against}.",
    Method.CPI: "At current cost efficiency, it will cost {cost}{against}.",
    Method.BUDGET: "It will cost {cost}{against}: the approved plan, as no cost is recorded.",
    Method.DONE: "It cost {cost}{against}: what was spent, as all the work is done.",
}
BOOKED_LATER = "Planned and earned are as of that day; what is booked later still counts as spent."

# the tables of the page, each with its figures
GROUPS: tuple[tuple[str, Mapping[str, earned_value.Definition]], ...] = (
    ("What is known", earned_value.INPUTS),
    ("So far", earned_value.COST),
    ("At the end", earned_value.ESTIMATED),
    ("Time", earned_value.TIME),
)
SOURCES: Mapping[InputSource, str] = {
    InputSource.BASELINE: "The approved baseline",
    InputSource.PROGRESS: "Progress of the plan and its milestones",
    InputSource.COSTS: "The actual cost entries",
    InputSource.FORECAST: "The last forecast entry",
}
CALCULATED = "Calculated"
FIRST_BASELINE = "First baseline"
DAYS_LATER = "Days later than first approved"
# the same of a portfolio
FIRST_BASELINES, FORECASTS_NOW = "First baselines", "Forecasts now"
PORTFOLIO_TITLE = "Where the money will land"
MANAGERS_FORECAST = "The managers’ forecast"
GAP = "Calculated minus forecast"
NO_GAP = "No project here is both forecast and calculated."
NO_FORECAST = "No project has both amounts."
CPI, SPI = "Value earned per 1 spent (CPI)", "Progress against plan (SPI)"
SPI_T_MEDIAN = "Median schedule pace (SPI(t))"
NO_BRIDGE = "No project here has a baseline and a forecast to lead from one to the other."
EXPLAIN_COST, EXPLAIN_FINISH = "Explain the cost", "Explain the finish"


def cost_end(*, is_finished: bool) -> str:
    """Name the last bar of the way from the first baseline's cost."""
    return "Actual cost" if is_finished else "Forecast now"


def finish_end(*, is_finished: bool) -> str:
    return "Actual finish" if is_finished else "Forecast now"


def cost_label(*, is_finished: bool) -> str:
    """Name the key figure of the cost at the end."""
    return "Actual cost" if is_finished else earned_value.DEFINITIONS["eac"].label


def end_label(at_completion: Decimal | None) -> str:
    """Name the difference at the end by its side; `at_completion` is below zero when it is over."""
    if not at_completion:
        return earned_value.DEFINITIONS["at_completion"].label
    return "Under at the end" if at_completion > 0 else "Over at the end"


def finish_label(*, is_finished: bool) -> str:
    return "Finished" if is_finished else "Finish at the current pace"


def spent_share(share: Decimal | None) -> str:
    """Say beside how much is done how much is spent; "" when that is not known."""
    return "" if share is None else f"{formats.percent(share)} spent"


def money(value: Decimal | None) -> str:
    return formats.money(value, organization().money)


def signed(value: Decimal | None) -> str:
    return formats.signed_money(value, organization().money)


def behind_pace(behind: int, known: int) -> str:
    return f"{behind:,} of {known:,} below 0.9"


def counted_of(counted: int, projects: int) -> str:
    return f"From {counted:,} of {formats.count(projects, 'project')}"


def counted_in(projects: int) -> str:
    return f"From {formats.count(projects, 'project')}"


def against_approved(variance: Decimal | None, approved: Decimal | None) -> str:
    """Say how far a sum is from what was approved; "" when that is not known."""
    if variance is None:
        return ""
    if not variance:
        return f"As approved: {money(approved)}"
    side = "over" if variance > 0 else "under"
    return f"{money(abs(variance))} {side} {money(approved)}"


def days(value: Decimal) -> str:
    return formats.count(int(abs(value)), "day")


def signed_days(value: Decimal) -> str:
    return f"{formats.number(value, 0, plus=True)} {'day' if abs(value) == 1 else 'days'}"


def landing_lede(one: Assessment, *, planned_finish: date | None) -> str:
    """Say what it will cost and when it will finish, each only when it is known."""
    if one.found.eac.value is None or one.found.eac_method is None:
        return f"We cannot say where this project will land: {lower(one.found.eac.reason)}"
    return " ".join(filter(None, (cost_sentence(one), finish_sentence(one, planned_finish))))


def cancelled_lede(one: Assessment, *, on: date | None) -> str:
    """Say that it ended, when, and what was done and spent by then."""
    head = (
        f"This project was cancelled on {formats.day(on)}."
        if on
        else "This project was cancelled; the day is not recorded."
    )
    earned, spent = one.standing.earned.value, one.standing.actual.value
    if earned is None or spent is None:
        return f"{head} Nothing is forecast any more."
    return (
        f"{head} By then {money(earned)} was earned, and {money(spent)} is spent. Nothing is forecast"
        " any more."
    )


def cost_sentence(one: Assessment) -> str:
    found, method = one.found, one.found.eac_method
    assert method is not None  # noqa: S101 - the caller asked
    cost, approved = found.eac.value, one.standing.budget.value
    said = COST[method].format(cost=money(cost), against=_against(cost, approved))
    low, high = found.eac_low.value, found.eac_high.value
    return said if low == high else f"{said} Estimates run from {money(low)} to {money(high)}."


def _against(cost: Decimal | None, approved: Decimal | None) -> str:
    """Say how far a cost is from the approved plan; "" where they are the same."""
    if cost is None or approved is None or cost == approved:
        return ""
    side = "over" if cost > approved else "under"
    return f", {money(abs(cost - approved))} {side} the approved plan of {money(approved)}"


def finish_sentence(one: Assessment, planned: date | None) -> str:
    finish = one.finish.value
    if finish is None:
        return ""
    against = "" if planned is None else f", {formats.slip((finish - planned).days)}"
    if one.found.eac_method is Method.DONE:
        return f"The work was finished on {formats.day(finish)}{against}."
    return f"At its current pace it would finish on {formats.day(finish)}{against}."


def corrected_sentence(
    forecast: Decimal | None, band: MissBand, *, whose: str = "Today’s forecast"
) -> str:
    """Say where today's forecast would land if it is off as such forecasts were."""
    if forecast is None or band.low is None or band.high is None:
        return ""
    low, high = forecast * (1 + band.low), forecast * (1 + band.high)
    return f"{whose} of {money(forecast)} would then become {money(low)} to {money(high)}."


def memory_title(first: date | None, moved: Decimal | None) -> str:
    """Say how the forecast cost moved since it was frozen first."""
    if first is None or moved is None:
        return "How the forecasts moved"
    if not moved:
        return f"The forecast cost is what it was on {formats.day(first)}"
    if moved > 0:
        return f"The forecast cost rose by {money(moved)} since {formats.day(first)}"
    return f"The forecast cost fell by {money(abs(moved))} since {formats.day(first)}"


def curve_title(one: Assessment) -> str:
    """Say how far the work is from its plan, and what it cost beside what it is worth."""
    planned, earned, spent = (
        one.standing.planned.value,
        one.standing.earned.value,
        one.standing.actual.value,
    )
    if planned is None or earned is None:
        return "Planned, earned and spent"
    plan = _on_plan(earned - planned)
    if spent is None:
        return plan
    cost = spent - earned
    if not cost:
        return f"{plan} and on cost for the work done"
    side = "over" if cost > 0 else "under"
    return f"{plan} and {money(abs(cost))} {side} cost for the work done"


def _on_plan(ahead: Decimal) -> str:
    if not ahead:
        return "On plan"
    return f"{money(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} plan"


def cost_bridge_title(bridge: Bridge | None, *, is_finished: bool = False) -> str:
    end = "actual cost" if is_finished else "forecast"
    if bridge is None:
        return f"From the approved budget to the {end}"
    if not bridge.difference:
        return f"The {end} is what was approved first"
    side = "over" if bridge.difference > 0 else "under"
    return f"{money(abs(bridge.difference))} {side} the first baseline{_rest(bridge, money)}"


def finish_bridge_title(bridge: Bridge | None, *, is_finished: bool = False) -> str:
    if bridge is None:
        return f"From the first planned finish to the {'actual one' if is_finished else 'forecast'}"
    if not bridge.difference:
        return f"The finish {'came' if is_finished else 'is forecast'} as first approved"
    side = "later" if bridge.difference > 0 else "earlier"
    return f"{days(bridge.difference)} {side} than the first baseline{_rest(bridge, days)}"


def bridge_scope(bridge: Bridge | None, *, has_finished: bool) -> str:
    """Say of how many projects the way from the baselines is, and how the finished ones count."""
    if bridge is None:
        return ""
    of = f"Sums of {formats.count(bridge.projects, 'project')}"
    if bridge.left_out:
        of = f"{of}; {bridge.left_out:,} cannot be compared"
    return f"{of}. Finished projects count with their actual cost." if has_finished else f"{of}."


def finishes_title(bridge: Bridge | None) -> str:
    """Say how far the average project's finish moved, and how much of that nobody explained."""
    if bridge is None:
        return "From the first planned finishes to the forecasts"
    if not bridge.difference:
        return "On average the finishes are forecast as first approved"
    side = "later" if bridge.difference > 0 else "earlier"
    return (
        f"On average {_tenths(bridge.difference)} {side} than the first baseline"
        f"{_rest(bridge, _tenths)}"
    )


def _tenths(value: Decimal) -> str:
    digits = 0 if value == value.to_integral_value() else 1
    return f"{formats.number(abs(value), digits)} {'day' if abs(value) == 1 else 'days'}"


def _rest(bridge: Bridge, write: Callable[[Decimal], str]) -> str:
    rest = bridge.unexplained
    return f", {write(abs(rest))} not explained yet" if rest else ", all of it explained"
