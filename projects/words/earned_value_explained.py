"""
What does this number mean, how was it made, and out of what?

For each figure: its name in plain words, the field's term, the formula in words, the formula with this
project's numbers, the records it comes from and where the formula is published.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pmo.common.local.currency import currency
from pmo.common.page.figures import DASH, money_exact, number, percent
from projects.domain.earning.figure import Figure, missing
from projects.domain.earning.indices import Method
from projects.words.earned_value import DEFINITIONS, Definition, FigureUnit, defined

Money = Callable[[Decimal], str]


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
PER_ONE = frozenset({"cpi"})  # said as the value that one unit of money earns
PROGRESS = frozenset({"spi", "spi_discrete"})  # said as a whole percentage


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`worked` is the formula with this project's numbers; empty when the figure is not known."""

    definition: Definition
    figure: Figure
    worked: str
    sources: tuple[InputSource, ...]


def explain(
    key: str, values: Mapping[str, Figure], *, money: Money, method: Method | None = None
) -> Explanation:
    """
    Explain one figure of `values`; raises KeyError for a figure that does not exist.

    `method` is how the headline estimate was made: its numbers are put into that formula.
    """
    figure = values.get(key, missing("This figure was not worked out."))
    formula = DEFINITIONS[CHOSEN.get(method, key) if key == "eac" and method else key]
    parts = {
        name: _in_formula(name, values[name], money) for name in formula.uses if name in values
    }
    worked = ""
    if figure.value is not None and formula.worked and len(parts) == len(formula.uses):
        worked = f"{formula.worked.format(**parts)} = {_in_formula(key, figure, money)}"
    return Explanation(
        definition=defined(key),
        figure=figure,
        worked=worked,
        sources=tuple(sorted(_sources(key))),
    )


def _sources(key: str) -> frozenset[InputSource]:
    if key in SOURCES_OF:
        return SOURCES_OF[key]
    found: frozenset[InputSource] = frozenset()
    return found.union(*(_sources(name) for name in DEFINITIONS[key].uses))


def written(key: str, figure: Figure, money: Money) -> str:
    """Write a figure as it is said: an index as what money buys or as progress; a dash for none."""
    if figure.value is None:
        return DASH
    if key in PER_ONE:
        return money_exact(figure.value, currency(), digits=2)
    if key in PROGRESS:
        return percent(figure.value, 0)
    return _in_formula(key, figure, money)


def _in_formula(key: str, figure: Figure, money: Money) -> str:
    """Write a figure in its unit, an index as the ratio that it is; a dash when it is not known."""
    value = figure.value
    if value is None:
        return DASH
    match DEFINITIONS[key].unit:
        case FigureUnit.MONEY:
            return money(value)
        case FigureUnit.SHARE:
            return percent(value)
        case FigureUnit.DAYS:
            digits = 0 if abs(value) >= LONG else 1  # a tenth of a day says nothing of half a year
            return f"{value:.{digits}f}".removesuffix(".0").replace("-", "−") + " working days"
    return number(value, 2)
