"""
What would a later version of a template change in one project, line by line?

Three rows are compared: as the template said when the project took it over, as it says now, and as the
project has it. A field is listed where the template moved and the project does not say the same already;
it is the project's own where that moved too. What a project removed is not offered again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from projects.project_templates.domain.sections import FieldSpec, Row, SectionSpec

SEAL = 16  # characters


class LineKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


class ByHand(StrEnum):
    """Why a line is not taken over by a click."""

    GATE = "gate"  # a gate is laid with its evidence
    MILESTONE = "milestone"  # what is reported of it would be lost
    BEGUN = "begun"  # work on it has begun
    PLACE = "place"  # its phase, milestone or calendar alone moved
    BOOKED = "booked"  # its amount is approved money
    REGISTER = "register"  # a risk is closed, never removed
    STAKEHOLDER = "stakeholder"  # they have a history of engagement


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMove:
    """One field that the template says differently now; `here` is what the project has."""

    spec: FieldSpec
    was: Any
    now: Any
    here: Any

    @property
    def is_own(self) -> bool:
        return bool(self.here != self.was)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptLine:
    """
    One row that the template says differently now.

    `by_hand` says why Rounds does not take it over; `left_out` are fields of a line that it does.
    """

    section: SectionSpec
    key: str
    kind: LineKind
    was: Row | None
    now: Row | None
    here: Row | None
    moves: Sequence[FieldMove] = ()
    left_out: Sequence[FieldSpec] = ()
    by_hand: ByHand | None = None

    @property
    def own(self) -> list[FieldMove]:
        """The fields that the project changed itself."""
        return [move for move in self.moves if move.is_own]

    @property
    def row(self) -> Row:
        return self.now or self.here or self.was or {}

    @property
    def seal(self) -> str:
        """What was seen of the line: another one means that template or project moved since."""
        said = [self.section.name, self.key, self.kind, self.was, self.now, self.here, self.by_hand]
        text = json.dumps(said, sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()[:SEAL]


def line_of(
    section: SectionSpec, key: str, *, was: Row | None, now: Row | None, here: Row | None
) -> AdoptLine | None:
    """Compare the three; None where there is nothing to take over."""
    if was is None and here is None and now is not None:
        return AdoptLine(
            section=section, key=key, kind=LineKind.ADDED, was=None, now=now, here=None
        )
    if here is None or was == now:
        return None
    if now is None:
        if not was:
            return None  # the project keeps it, knowingly
        return AdoptLine(section=section, key=key, kind=LineKind.GONE, was=was, now=None, here=here)
    before = was or {}
    moves = [
        FieldMove(
            spec=spec,
            was=before.get(spec.name),
            now=now.get(spec.name),
            here=here.get(spec.name),
        )
        for spec in section.fields
        if before.get(spec.name) != now.get(spec.name) != here.get(spec.name)
    ]
    if not moves:
        return None
    return AdoptLine(
        section=section, key=key, kind=LineKind.CHANGED, was=was, now=now, here=here, moves=moves
    )
