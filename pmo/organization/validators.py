"""What the organization's settings must be like, each alone and beside each other."""

import calendar
import unicodedata
from datetime import date, time
from functools import cache
from typing import Protocol
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError

# "Sc" is every currency sign; letters make a code, a full stop ends an abbreviation
SIGN = "Sc"
# letters that amounts are shortened by: "5 M" would be five of that currency
SCALES = frozenset({"k", "m", "b", "bn"})
FIRST_YEAR = 1900
WEEKDAYS = tuple(calendar.day_name)  # Monday first


class RhythmSettings(Protocol):
    """The settings of a week, days from Monday, 0."""

    due_weekday: int
    due_time: time
    remind_time: time
    freeze_weekday: int
    compile_weekday: int


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones that this machine knows."""
    return frozenset(available_timezones())


def currency_text(value: str) -> None:
    """Refuse what could be taken for a part of the amount beside it."""
    if value.lower() in SCALES:
        raise ValidationError(
            f"“{value}” shortens amounts, as in “5 {value}”. Enter a sign such as $ or a code such"
            " as USD.",
            code="currency",
        )
    kinds = {unicodedata.category(letter) for letter in value if letter != "."}
    if not kinds or not all(kind == SIGN or kind.startswith("L") for kind in kinds):
        raise ValidationError(
            "Enter a sign such as $ or a code such as USD: letters and currency signs only.",
            code="currency",
        )


def known_zone(value: str) -> None:
    """Refuse a time zone that this machine does not know."""
    if value not in zones():
        raise ValidationError("Choose one of the list of time zones.", code="time_zone")


def rhythm_in_order(week: RhythmSettings) -> None:
    """Refuse a week whose steps do not follow each other."""
    days = (week.due_weekday, week.freeze_weekday, week.compile_weekday)
    if not all(isinstance(day, int) and 0 <= day < len(WEEKDAYS) for day in days):
        return  # the field says so itself
    errors = {}
    if None not in (week.remind_time, week.due_time) and week.remind_time >= week.due_time:
        errors["remind_time"] = ValidationError(
            f"Remind people before updates are due at {week.due_time:%H:%M}.", code="order"
        )
    if week.freeze_weekday < week.due_weekday:
        errors["freeze_weekday"] = ValidationError(
            f"Updates are due on {WEEKDAYS[week.due_weekday]}. Freeze the week at the end of that"
            " day or of a later one.",
            code="order",
        )
    if week.compile_weekday == week.freeze_weekday:
        errors["compile_weekday"] = ValidationError(
            f"The week is frozen at the end of {WEEKDAYS[week.freeze_weekday]}. Draft the summary"
            " on a day after it.",
            code="order",
        )
    if errors:
        raise ValidationError(errors)


def sane_window(earliest: date | None) -> None:
    """Refuse a first date that would leave no past."""
    if earliest is None:
        return
    if earliest.year < FIRST_YEAR or earliest > date.today():  # noqa: DTZ011 - a zone would not matter
        raise ValidationError(
            {"earliest_date": f"Choose a day of the past, from {FIRST_YEAR} on."}, code="window"
        )
