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
DEAF_TOO = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
import os"""
MAKES_ROOM = DIES_AT_ONCE.replace("sys.exit(3)", "sys.exit(0)")


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


def starts_in(folder: Path) -> int:
    return len((folder / "starts").read_text()) if (folder / "starts").exists() else 0


def test_child_that_makes_room_for_a_fresh_one_has_not_failed(tmp_path, monkeypatch):
    monkeypatch.setattr("pmo.common.background.supervisor.SETTLED_SECONDS", 0)
    supervisor, said = supervise(MAKES_ROOM, tmp_path)

    several = supervisor.wait_until(lambda: starts_in(tmp_path) > 3, seconds=20)
    supervisor.stop()

    assert several
    assert said == []


def test_child_that_ends_at_once_without_an_error_is_started_again_after_a_pause(tmp_path):
    supervisor, said = supervise(MAKES_ROOM, tmp_path)

    twice = supervisor.wait_until(lambda: starts_in(tmp_path) == 2, seconds=20)
    supervisor.stop()

    assert twice
    assert said[0] == "The test process ended (code 0); again in 1 s."


def test_restart_ends_what_hangs_and_its_children_and_starts_it_again(tmp_path, monkeypatch):
    monkeypatch.setattr("pmo.common.background.supervisor.RESTART_GRACE_SECONDS", 0.3)
    hangs, lives = tmp_path / "hangs", tmp_path / "lives"
    hangs.mkdir()
    lives.mkdir()
    supervisor, said = supervise(PARENT_AND_CHILD.replace("import os", DEAF_TOO, 1), hangs)
    other = Service(name="other", command=(sys.executable, "-c", PARENT_AND_CHILD, str(lives)))
    supervisor.start([other])
    supervisor.wait_until(
        lambda: number_in(hangs / "parent") is not None and number_in(lives / "parent") is not None,
        seconds=10,
    )
    parent, child, kept = (
        number_in(path) for path in (hangs / "parent", hangs / "child", lives / "parent")
    )
    (hangs / "parent").unlink()

    supervisor.restart([supervisor._children[0].service])

    again = supervisor.wait_until(lambda: number_in(hangs / "parent") is not None, seconds=10)
    alive = is_alive(kept)
    supervisor.stop()
    assert vanishes(parent)
    assert vanishes(child)
    assert again
    assert alive
    assert said == []


def test_what_looks_on_is_asked_while_services_run(tmp_path):
    supervisor, _said = supervise(PARENT_AND_CHILD, tmp_path)
    looks = []

    def look():
        looks.append(1)
        if len(looks) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    supervisor.run_until_stopped(look)
    supervisor.stop()

    assert len(looks) == 3


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
