"""The house: no two files that need each other, and one meaning for a class's name."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from tests.tree import ROOT, files_with, name_of

pytestmark = pytest.mark.slow

FOLDERS = {
    "starting",
    "pmo",
    "projects",
    "risks",
    "portfolio",
    "reports",
    "bench",
    "faults",
    "tools",
}
MOST_SHARED_NAMES = 15
# Every model, every command has one of these, which nobody mixes up.
OF_THE_FRAMEWORK = {"Meta", "Command", "Migration"}
# where a moment is handed in as people read it: plain Python knows no zone in force
LOCAL_ALREADY = {"projects.domain.exchange.mspdi_writing"}


def modules() -> dict[str, Path]:
    """Return the application's modules by their dotted names, without migrations."""
    found = {}
    for path in files_with(".py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] in FOLDERS and "migrations" not in parts:
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path
    return found


def imported_by(path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules that a file imports anywhere, in functions too, but not for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else node.module for name in whole}
    return found & known.keys()


def circles(needs: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that reach each other, each sorted."""
    reached: dict[str, set[str]] = {}
    for start, straight in needs.items():
        seen, waiting = set(), list(straight)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += needs[name]
        reached[start] = seen
    groups = {
        tuple(sorted({other for other in reached[name] if name in reached[other]}))
        for name in needs
        if name in reached[name]
    }
    return [list(group) for group in sorted(groups)]


def test_a_circle_is_found():
    needs = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}

    assert circles(needs) == [["b", "c"]]


def test_no_file_needs_one_that_needs_it():
    known = modules()

    found = circles({name: imported_by(path, known) - {name} for name, path in known.items()})

    assert found == [], "Move what both need below them, or send it by name."


def test_the_name_of_a_class_means_one_thing():
    places = defaultdict(list)
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name not in OF_THE_FRAMEWORK:
                places[node.name].append(name_of(path))

    shared = {name: where for name, where in places.items() if len(where) > 1}

    assert len(shared) <= MOST_SHARED_NAMES, f"Name the thing, not its shape: {shared}"


def bare_days(tree: ast.AST) -> list[int]:
    """Return the lines that take the day, or the hour, of a stored moment without asking where people are."""
    found = []
    for node in ast.walk(tree):
        moment: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            moment = node.func.value if node.func.attr in {"date", "time"} else None
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            moment = node.value if "%" in ast.unparse(node.format_spec) else None
        if getattr(moment, "attr", getattr(moment, "id", "")).endswith("_at"):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("said", ["x.made_at.date()", 'f"{row.sent_at:%H:%M}"', "made_at.date()"])
def test_a_day_that_was_taken_in_utc_is_found(said):
    assert bare_days(ast.parse(said)) == [1]
    assert bare_days(ast.parse("timezone.localtime(x.made_at).date()")) == []


def test_the_day_of_a_stored_moment_is_that_of_the_people():
    """Where the sun rises later it is still the day before: half of all evenings were dated wrong."""
    found = {
        name: lines
        for name, path in modules().items()
        if name.split(".")[0] in {"pmo", "projects", "risks", "portfolio", "reports"}
        and name not in LOCAL_ALREADY
        if (lines := bare_days(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert found == {}, "Ask timezone.localtime, or let pmo/common/page/formats.py say it."
