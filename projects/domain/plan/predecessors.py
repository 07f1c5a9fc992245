"""What a row waits for, as people type it: row numbers with a kind and a lag, "3FS+2d, 5SS, 7+3ed"."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from projects.domain.kinds import LinkKind

PART = re.compile(
    r"(?P<row>\d{1,6})\s*(?P<kind>FS|SS|FF|SF)?\s*"
    r"(?:(?P<sign>[+−-])\s*(?P<lag>\d{1,4})\s*(?P<unit>d|days?|ed|edays?)?)?",
    re.IGNORECASE,
)


class PredecessorsError(Exception):
    """The text cannot be read; the message says which part and what would be right."""


class Wait(NamedTuple):
    """One row that another waits for, by its number in the plan."""

    row: int
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0
    is_elapsed: bool = False


def read(text: str) -> list[Wait]:
    """Read a list of predecessors; empty text is an empty list."""
    waits: list[Wait] = []
    for part in re.split(r"[,;\n]", text):
        said = part.strip()
        if not said:
            continue
        wait = _read_one(said)
        if any(wait.row == other.row for other in waits):
            raise PredecessorsError(
                f"Row {wait.row} is named twice. Two rows have one link at most."
            )
        waits.append(wait)
    return waits


def _read_one(said: str) -> Wait:
    found = PART.fullmatch(said)
    if not found:
        raise PredecessorsError(
            f"“{said[:40]}” cannot be read. Write row numbers, with a kind and a lag where you need"
            " them: 3, 5SS, 3FS+2d."
        )
    lag = int(found["lag"] or 0)
    return Wait(
        row=int(found["row"]),
        kind=LinkKind((found["kind"] or "FS").upper()),
        lag=lag if found["sign"] == "+" else -lag,
        is_elapsed=(found["unit"] or "").lower().startswith("e") and lag != 0,
    )


def written(waits: Iterable[Wait]) -> str:
    """Write predecessors as short as they can be read again."""
    return ", ".join(_written_one(wait) for wait in sorted(waits))


def _written_one(wait: Wait) -> str:
    plain = wait.kind is LinkKind.FINISH_START and not wait.lag
    kind = "" if plain else wait.kind.value
    if not wait.lag:
        return f"{wait.row}{kind}"
    sign = "+" if wait.lag > 0 else "−"
    return f"{wait.row}{kind}{sign}{abs(wait.lag)}{'ed' if wait.is_elapsed else 'd'}"
