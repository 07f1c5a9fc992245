"""End a start that fails with one sentence; its traceback goes to a file that the sentence names."""

import os
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType

from starting.sentences import sentence_of

ROOT = Path(__file__).resolve().parent.parent
LOG_NAME = "start-errors.log"
LONGEST_LOG = 1_000_000
FAILED, INTERRUPTED = 1, 130


@contextmanager
def told(*, is_loading: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """
    Wrap whatever starts a program: nothing that goes wrong inside ends in a traceback on the screen.

    While `is_loading` says so, Ctrl-C ends it at once: a package that is being read may swallow the exception.
    """
    speak_any_tongue()
    # Whatever is masked, the owner may read and write what is made from here on.
    os.umask(os.umask(0o077) & 0o077)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, _interrupt(is_loading))
    try:
        yield
    except KeyboardInterrupt:
        _say("Stopped.")
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        # Whoever read what we wrote has gone; there is nobody to tell.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the end
        raise SystemExit(FAILED) from None
    except Exception as error:
        if "--traceback" in sys.argv:
            raise
        _say(report_of(error))
        raise SystemExit(FAILED) from None


@contextmanager
def ended_at_once() -> Iterator[None]:
    """
    Let Ctrl-C end the program at once while threads work that would be waited for.

    Only for work that the next start does again from its beginning.
    """

    before = signal.signal(signal.SIGINT, _interrupt(lambda: True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(ends_at_once: Callable[[], bool]) -> Callable[[int, FrameType | None], None]:
    """Return what answers Ctrl-C: by ending the program, or by an exception that closes what is open first."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if ends_at_once():
            _say("Stopped.")
            os._exit(INTERRUPTED)
        raise KeyboardInterrupt

    return interrupt


def report_of(error: BaseException) -> str:
    """Return the sentence for an error, having put its traceback into the log where that helps."""
    said = sentence_of(error)
    if said.is_plain:
        return said.sentence
    log = keep_traceback("".join(traceback.format_exception(error)))
    sentence = said.sentence if said.sentence.endswith((".", ")")) else f"{said.sentence}."
    if log is None:
        return f"{sentence} (No log of it could be written.)"
    return f"{sentence} The details are in {shown(log)}."


def keep_traceback(text: str) -> Path | None:
    """Append to the log of failed starts and return it; None when no place takes it."""
    entry = f"== {datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z} {' '.join(sys.argv)}\n{text}\n"
    for place in log_places():
        with suppress(OSError):
            return _append(place, entry)
    return None


def log_places() -> Iterator[Path]:
    """Return where the log may lie: beside the data, else among the machine's temporary files."""
    data = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    example = os.environ.get("EXAMPLE") or "demo"
    yield (data / example if re.fullmatch(r"[\w-]+", example) else data).absolute() / LOG_NAME
    yield Path(tempfile.gettempdir()) / f"rounds-{os.getuid()}-{LOG_NAME}"


def shown(path: Path) -> str:
    """Return a path as short as it can be typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def speak_any_tongue() -> None:
    """Let a terminal that lacks a character show a stand-in for it instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _append(place: Path, entry: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    descriptor = os.open(place, flags, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        if file.tell() > LONGEST_LOG:
            file.truncate(0)
        file.write(entry)
    return place


def _say(sentence: str) -> None:
    """Say it if that is possible: an interrupt may come while the same stream is being written."""
    with suppress(OSError, ValueError, RuntimeError):
        sys.stdout.flush()
    with suppress(OSError, ValueError, RuntimeError):
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the terminal is whom it speaks to
