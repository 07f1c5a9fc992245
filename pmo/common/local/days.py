"""
Which dates can be meant: one window for every date that people, files and callers of the API give.

A year typed as "26" is the year 26; 9999 is somebody's "never". Both would pass for a date and break
charts and sums, so a date outside the organization's window is refused with what was probably meant.
Fiscal years follow the same window. Behind it the database takes two centuries more
(`pmo.common.records.guards`); what is older than the window stays until it is edited.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers

from pmo.common.page.formats import day
from pmo.common.records.bounds import FIRST_YEAR, LAST_YEAR, Bounded

SHORT_YEARS = 100
CENTURY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The first and the last day that may be given."""

    first: date
    last: date

    def holds(self, value: date) -> bool:
        return self.first <= value <= self.last


WIDEST = Window(first=date(1, 1, 1), last=date.max)
_known: list[Callable[[], Window]] = []


def use_window_of(window: Callable[[], Window]) -> None:
    """Say where the window is kept."""
    _known[:] = [window]


def window() -> Window:
    """Return the window in force; every date where nobody keeps one."""
    return _known[0]() if _known else WIDEST


def meant(value: date, within: Window) -> date | None:
    """Return the date with its year written in full; None when that is no guess worth making."""
    if value.year >= SHORT_YEARS:
        return None
    try:
        full = value.replace(year=CENTURY + value.year)
    except ValueError:  # 29 February of a year that has none
        return None
    return full if within.holds(full) else None


def inside_window(value: date) -> None:
    """Refuse a date that nobody can mean; raises ValidationError with the dates that are taken."""
    within = window()
    if within.holds(value):
        return
    sentence = f"Enter a day from {day(within.first)} to {day(within.last)}."
    if guess := meant(value, within):
        sentence += f" Did you mean {day(guess)}?"
    raise ValidationError(sentence, code="date_window")


def year_inside_window(value: int) -> None:
    """Refuse a fiscal year that lies in no window of dates; raises ValidationError."""
    within = window()
    last = within.last.year + 1  # a fiscal year is named by the year in which it ends
    if not within.first.year <= value <= last:
        raise ValidationError(
            f"Give a year from {within.first.year} to {last}.", code="year_window"
        )


def moved(value: date, days: int) -> date:
    """Return the day so many days later, or the last (first) there is: what is drawn never falls over."""
    number = value.toordinal() + days
    return date.fromordinal(min(max(number, 1), date.max.toordinal()))


class Day(Bounded, models.DateField):  # type: ignore[type-arg]  # Django has no generic fields at run time
    """A date that people give."""

    default_validators = [inside_window]
    least, most = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

    def takes(self, value: date) -> bool:
        return window().holds(value)

    def deconstruct(self) -> Any:
        """Return it as Django's own: the window is no part of the schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs


class FiscalYear(Bounded, models.PositiveSmallIntegerField):  # type: ignore[type-arg]  # the same
    """A fiscal year that people give, named by the year in which it ends."""

    default_validators = [year_inside_window]
    least, most = FIRST_YEAR, LAST_YEAR

    def takes(self, value: int) -> bool:
        within = window()
        return within.first.year <= value <= within.last.year + 1

    def deconstruct(self) -> Any:
        """Return it as Django's own, as a day is."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveSmallIntegerField", args, kwargs


def watch_dates() -> None:
    """Let every date of a form and of the API be looked at; called once, before any is made."""
    forms.DateField.default_validators = [inside_window]
    setattr(serializers.DateField, "default_validators", [inside_window])  # typed per instance
