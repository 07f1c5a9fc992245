"""
What one cell of a schedule in a spreadsheet says, whether typed as a value or written as text.

None is a cell that says nothing of its kind: whoever asks reports it. Texts are read as tables from
elsewhere are (`pmo/common/tabular`): a date only where it can be one day alone, an amount by the decimal
mark of its column.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from pmo.common.tabular.dates import DateOrder, evidence_of, parse_date
from pmo.common.tabular.numbers import COMMA, POINT, NumberStyle, parse_number, style_of
from projects.domain.exchange.durations import SaidDuration, duration_of
from projects.domain.exchange.sheets import EARLIEST, LATEST

MOST_MONEY = Decimal(10) ** 12
ALL = 100
DAYS = "days"
NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,9})?", re.ASCII)
BARE_NUMBER = re.compile(r"\d[\d.,]*", re.ASCII)
CLOCK = re.compile(
    r"[T ](\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*([ap]m)?(?:z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE | re.ASCII,
)
NOON = 12


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def amount_of(value: object) -> Decimal | None:
    """Return a plain number."""
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    amount = Decimal(str(value))
    return amount if amount.is_finite() and abs(amount) <= MOST_MONEY else None


def percent_of(value: object, *, is_share: bool) -> Decimal | None:
    """Return percent; `is_share` where the sheet keeps them as parts of one."""
    if isinstance(value, str):
        found = parse_number(value)
        is_read = found is not None and found.unit in {None, Decimal(1)}
        return found.value if found and is_read else None
    amount = amount_of(value)
    return amount * ALL if amount is not None and is_share else amount


def order_of(values: Iterable[object]) -> DateOrder | None:
    """Return the order of day and month that alone fits all dates written as text."""
    texts = [value for value in values if isinstance(value, str)]
    evidence = evidence_of(texts)
    return evidence.fits[0] if len(evidence.fits) == 1 and not evidence.ambiguous else None


def moment_of(value: object, order: DateOrder | None = None) -> datetime | None:
    """Return a date with its time of day, midnight where none is said."""
    if isinstance(value, str):
        return _written_moment(" ".join(value.split()), order)
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time()) if isinstance(value, date) else None


def _written_moment(text: str, order: DateOrder | None) -> datetime | None:
    day = parse_date(text, order)
    if day is None or not EARLIEST <= day.year <= LATEST:
        return None
    found = CLOCK.search(text)
    hour, minute = (int(found[1]), int(found[2])) if found else (0, 0)
    if found and found[3]:
        hour = hour % NOON + NOON * (found[3].lower() == "pm")
    try:
        return datetime.combine(day, time(hour, minute))
    except ValueError:
        return None


def said_in(value: object, unit: str = DAYS) -> SaidDuration | None:
    """Return a duration that is a number of the column's unit, or is said in words; none is below zero."""
    amount = amount_of(value)
    if amount is not None:
        if unit == DAYS:
            return SaidDuration(amount) if amount >= 0 else None
        said = duration_of(f"{amount:f} {unit}")
        return replace(said, is_doubtful=False) if said else None
    if not isinstance(value, str):
        return None
    is_bare = BARE_NUMBER.fullmatch(value.strip()) is not None
    return duration_of(f"{value.strip()} {unit}" if is_bare else value)


def money_style(values: Iterable[object]) -> NumberStyle:
    """Return how a column writes its amounts."""
    return style_of(_bare(value) for value in values if isinstance(value, str))


def money_of(value: object, style: NumberStyle, unit: Decimal | None) -> Decimal | None:
    """Return an amount, also one that is written with its currency; `unit` is the header's."""
    if not isinstance(value, str):
        amount = amount_of(value)
        return amount * (unit or 1) if amount is not None else None
    found = parse_number(_bare(value), style)
    if found is None or found.unit is None:
        return None
    return amount_of(found.value * (found.unit if found.has_unit else unit or 1))


def is_doubtful_money(value: object, style: NumberStyle) -> bool:
    """True for a text that is another amount under the other decimal mark, and nothing decides."""
    if not isinstance(value, str) or not style.assumed:
        return False
    readings = {parse_number(_bare(value), NumberStyle(mark)) for mark in (POINT, COMMA)}
    return None not in readings and len(readings) > 1


def _bare(text: str) -> str:
    """Take off the signs of currencies."""
    return "".join(char for char in text if unicodedata.category(char) != "Sc").strip()
