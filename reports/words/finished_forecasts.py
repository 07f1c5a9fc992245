"""What was forecast of a finished project, and what came: its lede and its card of misses."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.common.page import formats
from projects.domain.earning.assessment import Assessment
from projects.domain.earning.memory import Finished, FrozenForecast, Miss, accuracy, misses
from reports.words.forecast import money


class Looked(NamedTuple):
    """One month's forecasts in words, with how far each was off."""

    day: date
    cost: str
    cost_off: str
    finish: str
    finish_off: str


def lede(done: Finished, now: Assessment, *, planned_finish: date | None) -> str:
    """Say what it cost and when it finished, each beside what was approved."""
    against = (
        "" if planned_finish is None else f", {formats.slip((done.finish - planned_finish).days)}"
    )
    finished = f"It was finished on {formats.day(done.finish)}{against}."
    budget = now.standing.budget.value
    if done.cost is None:
        return f"{finished} What it cost is not recorded."
    cost = f"It cost {money(done.cost)}"
    if budget is None:
        return f"{cost}. {finished}"
    over = done.cost - budget
    if not over:
        return f"{cost}, exactly the approved plan. {finished}"
    side = "over" if over > 0 else "under"
    return f"{cost}, {money(abs(over))} {side} the approved plan of {money(budget)}. {finished}"


def sentence(done: Finished) -> str:
    """Say how far its forecasts were off; empty when none was frozen while it ran."""
    own = accuracy([done], least=1)
    told = [part for part in (_cost(own.cost.median), _finish(own.days.median)) if part]
    return f"It {' and '.join(told)} (median of its forecasts)" if told else ""


def _cost(share: Decimal | None) -> str:
    if share is None:
        return ""
    written = formats.percent(abs(share))
    if written == formats.percent(0):
        return "cost what was forecast"
    return f"cost {written} {'more' if share > 0 else 'less'} than forecast"


def _finish(days: Decimal | None) -> str:
    if days is None:
        return ""
    whole = int(formats.rounded(days, 0))
    return f"finished {formats.moved(whole)} than forecast" if whole else "finished as forecast"


def card(done: Finished) -> Mapping[str, object]:
    """Return what was said month by month, the latest first, with how far each was off."""
    rows = [_looked(*pair) for pair in zip(done.said, misses(done), strict=True)]
    return {
        "title": sentence(done) or "No forecast was frozen while it ran",
        "rows": rows[::-1],
    }


def _looked(said: FrozenForecast, miss: Miss) -> Looked:
    return Looked(
        day=said.day,
        cost="" if said.cost is None else money(said.cost),
        cost_off="" if miss.cost is None else formats.signed_percent(miss.cost),
        finish="" if said.finish is None else formats.day(said.finish),
        finish_off="" if miss.days is None else formats.number(miss.days, 0, plus=True),
    )
