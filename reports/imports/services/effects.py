"""What an import wrote, as it is kept for an undo: [what, model, key, columns as they were, mark]."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from pmo.common.records import audit, ledger


class Kept(NamedTuple):
    """One effect read back; `mark` is that of the record as the import left it."""

    what: str
    label: str
    key: Any
    before: dict[str, Any]
    mark: str

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)


def kept(effects: Iterable[ledger.Effect]) -> list[list[Any]]:
    """Return effects as plain lists; the records are in the database by now."""
    return [
        [
            one.what,
            one.record._meta.label_lower,
            one.record.pk if one.pk is None else one.pk,
            audit.plain(one.before),
            "" if one.what == ledger.REMOVED else ledger.mark_of(one.record),
        ]
        for one in effects
    ]


def read(effects: Iterable[list[Any]]) -> list[Kept]:
    return [Kept(*one) for one in effects]
