"""The risk map as rows of cells, worst first, for components/heat_map.html."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from risks.domain.matrix import IMPACTS, LIKELIHOODS, Band, band

LEVELS = {Band.LOW: "l", Band.MODERATE: "m", Band.HIGH: "h", Band.EXTREME: "vh"}
COLUMNS = tuple(IMPACTS.values())
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCell:
    """One cell: how many risks, its tint and word, and where they are listed."""

    count: int
    level: str
    word: str
    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    label: str
    cells: tuple[MapCell, ...]


def level(likelihood: int, impact: int) -> str:
    """Return the tint of a score: "l", "m", "h" or "vh"."""
    return LEVELS[band(likelihood, impact)]


def risk_map(
    counts: Mapping[Cell, int],
    url_of: Callable[[int, int], str],
    say: Callable[[int, str, str], str],
) -> list[MapRow]:
    """
    Return the rows from almost certain to rare; `url_of(likelihood, impact)` lists a cell.

    `say` names a cell: how many risks, their likelihood and their impact.
    """
    return [
        MapRow(
            label=LIKELIHOODS[likelihood],
            cells=tuple(
                _cell(counts.get((likelihood, impact), 0), likelihood, impact, url_of, say)
                for impact in IMPACTS
            ),
        )
        for likelihood in sorted(LIKELIHOODS, reverse=True)
    ]


def _cell(
    number: int,
    likelihood: int,
    impact: int,
    url_of: Callable[[int, int], str],
    say: Callable[[int, str, str], str],
) -> MapCell:
    return MapCell(
        count=number,
        level=level(likelihood, impact),
        word=band(likelihood, impact).label,
        url=url_of(likelihood, impact),
        label=say(number, LIKELIHOODS[likelihood], IMPACTS[impact]),
    )
