"""One cell to one value: what it says, why it says nothing, or what is wrong with it."""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pmo.common.tabular import Value
from pmo.common.tabular.dates import (
    DateOrder,
    is_date_attempt,
    is_month_without_day,
    parse_date,
)
from pmo.common.tabular.numbers import NumberStyle, is_number_attempt, parse_number
from pmo.common.tabular.table import SHEET_ERRORS
from reports.imports.domain.fields import CellKind, Field
from reports.imports.domain.profile import FieldSource, LongTexts, normalized

ImportValue = str | Decimal | date
COLORS = {
    "red": "red",
    "r": "red",
    "amber": "amber",
    "yellow": "amber",
    "orange": "amber",
    "a": "amber",
    "green": "green",
    "g": "green",
    "none": "none",
    "gray": "none",
    "grey": "none",
    "no report": "none",
}
CENT = Decimal("0.01")
MOST_MONEY = Decimal(10) ** 12
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LONGEST_REASON = 500
ELLIPSIS = " …"
EARLIEST, LATEST = 1900, 2200


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """What the whole column says about how its cells are to be read."""

    order: DateOrder | None = None
    serials_from: date | None = None  # day numbers count from this day; None where they are none
    number: NumberStyle = dataclasses.field(default_factory=NumberStyle)
    are_shares: bool = False  # a spreadsheet keeps 45 % as 0.45
    long_texts: LongTexts = LongTexts.REFUSE


@dataclass(frozen=True, slots=True)
class CellResult:
    """
    Exactly one of: a value (perhaps with a reason beside it), a stated reason, a fault, or nothing.

    `rest` is what was cut off a text and belongs into the field's longer one.
    """

    value: ImportValue | None = None
    reason: str = ""
    rest: str = ""
    wrong: str = ""
    right: str = ""


def clean(value: Value) -> str:
    """Return a cell as one line of text without control characters."""
    text = "" if value is None else str(value)
    cleaned = " ".join((text if text.isprintable() else CONTROLS.sub(" ", text)).split())
    # a long file's texts are held once: as its cell, as the value and as what was said
    return text if cleaned == text else cleaned


def read_cell(value: Value, field: Field, source: FieldSource, style: ColumnStyle) -> CellResult:
    """Read a cell that is not blank."""
    value = part_read(value, source)
    text = clean(value)
    translated = _translated(text, source)
    if translated is not None:
        value = text = translated
    if not text:
        return CellResult()
    return READERS[field.kind](value, text, field, source, style)


def part_read(value: Value, source: FieldSource) -> Value:
    """Return what of a cell counts: all of it, or what stands before its source's mark."""
    if source.until and isinstance(value, str) and source.until in value:
        return value.partition(source.until)[0].rstrip()
    return value


def _translated(text: str, source: FieldSource) -> str | None:
    if not source.values:
        return None
    wanted = normalized(text)
    return next((new for old, new in source.values.items() if normalized(old) == wanted), None)


def _text(
    _value: Value, text: str, field: Field, _source: FieldSource, style: ColumnStyle
) -> CellResult:
    if text in SHEET_ERRORS:
        return CellResult(
            wrong=f"{field.label} is an error of its sheet.",
            right="Mend the formula, or empty the cell.",
        )
    if len(text) <= field.longest:
        return CellResult(value=text)
    if style.long_texts is LongTexts.CUT:
        return CellResult(value=cut(text, field.longest)[0] + ELLIPSIS)
    if style.long_texts is LongTexts.REST and field.rest:
        first, rest = cut(text, field.longest)
        return CellResult(value=first + ELLIPSIS, rest=rest)
    return CellResult(
        wrong=f"{field.label} is {len(text)} characters long.",
        right=f"At most {field.longest} characters.",
    )


def cut(text: str, longest: int) -> tuple[str, str]:
    """Part a text between two words, so that the first part fits with a sign that it goes on."""
    room = longest - len(ELLIPSIS)
    at = text.rfind(" ", room // 2, room + 1)
    at = at if at > 0 else room
    return text[:at].rstrip(), text[at:].strip()


def _date(
    value: Value, text: str, field: Field, _source: FieldSource, style: ColumnStyle
) -> CellResult:
    found = parse_date(value, style.order, serials_from=style.serials_from)
    if found is not None:
        if EARLIEST <= found.year <= LATEST:
            return CellResult(value=found)
        return CellResult(
            wrong=f"{field.label} has a year that cannot be meant.",
            right=f"A year from {EARLIEST} to {LATEST}.",
        )
    right = "A date such as 2026-12-04 or 4 Dec 2026."
    if is_month_without_day(text):
        return CellResult(wrong=f"{field.label} names a month without a day.", right=right)
    if is_date_attempt(text):
        return CellResult(wrong=f"{field.label} is no date of the calendar.", right=right)
    return CellResult(reason=text[:LONGEST_REASON])


def _money(
    value: Value, text: str, field: Field, source: FieldSource, style: ColumnStyle
) -> CellResult:
    number = parse_number(value, style.number)
    right = "An amount such as 1,250,000 or 1.25m."
    if number is None:
        return _not_a_number(text, field, right)
    if number.unit is None:
        return CellResult(wrong=f"{field.label} is a percentage.", right=right)
    amount = number.value * (number.unit if number.has_unit else source.unit)
    if abs(amount) > MOST_MONEY:
        return CellResult(wrong=f"{field.label} is above {MOST_MONEY:,}.", right=right)
    return _bounded(amount.quantize(CENT, rounding=ROUND_HALF_UP), field)


def _number(
    value: Value, text: str, field: Field, source: FieldSource, style: ColumnStyle
) -> CellResult:
    if said := field.spellings.get(normalized(text)):
        return CellResult(value=Decimal(said))
    number = parse_number(value, style.number)
    if number is None or number.has_unit:
        return _not_a_number(text, field, "A number.")
    if field.is_whole and number.value % 1:
        return CellResult(wrong=f"{field.label} is between two numbers.", right="A whole number.")
    return _bounded(number.value * source.unit, field)


def _percent(
    value: Value, text: str, field: Field, source: FieldSource, style: ColumnStyle
) -> CellResult:
    number = parse_number(value, style.number)
    if number is None or (number.has_unit and number.unit is not None):
        return _not_a_number(text, field, "A percentage such as 45 %.")
    if number.unit is None:
        return _bounded(number.value, field)
    return _bounded(number.value * (100 if style.are_shares else source.unit), field)


def _bounded(number: Decimal, field: Field) -> CellResult:
    if field.lowest is not None and number < field.lowest:
        return CellResult(wrong=f"{field.label} is too low.", right=f"At least {field.lowest}.")
    if field.highest is not None and number > field.highest:
        return CellResult(wrong=f"{field.label} is too high.", right=f"At most {field.highest}.")
    return CellResult(value=number)


def _not_a_number(text: str, field: Field, right: str) -> CellResult:
    """Keep words as the stated reason; a spoiled number is a fault."""
    if is_number_attempt(text):
        return CellResult(wrong=f"{field.label} starts like a number but is none.", right=right)
    return CellResult(reason=text[:LONGEST_REASON])


def _color(
    _value: Value, text: str, field: Field, _source: FieldSource, _style: ColumnStyle
) -> CellResult:
    color = COLORS.get(normalized(text))
    if color is None and text in SHEET_ERRORS:
        return CellResult(
            wrong=f"{field.label} is an error of its sheet.",
            right="Mend the formula, or empty the cell.",
        )
    if color is None:
        return CellResult(value="none", reason=text[:LONGEST_REASON])
    return CellResult(value=color)


def _choice(
    _value: Value, text: str, field: Field, _source: FieldSource, _style: ColumnStyle
) -> CellResult:
    wanted = normalized(text)
    for code, word in field.choices:
        if wanted in {code, normalized(word), code.replace("_", " "), code.replace("_", "-")}:
            return CellResult(value=code)
    if said := field.spellings.get(wanted):
        return CellResult(value=said)
    return CellResult(
        wrong=f"{field.label} is a word that is not known here.",
        right=f"One of: {', '.join(w for c, w in field.choices if c not in field.unoffered)}.",
    )


READERS: dict[CellKind, Callable[[Value, str, Field, FieldSource, ColumnStyle], CellResult]] = {
    CellKind.TEXT: _text,
    CellKind.DATE: _date,
    CellKind.MONEY: _money,
    CellKind.NUMBER: _number,
    CellKind.PERCENT: _percent,
    CellKind.COLOR: _color,
    CellKind.CHOICE: _choice,
}
