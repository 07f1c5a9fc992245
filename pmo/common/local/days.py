"""
Which dates can be meant: one window for every date that people, files and callers of the API give.

A year typed as "26" is the year 26; 9999 is somebody's "never". Both would pass for a date and break
charts and sums, so a date outside the organization's window is refused with what was probably meant.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers

from pmo.common.page.formats import day

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


class Day(models.DateField):  # type: ignore[type-arg]  # Django has no generic fields at run time
    """A date that people give."""

    default_validators = [inside_window]

    def deconstruct(self) -> Any:
        """Return it as Django's own: the window is no part of the schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs


def left_outside(record: models.Model, *, unless: Collection[str]) -> set[str]:
    """Return the date fields that hold what no window takes any more, but those being changed now."""
    within = window()
    return {
        field.name
        for field in record._meta.concrete_fields
        if isinstance(field, Day) and field.name not in unless
        if (value := getattr(record, field.attname)) is not None and not within.holds(value)
    }


def watch_dates() -> None:
    """Let every date of a form and of the API be looked at; called once, before any is made."""
    forms.DateField.default_validators = [inside_window]
    setattr(serializers.DateField, "default_validators", [inside_window])  # typed per instance
