"""Say every few seconds how far something that takes long has come: plain lines, fit for a log."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ON_A_TERMINAL_SECONDS = 2.0
IN_A_LOG_SECONDS = 5.0


def say(line: str) -> None:
    """Write one line to the terminal or the log, at once."""
    print(line, flush=True)  # noqa: T201 - this is what the terminal is for


@dataclass(slots=True)
class StartProgress:
    """How far it is; whoever does the work calls `at`, and a thread of its own says it now and then."""

    doing: str
    started: float = field(default_factory=time.monotonic)
    so_far: str = ""
    # asked each time for what is done so far, where the work itself cannot be made to say it
    ask: Callable[[], str] | None = None

    def at(self, done: int, total: int, things: str) -> None:
        """Note how many of the things are done."""
        self.so_far = f" {done} of {total} {things}"

    def line(self) -> str:
        """Return what is being done, how far it is and how long it took until now."""
        so_far = (self.ask() if self.ask else self.so_far) or " under way"
        return f"{self.doing}:{so_far}, {time.monotonic() - self.started:.0f} s"


@contextmanager
def shown(
    doing: str, *, speak: Callable[[str], None] = say, every: float | None = None
) -> Iterator[StartProgress]:
    """Speak of the work inside, every 2 s on a terminal and every 5 s in a log; never when it is short."""
    progress = StartProgress(doing)
    pause = every or (ON_A_TERMINAL_SECONDS if sys.stdout.isatty() else IN_A_LOG_SECONDS)
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(pause):
            speak(progress.line())

    teller = threading.Thread(target=tell, name="progress", daemon=True)
    teller.start()
    try:
        yield progress
    finally:
        ended.set()
        teller.join()
