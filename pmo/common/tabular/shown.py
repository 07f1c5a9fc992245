"""What a number means by the format in which its cell is shown: percent, a padded code, a unit."""

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from pmo.common.tabular.packing import Percentage
from pmo.common.tabular.table import Value

QUOTED = re.compile(r'"([^"]*)"|\\(.)')
BRACKETS = re.compile(r"\[[^\]]*\]")
UNITS = {"k": "k", "thousand": "k", "m": "m", "mn": "m", "mm": "m", "mio": "m", "million": "m", "bn": "bn", "billion": "bn"}  # fmt: skip
PADDED = re.compile(r"0{2,}")


class Showing(StrEnum):
    """How a number is shown, where that changes what it is."""

    PERCENT = "percent"
    PADDED = "padded"
    UNIT = "unit"


@lru_cache(maxsize=512)
def showing_of(number_format: str) -> tuple[Showing, str] | None:
    """Return how a number format shows its number, with the unit or the zeros; None for as it is."""
    first = number_format.split(";", maxsplit=1)[0]
    literals = "".join(one or other for one, other in QUOTED.findall(first))
    bare = BRACKETS.sub("", QUOTED.sub("", first)).strip()
    if "%" in bare:
        return Showing.PERCENT, ""
    if PADDED.fullmatch(bare) and not literals:
        return Showing.PADDED, bare
    unit = UNITS.get(literals.strip(" .$€£¥").lower())
    # a comma at the end of the digits divides by a thousand: then the unit is only shown
    if unit and not re.search(r"[0#?],+(?![0#?])", bare):
        return Showing.UNIT, unit
    return None


def as_shown(value: Value, showing: tuple[Showing, str]) -> Value:
    """Return a number as the person who wrote the sheet sees it."""
    if not isinstance(value, Decimal):
        return value
    how, what = showing
    if how is Showing.PERCENT:
        return Percentage(value)
    if how is Showing.UNIT:
        return f"{value:f}{what}"
    whole = value == value.to_integral_value() and value >= 0
    return f"{int(value):0{len(what)}d}" if whole else value
