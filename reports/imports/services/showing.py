"""What a cell changes, old and new, as the pages write it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Model

from pmo.common.page import formats
from pmo.organization.current import category_name, money
from reports.imports.domain import RECORD_KINDS
from reports.imports.domain.fields import CellKind, Field
from reports.imports.domain.likeness import is_far
from reports.imports.services.setting import Change

EMPTY = "empty"
_TYPED = (date, Decimal, Model)


def change_of(kind: str, name: str, old: Any, new: Any) -> Change:
    """Return the change of a field of ours from one value to another."""
    field = _field(kind, name)
    return Change(name, field.label, shown(field, old), shown(field, new), is_far(old, new))


@lru_cache(maxsize=1_000)
def _field(kind: str, name: str) -> Field:
    """Return the field, looked for once: every cell that is shown asks for its own."""
    return RECORD_KINDS[kind].field(name)


def shown(field: Field, value: Any) -> str:
    """Write a value as pages do; a stated reason stands as it was said."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, _TYPED):
        return _typed(field, value)
    if field.kind is CellKind.COLOR:
        return formats.color_word(str(value))
    if field.name == "category":
        return category_name(str(value))
    return dict(field.choices).get(str(value), str(value))


def _typed(field: Field, value: date | Decimal | Model) -> str:
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Decimal) and field.kind is CellKind.MONEY:
        return formats.money_exact(value, money())
    return str(value)


def reasons_changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[Change]:
    """Return what changes in the reasons that stand in place of values."""
    if dict(before) != dict(after):
        yield Change("stated_reasons", "Stated reasons", _listed(before), _listed(after))


def _listed(reasons: Mapping[str, str]) -> str:
    return "; ".join(f"{reason}" for _, reason in sorted(reasons.items())) or EMPTY
