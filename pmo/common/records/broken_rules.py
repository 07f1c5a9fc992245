"""
Which rule of the database was broken, said in a sentence: never to be taken for two writers who met.

What forms and services let through, constraints stop. A rule with a sentence of its own says that
(`violation_error_message`); a column left empty or outside its bounds is named.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import DatabaseError, models

# SQLite's extended codes and PostgreSQL's: a CHECK, a NOT NULL, and what no column can hold
BROKEN_ON_SQLITE = {275, 1299, 3091}
BROKEN_ON_POSTGRESQL = {"23514", "23502", "22003", "22001"}
# two writers: the same key twice, the same place twice, a record that somebody removed meanwhile
MET_ON_SQLITE = {2067, 1555, 2579, 787}
MET_ON_POSTGRESQL = {"23505", "23P01", "23503"}
OF_A_TRIGGER = 1811

OUT_OF_BOUNDS = "bounds"
_BOUNDS = re.compile(rf"{OUT_OF_BOUNDS}: (\w+)\.(\w+)")
_CHECK = re.compile(r"CHECK constraint failed: (\w+)$")
_EMPTY = re.compile(r"NOT NULL constraint failed: (\w+)\.(\w+)")

FILL_IN = "Fill this in."
OUTSIDE = "This is outside of what can be kept."
TOO_LARGE = "A number or a text is larger than can be kept. Nothing was saved."
UNNAMED = "This breaks a rule on what is kept ({name}). Nothing was saved."


class BrokenRule(NamedTuple):
    """A sentence, and the field it is about; "" for a rule across fields."""

    sentence: str
    field: str = ""


def is_two_of_a_kind(error: DatabaseError) -> bool:
    """Say whether another writer's row stood in the way, or one that this row needs has gone."""
    said = error.__cause__
    return (
        getattr(said, "pgcode", None) in MET_ON_POSTGRESQL
        or getattr(said, "sqlite_errorcode", None) in MET_ON_SQLITE
    )


def broken_rule(error: Exception) -> BrokenRule | None:
    """Return which rule was broken; None where it is another fault."""
    if isinstance(error, OverflowError) and "SQLite" in str(error):
        return BrokenRule(TOO_LARGE)
    if not isinstance(error, DatabaseError):
        return None
    said = error.__cause__
    if getattr(said, "pgcode", None) in BROKEN_ON_POSTGRESQL:
        return _on_postgresql(said)
    code, text = getattr(said, "sqlite_errorcode", None), str(said)
    if code in BROKEN_ON_SQLITE or (code == OF_A_TRIGGER and text.startswith(OUT_OF_BOUNDS)):
        return _on_sqlite(text)
    return None


def _on_postgresql(said: object) -> BrokenRule:
    told = getattr(said, "diag", None)
    table = getattr(told, "table_name", None) or ""
    column = getattr(told, "column_name", None) or ""
    rule = getattr(told, "constraint_name", None) or ""
    if rule == OUT_OF_BOUNDS:
        return BrokenRule(OUTSIDE, _field_of(table, column))
    if column:
        return BrokenRule(FILL_IN, _field_of(table, column))
    if not rule:
        return BrokenRule(TOO_LARGE)
    of_column = rule.removeprefix(f"{table}_").removesuffix("_check")
    if field := _field_of(table, of_column):
        return BrokenRule(OUTSIDE, field)
    return _named(rule)


def _on_sqlite(text: str) -> BrokenRule:
    if found := _BOUNDS.search(text):
        return BrokenRule(OUTSIDE, _field_of(*found.groups()))
    if found := _EMPTY.search(text):
        return BrokenRule(FILL_IN, _field_of(*found.groups()))
    if found := _CHECK.search(text):
        # a column of whole numbers has a check without a name, told by the column's
        is_rule = any(one.name == found[1] for one in _rules())
        return _named(found[1]) if is_rule else BrokenRule(OUTSIDE, found[1].removesuffix("_id"))
    return BrokenRule(UNNAMED.format(name=text))


def _rules() -> Iterator[models.BaseConstraint]:
    for model in apps.get_models():
        yield from model._meta.constraints


def _named(rule: str) -> BrokenRule:
    for one in _rules():
        own = one.violation_error_message
        if one.name == rule and own != one.default_violation_error_message:
            return BrokenRule(str(own))
    return BrokenRule(UNNAMED.format(name=rule))


def _field_of(table: str, column: str) -> str:
    """Return the field's name; "" where no record of ours has the column."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            return next((f.name for f in model._meta.concrete_fields if f.column == column), "")
    return ""
