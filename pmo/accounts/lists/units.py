"""
What each row of a list of units would do.

A unit is known by its path. A parent is a path, or a name that only one unit has, here or in the file;
what is missing on the way to a path is created on the way.
"""

from collections import defaultdict
from collections.abc import Collection

from pmo.accounts.lists.cells import ListLine, same
from pmo.accounts.lists.places import Path, Places, key_of, parts_of, written
from pmo.accounts.lists.results import ListRowRefusedError, Result, RowEffect
from pmo.accounts.models import Unit, UnitKind

KINDS = {same(word): kind for kind in UnitKind for word in (kind.value, kind.label)}
BY_DEPTH = (UnitKind.FACILITY, UnitKind.DEPARTMENT, UnitKind.WARD)
NAME = 120  # letters
DEEPEST = 8
LARGEST = 1_000_000  # people in one unit


def compare_units(lines: list[ListLine], *, only: Collection[int] | None = None) -> list[Result]:
    """Return a result for each line, or for `only` some, a unit before those below it."""
    comparer = UnitComparer(lines)
    results = [comparer.result_of(line) for line in lines if only is None or line.number in only]
    refused = {key_of(one.path) for one in results if one.effect is RowEffect.REFUSED and one.path}
    for one in results:
        above = {key_of(one.path[:depth]) for depth in range(1, len(one.path))}
        if one.effect is not RowEffect.REFUSED and above & (
            refused - comparer.places.by_path.keys()
        ):
            one.effect, one.reason = RowEffect.REFUSED, "The unit that this belongs to is refused."
            one.changes, one.values = [], {}
    return sorted(results, key=lambda one: (len(one.path), one.line))


def kind_at(depth: int) -> UnitKind:
    """Return the kind of a unit that nobody named one for; depth counts from 0."""
    return BY_DEPTH[min(depth, len(BY_DEPTH) - 1)]


class UnitComparer:
    """Compares rows with the tree as it is, and with each other."""

    def __init__(self, lines: list[ListLine]) -> None:
        self.places = Places()
        self.seen: dict[Path, int] = {}
        self.named: dict[str, list[ListLine]] = defaultdict(list)
        for line in lines:
            if parts := parts_of(line.get("name")):
                self.named[same(parts[-1])].append(line)

    def result_of(self, line: ListLine) -> Result:
        result = Result(line=line.number, name=line.get("name"), effect=RowEffect.REFUSED)
        try:
            result.path = self._path(line, ())
            self._compare(line, result)
        except ListRowRefusedError as refusal:
            result.reason = str(refusal)
        return result

    def _path(self, line: ListLine, below: tuple[int, ...]) -> Path:
        """Return the row's path from the top; `below` are the rows that asked for it."""
        if line.refused:
            raise ListRowRefusedError(line.refused)
        own = parts_of(line.get("name"))
        if not own:
            raise ListRowRefusedError("There is no name.")
        if line.number in below:
            raise ListRowRefusedError("A unit cannot sit below itself.")
        parent = line.get("parent")
        path = (*(self._parent(line, parent, below) if parent else ()), *own)
        names = key_of(path)
        if parent and same(own[0]) in names[: len(path) - len(own)]:
            raise ListRowRefusedError("A unit cannot sit below itself.")
        if any(len(part) > NAME for part in path):
            raise ListRowRefusedError(f"A name is longer than {NAME} characters.")
        if len(path) > DEEPEST:
            raise ListRowRefusedError(f"There are more than {DEEPEST} levels.")
        return path

    def _parent(self, line: ListLine, text: str, below: tuple[int, ...]) -> Path:
        path = parts_of(text)
        if len(path) != 1:
            return path
        name = same(path[0])
        here = {
            key_of(self.places.paths[pk]): self.places.paths[pk]
            for pk in self.places.by_name.get(name, [])
        }
        for other in self.named.get(name, []):
            if other.number != line.number or same(line.get("name")) == name:
                found = self._path(other, (*below, line.number))
                here.setdefault(key_of(found), found)
        if not here:
            raise ListRowRefusedError(f"There is no unit {text}, here or in the file.")
        if len(here) > 1:
            raise ListRowRefusedError(
                f"Several units are called {text}. Write which one, from the top:"
                f" {written(next(iter(here.values())))}."
            )
        return next(iter(here.values()))

    def _compare(self, line: ListLine, result: Result) -> None:
        key = key_of(result.path)
        if key in self.seen:
            raise ListRowRefusedError(f"Line {self.seen[key]} is about the same unit.")
        kind, headcount = _kind(line.get("kind")), _headcount(line.get("headcount"))
        self.seen[key] = line.number
        pk = self.places.by_path.get(key)
        if pk is None:
            self._new(result, kind, headcount)
        else:
            self._changed(result, self.places.units[pk], kind, headcount)

    def _new(self, result: Result, kind: UnitKind | None, headcount: int | None) -> None:
        kind = kind or kind_at(len(result.path) - 1)
        result.effect = RowEffect.NEW
        result.values = {"kind": kind.value, "headcount": headcount}
        above = written(result.path[:-1])
        result.changes = [["Part of", "", above]] if above else []
        result.changes.append(["Kind", "", kind.label])
        if headcount is not None:
            result.changes.append(["Staff", "", f"{headcount:,}"])
        missing = [
            written(result.path[:depth])
            for depth in range(1, len(result.path))
            if key_of(result.path[:depth]) not in self.places.by_path
        ]
        unnamed = [one for one in missing if not self.named.get(same(parts_of(one)[-1]))]
        if unnamed:
            result.note = f"Creates {', '.join(unnamed)} too."

    def _changed(
        self, result: Result, unit: Unit, kind: UnitKind | None, headcount: int | None
    ) -> None:
        result.target = unit.pk
        if kind and kind != unit.kind:
            result.values["kind"] = kind.value
            result.changes.append(["Kind", UnitKind(unit.kind).label, kind.label])
        if headcount is not None and headcount != unit.headcount:
            result.values["headcount"] = headcount
            old = "" if unit.headcount is None else f"{unit.headcount:,}"
            result.changes.append(["Staff", old, f"{headcount:,}"])
        result.effect = RowEffect.CHANGED if result.changes else RowEffect.UNCHANGED


def _kind(text: str) -> UnitKind | None:
    if not text:
        return None
    kind = KINDS.get(same(text))
    if kind is None:
        offered = ", ".join(one.label for one in UnitKind)
        raise ListRowRefusedError(f"There is no kind {text}. Kinds are: {offered}.")
    return kind


def _headcount(text: str) -> int | None:
    if not text:
        return None
    plain = text.replace(",", "")
    if not plain.isdecimal() or int(plain) > LARGEST:
        raise ListRowRefusedError(f"{text[:40]} is no number of people.")
    return int(plain)
