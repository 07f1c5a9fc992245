"""What the page and the files of money by fiscal year say: the finding, and what the sums leave out."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.common.page import formats
from pmo.organization.current import organization
from projects.domain.calendar import fiscal_year
from projects.selectors.rollup import EndedMoney, YearsRollup
from projects.words.money_charts import lacking_months

TITLE = "Money by fiscal year"
MONEY = ("Budget", "Spent", "Committed, net", "Spent and to come")
ONCE = (
    "Each sum counts once: a project in several portfolios too, and whole-life money is not added to"
    " the years."
)


class Counted(NamedTuple):
    """How many active projects there are, how many of them the reader sees, and how many seen ended."""

    active: int
    shown: int
    ended: int


def _money(value: Decimal | None) -> str:
    return formats.money(value, organization().money)


def lede(rollup: YearsRollup, *, today: date) -> str:
    """Say what this year will take, and how much of the approved money is spread over years."""
    if rollup.approved is None:
        return f"{_heading(rollup, today)}No budget is approved."
    whole, spread = _money(rollup.approved), _money(rollup.spread)
    if rollup.spread == rollup.approved:
        return f"{_heading(rollup, today)}All of the approved {whole} is spread over fiscal years."
    return (
        f"{_heading(rollup, today)}Of the approved {whole}, {spread} is spread over fiscal years."
    )


def _heading(rollup: YearsRollup, today: date) -> str:
    """Say what this fiscal year will take against its budget; "" where that is not known."""
    now = fiscal_year(today, start_month=organization().fiscal_year_start_month)
    money = next((one.whole for one in rollup.years if one.year == now), None)
    over = money.variance if money else None
    if money is None or over is None:
        return ""
    will, budget = _money(money.forecast.value), _money(money.budget.value)
    least = "at least " if rollup.lacking.projects else ""
    # without the months of some projects the year takes at least this much, so it is not yet under
    if least and over <= 0:
        return f"{money.label} will take at least {will} of its budget of {budget}. "
    against = (
        f"{_money(abs(over))} {'over' if over > 0 else 'under'} its" if over else "exactly its"
    )
    return f"{money.label} will take {least}{will}, {against} budget of {budget}. "


def gap(counted: Counted, rollup: YearsRollup) -> str:
    """Say of which projects the forecasts lack something; "" when of none."""
    return lacking_months(rollup.lacking, active=counted.shown)


def footnote(counted: Counted, rollup: YearsRollup) -> str:
    """Say of what the sums are made: what is hidden, what is not known, and what has ended."""
    of = f"Of {formats.count(counted.active, 'active project')}"
    hidden = counted.active - counted.shown
    parts = [
        f"{of}; {hidden:,} hidden from you." if hidden else f"{of}.",
        gap(counted, rollup),
        _ended(counted),
        ONCE,
    ]
    return " ".join(part for part in parts if part)


def ended_line(ended: EndedMoney) -> str:
    """Say beside sums of active projects what ended ones spent in the year; "" when nothing."""
    if not ended.spent:
        return ""
    return (
        f"{_money(ended.spent)} that {formats.count(ended.projects, 'ended project')} spent in"
        f" {ended.label} is not in these sums."
    )


def _ended(counted: Counted) -> str:
    if not counted.ended:
        return ""
    ended = formats.count(counted.ended, "ended project")
    return (
        f"What {ended} cost stays in its year, on a line of its own; nothing of it is to come, and"
        " budgets for later years are free again. The approved money in the first sentence is of active"
        " projects."
    )
