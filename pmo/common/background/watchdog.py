"""
Start the background again when nothing moves there, though all its processes are alive.

What moves is asked of the pages, which read it from the database: when the clock last ticked, and
whether a worker holds a job. A worker with a long job is none that hangs: it is held to its deadline.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

LOOKS_EVERY = 30.0  # seconds
QUIET_FOR = 180.0  # seconds without a tick, which comes each minute


class Signs(NamedTuple):
    """What the pages say of the background; no tick was ever seen where `seconds_since_tick` is None."""

    seconds_since_tick: float | None
    is_working: bool


@dataclass(slots=True)
class Watchdog:
    """
    Looks every half minute.

    `ask` returns None while the pages do not answer: then nobody knows, and nothing is ended.
    """

    ask: Callable[[], Signs | None]
    restart: Callable[[], None]
    say: Callable[[str], None]
    clock: Callable[[], float] = monotonic
    _started_at: float = field(init=False)
    _looks_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._begin()

    def look(self) -> None:
        """Restart what has been quiet for three minutes; does nothing between its looks."""
        now = self.clock()
        if now < self._looks_at:
            return
        self._looks_at = now + LOOKS_EVERY
        signs = self.ask()
        if signs is None or signs.is_working:
            return
        quiet = now - self._started_at  # a start is given as long as a tick
        if signs.seconds_since_tick is not None:
            quiet = min(quiet, signs.seconds_since_tick)
        if quiet <= QUIET_FOR:
            return
        self.say(
            f"Nothing has moved in the background for {quiet:.0f} s, though its processes are"
            " alive: workers and scheduler are started again."
        )
        self.restart()
        self._begin()

    def _begin(self) -> None:
        self._started_at = self.clock()
        self._looks_at = self._started_at + LOOKS_EVERY
