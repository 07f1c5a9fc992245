"""How figures are written: one home for the words of pages, PDF, mail and charts."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from pmo.common.local.currency import Currency

DASH = "–"
MINUS = "−"
NARROW = "\N{NO-BREAK SPACE}"  # keeps an amount and its currency on one line

COLOR_WORDS = {"red": "Red", "amber": "Amber", "green": "Green", "none": "No report"}
COLOR_LETTERS = {"R": "red", "A": "amber", "G": "green", "N": "none"}
WORST_FIRST = ("red", "amber", "none", "green")

_UNITS = (
    (Decimal("999500000"), Decimal(1_000_000_000), "B", 1),
    (Decimal("999500"), Decimal(1_000_000), "M", 1),
    (Decimal("9999.5"), Decimal(1_000), "K", 0),
)

Number = Decimal | int | float


def rounded(value: Number, digits: int) -> Decimal:
    """Round half up to `digits` places; floats go through their shortest text."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    result = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def _with_sign(value: Decimal, text: str, *, plus: bool) -> str:
    if value < 0:
        return MINUS + text
    return f"+{text}" if plus and value > 0 else text


def _with_currency(text: str, currency: str) -> str:
    before, after = around(currency)
    return f"{before}{text}{after}"


def around(currency: str) -> tuple[str, str]:
    """Return what stands before and behind an amount; one of them is empty."""
    if isinstance(currency, Currency) and currency.after:
        return "", f"{NARROW}{currency}"
    # a code would run into the digits; a sign stands close to them
    return f"{currency}{NARROW}" if currency[-1:].isalpha() or currency[
        -1:
    ] == "." else currency, ""


def axis_ticks(currency: str, unit: str = "") -> dict[str, str]:
    """Return how a chart writes the amounts along its axis, in `unit` such as "M"."""
    before, after = around(currency)
    return {"tickprefix": before, "ticksuffix": unit + after}


def scale(word: str, currency: str) -> str:
    """Name what an axis counts, sign and word in the order of its amounts: "$ million"."""
    is_after = isinstance(currency, Currency) and currency.after
    return " ".join(filter(None, (word, currency) if is_after else (currency, word)))


def money(value: Number | None, currency: str = "$", *, plus: bool = False) -> str:
    """
    Write an amount short: "$3.3M", "$670K", "−$50K", "$9,500"; None is a dash.

    A `Currency` says itself whether it is written behind the amount: "3.3M €".
    """
    if value is None:
        return DASH
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    size = abs(amount)
    for least, unit, letter, digits in _UNITS:
        if size >= least:
            text = f"{rounded(size / unit, digits):,}{letter}"
            return _with_sign(amount, _with_currency(text, currency), plus=plus)
    whole = rounded(amount, 0)
    return _with_sign(whole, _with_currency(f"{abs(whole):,}", currency), plus=plus)


def signed_money(value: Number | None, currency: str = "$") -> str:
    """Write a difference of amounts with its sign: "+$2.2M", "−$50K", "$0"."""
    return money(value, currency, plus=True)


def money_exact(
    value: Number | None, currency: str = "$", *, plus: bool = False, digits: int | None = None
) -> str:
    """
    Write an amount in full, cents only when there are any: "$3,312,400", "$0.50".

    With `digits`, all amounts of a column have as many, so that they stand in line.
    """
    if value is None:
        return DASH
    amount = rounded(value, 2 if digits is None else digits)
    if digits is None:
        digits = 0 if amount == amount.to_integral_value() else 2
    return _with_sign(amount, _with_currency(f"{abs(amount):,.{digits}f}", currency), plus=plus)


def number(value: Number | None, digits: int = 0, *, plus: bool = False) -> str:
    """Write a plain number with thousands separators and a true minus; None is a dash."""
    if value is None:
        return DASH
    amount = rounded(value, digits)
    return _with_sign(amount, f"{abs(amount):,.{digits}f}", plus=plus)


def percent(ratio: Number | None, digits: int = 1, *, plus: bool = False) -> str:
    """Write a ratio as a percentage: 0.053 is "5.3%"; None is a dash."""
    if ratio is None:
        return DASH
    exact = ratio if isinstance(ratio, Decimal) else Decimal(str(ratio))
    return number(exact * 100, digits, plus=plus) + "%"


def signed_percent(ratio: Number | None, digits: int = 1) -> str:
    """Write a relative change with its sign: 0.053 is "+5.3%"."""
    return percent(ratio, digits, plus=True)


def here(value: date) -> date:
    """Return a moment as the database hands it out, in UTC, in the zone in force; any other as it is."""
    if isinstance(value, datetime) and value.tzinfo is UTC:
        return timezone.localtime(value)
    return value


def day(value: date | None) -> str:
    """Write a date, or the day of a moment: "4 Dec 2026"; None is a dash."""
    if value is None:
        return DASH
    there = here(value)
    return f"{there.day} {there:%b %Y}"


def short_day(value: date | None) -> str:
    """Write a date whose year is plain from the page: "4 Dec"."""
    if value is None:
        return DASH
    there = here(value)
    return f"{there.day} {there:%b}"


def moment(value: datetime | None) -> str:
    """Write a time of data, in its own zone where it has one: "Friday 20 Nov 2026, 16:00"."""
    if value is None:
        return DASH
    there = here(value)
    return f"{there:%A} {there.day} {there:%b %Y, %H:%M}"


def stamp(value: datetime | None) -> str:
    """Write a time where many stand in a column: "20 Nov 2026, 16:00"; None is a dash."""
    if value is None:
        return DASH
    there = here(value)
    return f"{there.day} {there:%b %Y, %H:%M}"


def week(value: date | None) -> str:
    """Write the working week around a date: "Week 47, 16–20 Nov 2026"."""
    if value is None:
        return DASH
    monday = value - timedelta(days=value.weekday())
    friday = monday + timedelta(days=4)
    first = str(monday.day) if monday.month == friday.month else short_day(monday)
    return f"Week {monday.isocalendar().week}, {first}–{day(friday)}"


def ago(value: date | None, today: date) -> str:
    """Write how old a report is: "Today", "Yesterday", "16 days ago"; None is a dash."""
    if value is None:
        return DASH
    days = (today - value).days
    if days < 0:
        return day(value)
    return {0: "Today", 1: "Yesterday"}.get(days, f"{days:,} days ago")


def slip(days: int | None) -> str:
    """Write a shift in calendar days in words: "24 days late", "4 days early", "on time"."""
    if days is None:
        return DASH
    if days == 0:
        return "on time"
    return f"{count(abs(days), 'day')} {'late' if days > 0 else 'early'}"


def moved(days: int | None) -> str:
    """Write how a date moved between two plans: "24 days later", "1 day earlier", "no change"."""
    if days is None:
        return DASH
    if days == 0:
        return "no change"
    return f"{count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def count(amount: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: "1 day", "1,204 days", "2 people"."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def counted(number: int, one: str, many: str) -> str:
    """Choose the whole sentence for one or for many; {n} is the number: "{n} risks are open"."""
    return (one if number == 1 else many).format(n=f"{number:,}")


def more_or_fewer(now: int, before: int | None) -> str:
    """Write how a count moved: "2 more than last week", "Same as last week"."""
    if before is None:
        return "No figure for last week"
    moved = now - before
    if moved == 0:
        return "Same as last week"
    return f"{abs(moved):,} {'more' if moved > 0 else 'fewer'} than last week"


def listing(words: Iterable[str]) -> str:
    """Join words as a sentence does: "Wing, ERP and Portal"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def color_word(color: str) -> str:
    """Return the word for a color code; anything unknown is "No report"."""
    return COLOR_WORDS.get(color, COLOR_WORDS["none"])


def trend_sentence(colors: Iterable[str]) -> str:
    """Say a row of weekly colors, oldest first: "Green for 2 weeks, then Amber for 1 week"."""
    runs: list[list[str | int]] = []
    for color in colors:
        word = color_word(color)
        if runs and runs[-1][0] == word:
            runs[-1][1] = int(runs[-1][1]) + 1
        else:
            runs.append([word, 1])
    if not runs:
        return "No reports yet"
    return ", then ".join(f"{word} for {count(int(weeks), 'week')}" for word, weeks in runs)
