"""Dates as people write them: which order of day and month fits a whole column, then every cell by it.

Two-digit years follow the POSIX rule: 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from pmo.common.tabular.table import Value

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
TIME = re.compile(
    r"[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$"
)
YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})", re.ASCII)
COMPACT = re.compile(r"(?:19|20)\d{6}", re.ASCII)
TRIPLE = re.compile(r"(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})", re.ASCII)
DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([A-Za-z]{3,9})\.?,?[-/. ]+(\d{4}|\d{2})", re.ASCII
)
MONTH_DAY = re.compile(
    r"([A-Za-z]{3,9})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4}|\d{2})", re.ASCII
)
WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
# what every date begins with; most cells of words end here
START = re.compile(rf"\s*(?:\d|{'|'.join(MONTHS)}|mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
LONGEST = 40
PIVOT = 68
MANY = 10  # dates that fit both orders, against which a single other one is no evidence
# Excel counts days from 30 Dec 1899; this range is 1954 to 2119.
SERIAL_ORIGIN = date(1899, 12, 30)
ORIGIN_1904 = date(1904, 1, 1)
SERIALS = (20_000, 80_000)


class DateOrder(StrEnum):
    """Which number comes first in dates like 03/04/2026."""

    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """What a column's cells say about their order.

    `fits` are the orders under which every numeric date is a date. `ambiguous` is true when both
    fit and would give different dates, or when only one cell among many speaks for either: it may
    be the odd one. `order` is the best guess, None when no cell depends on it.
    """

    fits: tuple[DateOrder, ...]
    order: DateOrder | None
    ambiguous: bool
    serials: bool = False
    is_of_one: bool = False  # one cell alone decides how others are read
    contradicted: bool = False  # cells of both orders, and cells that fit both


def evidence_of(values: Iterable[Value]) -> DateEvidence:
    """Weigh all cells of a column."""
    only = dict.fromkeys(DateOrder, 0)
    triples = differing = neither = others = serials = 0
    for value in values:
        if _serial(value) is not None:
            serials += 1
            continue
        if not isinstance(value, str):
            others += isinstance(value, date)
            continue
        match = _triple(value)
        if match is None:
            others += parse_date(value) is not None
            continue
        triples += 1
        readings = {order: _from_triple(match, order) for order in DateOrder}
        possible = [order for order, reading in readings.items() if reading is not None]
        if len(possible) == 1:
            only[possible[0]] += 1
        neither += not possible
        differing += len(possible) > 1 and len(set(readings.values())) > 1
    evidence = max(only.values())
    fits = tuple(order for order in DateOrder if not neither and sum(only.values()) == only[order])
    best = DateOrder.MDY if only[DateOrder.MDY] > only[DateOrder.DMY] else DateOrder.DMY
    return DateEvidence(
        fits=fits,
        order=best if evidence or differing or neither else None,
        ambiguous=differing > 0 and (not evidence or (evidence == 1 and differing >= MANY)),
        serials=serials > 0 and serials > 9 * (triples + others),
        is_of_one=differing > 0 and evidence == 1,
        contradicted=differing > 0 and min(only.values()) > 0,
    )


def parse_date(
    value: Value, order: DateOrder | None = None, *, serials_from: date | None = None
) -> date | None:
    """
    Read one cell; None when it is no date, or needs an order and none is given.

    Day numbers are dates only where it is said from which day they count.
    """
    if isinstance(value, date):
        return value
    if serials_from and (serial := _serial(value)) is not None:
        return serials_from + timedelta(days=serial)
    if not isinstance(value, str) or len(value) > LONGEST or START.match(value) is None:
        return None
    text = _cleaned(value)
    match = TRIPLE.fullmatch(text)
    if match:
        return _either(match) if order is None else _from_triple(match, order)
    return _certain(text)


def looks_like_date(text: str) -> bool:
    """Say whether a text is a date under any order."""
    return any(parse_date(text, order) is not None for order in DateOrder)


def is_date_attempt(text: str) -> bool:
    """Say whether somebody tried to write a date here (it starts with a digit), well or not."""
    return text.strip()[:1].isdigit()


def is_month_without_day(text: str) -> bool:
    """Say whether a text is a month with a year, like “March 2026” or “2026-03”."""
    cleaned = text.strip()
    match = re.fullmatch(r"([A-Za-z]{3,9})\.?[-/. ]+(?:\d{4}|\d{2})", cleaned)
    if match:
        return _month(match.group(1)) is not None
    return re.fullmatch(r"(?:\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4})", cleaned) is not None


def _cleaned(text: str) -> str:
    return WEEKDAY.sub("", TIME.sub("", " ".join(text.split())))


def _triple(text: str) -> "re.Match[str] | None":
    return TRIPLE.fullmatch(_cleaned(text)) if len(text) <= LONGEST else None


def _from_triple(match: "re.Match[str]", order: DateOrder) -> date | None:
    first, second, year = int(match[1]), int(match[3]), match[4]
    day, month = (first, second) if order is DateOrder.DMY else (second, first)
    return _date(_year(year), month, day)


def _either(match: "re.Match[str]") -> date | None:
    """Read a date that is the same, or possible, under one order only."""
    readings = {_from_triple(match, order) for order in DateOrder} - {None}
    return readings.pop() if len(readings) == 1 else None


def _certain(text: str) -> date | None:
    """Read the writings that need no order: year first, or the month by name."""
    if match := YEAR_FIRST.fullmatch(text):
        return _date(int(match[1]), int(match[3]), int(match[4]))
    if COMPACT.fullmatch(text):
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if match := DAY_MONTH.fullmatch(text):
        month = _month(match[2])
        return _date(_year(match[3]), month, int(match[1])) if month else None
    if match := MONTH_DAY.fullmatch(text):
        month = _month(match[1])
        return _date(_year(match[3]), month, int(match[2])) if month else None
    return None


def _serial(value: Value) -> int | None:
    if isinstance(value, str):
        text = value.strip()
        if not (text.isascii() and text.isdigit() and len(text) == len(str(SERIALS[0]))):
            return None
        number = int(text)
    elif isinstance(value, Decimal) and value.is_finite():
        number = int(value)
    else:
        return None
    return number if SERIALS[0] <= number < SERIALS[1] else None


def _month(name: str) -> int | None:
    lowered = name.lower()
    if lowered == "sept":
        return 9
    if lowered in FULL_MONTHS:
        return FULL_MONTHS.index(lowered) + 1
    return MONTHS.index(lowered) + 1 if lowered in MONTHS else None


def _year(text: str) -> int:
    if len(text) == len("2026"):
        return int(text)
    return int(text) + (2000 if int(text) <= PIVOT else 1900)


@lru_cache(maxsize=4_096)  # a long file has few days, each many times
def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
