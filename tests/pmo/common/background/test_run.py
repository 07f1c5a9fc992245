"""Starts the whole program as `make run` does, on an empty machine, and stops it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest
from django.conf import settings

from pmo.common.background.healthcheck import is_live

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[4]
PROGRAMS = {"pmo.wsgi", "worker", "beat", "solo"}
SIGN_IN = {"role": "PMO lead", "email": "lead@example.org", "password": "a-demo-password"}


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return a bare machine's environment and what is given: nothing loaded, data in the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "SECRET_KEY": "a-key-for-this-test-only-0123456789-abcdefghij",
        "VAR_DIR": str(folder),
        "EXAMPLE": "none",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def start(folder: Path, port: int, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "rounds", "run", "--port", str(port)],
        cwd=ROOT,
        env=environment(folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(folder: Path, port: int, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Run it for a while; whatever happens meanwhile, nothing of it stays."""
    with start(folder, port, **more) as process:
        try:
            yield process
        finally:
            process.terminate()


def lines_until(process: subprocess.Popen[str], end: str) -> list[str]:
    assert process.stdout is not None
    found = []
    for line in process.stdout:
        found.append(line.rstrip())
        if line.startswith(end):
            return found
    raise AssertionError(f"It ended without saying {end!r}:\n" + "\n".join(found))


def ask_for_a_tick(folder: Path, **more: str) -> None:
    """Send the scheduler's message by hand, since its own comes after a minute."""
    subprocess.run(
        [sys.executable, "-m", "celery", "--app", "pmo", "call", "common.tick"],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        check=True,
    )


def clock_of(port: int, *, seconds: float) -> str:
    """Return what the health page says of the clock, once it ticked or when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/health/")
        said = json.load(connection.getresponse())["clock"]
        connection.close()
        if said != "not yet" or time.monotonic() > deadline:
            return said
        time.sleep(0.1)


def alive(process: psutil.Process) -> bool:
    """Wait a moment: what lost its parent is reaped by the machine's first process."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "sign-ins.json").write_text(json.dumps([SIGN_IN]))
    return tmp_path


@pytest.fixture
def services(port: int) -> Iterator[dict[str, str]]:
    """Return the variables that point at PostgreSQL, with an empty database there, and Redis."""
    database = settings.DATABASES["default"]
    if "postgresql" not in database["ENGINE"] or not settings.REDIS_URL:
        pytest.skip("It needs PostgreSQL and Redis: make test-services.")
    name = f"rounds_run_{port}"
    server = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"] or None,
        dbname="postgres",
    )
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield {
            "DATABASE_URL": urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl(),
            "REDIS_URL": settings.REDIS_URL,
        }
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.mark.timeout(180)
def test_everything_starts_works_and_stops_without_a_trace(folder, port):
    with running(folder, port) as process:
        before = lines_until(process, "Rounds is ready at")
        live = is_live(port, base_url=f"http://127.0.0.1:{port}")
        family = psutil.Process(process.pid).children(recursive=True)
        programs = {word for found in family for word in found.cmdline() if word in PROGRAMS}
        accounts = lines_until(process, "Ctrl-C stops it.")
        clock_before = clock_of(port, seconds=0)
        ask_for_a_tick(folder)
        clock_after = clock_of(port, seconds=40)
        process.send_signal(signal.SIGTERM)
        after = lines_until(process, "Rounds has stopped.")
        code = process.wait(timeout=10)

    assert before[-1] == f"Rounds is ready at http://127.0.0.1:{port}"
    assert live
    assert programs == PROGRAMS
    assert (clock_before, clock_after) == ("not yet", "on time")
    assert [line.split() for line in accounts if "@" in line] == [
        ["PMO", "lead", "lead@example.org", "a-demo-password"]
    ]
    assert after[0] == "Stopping …"
    assert [line for line in accounts if "/setup/#" in line] == [
        "  " + (folder / "none" / "setup-link.txt").read_text().strip()
    ]
    assert code == 0
    assert [found for found in family if alive(found)] == []
    assert not is_live(port, base_url=f"http://127.0.0.1:{port}")
    assert (folder / "none" / "rounds.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.services
@pytest.mark.timeout(180)
def test_message_reaches_the_worker_through_redis(folder, port, services):
    with running(folder, port, **services) as process:
        lines_until(process, "Rounds is ready at")
        before = clock_of(port, seconds=0)
        ask_for_a_tick(folder, **services)
        after = clock_of(port, seconds=40)

    assert (before, after) == ("not yet", "on time")
    assert not (folder / "none" / "rounds.sqlite3").exists()
    assert not (folder / "none" / "broker").exists()


def test_port_in_use_is_refused_with_a_sentence(folder, port):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with start(folder, port) as process:
            said, _ = process.communicate(timeout=120)

    assert process.returncode == 1
    assert said.strip() == (
        f"Port {port} is in use by another program. Choose another one: make run PORT={port + 1}"
    )


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1", "80.5"])
def test_what_is_no_port_is_refused_with_a_sentence(folder, text):
    process = subprocess.run(
        [sys.executable, "manage.py", "rounds", "run", f"--port={text}"],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 1
    assert process.stderr.strip() == (
        f"'{text}' is not a port; give a whole number from 1 to 65535: make run PORT=8001."
    )


def test_signal_to_make_reaches_the_program_itself():
    # The suite itself is often run by make, whose variables would change what this one prints.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    steps = subprocess.run(
        ["make", "--dry-run", "run", "PORT=8000"],
        cwd=ROOT,
        env=alone,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert steps[-1].startswith("exec "), "A shell in between would die alone and leave it running."
    assert steps[-1].endswith('manage.py rounds run --port "8000"')
