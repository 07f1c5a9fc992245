"""The project's own files, found without git, for the tests that read the code."""

import os
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("pmo", "projects", "risks", "portfolio", "reports")
NOT_OURS = {"__pycache__", "node_modules", "var", "secrets", "vendor", "htmlcov", "staticfiles"}
BINARY = {".woff2", ".ttf", ".png", ".jpg", ".ico", ".xlsx", ".pdf", ".gz", ".br", ".pyc"}


@cache
def files() -> tuple[Path, ...]:
    """Return every file that somebody here wrote, but for hidden folders other than .ci."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in NOT_OURS and (name[0] != "." or name == ".ci")
        ]
        found += [Path(folder) / name for name in names]
    return tuple(sorted(found))


def text_files() -> list[Path]:
    """Return the files that hold text."""
    return [
        path
        for path in files()
        if path.suffix not in BINARY and ".sqlite3" not in path.name and path.name != ".git"
    ]


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
