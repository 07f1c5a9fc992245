"""The day and the zone of a run: drawn alike for a commit, moved for every test but those that are named."""

import os
import re
import subprocess
import sys
from datetime import date

import pytest

from tests.calendar_plugin import HOURS, ROOT, TRUE_DAY, draw

pytestmark = pytest.mark.slow

MADE_ON = date(2028, 2, 29)
CLOCKS_OF_THEIR_OWN = re.compile(r"\b(subprocess|Popen|playwright|live_server)\b")
TOLD = """
from datetime import date
import pytest
from django.conf import settings
from django.utils import timezone

def test_day_is_moved():
    found = f"{date.today()} {timezone.localdate()} {timezone.now():%d} {settings.TIME_ZONE}"
    assert found == "2028-02-29 2028-02-29 28 Asia/Kolkata"

@pytest.mark.true_day("it is looked at here")
def test_day_is_true():
    assert timezone.localdate() != date(2028, 2, 29)
    assert settings.TIME_ZONE == "Asia/Kolkata"

def test_day_is_moved_again():
    test_day_is_moved()
"""


def test_a_commit_is_always_tested_on_the_same_day_within_three_years():
    found = {draw(commit, MADE_ON) for commit in map(str, range(300))}
    days = {day for day, _ in found}

    assert found == {draw(commit, MADE_ON) for commit in map(str, range(300))}
    assert MADE_ON < min(days) < date(2028, 5, 1)
    assert date(2031, 1, 1) < max(days) <= date(2031, 2, 28)
    assert {zone for _, zone in found} == set(HOURS)


@pytest.mark.parametrize("name", TRUE_DAY)
def test_what_keeps_the_true_day_leans_on_another_clock(name):
    path = ROOT / name
    files = path.rglob("*.py") if path.is_dir() else [path]

    assert any(CLOCKS_OF_THEIR_OWN.search(file.read_text(encoding="utf-8")) for file in files)


def run(path, *options):
    """Run pytest on a file outside the suite."""
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", ROOT]
    done = subprocess.run(
        [
            *command,
            "-p",
            "tests.calendar_plugin",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            *options,
            path,
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("workers", ["0", "1"])
def test_the_day_is_moved_in_every_process_but_for_what_keeps_the_true_one(tmp_path, workers):
    path = tmp_path / "test_told.py"
    path.write_text(TOLD, encoding="utf-8")

    code, said = run(path, "--today", "2028-02-29", "--zone", "Asia/Kolkata", "-n", workers)

    assert code == 0, said
    assert "3 passed" in said
    assert "again with: make test TODAY=2028-02-29 ZONE=Asia/Kolkata" in said


def test_a_day_that_is_none_is_refused_with_a_sentence(tmp_path):
    code, said = run(tmp_path, "--today", "2027-02-29")

    assert code == pytest.ExitCode.USAGE_ERROR
    assert "--today takes YYYY-MM-DD or `drawn`, not 2027-02-29." in said
    assert "Traceback" not in said
