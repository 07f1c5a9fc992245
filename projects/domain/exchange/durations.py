"""
Durations as people and Microsoft Project write them: "10 days", "2 wks", "4 ed", "1 mon", "3h", "1 week 2 days?".

A working day has 8 hours, a week 5 of them, a month 20, as Microsoft Project counts; around the clock
("e" before the unit, "elapsed", "calendar") a day has 24 hours, a week 7 days and a month 30.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

ASSUMED = (
    "A working day has 8 hours, a week 5 days, a month 20; around the clock 24 hours, 7 days, 30."
)
# how many of a unit make so many days: worked, and around the clock
_WORKED = {"m": (480, 1), "h": (8, 1), "d": (1, 1), "w": (1, 5), "mo": (1, 20)}
_AROUND = {"m": (1440, 1), "h": (24, 1), "d": (1, 1), "w": (1, 7), "mo": (1, 30)}
_UNITS = {
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "dy", "dys", "day", "days", "workday", "workdays"),
    "w": ("w", "wk", "wks", "week", "weeks"),
    "mo": ("mo", "mos", "mon", "mons", "mth", "mths", "month", "months"),
}
_NAMES = {name: unit for unit, names in _UNITS.items() for name in names}
# after a comma three digits are thousands, as amounts have them; any other number of digits is a part
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,6})?", re.ASCII)
_DOUBTFUL = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_PART = re.compile(
    r"(\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,6})?(?![\d.,])|\d{1,7}(?:[.,]\d{1,6})?)\s*(?:(elapsed|calendar|working|work|business)\s*)?([a-z]{1,9})\.?[\s,]*"
)
AROUND_WORDS = frozenset({"elapsed", "calendar"})


@dataclass(frozen=True, slots=True)
class SaidDuration:
    """Days, maybe with a fraction; of a working calendar, or around the clock."""

    days: Decimal
    is_elapsed: bool = False
    is_plain: bool = True  # said in days, so that nothing had to be assumed
    is_in_words: bool = False
    is_doubtful: bool = False  # three digits behind one mark: thousands, or a part


def is_unit(text: str) -> bool:
    """True for what a column of plain numbers may be headed with: "Duration (weeks)"."""
    return text.casefold().rstrip(".") in _NAMES


def duration_of(text: str) -> SaidDuration | None:
    """Return what a text says; None when it says no duration, or mixes both ways of counting."""
    rest = text.strip().casefold().rstrip("?").rstrip()
    parts = []
    while rest:
        found = _PART.match(rest)
        part = _part(*found.groups()) if found else None
        if found is None or part is None:
            return None
        parts.append(part)
        rest = rest[found.end() :]
    if not parts or len({part.is_elapsed for part in parts}) > 1:
        return None
    return SaidDuration(
        sum((part.days for part in parts), Decimal(0)),
        parts[0].is_elapsed,
        all(part.is_plain for part in parts),
        is_in_words=True,
        is_doubtful=any(part.is_doubtful for part in parts),
    )


def _part(amount: str, word: str | None, unit: str) -> SaidDuration | None:
    is_elapsed = word in AROUND_WORDS
    if unit not in _NAMES and unit.startswith("e"):
        unit, is_elapsed = unit[1:], True
    if unit not in _NAMES:
        return None
    known = _NAMES[unit]
    count, make = (_AROUND if is_elapsed else _WORKED)[known]
    is_grouped = _THOUSANDS.fullmatch(amount) is not None
    number = Decimal(amount.replace(",", "" if is_grouped else "."))
    is_doubtful = _DOUBTFUL.fullmatch(amount) is not None
    return SaidDuration(number * make / count, is_elapsed, known == "d", is_doubtful=is_doubtful)
