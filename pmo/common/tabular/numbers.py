"""Numbers as people write them: which decimal mark a whole column uses, then every cell by it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pmo.common.tabular.packing import Percentage
from pmo.common.tabular.table import Value

POINT, COMMA = ".", ","
# Spaces that separate thousands: no-break, thin, narrow no-break and figure space, and the Swiss apostrophe.
SPACES = re.compile("(?<=\\d)[ \xa0\u2009\u202f\u2007'’](?=\\d{3}(?!\\d))")
SIGN = (
    r"(?:(?:US|CA|C|AU?|NZ|HK|S)?\$|[€£¥₹₩₪₺]|(?:USD|EUR|GBP|CHF|CAD|AUD|NZD|JPY|INR|SEK|NOK|DKK|PLN|CZK|SGD|ZAR)\b"
    r"|Rs\.?|kr\.?|(?:dollars?|euros?|pounds?)\b)"
)
CURRENCY = re.compile(rf"^{SIGN}\s*|\s*{SIGN}$", re.IGNORECASE)
SUFFIX = re.compile(
    r"(?<=[\d.,])\s*(k|thousand|mm|mn|mio|mill|million|m|bn|billion|%)\.?$", re.IGNORECASE
)
UNITS = {
    "k": Decimal(1_000),
    "thousand": Decimal(1_000),
    "m": Decimal(1_000_000),
    "mm": Decimal(1_000_000),
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
SAID = (
    (Decimal(1_000_000), re.compile(rf"(?:\b(?:in|{SIGN})\s*|{SIGN}|[(\[])\s*(?:mm|mn|mio|mill|millions?|m)\b|\bmillions?\b|[(\[]\s*(?:mm|mn|mio|m)\s*{SIGN}|'000,000|\b000\s?000s?\b", re.IGNORECASE)),
    (Decimal(1_000), re.compile(rf"(?:{SIGN}|[(\[])\s*k\b|\b(?:k{SIGN}|thousands?)|(?:{SIGN}|['’(\[])\s*['’]?000s?\b|\b000s\b", re.IGNORECASE)),
    (Decimal(1_000_000_000), re.compile(rf"(?:{SIGN}|[(\[])\s*bn\b|\bbillions?\b", re.IGNORECASE)),
)  # fmt: skip
SCIENTIFIC = re.compile(r"(\d+(?:[.,]\d+)?)[eE]\+?(-?\d{1,2})", re.ASCII)
TRAILING_MINUS = re.compile(r"(?<=[\d)])\s*[-−–]$")
ATTEMPT = re.compile(rf"^[+\-−–(\s]*(?:{SIGN}\s*){{0,2}}[+\-−–\s]*[.,]?\d", re.IGNORECASE)
PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
LONGEST = 40
MANY = 5


@dataclass(frozen=True, slots=True)
class Number:
    """A value with the unit written in its own cell: 1 without one, None for percent."""

    value: Decimal
    unit: Decimal | None = Decimal(1)
    has_unit: bool = False


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """
    The decimal mark that the column's cells agree on.

    `assumed` when they would allow both, `contradicted` when some allow only the other one.
    """

    mark: str = POINT
    assumed: bool = False
    contradicted: bool = False


def style_of(values: Iterable[Value]) -> NumberStyle:
    """
    Find the decimal mark from all cells of a column; with no or contradicting evidence, the point.

    A cell that can be read one way only is evidence. Among many that could be read both ways and
    would differ, a single one is not: it may be the odd one, and is left to be a fault of its row.
    """
    decisive = {POINT: 0, COMMA: 0}
    differing: list[str] = []
    for value in values:
        if not isinstance(value, str) or (core := _core(value)) is None:
            continue
        readings = {mark: _decimal(core[0], mark) for mark in decisive}
        readable = [mark for mark, number in readings.items() if number is not None]
        if len(readable) == 1:
            decisive[readable[0]] += 1
        elif readings[POINT] != readings[COMMA]:
            differing.append(core[0])
    mark = COMMA if decisive[COMMA] > decisive[POINT] else POINT
    evidence = max(decisive.values())
    if evidence == 1 and len(differing) >= MANY:
        # three digits behind a mark are thousands far more often than decimals
        mark = POINT if sum(COMMA in one for one in differing) * 2 >= len(differing) else COMMA
    return NumberStyle(
        mark,
        assumed=bool(differing) and not evidence,
        contradicted=min(decisive.values()) > 0 or (evidence == 1 and not decisive[mark]),
    )


def parse_number(value: Value, style: NumberStyle | None = None) -> Number | None:
    """Read one cell by the column's style; None when it is no number."""
    if isinstance(value, Percentage):
        return Number(value * 100, None, has_unit=True)
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


def unit_of(header: str) -> Decimal | None:
    """Return the unit that a header says its amounts are in, “Budget ($m)” or “in thousands”; None without."""
    for unit, pattern in SAID:
        if pattern.search(header):
            return unit
    return None


def looks_like_number(text: str) -> bool:
    """Say whether a text is a number under either decimal mark."""
    core = _core(text)
    return core is not None and any(_decimal(core[0], mark) is not None for mark in CORES)


def is_number_attempt(text: str) -> bool:
    """Say whether somebody tried to write a number here (it starts with a digit), well or not."""
    return ATTEMPT.match(text) is not None


def _core(text: str) -> tuple[str, bool, str] | None:
    """Take off sign, parentheses, currency and unit; return digits, whether negative, unit."""
    if len(text) > LONGEST:
        return None
    if PLAIN.fullmatch(text):  # most are, and nothing is to be taken off
        return text, False, ""
    if not is_number_attempt(text):
        return None
    rest = " ".join(text.split())
    negative = rest.startswith("(") and rest.endswith(")")
    if negative:
        rest = rest[1:-1].strip()
    rest, before = _unsigned(rest)
    rest = CURRENCY.sub("", rest).strip()
    rest, inside = _unsigned(rest)
    rest, behind = _without_trailing_minus(rest)
    suffix = SUFFIX.search(rest)
    unit = suffix.group(1).lower() if suffix else ""
    rest = CURRENCY.sub("", rest[: suffix.start()] if suffix else rest).strip()
    signs = negative + before + inside + behind
    if signs > 1:
        return None
    digits = SPACES.sub("", rest)
    return (digits, signs == 1, unit) if digits else None


def _without_trailing_minus(text: str) -> tuple[str, bool]:
    """Take off a minus behind the digits, as ledgers print it."""
    rest = TRAILING_MINUS.sub("", text)
    return rest, rest != text


def _unsigned(text: str) -> tuple[str, bool]:
    if text[:1] in {"-", "−", "–"}:
        return text[1:].strip(), True
    return text.removeprefix("+").strip(), False


def _decimal(digits: str, mark: str) -> Decimal | None:
    if power := SCIENTIFIC.fullmatch(digits):
        other = COMMA if mark == POINT else POINT
        if other in power[1]:
            return None
        return Decimal(power[1].replace(COMMA, POINT)).scaleb(int(power[2])) + 0
    if not CORES[mark].fullmatch(digits) or not any(char.isdigit() for char in digits):
        return None
    plain = digits.replace(COMMA if mark == POINT else POINT, "").replace(COMMA, POINT)
    return Decimal(plain)
