"""What projects have already, under the names that a file may use: read once, when it is asked for."""

from functools import cached_property
from typing import Any

from pmo.accounts.models import Unit, User
from pmo.accounts.roles import Role
from projects.models import Program, Project, ProjectMember
from reports.imports.domain import normalized

PEOPLE = {"manager": Role.MANAGER, "sponsor": Role.SPONSOR}
MOST_DIGITS = 18  # of an id that a database keeps


class Standing:
    """Who is named on which project, to which unit it belongs, and every record by its id."""

    @cached_property
    def _people(self) -> dict[tuple[int, str], list[User]]:
        found: dict[tuple[int, str], list[User]] = {}
        named = ProjectMember.objects.filter(role__in=list(PEOPLE.values())).order_by("pk")
        for member in named.select_related("user"):
            found.setdefault((member.project_id, member.role), []).append(member.user)
        return found

    @cached_property
    def _units(self) -> dict[int, Unit]:
        return {one.pk: one.unit for one in Project.objects.select_related("unit").only("unit")}

    @cached_property
    def _by_id(self) -> dict[type, dict[int, Any]]:
        models: tuple[Any, ...] = (Unit, User, Program)
        return {model: {one.pk: one for one in model._default_manager.all()} for model in models}

    def called(self, project: int, field: str, name: str) -> User | Unit | None:
        """Return who has the role on the project, or its unit, when called so; None otherwise."""
        if field == "unit":
            held: list[Any] = [self._units[project]] if project in self._units else []
        else:
            held = self._people.get((project, PEOPLE.get(field, "")), [])
        wanted = normalized(name)
        return next((one for one in held if normalized(one.name) == wanted), None)

    def of_id(self, model: type, text: str) -> Any:
        """Return the record with this id, None when there is none."""
        number = id_of(text)
        return None if number is None else self._by_id[model].get(number)


def id_of(text: str) -> int | None:
    """Return the id that a cell names, None for what is no id."""
    bare = text.strip()
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < MOST_DIGITS else None
