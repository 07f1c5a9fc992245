"""Rules on values that the form, the API and the service all apply."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from pmo.common.page import formats
from pmo.organization.current import categories
from projects.domain.calendar import month_end
from projects.domain.colors import Color
from projects.domain.kinds import CostKind
from projects.rules import axes_in_use, axis_names

FARTHEST = 36_500  # days, a century: whatever moves a finish by more is a slip of the finger
TOO_FAR = f"Give at most {FARTHEST:,} days."


def within_a_century(days: int | None) -> None:
    """Raise ValidationError for more days than any date moves."""
    if days is not None and abs(days) > FARTHEST:
        raise ValidationError(TOO_FAR, code="too_far")


def days_within_a_century(field: str, days: int | None) -> None:
    """Raise the same at the field."""
    try:
        within_a_century(days)
    except ValidationError as error:
        raise ValidationError({field: error}) from error


def cost_of_this_month_or_before(kind: str, day: date | None, *, today: date) -> None:
    """
    Raise ValidationError at `entry_date` for an actual cost dated in a later month than today's.

    A month's end is posted before it has come; a later month is a slip of the finger, and the cost
    would silently not count until then. What a contract binds may be dated by when it falls due.
    """
    last = month_end(today)
    if kind == CostKind.ACTUAL and day is not None and day > last:
        sentence = (
            f"{formats.day(day)} is in a month yet to come, when the cost would begin to count."
            f" Date a cost up to {formats.day(last)}, or record a commitment."
        )
        raise ValidationError({"entry_date": ValidationError(sentence, code="later_month")})


def category_in_use(code: str, *, kept: str | None) -> None:
    """
    Raise ValidationError for a category that is not offered; `kept` is what the project has already.

    A project keeps a category that was retired since.
    """
    offered = {one.code: one.name for one in categories() if one.is_active}
    if code != kept and code not in offered:
        sentence = f"Choose a category that is in use: {', '.join(offered.values())}."
        raise ValidationError(sentence, code="category")


def said_on_unused_axes(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that say something on an axis that is not in use, each with a sentence."""
    in_use, faults = axes_in_use(), {}
    for axis, name in axis_names().items():
        if axis in in_use:
            continue
        for field in (axis.value, axis.note):
            if values.get(field) not in (None, "", Color.NONE):
                faults[field] = f"{name} is not in use here. Leave it out."
    return faults


def publishing_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what a status update lacks before it can be published, field by field."""
    faults = {}
    if values.get("overall", "") in ("", Color.NONE):
        faults["overall"] = "Choose an overall status."
    if not (values.get("overall_note") or "").strip():
        faults["overall_note"] = "Say in a sentence why the project has this status."
    if values.get("overall") == Color.RED:
        if not (values.get("help_needed") or "").strip():
            faults["help_needed"] = "A red project must say what decision or help it needs."
        if not (values.get("help_from") or "").strip():
            faults["help_from"] = "Say who should decide or help."
        if not values.get("help_due"):
            faults["help_due"] = "Say by when the decision or help is needed."
    percent = values.get("percent_complete")
    if percent is not None and not 0 <= percent <= 100:  # noqa: PLR2004 - a percentage
        faults["percent_complete"] = "Percent complete goes from 0 to 100."
    cost = values.get("forecast_cost")
    if cost is not None and cost < 0:
        faults["forecast_cost"] = "A forecast cost cannot be negative."
    return faults
