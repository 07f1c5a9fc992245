"""Days that are not as the week says, as people type them: one line each, dates first."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

LINE = re.compile(
    r"(?P<first>\d{4}-\d\d-\d\d)(?:\s*(?:to|until|–|-)\s*(?P<last>\d{4}-\d\d-\d\d))?"
    r"(?:\s+(?P<worked>worked)\b)?(?:\s+(?P<name>.*))?",
    re.IGNORECASE,
)
MOST = 1_000


class DaysError(Exception):
    """A line cannot be read; the message says which one and what would be right."""


class Days(NamedTuple):
    first: date
    last: date
    is_working: bool = False
    name: str = ""


def read(text: str) -> list[Days]:
    """Read lines such as "2026-12-24 to 2027-01-01 Holidays" and "2026-11-21 worked Go-live"."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    found = [_read_one(number, line) for number, line in lines if line]
    if len(found) > MOST:
        raise DaysError(f"A calendar has {MOST:,} lines at most; these are {len(found):,}.")
    return found


def _read_one(number: int, line: str) -> Days:
    found = LINE.fullmatch(line)
    if not found:
        raise DaysError(
            f"Line {number}, “{line[:40]}”, cannot be read. Write a day or two and a name:"
            " 2026-12-24 to 2027-01-01 Holidays."
        )
    try:
        first = date.fromisoformat(found["first"])
        last = date.fromisoformat(found["last"] or found["first"])
    except ValueError:
        raise DaysError(f"Line {number} names a day that does not exist.") from None
    if last < first:
        raise DaysError(f"In line {number} the last day is before the first.")
    name = (found["name"] or "").strip()
    return Days(first=first, last=last, is_working=bool(found["worked"]), name=name[:80])


def written(days: Iterable[Days]) -> str:
    return "\n".join(_written_one(one) for one in days)


def _written_one(one: Days) -> str:
    dates = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
    return " ".join(filter(None, [dates, "worked" if one.is_working else "", one.name]))
