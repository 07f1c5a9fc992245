"""What one row of a list would do, in words for a page and in values for a service."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models


class RowEffect(models.TextChoices):
    """What a row comes to; a question is written only once it is answered."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    ASKED = "asked", "Who is meant?"
    REFUSED = "refused", "Refused"

    @property
    def writes(self) -> bool:
        return self in {RowEffect.NEW, RowEffect.CHANGED}


class ListRowRefusedError(Exception):
    """A row cannot be written; the text is a sentence that says why."""


@dataclass(slots=True, kw_only=True)
class Result:
    """One row: `changes` as (what, old, new), `values` and `roles` for the service that writes it."""

    line: int
    name: str
    effect: RowEffect
    changes: list[list[str]] = field(default_factory=list)
    reason: str = ""
    note: str = ""
    candidates: list[list[str]] = field(default_factory=list)  # (value, label) of who may be meant
    target: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    roles: list[tuple[str, int | None]] = field(default_factory=list)
    path: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return what the report keeps."""
        return {
            "line": self.line,
            "name": self.name,
            "effect": self.effect.value,
            "changes": self.changes,
            "reason": self.reason,
            "note": self.note,
            "candidates": self.candidates,
        }
