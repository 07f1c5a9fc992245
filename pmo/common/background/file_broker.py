"""
Messages as files, such that no broken one ends a worker.

Kombu's transport with three differences: a message is written aside and then named, so that nobody
reads half of it; what cannot be read is put aside and logged, since the sweep brings its job again;
and what is taken stays on this disk, for others to read as little as the data.
"""

import logging
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

BROKEN = ".broken"
TAKEN = ".taken"
DRAFT = ".draft"
KEPT = 20  # of the broken ones, to be looked at

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]  # kombu names it in two ways
        """Write a message whole; raises ChannelError where the disk does not take it."""
        path = Path(self.data_folder_out) / f"{time_ns()}_{uuid4()}.{queue}.msg"
        draft = path.with_suffix(DRAFT)
        try:
            draft.write_bytes(dumps(payload).encode())
            draft.rename(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add {path.name} to the queue.") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Return the oldest message that can be read; raises Empty where there is none."""
        del timeout  # a folder is looked at, not waited for
        for path in sorted(Path(self.data_folder_in).iterdir()):
            if path.name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = path.with_suffix(TAKEN)
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            message = _read(taken)
            if message is not None:
                taken.unlink()
                return message
            _put_aside(taken)
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        """Return which queues an exchange fills; where its file is broken, the one of its name."""
        try:
            return list(super().get_table(exchange))
        except (ValueError, TypeError):
            return [filesystem.exchange_queue_t(exchange, "", exchange)]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except (ValueError, TypeError):
            file = self._exchange_file(exchange)
            log.warning("The list of queues %s cannot be read; it is written anew.", file.name)
            file.unlink(missing_ok=True)
            super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    Channel = Channel


def _read(path: Path) -> Any:
    """Return a message; None for what is none: empty or cut off when the disk was full."""
    try:
        message = loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return message if isinstance(message, dict) and {"body", "properties"} <= set(message) else None


def _put_aside(taken: Path) -> None:
    """Keep a broken message beside the others, and of these the newest few."""
    aside = taken.with_suffix(BROKEN)
    log.warning("The message %s cannot be read; it is put aside as %s.", taken.stem, aside.name)
    taken.rename(aside)
    for old in sorted(aside.parent.glob(f"*{BROKEN}"))[:-KEPT]:
        old.unlink(missing_ok=True)
