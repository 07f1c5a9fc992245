"""Whoever waits to write into SQLite is known, gets the next turn, and is forgotten when it ends."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from pmo.accounts.models import Unit
from pmo.common.records import turns
from pmo.common.records.aside import aside
from pmo.common.records.turns import let_others, waiting_at_most
from tests.factories import UnitFactory

SOON = 0.1  # seconds
MANY = 40
pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has a queue")

BEGINS = """
import sys, time, django
django.setup()
from django.db import connection, transaction
from pmo.accounts.models import Unit
from pmo.common.records.turns import let_others
connection.ensure_connection()
print("there", flush=True)
sys.stdin.readline()
"""
WRITES_ONCE = "Unit.objects.create(name='Theatre'); print('written', flush=True)"
HOLDS = """
with transaction.atomic():
    print("holds", flush=True)
    time.sleep(60)
"""
# an import in small: much in each turn, and no more of a pause than others need
WRITES_MUCH = """
for number in range(40):
    with transaction.atomic():
        Unit.objects.create(name=f"Chunk {number}")
        time.sleep(0.03)
    let_others(at_most=0.2)
print("written", flush=True)
"""


@contextmanager
def process(code):
    """Another process that is about to do this; it is killed at the end if it still runs."""
    address = f"sqlite:///{connection.settings_dict['NAME']}"
    around = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", BEGINS + code]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=around) as other:
        try:
            assert other.stdout.readline() == "there\n"
            yield other
        finally:
            other.kill()


def go(other):
    other.stdin.write("\n")
    other.stdin.flush()


@contextmanager
def thread(act):
    def whole():
        try:
            act()
        finally:
            connection.close()

    other = threading.Thread(target=whole)
    other.start()
    try:
        yield
    finally:
        other.join()


def is_awaited():
    return turns._somebody_waits(connection.settings_dict["NAME"] + turns.TAIL)


def comes_true(true, seconds=20):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.005)
    return true()


def seconds_of(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def names():
    return sorted(Unit.objects.values_list("name", flat=True))


@on_sqlite
def test_a_process_that_waits_is_seen_until_it_has_its_turn():
    with process(WRITES_ONCE) as other:
        with transaction.atomic():
            UnitFactory(name="Surgery")
            go(other)
            seen = comes_true(is_awaited)
        let_others(at_most=10)
        said = other.stdout.readline()

    assert (seen, said, is_awaited()) == (True, "written\n", False)
    assert names() == ["Surgery", "Theatre"]


@on_sqlite
def test_a_thread_that_waits_is_seen_and_goes_first():
    took = []

    def write():
        took.append(seconds_of(lambda: UnitFactory(name="Theatre")))

    with transaction.atomic():
        UnitFactory(name="Surgery")
        other = thread(write)
        other.__enter__()
        seen = comes_true(is_awaited)
    let_others(at_most=10)
    there = names()
    other.__exit__(None, None, None)

    assert (seen, there) == (True, ["Surgery", "Theatre"])
    assert took


@on_sqlite
def test_one_that_is_killed_while_it_waits_keeps_nobody():
    with process(WRITES_ONCE) as other:
        with transaction.atomic():
            UnitFactory(name="Surgery")
            go(other)
            seen = comes_true(is_awaited)
            other.kill()
            other.wait()
        paused = seconds_of(lambda: let_others(at_most=10))

    assert seen
    assert paused < SOON
    assert names() == ["Surgery"]


@on_sqlite
def test_one_that_is_killed_while_it_writes_keeps_nobody():
    with process(HOLDS) as other:
        go(other)
        assert other.stdout.readline() == "holds\n"
        with thread(lambda: UnitFactory(name="Theatre")):
            seen = comes_true(is_awaited)
            other.kill()

    assert (seen, names(), is_awaited()) == (True, ["Theatre"], False)


@on_sqlite
def test_one_that_writes_much_and_one_that_writes_little_both_come_to_an_end():
    waits = []
    with process(WRITES_MUCH) as other:
        go(other)
        assert comes_true(Unit.objects.exists)
        while Unit.objects.filter(name__startswith="Chunk").count() < MANY:
            waits.append(seconds_of(lambda: UnitFactory(name=f"Mine {len(waits)}")))
            time.sleep(0.005)
        assert other.stdout.readline() == "written\n"

    assert len(waits) > MANY / 2, "It came between nearly all chunks."
    assert sorted(waits)[len(waits) // 2] < SOON


@on_sqlite
def test_two_that_write_much_let_each_other_in():
    with process(WRITES_MUCH.replace("Chunk", "Other")) as other, process(WRITES_MUCH) as one:
        go(one)
        go(other)
        said = (one.stdout.readline(), other.stdout.readline())
        made = list(Unit.objects.order_by("pk").values_list("name", flat=True))

    assert said == ("written\n", "written\n")
    first = made[: len(made) // 2]
    assert min(sum(name.startswith(kind) for name in first) for kind in ("Chunk", "Other")) > 5


@on_sqlite
def test_who_waits_gives_up_after_its_time():
    with process(HOLDS) as other:
        go(other)
        assert other.stdout.readline() == "holds\n"
        with waiting_at_most(0.3), pytest.raises(OperationalError) as refused:
            UnitFactory(name="Theatre")
        assert turns.is_busy(refused.value)
        # some of many may be written already, so that nobody can tell what to do again
        with connection.cursor() as cursor, pytest.raises(OperationalError):
            cursor.executemany("UPDATE accounts_unit SET name = %s", [["a"], ["b"]])

    assert not is_awaited()


def test_nobody_who_waits_costs_no_pause():
    UnitFactory(name="Surgery")

    assert seconds_of(lambda: let_others(at_most=10)) < SOON


@on_sqlite
def test_where_no_file_can_be_made_others_are_let_in_as_if_they_waited(monkeypatch):
    monkeypatch.setattr(turns._turn_of(connection), "file", "/not/there")
    with process(HOLDS) as other:
        go(other)
        assert other.stdout.readline() == "holds\n"
        with thread(other.kill):
            UnitFactory(name="Theatre")
    paused = seconds_of(lambda: let_others(at_most=0.05))

    assert names() == ["Theatre"]
    assert 0.05 <= paused < 1


def test_a_connection_takes_turns_in_a_file_only():
    def takes_turns(one):
        return any(isinstance(wrapper, turns._Turn) for wrapper in one.execute_wrappers)

    with aside() as apart:
        copy = transaction.get_connection()
        assert takes_turns(copy) is False or not apart.is_apart
    connection.ensure_connection()
    assert takes_turns(connection) == (connection.vendor == "sqlite")
    connection.close()
    connection.ensure_connection()
    assert sum(isinstance(one, turns._Turn) for one in connection.execute_wrappers) <= 1
