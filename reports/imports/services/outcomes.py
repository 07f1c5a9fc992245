"""What writing the rows of a check comes to, held small until the rows are kept: a long file has a million changes."""

import json
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from reports.imports.domain import ImportRow, RecordKind
from reports.imports.services.setting import Change, Told, Written
from reports.imports.services.showing import EMPTY

WINDOW = 12  # as zlib counts: 4 KB, what is known beforehand and one row
LEVEL, MEMORY = 1, 5


class Outcomes:
    """
    What each row comes to, packed, and what is counted over all of them.

    `arriving` counts new projects by what their row says of the stage, "" for nothing; `red` counts rows that
    make a project red.
    """

    def __init__(self, kind: RecordKind) -> None:
        self.counts: Counter[str] = Counter()
        self.told: Counter[Told] = Counter()
        self.arriving: Counter[str] = Counter()
        self.red = 0
        # what every row repeats
        changes = [(field.name, field.label, EMPTY, "", False) for field in kind.fields]
        self._known = _plain(["updated", "created", changes])
        self._packed: dict[int | str, bytes] = {}

    def add(self, row: ImportRow, written: Written) -> None:
        """Count what a row comes to, and keep it."""
        self.counts[written.outcome] += 1
        self.told.update(written.told)
        is_new = written.outcome == "created"
        if is_new:
            self.arriving[str(row.values.get("stage") or "")] += 1
        if row.values.get("color") == "red":
            self.red += is_new or any(change.field == "color" for change in written.changes)
        packer = zlib.compressobj(LEVEL, wbits=WINDOW, memLevel=MEMORY, zdict=self._known)
        self._packed[_key(row)] = packer.compress(_plain(written)) + packer.flush()

    def __iter__(self) -> Iterator[Written]:
        """Yield what the rows come to, in the order in which they were tried."""
        return map(self._unpacked, self._packed.values())

    def of(self, row: ImportRow) -> Written | None:
        """Return what a row comes to; None for one that is handed back."""
        packed = self._packed.get(_key(row))
        return None if packed is None else self._unpacked(packed)

    def _unpacked(self, packed: bytes) -> Written:
        unpacker = zlib.decompressobj(wbits=WINDOW, zdict=self._known)
        outcome, changes, project, told = json.loads(unpacker.decompress(packed))
        return Written(
            outcome, tuple(Change(*one) for one in changes), project, tuple(map(Told, told))
        )


def _plain(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _key(row: ImportRow) -> int | str:
    """Return what no other row of a table has: its column where records are columns, else its line."""
    return row.column or row.line
