"""The data of each release come up to date with every row, seal and event of the trail."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings

from tests.released import losses
from tests.tree import ROOT

RELEASES = ["0.1"]
# Rows in all tables, events in the trail, issued summaries: a fixture that is cut off is no proof.
HELD = {"0.1": (31837, 758, 15)}
PROGRAM = "import sys, django; django.setup(); from tests.released import main; main(sys.argv[1])"


def brought_up_to_date(release: str, kind: str, url: str, folder: Path) -> dict[str, Any]:
    """Restore and migrate in a process of its own; return what became of the data."""
    dump = ROOT / "tests" / "fixtures" / f"release-{release}-{kind}.sql.xz"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url, "VAR_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, dump],
        cwd=ROOT,
        env={**kept, **own, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def assert_whole(found: dict[str, Any], release: str) -> None:
    assert found["losses"] == {}, "Name what changes on purpose in tests/released.py, with why."
    assert found["standing"] == ""
    assert found["faults"] == []
    assert found["broken seals"] == []
    assert found["misread"] == []
    assert found["drafts in old names"] == []
    assert {path: code for path, code in found["pages"].items() if code != 200} == {}
    assert found["open fences"] == []
    assert (found["rows"], found["events"], found["issued"]) == HELD[release]


@pytest.fixture
def scratch() -> Iterator[str]:
    """Return the address of an empty database on PostgreSQL."""
    database = settings.DATABASES["default"]
    if "postgresql" not in database["ENGINE"]:
        pytest.skip("It needs PostgreSQL: make test-services.")
    name = f"rounds_release_{os.getpid()}"
    server = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"] or None,
        dbname="postgres",
    )
    server.autocommit = True
    with closing(server), server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("release", RELEASES)
def test_data_on_sqlite_come_up_to_date_whole(release, tmp_path):
    url = f"sqlite:///{tmp_path}/rounds.sqlite3"

    assert_whole(brought_up_to_date(release, "sqlite", url, tmp_path), release)


@pytest.mark.services
@pytest.mark.parametrize("release", RELEASES)
def test_data_on_postgresql_come_up_to_date_whole(release, tmp_path, scratch):
    assert_whole(brought_up_to_date(release, "postgresql", scratch, tmp_path), release)


def test_what_is_lost_changed_or_added_on_the_way_is_found():
    before = {
        "a": {("1",), ("2",)},
        "b": {("1", "x")},
        "django_migrations": {("1",)},
        "c": {("1",)},
    }
    after = {"a": {("1",)}, "b": {("1", "y")}, "django_migrations": {("1",), ("2",)}, "c": {("1",)}}

    assert losses(before, after) == {
        "a": "2 rows before, 1 after",
        "b": "1 of 1 rows say something else",
    }
