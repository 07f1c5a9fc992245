"""What a cell looks like, whatever its column is called."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from pmo.common.tabular.dates import looks_like_date
from pmo.common.tabular.numbers import looks_like_number
from pmo.common.tabular.table import Value, is_blank

FOOTNOTE = re.compile(
    r"(?:source|note|notes|footnote|legend|key|prepared|printed|exported|generated|page \d|\*)(?:\b|:|\s)",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
CLEAR = 0.8  # the share of cells that makes a column's kind


class CellLook(StrEnum):
    """What a cell looks like."""

    BLANK = "blank"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


def look_of(cell: Value) -> CellLook:
    """Say what a cell looks like."""
    if is_blank(cell):
        return CellLook.BLANK
    if isinstance(cell, str):
        return _of_text(cell)
    if isinstance(cell, date):
        return CellLook.DATE
    return CellLook.NUMBER if isinstance(cell, Decimal) else CellLook.TEXT


@lru_cache(maxsize=8_192)
def _of_text(text: str) -> CellLook:
    if DIGIT.search(text) is None:  # most words: neither a date nor a number is without one
        return CellLook.TEXT
    if looks_like_date(text):
        return CellLook.DATE
    return CellLook.NUMBER if looks_like_number(text) else CellLook.TEXT


def clear_look(cells: Iterable[Value]) -> CellLook:
    """Return what nearly all filled cells look like; TEXT when they differ, BLANK of none."""
    looks = Counter(look_of(cell) for cell in cells if not is_blank(cell))
    if not looks:
        return CellLook.BLANK
    look, count = looks.most_common(1)[0]
    return look if count >= CLEAR * looks.total() else CellLook.TEXT
