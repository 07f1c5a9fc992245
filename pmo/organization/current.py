"""
The organization's settings as they are now: read once per request, job or tick, then held.

Nothing is held between them, so a change takes effect everywhere at the next request.
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from asgiref.local import Local
from django.db import DatabaseError
from django.utils import timezone

from pmo.common.currency import Currency
from pmo.common.days import Window
from pmo.organization.defaults import initial
from pmo.organization.models import ONLY, Organization

_held = Local()


def organization() -> Organization:
    """Return the settings in force; the environment's first values, unsaved, while there is no row."""
    held: Organization | None = getattr(_held, "organization", None)
    if held is None:
        held = Organization.objects.filter(pk=ONLY).first() or initial()
        hold(held)
    return held


def hold(held: Organization) -> None:
    """Let these settings be in force here until they are forgotten."""
    _held.organization = held


def forget(**_signal: Any) -> None:
    """Read the settings again when they are asked for next."""
    _held.organization = None


def money() -> Currency:
    """Return the organization's currency as amounts are written in it."""
    return organization().money


def zone() -> ZoneInfo | None:
    """Return the organization's time zone; None where the table is not there yet."""
    try:
        return ZoneInfo(organization().time_zone)
    except DatabaseError:
        return None


def window() -> Window:
    """Return the dates that are taken: from the earliest to the end of a year so far ahead."""
    now = organization()
    last = date(timezone.localdate().year + now.years_ahead, 12, 31)
    return Window(first=now.earliest_date, last=last)
