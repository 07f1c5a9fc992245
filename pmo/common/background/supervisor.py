"""Keep a few child processes alive together and end all of them together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import FrameType

POLL_SECONDS = 0.1
LONGEST_POLL_SECONDS = 0.5
GRACE_SECONDS = 8.0
RESTART_GRACE_SECONDS = 20.0
LONGEST_BACK_OFF_SECONDS = 30.0
STEADY_SECONDS = 60.0
# one that ends without an error sooner than this did nothing
SETTLED_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One program to keep running; `name` is the word for it in messages."""

    name: str
    command: tuple[str, ...]


def back_off_seconds(failures: int) -> float:
    """Return how long to wait before the next start: 1, 2, 4 … up to half a minute."""
    return min(2.0 ** (failures - 1), LONGEST_BACK_OFF_SECONDS)


@dataclass(slots=True)
class _Child:
    """A service, the process that runs it now (None while it waits) and its recent failures."""

    service: Service
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    next_start_at: float = 0.0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, and the whole group can be ended.
        self.process = subprocess.Popen(  # noqa: S603 - the commands are this program's own
            self.service.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def signal_leader(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """End whatever the leader left behind; its group keeps its number while a member lives."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass(slots=True)
class Supervisor:
    """Starts services, restarts those that die, stops all on Ctrl-C, SIGTERM or SIGHUP."""

    environment: Mapping[str, str]
    say: Callable[[str], None]
    _children: list[_Child] = field(default_factory=list)
    _stops_asked: int = 0

    def take_over_signals(self) -> None:
        """From here on, what would end the program asks its services to finish first."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_stop)

    def start(self, services: Iterable[Service]) -> None:
        """Start more services and look after them from now on."""
        for service in services:
            child = _Child(service, self.environment)
            self._children.append(child)
            child.start()

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> bool:
        """Tend the services until `ready` says yes; False when stopped or out of time."""
        deadline = time.monotonic() + seconds
        pause = POLL_SECONDS
        while not self.stopping and time.monotonic() < deadline:
            if ready():
                return True
            self._tend()
            time.sleep(pause)
            pause = min(pause * 1.1, LONGEST_POLL_SECONDS)
        return False

    def run_until_stopped(self, look: Callable[[], None] = lambda: None) -> None:
        """Tend the services until somebody asks to stop; `look` is called between, and decides when."""
        while not self.stopping:
            self._tend()
            look()
            time.sleep(POLL_SECONDS)

    def restart(self, services: Iterable[Service]) -> None:
        """End these services, asking first, and start them again; no failure of theirs."""
        chosen = set(services)
        children = [child for child in self._children if child.service in chosen]
        self._end(children, grace=RESTART_GRACE_SECONDS)
        if self.stopping:
            return
        for child in children:
            child.start()

    def stop(self) -> None:
        """Ask every service to finish; after the grace time, or a second request, end it."""
        self._end(self._children, grace=GRACE_SECONDS)

    def _end(self, children: list[_Child], *, grace: float) -> None:
        for child in children:
            child.signal_leader(signal.SIGTERM)
        deadline = time.monotonic() + grace
        already_asked = self._stops_asked
        while any(child.running() for child in children):
            if time.monotonic() > deadline or self._stops_asked > max(already_asked, 1):
                break
            time.sleep(POLL_SECONDS)
        for child in children:
            child.kill_group()

    @property
    def stopping(self) -> bool:
        return self._stops_asked > 0

    def _ask_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stops_asked += 1

    def _tend(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is None:
                if now >= child.next_start_at:
                    child.start()
            elif child.process.poll() is not None:
                self._note_death(child, now)

    def _note_death(self, child: _Child, now: float) -> None:
        code = child.process.returncode if child.process is not None else None
        lived = now - child.started_at
        child.kill_group()
        if code == 0 and lived > SETTLED_SECONDS:
            # it made room for a fresh one, as workers do from time to time
            child.start()
            return
        child.failures = 1 if lived > STEADY_SECONDS else child.failures + 1
        wait = back_off_seconds(child.failures)
        child.process = None
        child.next_start_at = now + wait
        self.say(f"The {child.service.name} process ended (code {code}); again in {wait:.0f} s.")
