"""Make a database of each size once, and again when the tables or the filling changed."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from bench.client import ROOT

PACKAGES = (
    *("pmo/common", "pmo/accounts", "pmo/organization", "projects", "risks", "portfolio"),
    *("projects/project_templates", "projects/communication"),
    *("portfolio/governance", "portfolio/starts", "portfolio/intake"),
    *("reports", "reports/imports", "reports/audiences"),
)
FILLING = ("filling.py", "deciding.py", "records.py", "sizes.py", "values.py")


def fingerprint() -> str:
    """Return what changes with any migration or with what is filled in."""
    files = [path for package in PACKAGES for path in (ROOT / package / "migrations").glob("*.py")]
    files += [ROOT / "bench" / name for name in FILLING]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_filled(url: str, mark: Path) -> bool:
    """True when the database is there, filled by what is here now."""
    if not mark.exists() or mark.read_text(encoding="utf-8") != fingerprint():
        return False
    if url.startswith("sqlite"):
        return Path(urlsplit(url).path[1:]).exists()
    return _ask(url, "SELECT 1 FROM pg_database WHERE datname = %s", [_name(url)])


def empty(url: str) -> None:
    """Drop the database and make it again."""
    if url.startswith("sqlite"):
        for suffix in ("", "-wal", "-shm"):
            Path(urlsplit(url).path[1:] + suffix).unlink(missing_ok=True)
        return
    _ask(url, f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')
    _ask(url, f'CREATE DATABASE "{_name(url)}"')


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")


def _ask(url: str, statement: str, values: list[str] | None = None) -> bool:
    connection = psycopg2.connect(url.rsplit("/", 1)[0] + "/postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return bool(cursor.description and cursor.fetchone())
    finally:
        connection.close()
