"""What a check holds does not grow with the rows: each is kept as soon as it is judged."""

import tracemalloc

import pytest

from pmo.common.tabular import SourceTable
from reports.imports.domain import Profile, Records
from reports.imports.models import ImportRun
from reports.imports.services import pacing, staging, trying, work
from reports.imports.services.chunks import ChunkResult
from reports.imports.services.setting import Change, Written
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
HEAD = "Code,Name,Unit,Start,Budget,Spent,RAG,Sentence"
SHOWN = 20  # changes of a row
FEW, MANY = 800, 2_400  # where chunks are as large as they get


def long_file(rows: int) -> str:
    lines = (
        f"P-{n:05},Project number {n},Unit,2026-01-05,{1000 * n},{900 * n},Green,Stands at {n}."
        for n in range(rows)
    )
    return "\n".join([HEAD, *lines])


def written_much(rows, _kind, _setting, **_options):
    """Stand for the services, which write a row and take it back: only what they tell of it counts here."""
    for row in rows:
        changes = tuple(
            Change(f"f{n}", "Field", "empty", f"New {row.line}.{n}") for n in range(SHOWN)
        )
        yield ChunkResult(row, Written("created", changes, row.line))


def taken(rows: int, lead, monkeypatch) -> int:
    """Return the bytes that a check of so many rows holds at most beside the file as it was read."""
    run = started(long_file(rows), lead)
    read: tuple[Records, Profile, SourceTable] = work.records_of(run)
    monkeypatch.setattr(work, "records_of", lambda _run: read)
    monkeypatch.setattr(trying, "write_rows", written_much)
    monkeypatch.setattr(staging, "MOST_SEEN", 500)  # texts that are remembered
    for allowed in (
        "SECONDS",
        "SQLITE_SECONDS",
    ):  # a machine that is busy takes fewer rows at a time
        monkeypatch.setattr(pacing, allowed, 1_000)
    tracemalloc.start()
    work.check(run)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    monkeypatch.undo()
    assert run.rows.count() == rows
    return most


def test_check_of_many_rows_holds_no_more_than_one_of_few(lead, monkeypatch):
    taken(50, lead, monkeypatch)  # what is remembered for the next file too

    few, many = taken(FEW, lead, monkeypatch), taken(MANY, lead, monkeypatch)

    assert ImportRun.objects.count() == 3
    # the order of the rows is two numbers for each, a row that is held five thousand bytes; what else a
    # process remembers moves with the tests before
    assert (many - few) / (MANY - FEW) < 500
