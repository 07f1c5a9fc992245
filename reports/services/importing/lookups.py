"""Names and codes in a file to records here; what the importer may not see does not exist."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from django.db import models

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can, scope_of
from projects.models import Program, Project
from reports.domain.importing import ImportRow, normalized
from reports.services.importing.refusals import RowRefusedError

M = TypeVar("M", bound=models.Model)
Named = dict[str, list[M]]


class Lookups:
    """Everything that rows refer to, read once; projects are added as they are created."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.may_create = scope_of(by, Permission.PROJECT_CREATE)
        self._units = _named((unit.name, unit) for unit in Unit.objects.order_by("pk"))
        people = User.objects.filter(is_active=True).order_by("pk")
        self._people = _named(pair for user in people for pair in _names_of(user))
        programs = Program.objects.order_by("pk")
        self._programs = _named((name, p) for p in programs for name in (p.code, p.name))
        self._visible = set(Project.objects.visible_to(by).values_list("pk", flat=True))
        self._added: list[Project] = []
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
        self._remember(project.pk, project.code, project.name)
        self._added.append(project)

    def forget_added(self) -> None:
        """Take out again what was added: it was only tried."""
        for project in self._added:
            self._visible.discard(project.pk)
            self._by_code.pop(normalized(project.code), None)
            self._by_name[normalized(project.name)].remove(project.pk)
        self._added.clear()

    def project(self, row: ImportRow, field: str = "code") -> Project | None:
        """Return the project that the row is about, None for a new one; raise RowRefusedError."""
        code = normalized(str(row.values.get(field, "")))
        pk = self._by_code.get(code) if code else self._only_of_name(row)
        if pk is None:
            return None
        if pk not in self._visible:
            raise RowRefusedError(field, "This code cannot be used here.", "Another code.")
        project = Project.objects.select_related("unit").get(pk=pk)
        if not can(self.by, Permission.PROJECT_GOVERN, project).allowed:
            raise RowRefusedError(
                field, "You may not change this project.", "A project that you may change."
            )
        return project

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
        unit = self._one(self._units, row, "unit", "A unit that is in Rounds; an administrator adds units.")  # fmt: skip
        if unit is not None and not self.may_create.covers(unit.path):
            raise RowRefusedError(
                "unit", "You may not put projects into this unit.", "A unit of yours."
            )
        return unit

    def program(self, row: ImportRow) -> Program | None:
        return self._one(self._programs, row, "program", "Code or name of a program in Rounds.")

    def person(self, row: ImportRow, field: str) -> User | None:
        return self._one(
            self._people, row, field, "Name or e-mail address of somebody who signs in here."
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


def _names_of(user: User) -> list[tuple[str, User]]:
    return [(name, user) for name in (user.email, user.name) if name]
