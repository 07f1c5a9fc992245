"""Write the categories of projects. None is ever deleted: projects and frozen weeks hold its code."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, only
from pmo.organization.current import forget
from pmo.organization.defaults import OTHER
from pmo.organization.models import Category

FIELDS = frozenset({"name", "position", "is_active"})
LONGEST_CODE = 20
MOST = 100  # more than this nobody chooses from


@all_or_nothing
def create_category(*, by: AbstractBaseUser | None, name: str, code: str = "") -> Category:
    """Add a category at the end; a code that is not given is made of the name."""
    rows = _held()
    if len(rows) >= MOST:
        raise RefusalError(f"There are {MOST} categories, and more are not of use.")
    name = _free_name(name, rows)
    record = Category(
        name=name, code=code or _free_code(name, rows), position=_end(rows), is_active=True
    )
    made = add(record, by=by, action="category.created")
    forget()
    return made


@all_or_nothing
def change_category(
    *, category: Category, version: int | None, by: AbstractBaseUser | None, **fields: Any
) -> Category:
    """
    Rename, retire, bring back or move to a place, counted from 0.

    Raises EditConflictError, and RefusalError for retiring what every project is at first.
    """
    accepted, rows = only(fields, FIELDS), _held()
    if category.code == OTHER and accepted.get("is_active") is False:
        raise RefusalError(
            f"“{category.name}” cannot be retired: a project belongs to it until somebody chooses."
        )
    if "name" in accepted:
        others = [one for one in rows if one.pk != category.pk]
        accepted["name"] = _free_name(accepted["name"], others)
    if "position" in accepted:
        accepted["position"] = _make_room(rows, category.pk, accepted["position"])
    changed = change(category, version=version, by=by, action="category.changed", **accepted)
    forget()
    return changed


def _held() -> list[Category]:
    """Lock the whole table, which is small: names and places are decided one after another."""
    return list(Category.objects.select_for_update().order_by("position", "pk"))


def _end(rows: Sequence[Category]) -> int:
    return max((one.position for one in rows), default=-1) + 1


def _free_name(name: str, others: Sequence[Category]) -> str:
    name = " ".join(name.split())
    if name.casefold() in {str(one.name).casefold() for one in others}:
        sentence = "Another category has this name. Retired ones count too: bring it back instead."
        raise ValidationError({"name": ValidationError(sentence, code="unique")})
    return name


def _free_code(name: str, rows: Sequence[Category]) -> str:
    """Make a code of the name's letters, numbered where another has it."""
    taken = {one.code for one in rows}
    stem = slugify(name).replace("-", "_")[:LONGEST_CODE].strip("_") or "category"
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem[: LONGEST_CODE - len(str(number)) - 1]}_{number}"
    return code


def _make_room(rows: Sequence[Category], pk: int, wanted: int) -> int:
    """Number the others so that the one fits in at the place wanted; return that place."""
    others = [one for one in rows if one.pk != pk]
    place = min(max(wanted, 0), len(others))
    for number, one in enumerate(others):
        position = number + (number >= place)
        if one.position != position:
            Category.objects.filter(pk=one.pk).update(position=position)
    return place
