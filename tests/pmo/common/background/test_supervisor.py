import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from pmo.common.background.supervisor import Service, Supervisor, back_off_seconds

pytestmark = pytest.mark.slow

# A service with a child of its own, both of which write their number into the folder given.
PARENT_AND_CHILD = """
import os, pathlib, subprocess, sys, time
folder = pathlib.Path(sys.argv[1])
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
(folder / "child").write_text(str(child.pid))
(folder / "parent").write_text(str(os.getpid()))
time.sleep(60)
"""
DEAF = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
(pathlib.Path(sys.argv[1]) / "parent").write_text(str(os.getpid()))
time.sleep(60)
"""
LIFE = 60  # seconds until a child ends by itself
DIES_AT_ONCE = """
import pathlib, sys
starts = pathlib.Path(sys.argv[1]) / "starts"
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
sys.exit(3)
"""


@pytest.fixture(autouse=True)
def _signals_as_before():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def supervise(script: str, folder: Path) -> tuple[Supervisor, list[str]]:
    said: list[str] = []
    service = Service(name="test", command=(sys.executable, "-c", script, str(folder)))
    supervisor = Supervisor(dict(os.environ), said.append)
    supervisor.take_over_signals()
    supervisor.start([service])
    return supervisor, said


def number_in(path: Path) -> int | None:
    text = path.read_text() if path.exists() else ""
    return int(text) if text else None


def is_alive(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def vanishes(number: int) -> bool:
    """Wait a moment: a killed grandchild is reaped by init, not by us."""
    deadline = time.monotonic() + 5
    while is_alive(number) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(number)


def test_stop_leaves_neither_a_child_nor_a_grandchild(tmp_path):
    supervisor, _said = supervise(PARENT_AND_CHILD, tmp_path)
    started = supervisor.wait_until(lambda: number_in(tmp_path / "parent") is not None, seconds=10)
    parent, child = number_in(tmp_path / "parent"), number_in(tmp_path / "child")
    alive_before = is_alive(parent), is_alive(child)

    supervisor.stop()

    assert started
    assert alive_before == (True, True)
    assert vanishes(parent)
    assert vanishes(child)


def test_child_that_ignores_the_request_is_ended_after_the_grace_time(tmp_path, monkeypatch):
    monkeypatch.setattr("pmo.common.background.supervisor.GRACE_SECONDS", 0.3)
    supervisor, _said = supervise(DEAF, tmp_path)
    supervisor.wait_until(lambda: number_in(tmp_path / "parent") is not None, seconds=10)
    parent = number_in(tmp_path / "parent")
    began = time.monotonic()

    supervisor.stop()

    assert 0.3 <= time.monotonic() - began < LIFE
    assert vanishes(parent)


def test_second_request_to_stop_does_not_wait_for_the_grace_time(tmp_path, monkeypatch):
    supervisor, _said = supervise(DEAF, tmp_path)
    supervisor.wait_until(lambda: number_in(tmp_path / "parent") is not None, seconds=10)
    os.kill(os.getpid(), signal.SIGINT)
    supervisor.run_until_stopped()
    monkeypatch.setattr("pmo.common.background.supervisor.GRACE_SECONDS", LIFE)
    again = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    again.start()
    began = time.monotonic()

    supervisor.stop()

    again.join()
    assert time.monotonic() - began < LIFE
    assert vanishes(number_in(tmp_path / "parent"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_wait(tmp_path, number):
    supervisor, said = supervise(PARENT_AND_CHILD, tmp_path)
    threading.Timer(0.2, os.kill, (os.getpid(), number)).start()

    supervisor.run_until_stopped()
    supervisor.stop()

    assert supervisor.stopping
    assert said == []


def test_child_that_dies_is_started_again_after_a_pause_and_it_is_said(tmp_path):
    supervisor, said = supervise(DIES_AT_ONCE, tmp_path)

    twice = supervisor.wait_until(
        lambda: (tmp_path / "starts").exists() and (tmp_path / "starts").read_text() == "xx",
        seconds=10,
    )
    supervisor.stop()

    assert twice
    assert said[0] == "The test process ended (code 3); again in 1 s."


def test_child_that_dies_takes_its_own_children_along(tmp_path):
    supervisor, _said = supervise(PARENT_AND_CHILD, tmp_path)
    supervisor.wait_until(lambda: number_in(tmp_path / "parent") is not None, seconds=10)
    child = number_in(tmp_path / "child")

    os.kill(number_in(tmp_path / "parent"), signal.SIGKILL)
    supervisor.wait_until(lambda: not is_alive(child), seconds=5)

    assert vanishes(child)
    supervisor.stop()


def test_waiting_ends_when_time_is_up(tmp_path):
    supervisor, _said = supervise(PARENT_AND_CHILD, tmp_path)

    ready = supervisor.wait_until(lambda: False, seconds=0.3)
    supervisor.stop()

    assert not ready
    assert not supervisor.stopping


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (99, 30)]
)
def test_pause_doubles_up_to_half_a_minute(failures, seconds):
    assert back_off_seconds(failures) == seconds
