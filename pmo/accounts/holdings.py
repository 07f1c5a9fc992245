"""
What a person answers for, and handing it over when the person leaves.

The apps above register what they know of (projects, risks and issues, subscriptions) from their
`ready()`. Each looks with the reader's eyes and writes with the rights of who hands over: what that one
may not see is a number, what that one may not change stays and is counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing

NOT_TO_LEAVER = "Choose another person: this one hands over."
NOT_ACTIVE = "This person is deactivated. Choose an active one."


class Held(NamedTuple):
    """One thing that somebody answers for; `what` says as what, or which."""

    name: str
    what: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What somebody holds of one kind, as a reader sees it."""

    title: str
    rows: tuple[Held, ...]
    hidden: int = 0  # more, which the reader may not see


class Handed(NamedTuple):
    done: int
    left: int  # not seen, not changeable, or nothing for the one who takes over


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """What one app knows: `part_of(person, reader)` reads, `hand_over(person, to, by)` writes."""

    order: int
    part_of: Callable[[User, User], Part]
    hand_over: Callable[[User, User, User], Handed]


_keepers: dict[str, Keeper] = {}


def register(name: str, keeper: Keeper) -> None:
    _keepers[name] = keeper


def keepers() -> list[Keeper]:
    return sorted(_keepers.values(), key=lambda keeper: keeper.order)


def parts_of(person: User, *, reader: User) -> list[Part]:
    """Return what the person answers for, without the kinds of which there is nothing."""
    parts = [keeper.part_of(person, reader) for keeper in keepers()]
    return [part for part in parts if part.rows or part.hidden]


@all_or_nothing
def hand_over(*, person: User, to: User, by: User) -> Handed:
    """Put somebody else in the person's place wherever `by` may; projects come first, they give rights."""
    if to.pk == person.pk:
        raise RefusalError(NOT_TO_LEAVER)
    if not to.is_active:
        raise RefusalError(NOT_ACTIVE)
    with audit.gathered():
        handed = [keeper.hand_over(person, to, by) for keeper in keepers()]
        found = Handed(sum(one.done for one in handed), sum(one.left for one in handed))
        audit.record(
            action="person.handed_over",
            target=person,
            by=by,
            after={"to": to.pk, "done": found.done, "left": found.left},
        )
    return found
