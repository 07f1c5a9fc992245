"""The project's own files, found without git, for the tests that read the code."""

import os
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("starting", "pmo", "projects", "risks", "portfolio", "reports")
# what somebody else wrote, or git itself, beside what .gitignore names
NOT_OURS = ("vendor", ".git")
BINARY = {".woff2", ".ttf", ".png", ".jpg", ".ico", ".xlsx", ".pdf", ".gz", ".br", ".xz"}


@cache
def ignored() -> tuple[str, ...]:
    """Return the patterns of names that are not the project's files."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    return (*NOT_OURS, *(line.rstrip("/") for line in lines))


def is_ours(name: str) -> bool:
    return not any(fnmatch(name, pattern) for pattern in ignored())


@cache
def files() -> tuple[Path, ...]:
    """Return every file that somebody here wrote, but for hidden folders other than .ci."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if is_ours(name) and (name[0] != "." or name == ".ci")
        ]
        found += [Path(folder) / name for name in names if is_ours(name)]
    return tuple(sorted(found))


def text_files() -> list[Path]:
    """Return the files that hold text."""
    return [path for path in files() if path.suffix not in BINARY]


def files_with(*suffixes: str) -> list[Path]:
    """Return the files with one of the suffixes."""
    return [path for path in files() if path.suffix in suffixes]


def code() -> list[Path]:
    """Return the Python files of the application, without migrations, which are generated."""
    return [
        path
        for path in files_with(".py")
        if path.relative_to(ROOT).parts[0] in PACKAGES and "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    """Return a path as messages and test ids show it."""
    return path.relative_to(ROOT).as_posix()
