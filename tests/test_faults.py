"""Workers are killed while they hold jobs, on the broker and the database that the suite runs on."""

import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections

from faults.__main__ import BrokerSide, failures, table
from faults.courses import FEW, FULL
from pmo.common.background import jobs

LINE = {
    "kind": "count",
    "phases": "claimed, written",
    "kills": 2,
    "hits": 2,
    "lost": 0,
    "doubled": 0,
    "longest": 2.5,
    "remark": "",
}


@pytest.fixture
def side(tmp_path):
    """Yield the installation whose workers are killed, on a copy of the tables of the suite."""
    (tmp_path / "none").mkdir()
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(tmp_path / "none" / "rounds.sqlite3")) as copy:
            connection.connection.backup(copy)
        yield BrokerSide("files", tmp_path)
        return
    if not settings.REDIS_URL:
        pytest.skip("It needs Redis beside PostgreSQL: make test-services.")
    tested, known = connection.settings_dict["NAME"], connection.get_connection_params()
    name = f"{tested}_faults"
    connections.close_all()
    with closing(
        psycopg2.connect(**known | {"dbname": "postgres", "cursor_factory": None})
    ) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {tested}")
            url = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
            yield BrokerSide("redis", tmp_path, DATABASE_URL=url, REDIS_URL=settings.REDIS_URL)
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.true_day("the workers have the machine's clock")
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_double_nothing(side):
    lines = side.kill("few")

    assert failures(lines) == []
    assert [one["kind"] for one in lines] == [course.kind for course in FEW]
    assert sum(one["hits"] for one in lines) == 6


def test_the_full_run_kills_every_kind_of_job_and_at_least_fifty_workers():
    assert {course.kind for course in FULL} == set(jobs._handlers)
    assert sum(len(course.phases) for course in FULL) >= 50
    assert max(len(course.phases) for course in FULL) < jobs.MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"lost": 1}, "count (claimed, written): 1 lost, 0 doubled, 2 of 2 kills hit"),
        ({"doubled": 1}, "count (claimed, written): 0 lost, 1 doubled, 2 of 2 kills hit"),
        ({"hits": 1}, "count (claimed, written): 0 lost, 0 doubled, 1 of 2 kills hit"),
    ],
)
def test_what_must_not_be_is_named(fault, said):
    assert failures([LINE, LINE | fault]) == [said]


def test_the_table_has_a_line_for_each_course_and_one_of_sums():
    lines = table("Files", [LINE, LINE | {"kind": "mail", "longest": 10.0, "remark": "uncertain"}])

    assert [line.split() for line in lines[2:-1]] == [
        ["count", "claimed,", "written", "2", "2", "0", "0", "2.5", "s"],
        ["mail", "claimed,", "written", "2", "2", "0", "0", "10.0", "s", "uncertain"],
        ["together", "4", "4", "0", "0"],
    ]
