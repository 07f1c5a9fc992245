"""Whoever writes something else while an import is checked, written or undone waits for a moment only."""

import threading
import time

import pytest
from django.db import connection, transaction

from pmo.common.records import audit
from projects.models import Project
from reports.imports.models import RowState
from reports.imports.services import pacing, runs, undoing, work
from reports.imports.services.pacing import Pace, pause
from tests.factories import UnitFactory
from tests.reports.imports.services.scene import started

ROWS = 120
BARE_ROWS, BARE_CHUNK = 2_000, 50  # as long as the import: a busy machine is busy in between
MOST_WAIT = 0.2  # seconds
TIMES = 4  # of what one waits beside a bare bulk write, on a machine that is busy with other things
HEAD = "Code,Name,Unit,Budget,Cost,Spent,RAG\n"
pytestmark = pytest.mark.django_db(transaction=True)


def longest_wait(act):
    """Return what the act returns, and the longest time another writer waited meanwhile."""
    waited, is_over = [], threading.Event()

    def write():
        while not is_over.is_set():
            began = time.monotonic()
            with transaction.atomic():
                audit.record(action="job.retried", target="common.job:1", by=None)
            waited.append(time.monotonic() - began)
            time.sleep(0.01)
        connection.close()

    other = threading.Thread(target=write)
    other.start()
    try:
        done = act()
    finally:
        is_over.set()
        other.join()
    return done, max(waited)


def bare_write(unit):
    """Insert projects in chunks with nothing decided or checked, and pause between them."""
    for start in range(0, BARE_ROWS, BARE_CHUNK):
        with transaction.atomic():
            Project.objects.bulk_create(
                Project(code=f"B-{n}", name=f"Bare {n}", unit=unit, stage="delivery")
                for n in range(start, start + BARE_CHUNK)
            )
        pause()


def test_another_writer_waits_for_a_moment_while_rows_are_checked_written_and_undone(lead):
    unit = UnitFactory(name="Surgery")
    _, bare = longest_wait(lambda: bare_write(unit))
    most, waits = max(MOST_WAIT, TIMES * bare), {}
    # a wait that comes of the import comes in each attempt, one of the machine does not
    for attempt in "ABC":
        for name, wait in waits_of_one(lead, attempt).items():
            waits[name] = min(wait, waits.get(name, wait))
        if max(waits.values()) <= most:
            break

    assert audit.faults() == []
    assert {name: wait for name, wait in waits.items() if wait > most} == {}, (most, waits)


def waits_of_one(lead, prefix):
    """Check, write and undo one import; return the longest wait in each."""
    text = HEAD + "".join(f"{prefix}-{n},{prefix} {n},Surgery,10,20,5,Green\n" for n in range(ROWS))
    run = started(text, lead, answers={"stage": "delivery"})
    run, checking = longest_wait(lambda: work.finish_check(run, work.check(run)))
    run, writing = longest_wait(lambda: runs.apply(run=run, by=lead))
    run, undone = longest_wait(lambda: undoing.undo(run=run, by=lead))
    assert run.rows.filter(state=RowState.UNDONE).count() == ROWS
    return {"checking": checking, "writing": writing, "undoing": undone}


@pytest.mark.django_db(transaction=False)
def test_next_transaction_is_smaller_after_a_slow_one_and_never_more_than_twice_as_large(
    monkeypatch,
):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for name in ("SECONDS", "SQLITE_SECONDS"):
        monkeypatch.setattr(pacing, name, 0.08)
    pace = Pace(first=40)

    def turn(seconds):
        with pace.turn():
            now[0] += seconds
        return pace.size

    assert [turn(one) for one in (0.16, 0.0, 0.08, 9.0)] == [20, 40, 40, 6]
