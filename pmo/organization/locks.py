"""
What cannot change any more once an amount is recorded, and how that holds while somebody records one.

Apps above say which of their columns hold amounts; nothing here knows what they mean.
"""

from typing import NamedTuple

from django.db import connection, models
from django.db.models import Q

LOCKED = frozenset({"currency", "fiscal_year_start_month"})
SENTENCES = {
    "currency": "Amounts are recorded in this currency, so it cannot change any more. You can still"
    " choose the side on which it is written.",
    "fiscal_year_start_month": "Amounts are recorded by fiscal year, so its first month cannot"
    " change any more.",
}
WAIT = "5s"  # for those who write amounts at the moment


class Amounts(NamedTuple):
    model: type[models.Model]
    columns: tuple[str, ...]


_known: dict[type[models.Model], Amounts] = {}
_limits: dict[type[models.Model], Amounts] = {}


def amounts_are_in(model: type[models.Model], *columns: str) -> None:
    """Register the columns of a model that hold amounts; call it from the app's `ready()`."""
    _known[model] = Amounts(model, columns)


def limits_are_in(model: type[models.Model], *columns: str) -> None:
    """
    Register the columns that hold limits of amounts; call it from the app's `ready()`.

    A limit is a choice, which can be made again in another currency: it locks nothing.
    """
    _limits[model] = Amounts(model, columns)


def registered() -> set[tuple[type[models.Model], str]]:
    """Return every column that holds an amount, or a limit of amounts."""
    held = (*_known.values(), *_limits.values())
    return {(one.model, column) for one in held for column in one.columns}


def is_an_amount_recorded() -> bool:
    """Say whether any amount is there; a column that is never empty counts from the first not zero."""
    return any(one.model._base_manager.filter(_said(one)).exists() for one in _known.values())


def _said(one: Amounts) -> Q:
    said = Q()
    for column in one.columns:
        field = one.model._meta.get_field(column)
        said |= Q(**{f"{column}__isnull": False}) if field.null else ~Q(**{column: 0})
    return said


def hold_amounts_still() -> None:
    """
    Let nobody record an amount until this transaction ends.

    On SQLite nobody else writes anyhow. Raises OperationalError when one who writes takes too long.
    """
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(one._meta.db_table) for one in _known)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
