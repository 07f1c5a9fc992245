"""Lists of people and of units, row by row: what each would do here. Nothing in here writes."""

from collections.abc import Collection

from pmo.accounts.lists.cells import (
    COLUMNS,
    MOST_ROWS,
    ListKind,
    ListLine,
    doubtful,
    lines_of,
    screened,
)
from pmo.accounts.lists.people import compare_people
from pmo.accounts.lists.results import Result, RowEffect
from pmo.accounts.lists.units import compare_units

__all__ = [
    "COLUMNS",
    "MOST_ROWS",
    "ListKind",
    "ListLine",
    "Result",
    "RowEffect",
    "compare",
    "compare_people",
    "compare_units",
    "doubtful",
    "lines_of",
    "screened",
]


def compare(
    kind: ListKind,
    lines: list[ListLine],
    answers: dict[str, str],
    *,
    only: Collection[int] | None = None,
) -> list[Result]:
    """Say what each line would do now, or `only` some by number, in the order in which they are written."""
    if kind is ListKind.UNITS:
        return compare_units(lines, only=only)
    chosen = lines if only is None else [line for line in lines if line.number in only]
    return compare_people(chosen, answers)
