"""What the page of the budget says: the finding, its key figures, and why an amount is missing."""

from decimal import Decimal

from pmo.common.page import formats
from pmo.organization.current import organization
from reports.domain.landing import LandingHeadline
from reports.selectors.money import ForecastGap, MoneySums
from reports.words.forecast import money, signed
from reports.words.landing import headline_line

LABELS = {
    "approved_budget": "Approved budget",
    "spent": "Spent",
    "committed": "Committed",
    "forecast_cost": "Forecast cost",
    "year_budget": "Budget this fiscal year",
    "year_forecast": "Forecast this fiscal year",
}
WILL_LAND, BY_YEAR = "Where it will land", "By fiscal year"
OVER_OR_UNDER = "Over or under"
NOT_KNOWN_HERE = "No project has this amount."
NOT_KNOWN_IN_GROUP = "No project here has this amount."
NO_DIFFERENCE = "No budget or no forecast."


def headline(sums: MoneySums) -> str:
    """Say where the money will land, as every page does, and how many projects are over."""
    found = LandingHeadline(
        projects=sums.projects,
        compared=sums.comparable,
        approved=sums.base,
        forecast=sums.comparable_forecast,
    )
    return _with_over(headline_line(found, organization().money), sums.difference)


def year_lede(sums: MoneySums, year: str) -> str:
    """Say how far over budget one fiscal year is, where no project can be compared whole."""
    found = sums.year_difference
    variance = found.variance or Decimal()
    what = f"The forecast for {year}"
    if not variance:
        return _with_over(f"{what} is exactly the year’s budget.", found)
    side = "over" if variance > 0 else "under"
    share = f" ({formats.signed_percent(found.share)})" if found.share and variance > 0 else ""
    return _with_over(f"{what} is {money(abs(variance))} {side} the year’s budget{share}.", found)


def _with_over(head: str, found: ForecastGap) -> str:
    if not found.comparable:
        return head
    of = formats.count(found.comparable, "project")
    verb = "is" if 1 in {found.over, found.comparable} else "are"
    return f"{head} {formats.number(found.over) if found.over else 'None'} of {of} {verb} over."


def known_of(known: int, projects: int) -> str:
    """Say from how many projects a sum is: "46 projects", or "34 of 35 projects"."""
    written = formats.count(projects, "project")
    return written if known == projects else f"{known:,} of {written}"


def compared(sums: MoneySums) -> str:
    """Say beside the forecast of how many projects it is, and what was approved for them."""
    return f"{known_of(sums.comparable, sums.projects)}, {money(sums.base)} approved"


def year_against(sums: MoneySums) -> str:
    """Say how far the year's forecast is from the year's budget."""
    if sums.year_variance is None:
        return "Nothing to compare with"
    return f"{signed(sums.year_variance)} against {money(sums.year_budget)}"


def overlapping(noun: str) -> str:
    return f"Forecast minus approved by {noun}; a project may be in several."


def lacking(count: int, projects: int) -> str:
    return f"{count:,} of {projects:,}"
