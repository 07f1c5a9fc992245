"""Names and codes in a file to records here; what the importer may not see does not exist."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.db import models
from django.db.models import Max

from pmo.accounts.models import MARK, Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can, scope_of
from pmo.accounts.roles import Role
from projects.models import BudgetLine, Program, Project
from reports.imports.domain import (
    ADD,
    LEAVE,
    Answers,
    FoundBy,
    ImportRow,
    answers_for,
    normalized,
)
from reports.imports.domain.fields import Sort
from reports.imports.services.newcomers import Newcomers
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.standing import Standing, id_of
from reports.models import Freeze

NO_PROJECT = ("No project has this code.", "The code of a project that is in Rounds.")
M = TypeVar("M", bound=models.Model)
Named = dict[str, list[M]]


class Lookups:
    """
    Everything that rows refer to, read once; what this import creates is added as it comes.

    `absent` is what is said to rows that name a project whose own row of the same file is not written. With
    `tries`, people, units and programs that nobody has answered for are taken as new: the rows are taken
    back again. Without it such a row is refused.
    """

    def __init__(
        self,
        by: User,
        answers: Answers | None = None,
        *,
        tries: bool = False,
        found_by: FoundBy = FoundBy.EITHER,
        ids: Collection[str] = (),
        absent: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self._absent = absent or {}
        answers = answers or Answers()
        self._ids = frozenset(ids)
        self._found_by = found_by
        self.by, self.tries = by, tries
        self.may_create = scope_of(by, Permission.PROJECT_CREATE)
        self.units = _named((unit.name, unit) for unit in Unit.objects.order_by("pk"))
        people = User.objects.filter(is_active=True).order_by("pk")
        self.people = _named(pair for user in people for pair in _names_of(user))
        self._standing = Standing()
        self._said = {sort: answers_for(answers, sort) for sort in Sort}
        self.newcomers = Newcomers(by=by, below=answers.below, tries=tries)
        programs = Program.objects.order_by("pk")
        self._programs = _named((name, p) for p in programs for name in (p.code, p.name))
        self.named: dict[Sort, Named[Any]] = {
            Sort.PERSON: self.people,
            Sort.UNIT: self.units,
            Sort.PROGRAM: self._programs,
        }
        self._visible = set(Project.objects.visible_to(by).values_list("pk", flat=True))
        self._added: list[tuple[int, str, str]] = []
        self._promised: set[str] = set()
        self._by_code: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for pk, code, name in Project.objects.order_by("pk").values_list("pk", "code", "name"):
            self._remember(pk, code, name)

    def _remember(self, pk: int, code: str, name: str) -> None:
        self._by_code[normalized(code)] = pk
        self._by_name[normalized(name)].append(pk)

    def add(self, project: Project) -> None:
        """Take in a project that this import created."""
        self._visible.add(project.pk)
        self._promised.discard(project.code)
        self._remember(project.pk, project.code, project.name)
        self._added.append((project.pk, project.code, project.name))

    def mark(self) -> tuple[int, int]:
        """Return a place to go back to when what comes next is taken back."""
        return len(self._added), self.newcomers.mark()

    def back_to(self, mark: tuple[int, int]) -> None:
        """Take out again what was added since."""
        for pk, code, name in self._added[mark[0] :]:
            self._visible.discard(pk)
            self._by_code.pop(normalized(code), None)
            self._by_name[normalized(name)].remove(pk)
            if not self._by_name[normalized(name)]:
                del self._by_name[normalized(name)]
        del self._added[mark[0] :]
        self._promised.clear()
        self.newcomers.back_to(mark[1])

    def key(self, row: ImportRow, field: str = "code") -> int | None:
        """
        Return the id of the project that the row is about, None for a new one; raise RowRefusedError.

        A row of a register names its project by code, or by a name that no other project has.
        """
        code = normalized(str(row.values.get(field, "")))
        if field in self._ids:
            known = id_of(code)
            return known if known in self._visible else None
        how = self._found_by if field == "code" else FoundBy.CODE
        if how is FoundBy.CODE or (code and how is FoundBy.EITHER):
            pk = self._by_code.get(code)
            if pk is None and field != "code":
                named = [one for one in self._by_name.get(code, ()) if one in self._visible]
                pk = named[0] if len(named) == 1 else None
        else:
            pk = self._only_of_name(row)
        if pk is not None and pk not in self._visible:
            raise RowRefusedError(field, "This code cannot be used here.", "Another code.")
        return pk

    def knows(self, row: ImportRow, field: str) -> bool:
        """Say whether the project that the row names is here, or named by an id, or may not be used."""
        try:
            return field in self._ids or self.key(row, field) is not None
        except RowRefusedError:
            return True

    def no_project(self, row: ImportRow) -> RowRefusedError:
        """Return why the project that the row names is not here."""
        said = self._absent.get(normalized(str(row.values.get("project", ""))))
        return RowRefusedError("project", *(said or NO_PROJECT))

    def keys(self, rows: Iterable[ImportRow], field: str) -> set[int]:
        """Return the ids of the projects that the rows are about, without those that are refused."""
        found = set()
        for row in rows:
            with suppress(RowRefusedError):
                found.add(self.key(row, field))
        return {key for key in found if key is not None}

    def at_center(self, center: str) -> frozenset[int]:
        """Return the ids of the projects whose lines have this cost center, as `normalized` writes it."""
        return self._centers.get(center, frozenset())

    @cached_property
    def _centers(self) -> dict[str, frozenset[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        lines = BudgetLine.objects.exclude(cost_center="").order_by()
        for center, project in lines.values_list("cost_center", "project"):
            if project in self._visible:
                found[normalized(center)].add(project)
        return {center: frozenset(keys) for center, keys in found.items()}

    @cached_property
    def reported_until(self) -> date:
        """The last day that is frozen for the whole organization."""
        frozen = Freeze.objects.filter(portfolio=None).regular().aggregate(last=Max("date"))
        return frozen["last"] or date.min

    def free_code(self) -> str:
        """Return a code that no project has, and keep it from the next rows."""
        number = len(self._by_code) + len(self._promised) + 1
        while normalized(code := f"P-{number:04}") in self._by_code or code in self._promised:
            number += 1
        self._promised.add(code)
        return code

    def may_change(self, project: Project, field: str = "code") -> None:
        """Raise RowRefusedError for a project that the importer may not change."""
        roles = {Role(one.role) for one in project.members.all() if one.user_id == self.by.pk}
        project.__dict__.setdefault("_roles_of", {})[self.by.pk] = roles
        if not can(self.by, Permission.PROJECT_GOVERN, project).allowed:
            raise RowRefusedError(
                field, "You may not change this project.", "A project that you may change."
            )

    def _only_of_name(self, row: ImportRow) -> int | None:
        found = [pk for pk in self._by_name[normalized(str(row.values.get("name", "")))] if pk in self._visible]  # fmt: skip
        if len(found) > 1:
            raise RowRefusedError(
                "name",
                f"{len(found)} projects have this name.",
                "A column with the project's code.",
            )
        return found[0] if found else None

    def unit(self, row: ImportRow) -> Unit | None:
        right = "A unit that is in Rounds. Check the file again to add new ones."
        unit: Unit | None
        if "unit" in self._ids:
            unit = self._of_id(Unit, row, "unit")
        else:
            unit = self._answered(Sort.UNIT, self.units, row, "unit", right)
        if unit is not None and not self.may_create.covers(unit.path):
            raise RowRefusedError(
                "unit", "You may not put projects into this unit.", "A unit of yours."
            )
        return unit

    def program(self, row: ImportRow) -> Program | None:
        right = "Code or name of a program in Rounds. Check the file again to add new ones."
        program: Program | None
        if "program" in self._ids:
            program = self._of_id(Program, row, "program")
        else:
            program = self._answered(Sort.PROGRAM, self._programs, row, "program", right)
        return program

    def person(self, row: ImportRow, field: str) -> User | None:
        if field in self._ids:
            named: User | None = self._of_id(User, row, field)
            # who left stays where they are named, and is named nowhere anew
            return named if named and named.is_active else None
        right = "Name or email address of a person in Rounds. Check the file again to add new ones."  # fmt: skip
        return self._answered(Sort.PERSON, self.people, row, field, right)

    def _answered(
        self, sort: Sort, known: Named[M], row: ImportRow, field: str, right: str
    ) -> M | None:
        """Return the record as the importer answered, else the only one of this name."""
        text = str(row.values.get(field, ""))
        key = normalized(text)
        said, found = self._said[sort].get(key, ""), known.get(key, [])
        if not key or said == LEAVE:
            return None
        if said.isdigit():
            return self._chosen(known, int(said), field)
        only: M | None = self.newcomers.known(sort, key) or (found[0] if len(found) == 1 else None)
        if only is None:
            only = self._standing_of(row, field)
        if only is not None:
            return only
        if said == ADD or (self.tries and not found):
            added: M | None = self.newcomers.add(sort, text, field)
            return added
        if self.tries:
            return found[0] if sort is Sort.UNIT else None
        return self._one(known, row, field, right)

    def settles(self, row: ImportRow, field: str) -> bool:
        """Say whether a name needs no question: an id, or what its project has under that name already."""
        return field in self._ids or self._standing_of(row, field) is not None

    def _standing_of(self, row: ImportRow, field: str) -> Any:
        """Return who holds the role, or the unit, if it is called so; two may have one name."""
        with suppress(RowRefusedError):
            pk = self.key(row) if "project" not in row.values else None
            if pk is not None:
                # our own files say who left
                text = str(row.values.get(field, "")).strip().removesuffix(MARK)
                return self._standing.called(pk, field, text)
        return None

    def _of_id(self, model: type[models.Model], row: ImportRow, field: str) -> Any:
        """Return the record whose id the row says, None where it says none."""
        if field not in row.values:
            return None
        found = self._standing.of_id(model, str(row.values[field]))
        if found is None:
            raise RowRefusedError(
                field, "Nothing in Rounds has this id.", "The id of a record that is there."
            )
        return found

    def _chosen(self, known: Named[M], pk: int, field: str) -> M:
        for records in known.values():
            for record in records:
                if record.pk == pk:
                    return record
        raise RowRefusedError(
            field, "What was chosen for this name is no longer there.", "Another choice."
        )

    def _one(self, known: Named[M], row: ImportRow, field: str, right: str) -> M | None:
        if field not in row.values:
            return None
        found = known.get(normalized(str(row.values[field])), [])
        if len(found) == 1:
            return found[0]
        what = field if field in {"unit", "program"} else "person"
        wrong = f"Several {what}s have this name." if found else f"There is no {what} of this name."
        raise RowRefusedError(field, wrong, right)


def _named(pairs: Iterable[tuple[str, M]]) -> Named[M]:
    found: Named[M] = defaultdict(list)
    for name, record in pairs:
        key = normalized(name)
        if record not in found[key]:
            found[key].append(record)
    return found


def _names_of(user: User) -> Iterator[tuple[str, User]]:
    """Yield what a person may be called: the address, the name, and "Last, First" for every way to part it."""
    if user.email:
        yield user.email, user
    words = user.name.split()
    if words:
        yield user.name, user
    for first in range(1, len(words)):
        yield f"{' '.join(words[first:])}, {' '.join(words[:first])}", user
