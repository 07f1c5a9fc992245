"""
What does this number mean, how was it made, and out of what?

For each figure: its name in plain words, the field's term, the formula in words, the formula with this
project's numbers, the records it comes from and where the formula is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pmo.common.page import formats
from projects.domain.earning.figure import Figure, missing
from projects.domain.earning.indices import Method
from projects.words.earned_value import DEFINITIONS, Definition, FigureUnit

# what is earned for one unit of money is written as money, progress as a share; in a formula both are numbers
PER_ONE = frozenset({"cpi", "tcpi_budget", "tcpi_bottom_up", "tcpi_eac"})
PROGRESS = frozenset({"spi", "spi_discrete"})


class InputSource(StrEnum):
    """Where a figure's inputs are recorded."""

    BASELINE = "baseline"
    PROGRESS = "progress"
    COSTS = "costs"
    FORECAST = "forecast"


SOURCES_OF: Mapping[str, frozenset[InputSource]] = {
    "budget": frozenset({InputSource.BASELINE}),
    "planned": frozenset({InputSource.BASELINE}),
    "earned": frozenset({InputSource.BASELINE, InputSource.PROGRESS}),
    "actual": frozenset({InputSource.COSTS}),
    "eac_bottom_up": frozenset({InputSource.FORECAST}),
    "eac": frozenset({InputSource.BASELINE, InputSource.PROGRESS, InputSource.COSTS}),
    "eac_low": frozenset(InputSource),
    "eac_high": frozenset(InputSource),
    "effort_share": frozenset({InputSource.BASELINE}),
    "spi_discrete": frozenset({InputSource.BASELINE, InputSource.PROGRESS}),
    "earned_schedule": frozenset({InputSource.BASELINE, InputSource.PROGRESS}),
    "elapsed": frozenset({InputSource.BASELINE}),
    "planned_duration": frozenset({InputSource.BASELINE}),
}
# the headline estimate is one of these, whose formula then shows how it was made
CHOSEN: Mapping[Method, str] = {Method.RATE: "eac_rate", Method.CPI: "eac_cpi"}
LONG = 100  # working days


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`worked` is the formula with this project's numbers; empty when the figure is not known."""

    definition: Definition
    figure: Figure
    worked: str
    sources: tuple[InputSource, ...]


# what is above zero, and what is below: said in words, because pages elsewhere count over and late as plus
SIDES: Mapping[str, tuple[str, str]] = {
    "cost_variance": ("under", "over"),
    "cost_variance_share": ("under", "over"),
    "at_completion": ("under", "over"),
    "at_completion_share": ("under", "over"),
    "schedule_variance": ("ahead of plan", "behind plan"),
    "schedule_variance_share": ("ahead of plan", "behind plan"),
    "time_variance": ("early", "late"),
}


def defined(key: str, currency: str) -> Definition:
    """Return a figure's words with the organization's money in them; KeyError for one that does not exist."""
    return DEFINITIONS[key].said(formats.money(1, currency))


def explain(
    key: str, values: Mapping[str, Figure], *, currency: str, method: Method | None = None
) -> Explanation:
    """
    Explain one figure of `values`; raises KeyError for a figure that does not exist.

    `method` is how the headline estimate was made: its numbers are put into that formula.
    """
    figure = values.get(key, missing("This figure was not worked out."))
    formula = DEFINITIONS[CHOSEN.get(method, key) if key == "eac" and method else key]
    parts = {name: _number(name, values[name], currency) for name in formula.uses if name in values}
    worked = ""
    if figure.value is not None and formula.worked and len(parts) == len(formula.uses):
        worked = f"{formula.worked.format(**parts)} = {_number(key, figure, currency)}"
    return Explanation(
        definition=defined(key, currency),
        figure=figure,
        worked=worked,
        sources=tuple(sorted(_sources(key))),
    )


def _sources(key: str) -> frozenset[InputSource]:
    if key in SOURCES_OF:
        return SOURCES_OF[key]
    found: frozenset[InputSource] = frozenset()
    return found.union(*(_sources(name) for name in DEFINITIONS[key].uses))


def written(key: str, figure: Figure, currency: str) -> str:
    """Write a figure as its page shows it; a dash when it is not known."""
    if key in PER_ONE:
        return formats.money_exact(figure.value, currency, digits=2)
    if key in PROGRESS:
        return formats.percent(figure.value, 0)
    if key in SIDES and figure.value is not None:
        size = _number(key, Figure(abs(figure.value)), currency)
        if size == _number(key, Figure(Decimal()), currency):
            return size
        return f"{size} {SIDES[key][figure.value < 0]}"
    return _number(key, figure, currency)


def _number(key: str, figure: Figure, currency: str) -> str:
    """Write a figure in its unit, as a formula needs it."""
    value = figure.value
    if value is None:
        return formats.DASH
    match DEFINITIONS[key].unit:
        case FigureUnit.MONEY:
            return formats.money(value, currency)
        case FigureUnit.SHARE:
            return formats.percent(value)
        case FigureUnit.DAYS:
            digits = 0 if abs(value) >= LONG else 1  # a tenth of a day says nothing of half a year
            return f"{formats.number(value, digits).removesuffix('.0')} working days"
    return formats.number(value, 2)
