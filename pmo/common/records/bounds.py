"""
How small and how large a number may be: said once, at the model's field, and kept everywhere.

A field of this kind refuses in `full_clean`, so in every form and service; serializers read its limits;
and the database has a guard on its column (`pmo.common.records.guards`), for whoever goes round those.
The bounds are no part of the schema: a narrower one is a change of code, and what was stored under
wider ones stands in nobody's way until somebody edits that very value (decision 35).
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

# the years that any record may hold; what an organization takes of them is its own window
FIRST_YEAR, LAST_YEAR = 1900, 2200

Bound = int | Decimal | date


class Bounded:
    """A mixin of fields: what the database keeps at most, and whether a value is taken today."""

    least: Any
    most: Any

    def takes(self, value: Any) -> bool:
        """Say whether this would be accepted if somebody gave it now."""
        return bool(self.least <= value <= self.most)


class _Number(Bounded):
    """Limits as validators that serializers can read; `said` is the sentence for both ends."""

    default_validators: list[Any]
    kind: type[Any]

    def __init__(
        self,
        *args: Any,
        least: Bound | None = None,
        most: Bound | None = None,
        said: str = "",
        **kwargs: Any,
    ) -> None:
        # None where a migration makes it: limits are no part of the schema
        self.least, self.most, self.said = least, most, said
        if least is not None and most is not None:
            self.said = said or f"Give a whole number from {least:,} to {most:,}."
            self.default_validators = [
                MinValueValidator(least, self.said),
                MaxValueValidator(most, self.said),
            ]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return it as Django's own."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]  # a field's
        return name, f"django.db.models.{self.kind.__name__}", args, kwargs


class SmallCount(_Number, models.PositiveSmallIntegerField):  # type: ignore[type-arg]  # not generic at run time
    kind = models.PositiveSmallIntegerField


class Count(_Number, models.PositiveIntegerField):  # type: ignore[type-arg]  # the same
    kind = models.PositiveIntegerField


class SmallWhole(_Number, models.SmallIntegerField):  # type: ignore[type-arg]  # the same
    kind = models.SmallIntegerField


class Whole(_Number, models.IntegerField):  # type: ignore[type-arg]  # the same
    kind = models.IntegerField


class Share(_Number, models.DecimalField):  # type: ignore[type-arg]  # the same
    kind = models.DecimalField


def bounds_of(field: "models.Field[Any, Any]") -> tuple[Any, Any] | None:
    """Return the least and the most that a column may hold; None where anything may stand."""
    if isinstance(field, Bounded):
        return field.least, field.most
    said = [*field.default_validators, *getattr(field, "_validators", ())]
    most = [one.limit_value for one in said if type(one) is MaxValueValidator]
    if most:
        least = [one.limit_value for one in said if type(one) is MinValueValidator]
        return max(least, default=0), min(most)
    if field.choices and isinstance(field, models.IntegerField):
        offered = [value for value, _ in field.flatchoices]
        return min(offered), max(offered)
    return None


def left_outside(record: models.Model, *, unless: Collection[str]) -> set[str]:
    """Return the fields that hold what is not taken any more, but those being changed now."""
    return {
        field.name
        for field in record._meta.concrete_fields
        if isinstance(field, Bounded) and field.name not in unless
        if (value := getattr(record, field.attname)) is not None and not field.takes(value)
    }
