"""Numbers as people write them: which decimal mark a whole column uses, then every cell by it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pmo.common.tabular.table import Value, is_blank

POINT, COMMA = ".", ","
# Spaces that separate thousands: no-break, thin, narrow no-break and figure space, and the Swiss apostrophe.
SPACES = re.compile("(?<=\\d)[ \xa0\u2009\u202f\u2007'’](?=\\d{3}(?!\\d))")
SIGN = r"(?:(?:US|CA|AU?|NZ)?\$|[€£¥]|USD|EUR|GBP|CHF|CAD|AUD)"
CURRENCY = re.compile(rf"^{SIGN}\s*|\s*{SIGN}$", re.IGNORECASE)
SUFFIX = re.compile(
    r"(?<=[\d.,])\s*(k|thousand|m|mn|mio|mill|million|bn|billion|%)\.?$", re.IGNORECASE
)
UNITS = {
    "k": Decimal(1_000),
    "thousand": Decimal(1_000),
    "m": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "mio": Decimal(1_000_000),
    "mill": Decimal(1_000_000),
    "million": Decimal(1_000_000),
    "bn": Decimal(1_000_000_000),
    "billion": Decimal(1_000_000_000),
}
CORES = {
    POINT: re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?", re.ASCII),
    COMMA: re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?", re.ASCII),
}
ATTEMPT = re.compile(rf"^[+\-−–(\s]*{SIGN}?[+\-−–\s]*[.,]?\d", re.IGNORECASE)
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Number:
    """A value with the unit written in its own cell: 1 without one, None for percent."""

    value: Decimal
    unit: Decimal | None = Decimal(1)
    has_unit: bool = False


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """The decimal mark that the column's cells agree on; `assumed` when they would allow both."""

    mark: str = POINT
    assumed: bool = False


def style_of(values: Iterable[Value]) -> NumberStyle:
    """Find the decimal mark from all cells of a column; with no or contradicting evidence, the point."""
    fits = {POINT: 0, COMMA: 0}
    differ = decided = False
    for value in values:
        if not isinstance(value, str) or (core := _core(value)) is None:
            continue
        readable = {mark for mark in fits if _decimal(core[0], mark) is not None}
        for mark in readable:
            fits[mark] += 1
        if len(readable) == 1:
            decided = True
        elif len(readable) > 1 and _decimal(core[0], POINT) != _decimal(core[0], COMMA):
            differ = True
    mark = COMMA if fits[COMMA] > fits[POINT] else POINT
    return NumberStyle(mark, assumed=differ and not decided)


def parse_number(value: Value, style: NumberStyle | None = None) -> Number | None:
    """Read one cell by the column's style; None when it is no number."""
    if isinstance(value, Decimal):
        return Number(value)
    if not isinstance(value, str) or (core := _core(value)) is None:
        return None
    digits, negative, suffix = core
    number = _decimal(digits, (style or NumberStyle()).mark)
    if number is None:
        return None
    unit = None if suffix == "%" else UNITS.get(suffix, Decimal(1))
    return Number(-number if negative else number, unit, has_unit=bool(suffix))


def looks_like_number(text: str) -> bool:
    """Say whether a text is a number under either decimal mark."""
    core = _core(text)
    return core is not None and any(_decimal(core[0], mark) is not None for mark in CORES)


def is_number_attempt(text: str) -> bool:
    """Say whether somebody tried to write a number here (it starts with a digit), well or not."""
    return ATTEMPT.match(text) is not None


def _core(text: str) -> tuple[str, bool, str] | None:
    """Take off sign, parentheses, currency and unit; return digits, whether negative, unit."""
    if is_blank(text) or len(text) > LONGEST:
        return None
    rest = text.strip()
    negative = rest.startswith("(") and rest.endswith(")")
    if negative:
        rest = rest[1:-1].strip()
    rest, signed = _unsigned(rest)
    rest = CURRENCY.sub("", rest).strip()
    rest, signed_inside = _unsigned(rest)
    suffix = SUFFIX.search(rest)
    unit = suffix.group(1).lower() if suffix else ""
    rest = CURRENCY.sub("", rest[: suffix.start()] if suffix else rest).strip()
    if signed and signed_inside:
        return None
    digits = SPACES.sub("", rest)
    return (digits, negative or signed or signed_inside, unit) if digits else None


def _unsigned(text: str) -> tuple[str, bool]:
    if text[:1] in {"-", "−", "–"}:
        return text[1:].strip(), True
    return text.removeprefix("+").strip(), False


def _decimal(digits: str, mark: str) -> Decimal | None:
    if not CORES[mark].fullmatch(digits) or not any(char.isdigit() for char in digits):
        return None
    plain = digits.replace(COMMA if mark == POINT else POINT, "").replace(COMMA, POINT)
    return Decimal(plain)
