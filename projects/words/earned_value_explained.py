"""
What does this number mean, how was it made, and out of what?

For each figure: its name in plain words, the field's term, the formula in words, the formula with this
project's numbers, the records it comes from and where the formula is published.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.domain.earning.figure import Figure, missing
from projects.domain.earning.indices import Method
from projects.words.earned_value import DEFINITIONS, Definition, FigureUnit

Money = Callable[[Decimal], str]


class InputSource(StrEnum):
    """Where a figure's inputs are recorded."""

    BASELINE = "baseline"
    PROGRESS = "progress"
    COSTS = "costs"
    FORECAST = "forecast"


LEFT_OVER = frozenset({"at_completion", "at_completion_share"})
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


def explain(
    key: str, values: Mapping[str, Figure], *, money: Money, method: Method | None = None
) -> Explanation:
    """
    Explain one figure of `values`; raises KeyError for a figure that does not exist.

    `method` is how the headline estimate was made: its numbers are put into that formula.
    """
    figure = values.get(key, missing("This figure was not worked out."))
    formula = DEFINITIONS[CHOSEN.get(method, key) if key == "eac" and method else key]
    parts = {name: written(name, values[name], money) for name in formula.uses if name in values}
    worked = ""
    if figure.value is not None and formula.worked and len(parts) == len(formula.uses):
        worked = f"{formula.worked.format(**parts)} = {written(key, figure, money)}"
    return Explanation(
        definition=DEFINITIONS[key],
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
    """Write a figure in its unit; a dash when it is not known."""
    value = figure.value
    if value is None:
        return "–"
    if key in LEFT_OVER and value:
        # what is left is positive here and over budget is positive elsewhere: the side is said instead
        return f"{_in_unit(key, abs(value), money)} {'under' if value > 0 else 'over'}"
    return _in_unit(key, value, money)


def _in_unit(key: str, value: Decimal, money: Money) -> str:
    match DEFINITIONS[key].unit:
        case FigureUnit.MONEY:
            return money(value)
        case FigureUnit.SHARE:
            return f"{value * 100:.1f}%".replace("-", "−")
        case FigureUnit.DAYS:
            digits = 0 if abs(value) >= LONG else 1  # a tenth of a day says nothing of half a year
            return f"{value:.{digits}f}".removesuffix(".0").replace("-", "−") + " working days"
    return f"{value:.2f}".replace("-", "−")
