"""The sentences about money: budget lines, costs, which funding will lapse, what months add up to."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pmo.common.page.formats import count, day, listing
from projects.models import FundingSource
from projects.selectors.figures import ProjectMoney
from projects.selectors.funding import SourceMoney
from projects.selectors.months import ProjectMonths
from projects.selectors.years import DatedLater
from projects.words.findings import written

ADD_BUDGET_LINE = "Add budget line"
BUDGET_LINE_ADDED = "Budget line added."
EDIT_BUDGET_LINE = "Edit budget line"
SAVE_BUDGET_LINE = "Save budget line"
BUDGET_LINE_SAVED = "Budget line saved."
REMOVE_BUDGET_LINE = "Remove budget line"
ADD_COST = "Add cost"
COST_ADDED = "Cost added."
EDIT_COST = "Edit cost"
SAVE_COST = "Save cost"
COST_SAVED = "Cost saved."
ADD_FORECAST = "Add forecast"
SAVE_FORECAST = "Save forecast"
FORECAST_SAVED = "Forecast saved."
BY_MONTH = "By month"
REMOVE_BUDGET_LINE_NOTE = (
    "The approved budget falls by its amount. The audit trail keeps what it said."
)


def of_source(source: FundingSource) -> str:
    """Name a source inside a sentence: "the HRSA grant"."""
    name = str(source.name)
    return f"the {name[4:]}" if name.lower().startswith("the ") else f"the {name}"


def later_finding(found: DatedLater) -> str:
    """Say what is dated later than today and does not count yet; "" when it comes to nothing."""
    kinds = [(found.spent, "costs"), (found.committed, "commitments")]
    parts = [f"{written(amount)} of {name}" for amount, name in kinds if amount]
    if not parts:
        return ""
    return f"Dated later than today, from {day(found.first)} on, and not counted yet: {listing(parts)}."


def lapse_finding(found: SourceMoney, *, as_of: date) -> str:
    """Say what will lapse of one source, or did; "" when nothing does or nothing is known."""
    left, expires_on = found.left.value, found.source.expires_on
    if not left or expires_on is None:
        return ""
    head = f"{written(left)} of {of_source(found.source)}"
    if expires_on < as_of:
        return f"{head} lapsed on {day(expires_on)}."
    return f"{head} will lapse on {day(expires_on)} unless spent."


def lapses_finding(found: Sequence[SourceMoney], *, as_of: date) -> str:
    """Say what will lapse of several sources, the earliest named."""
    coming = [
        one
        for one in found
        if one.left.value and one.source.expires_on and one.source.expires_on >= as_of
    ]
    if not coming:
        return "As planned, no money will lapse."
    if len(coming) == 1:
        return lapse_finding(coming[0], as_of=as_of)
    whole = sum((one.left.value or Decimal() for one in coming), Decimal())
    first = min(coming, key=lambda one: (one.source.expires_on or date.max, one.source.pk))
    lead = f"{written(whole)} of {count(len(coming), 'funding source')} will lapse unless spent"
    earliest = f"{written(first.left.value or Decimal())} of {of_source(first.source)}"
    return f"{lead}, first {earliest} on {day(first.source.expires_on)}."


def over_allotted_finding(found: Sequence[SourceMoney]) -> str:
    """Say of which sources more is allotted than there is; "" when of none."""
    over = [one for one in found if one.over_allotted]
    if not over:
        return ""
    named = [f"{of_source(one.source)} by {written(one.over_allotted)}" for one in over]
    if len(over) == 1:
        words = f"{of_source(over[0].source)} is over-allotted by {written(over[0].over_allotted)}"
    else:
        words = f"{count(len(over), 'source')} are over-allotted: {listing(named)}"
    return f"{words[0].upper()}{words[1:]}."


def sources_lede(found: Sequence[SourceMoney], *, as_of: date) -> str:
    """Say what lapses and what is over-allotted."""
    if not found:
        return "No funding source is recorded."
    parts = (lapses_finding(found, as_of=as_of), over_allotted_finding(found))
    return " ".join(part for part in parts if part)


def source_lede(found: SourceMoney, *, as_of: date) -> str:
    """Say of one source what lapses, and what is left or over-allotted."""
    unallotted = found.unallotted
    if found.over_allotted:
        rest = over_allotted_finding([found])
    elif unallotted.value:
        rest = f"{written(unallotted.value)} of the source is allotted to no project."
    elif unallotted.value is None:
        rest = unallotted.reason
    else:
        rest = "All of it is allotted."
    lapse = lapse_finding(found, as_of=as_of)
    if not lapse and found.source.expires_on and found.left.value is not None:
        lapse = f"As planned, all that is allotted will be spent by {day(found.source.expires_on)}."
    return " ".join(part for part in (lapse, over_spent_finding(found), rest) if part)


def over_spent_finding(found: SourceMoney) -> str:
    """Say by how much spent and to come exceed what is allotted; "" where they do not."""
    allotted, forecast = found.allotted.value, found.forecast.value
    if allotted is None or forecast is None or forecast <= allotted:
        return ""
    return f"What is spent and to come is {written(forecast - allotted)} more than is allotted."


def months_finding(months: ProjectMonths, money: ProjectMoney) -> str:
    """Say whether spent to date plus the months to come is the forecast cost."""
    total, forecast = months.at_completion.value, money.forecast.value
    if total is None:
        return months.at_completion.reason
    if forecast is None:
        return f"Spent and the months to come make {written(total)}; no forecast cost is made."
    gap = total - forecast
    if not gap:
        return f"Spent and the months to come make the forecast cost, {written(total)}."
    side = "more" if gap > 0 else "less"
    return (
        f"Spent and the months to come make {written(total)}, {written(abs(gap))} {side} than the"
        f" forecast cost of {written(forecast)}."
    )


def remove_budget_line_asked(name: object) -> str:
    return f"Remove the budget line “{name}”?"


def budget_line_removed(name: object) -> str:
    return f"Budget line “{name}” removed."
