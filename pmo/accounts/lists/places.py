"""The tree of units by name: "North / Surgery / 4 West" to its unit."""

import re
from collections import defaultdict

from pmo.accounts.lists.cells import same
from pmo.accounts.lists.results import ListRowRefusedError
from pmo.accounts.models import Unit

Path = tuple[str, ...]
BETWEEN = re.compile(r"\s+/\s+")


def parts_of(text: str) -> Path:
    """Split a path at " / "; a slash without spaces belongs to a name."""
    return tuple(part.strip() for part in BETWEEN.split(text.strip()) if part.strip())


def key_of(path: Path) -> Path:
    return tuple(same(part) for part in path)


def written(path: Path) -> str:
    return " / ".join(path)


class Places:
    """All units as they are now, read once."""

    def __init__(self) -> None:
        self.units = {unit.pk: unit for unit in Unit.objects.order_by("pk")}
        self.paths = {pk: self._path(unit) for pk, unit in self.units.items()}
        self.by_path = {key_of(path): pk for pk, path in self.paths.items()}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for pk, unit in self.units.items():
            self.by_name[same(unit.name)].append(pk)

    def _path(self, unit: Unit) -> Path:
        above = [self.units.get(int(key)) for key in unit.path.split("/") if key]
        return tuple(str(one.name) for one in above if one)

    def label(self, pk: int | None) -> str:
        return written(self.paths[pk]) if pk else ""

    def find(self, text: str) -> int:
        """Return the unit of a path, or of a name that only one unit has; raises RowRefusedError."""
        path = parts_of(text)
        pk = self.by_path.get(key_of(path))
        if pk is not None and (len(path) > 1 or len(self.by_name[same(path[0])]) == 1):
            return pk
        found = self.by_name.get(same(path[0]), []) if len(path) == 1 else []
        if len(found) == 1:
            return found[0]
        if found:
            raise ListRowRefusedError(
                f"Several units are called {path[0]}. Write which one, from the top:"
                f" {self.label(found[0])}."
            )
        raise ListRowRefusedError(f"There is no unit {text}. Add it first, or correct the name.")
