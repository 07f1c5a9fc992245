"""
The organization's settings and categories as they are now: read once per request, job or tick, then
held. Both come with one statement, for nearly every page asks for both.

Nothing is held between them, so a change takes effect everywhere at the next request.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.utils import timezone

from pmo.common.local.currency import Currency
from pmo.common.local.days import Window
from pmo.organization.defaults import initial
from pmo.organization.models import ONLY, Category, Organization

_BESIDE_EACH_CATEGORY = (
    "SELECT o.*, c.id AS c_id, c.code AS c_code, c.name AS c_name, c.position AS c_position,"
    " c.is_active AS c_is_active, c.version AS c_version"
    " FROM organization_category c LEFT JOIN organization_organization o ON o.id = %s"
    " ORDER BY c.position, c.id"
)
# asked for with every date and amount that is checked or shown, so read without ceremony
_organization: ContextVar[Organization | None] = ContextVar("organization", default=None)
_categories: ContextVar[Sequence[Category] | None] = ContextVar("categories", default=None)


def organization() -> Organization:
    """Return the settings in force; the environment's first values, unsaved, while there is no row."""
    held = _organization.get()
    if held is None:
        held, known = _read()
        hold(held)
        hold_categories(known)
    return held


def _read() -> tuple[Organization, Sequence[Category]]:
    """Read the one row beside each of the categories; the order is theirs."""
    rows: list[Any] = list(Organization.objects.raw(_BESIDE_EACH_CATEGORY, [ONLY]))
    known = tuple(
        Category(
            pk=row.c_id,
            code=row.c_code,
            name=row.c_name,
            position=row.c_position,
            is_active=bool(row.c_is_active),  # SQLite hands a number out
            version=row.c_version,
        )
        for row in rows
    )
    if not rows:  # no category, so nothing to stand beside
        return Organization.objects.filter(pk=ONLY).first() or initial(), known
    return (rows[0] if rows[0].pk else initial()), known


def hold(held: Organization) -> None:
    """Let these settings be in force here until they are forgotten."""
    _organization.set(held)


def forget(**_signal: Any) -> None:
    """Read the settings again when they are asked for next."""
    _organization.set(None)
    _categories.set(None)


def categories() -> Sequence[Category]:
    """Return all categories in their order, the retired too; read once, as the settings are."""
    held = _categories.get()
    if held is None:
        _, held = _read()
        hold_categories(held)
    return held


def hold_categories(held: Sequence[Category]) -> None:
    """Let these categories hold here until they are forgotten."""
    _categories.set(held)


def category_names() -> dict[str, str]:
    """Return the names by code, in their order."""
    return {one.code: str(one.name) for one in categories()}


def category_name(code: str) -> str:
    """Return the category's name; the code itself where nothing has it."""
    return category_names().get(code, code)


def category_choices(*, kept: str = "") -> list[tuple[str, str]]:
    """Return code and name of those in use, and of the one that a record keeps."""
    choices = [(one.code, str(one.name)) for one in categories() if one.is_active]
    if kept and kept not in dict(choices):
        choices.append((kept, f"{category_name(kept)} (retired)"))
    return choices


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
