"""People, units and programs that a file names and Rounds does not know: listed, and made once answered for."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from pmo.accounts import services as accounts
from pmo.accounts.models import Unit, UnitKind, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can, scope_of
from projects.models import Program
from projects.services.projects import create_program
from reports.imports.domain import ImportRow, RecordKind, normalized, similar_names
from reports.imports.domain.fields import Sort
from reports.imports.services.refusals import RowRefusedError

LONGEST = 120
# a file with more new names than this is looked through without likenesses, which take long to find
MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Unknown:
    """
    A name that is nobody's here, or several's.

    `uses` is how often each field names it; `same` holds the ids of those who share it, `near` of those
    whose names look alike.
    """

    sort: Sort
    key: str
    name: str
    uses: Mapping[str, int]
    same: tuple[int, ...]
    near: tuple[int, ...]

    @property
    def can_be_added(self) -> bool:
        """False for an address: whoever gets one may sign in, which an import does not grant."""
        return self.sort is not Sort.PERSON or "@" not in self.name


class Newcomers:
    """Adds people, units and programs as rows come to them, each name once."""

    def __init__(self, *, by: User, below: int | None, tries: bool) -> None:
        self._by, self._tries = by, tries
        self._below = below
        self._made: dict[tuple[Sort, str], Any] = {}
        self._makers = {
            Sort.PERSON: self._person,
            Sort.UNIT: self._unit,
            Sort.PROGRAM: self._program,
        }

    def known(self, sort: Sort, key: str) -> Any:
        """Return what was added under this name, None when nothing was."""
        return self._made.get((sort, key))

    def mark(self) -> int:
        return len(self._made)

    def back_to(self, mark: int) -> None:
        """Forget what was added since: it was taken back."""
        for key in list(self._made)[mark:]:
            del self._made[key]

    @property
    def names(self) -> dict[str, list[str]]:
        """The names that were added, for the report."""
        return {
            sort.value: [record.name for (one, _), record in self._made.items() if one is sort]
            for sort in Sort
        }

    def add(self, sort: Sort, text: str, field: str) -> Any:
        """Add a person, unit or program of this name; None for one that is only tried and could not be."""
        name = " ".join(text.split())
        if sort is Sort.PERSON and "@" in name:
            if self._tries:
                return None
            raise RowRefusedError(
                field,
                "Nobody in Rounds has this address.",
                "A name; an administrator adds people who sign in.",
            )
        key = sort, normalized(name)
        try:
            made = self._makers[sort](name, field)
        except ValidationError as error:
            raise RowRefusedError(
                field,
                f"This name cannot be added: {error.messages[0]}",
                f"A name of at most {LONGEST} letters.",
            ) from error
        self._made[key] = made
        return made

    def _person(self, name: str, field: str) -> User:
        if not (self._tries or can(self._by, Permission.PERSON_NAME).allowed):
            raise RowRefusedError(field, "You may not add people.", "A person who is in Rounds.")
        return accounts.create_user(by=self._by, email=None, name=name)

    def _unit(self, name: str, field: str) -> Unit:
        parent = self._parent()
        scope = scope_of(self._by, Permission.UNIT_ADD)
        if not (self._tries or scope.covers(parent.path if parent else "")):
            raise RowRefusedError(
                field, "You may not add a unit here.", "A unit that is in Rounds."
            )
        return accounts.create_unit(
            by=self._by, name=name, kind=UnitKind.DEPARTMENT.value, parent=parent
        )

    def _program(self, name: str, field: str) -> Program:
        if not (self._tries or can(self._by, Permission.PROGRAM_CHANGE).allowed):
            raise RowRefusedError(
                field, "You may not add programs.", "A program that is in Rounds."
            )
        return create_program(by=self._by, code=_free_code(name), name=name)

    def _parent(self) -> Unit | None:
        if self._below is not None:
            return Unit.objects.filter(pk=self._below).first()
        scope = scope_of(self._by, Permission.PROJECT_CREATE)
        if self._tries and not scope.everywhere:
            # somebody's own corner: only there could the row be written at all
            return Unit.objects.filter(path__in=scope.paths).order_by("pk").first()
        return None


def _free_code(name: str) -> str:
    """Return a code for a program that says its name: "Digital care" is DIGITAL-CARE."""
    longest = Program._meta.get_field("code").max_length or LONGEST
    letters = "".join(one if one.isalnum() else " " for one in name)
    whole = "-".join(letters.upper().split()) or "PROGRAM"
    taken = set(Program.objects.values_list("code", flat=True))
    endings = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
    codes = (whole[: longest - len(one)].rstrip("-") + one for one in endings)
    return next(code for code in codes if code not in taken)


def unknown_names(
    rows: Iterable[ImportRow],
    kind: RecordKind,
    known: Mapping[Sort, Mapping[str, list[Any]]],
    settles: Callable[[ImportRow, str], bool] = lambda _row, _field: False,
) -> list[Unknown]:
    """
    Return every name in the rows that is not exactly one record's, with those that look alike.

    `known` holds for each sort what Rounds calls so, by the name as `normalized` writes it; `settles` says of a row and a field whether the name there needs no answer.
    """
    uses: dict[tuple[Sort, str], Counter[str]] = {}
    names: dict[tuple[Sort, str], str] = {}
    fields = {field.name: field.names for field in kind.fields if field.names}
    for row in rows:
        for field, sort in fields.items():
            text = " ".join(str(row.values.get(field, "")).split())
            key = sort, normalized(text)
            if text and not (len(known[sort].get(key[1], [])) != 1 and settles(row, field)):
                names.setdefault(key, text)
                uses.setdefault(key, Counter())[kind.field(field).label] += 1
    open_names = [key for key in uses if len(known[key[0]].get(key[1], [])) != 1]
    compares = len(open_names) <= MOST_COMPARED
    found = []
    for one in open_names:
        sort, name = one
        same = tuple(record.pk for record in known[sort].get(name, []))
        near = _near(sort, name, known[sort]) if compares and not same else ()
        found.append(Unknown(sort, name, names[one], dict(uses[one]), same, near))
    return found


def _near(sort: Sort, key: str, known: Mapping[str, list[Any]]) -> tuple[int, ...]:
    """Return who is called much the same; a person is looked for once, not once for each way to say it."""
    is_person = sort is Sort.PERSON
    if is_person and key.count(",") == 1:
        last, _, first = key.partition(",")
        key = f"{first.strip()} {last.strip()}"
    named = (one for one, found in known.items() if found and not (is_person and "," in one))
    spellings = similar_names(key, {one: one for one in named})
    return tuple(dict.fromkeys(record.pk for one in spellings for record in known[one]))
