"""Starts the whole program as `make run` does, on an empty machine, and stops it."""

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

import psutil
import pytest

from pmo.common.healthcheck import is_healthy

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = {"pmo.wsgi", "worker", "beat"}
SIGN_IN = {"role": "PMO lead", "email": "lead@example.org", "password": "a-demo-password"}


def environment(folder: Path) -> dict[str, str]:
    """Return a bare machine's environment: no services, nothing loaded, data in the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "SECRET_KEY": "a-key-for-this-test-only-0123456789-abcdefghij",
        "VAR_DIR": str(folder),
        "EXAMPLE": "none",
        "PYTHONUNBUFFERED": "1",
    }


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "rounds", "run", "--port", str(port)],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run it for a while; whatever happens meanwhile, nothing of it stays."""
    with start(folder, port) as process:
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


def test_everything_starts_answers_and_stops_without_a_trace(folder, port):
    with running(folder, port) as process:
        before = lines_until(process, "Rounds is ready at")
        healthy = is_healthy(port, base_url=f"http://127.0.0.1:{port}")
        family = psutil.Process(process.pid).children(recursive=True)
        programs = {word for found in family for word in found.cmdline() if word in PROGRAMS}
        accounts = lines_until(process, "Ctrl-C stops it.")
        process.send_signal(signal.SIGTERM)
        after = lines_until(process, "Rounds has stopped.")
        code = process.wait(timeout=10)

    assert before[-1] == f"Rounds is ready at http://127.0.0.1:{port}"
    assert healthy
    assert programs == PROGRAMS
    assert [line.split() for line in accounts if "@" in line] == [
        ["PMO", "lead", "lead@example.org", "a-demo-password"]
    ]
    assert after[0] == "Stopping …"
    assert code == 0
    assert [found for found in family if alive(found)] == []
    assert not is_healthy(port, base_url=f"http://127.0.0.1:{port}")
    assert (folder / "none" / "rounds.sqlite3").stat().st_mode & 0o077 == 0


def test_port_in_use_is_refused_with_a_sentence(folder, port):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with start(folder, port) as process:
            said, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said.strip() == (
        f"CommandError: Port {port} is in use by another program."
        f" Choose another one: make run PORT={port + 1}"
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

    assert process.returncode != 0
    assert f"'{text}' is not a port; give a whole number from 1 to 65535." in process.stderr
