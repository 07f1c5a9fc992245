"""
Reads a list of records in JSON apart from everything else: bytes on standard input, lines of JSON out.

A process of its own with bounds on memory and time, as `child` has for spreadsheets; it imports nothing of
the project. The list is that of the file, or the longest one in it: `value` of OData, `results` of an API.
What is nested is named with dots, and a list of values is one text. The first line out says how many
records the file says there are, when it says that it goes on elsewhere; then come the headers and the rows.

Arguments: the limits on memory (bytes), processor time (seconds), rows, columns and cells.
"""

import json
import re
import resource
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

UNREADABLE, TOO_LARGE = 3, 4
DEEPEST = 4  # of a list in its file
DEEP = 6  # of what is nested in a record
LONGEST = 32_767  # letters in a cell
NAMES = ("name", "title", "displayName", "value", "key", "email", "id")  # of a thing in a list
NEXT = ("next", "@odata.nextLink", "odata.nextLink", "__next", "nextPageToken", "next_page")
MOMENT = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
PLAIN = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
MOST_PLACES = 30


def main() -> int:
    """Bound this process, read, and tell what was found; return the exit code."""
    memory, seconds, most_rows, most_columns, most_cells = map(int, sys.argv[1:6])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        document = json.loads(sys.stdin.buffer.read(), parse_float=Number, parse_int=Number)
        rows = [flat(record) for record in list_of(document)]
        headers = list(dict.fromkeys(name for row in rows for name in row))
        if len(rows) > most_rows or len(headers) > most_columns:
            return TOO_LARGE
        if sum(map(len, rows)) > most_cells:
            return TOO_LARGE
        sys.stdout.write(json.dumps(said_to_be(document)) + "\n")
        sys.stdout.write(json.dumps([f"s{name}" for name in headers]) + "\n")
        for row in rows:
            sys.stdout.write(json.dumps([row.get(name, "") for name in headers]) + "\n")
    except MemoryError:
        return TOO_LARGE
    except BaseException:
        return UNREADABLE
    return 0


class Number(str):
    """A number as the file writes it: nothing is lost of a long one."""

    __slots__ = ()


def list_of(document: Any) -> list[dict[str, Any]]:
    """Return the records: of the lists of objects that lie least deep, the longest."""
    here = [document]
    for _ in range(DEEPEST):
        found = [one for one in here if is_records(one)]
        if found:
            return max(found, key=len)
        here = [value for one in here if isinstance(one, dict) for value in one.values()]
    raise ValueError("no list of records")


def is_records(one: Any) -> bool:
    return isinstance(one, list) and bool(one) and all(isinstance(item, dict) for item in one)


def said_to_be(document: Any) -> int | None:
    """Return how many records there are in all when the file is one page of them, 0 for many; else None."""
    if isinstance(document, dict) and isinstance(document.get("d"), dict):
        document = document["d"]
    if not isinstance(document, dict) or not any(document.get(name) for name in NEXT):
        return None
    count = document.get("count")
    return int(count) if isinstance(count, Number) and len(count) < 10 else 0  # noqa: PLR2004 - digits of a count


def flat(record: dict[str, Any], before: str = "", deep: int = 0) -> dict[str, str]:
    """Return a record as one level of coded cells; what only describes it is left out."""
    cells: dict[str, str] = {}
    for name, value in record.items():
        if name.startswith(("@", "__", "_links", "odata.")) or "@odata." in name:
            continue
        label = f"{before}{whole(name)}"
        if isinstance(value, dict) and value and deep < DEEP:
            cells |= flat(value, f"{label}.", deep + 1)
        elif (cell := coded(value)) or label not in cells:
            cells[label] = cell
    return cells


def coded(value: Any) -> str:
    """Return a value as a text whose first letter says what it is."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "sTRUE" if value else "sFALSE"
    if isinstance(value, Number):
        return f"n{value}" if PLAIN.fullmatch(value) else f"s{value[:LONGEST]}"
    if isinstance(value, list):
        return f"s{', '.join(filter(None, map(named, value)))[:LONGEST]}"
    text = whole(str(value) if not isinstance(value, dict) else named(value))
    if found := MOMENT.fullmatch(text):
        day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1]))
        return f"d{day.date().isoformat()}"
    return f"s{text[:LONGEST]}"


def named(item: Any) -> str:
    """Return what an item of a list is called."""
    if isinstance(item, dict):
        called = (item[name] for name in NAMES if isinstance(item.get(name), str) and item[name])
        return whole(next(called, ""))
    return "" if item is None or isinstance(item, list) else whole(str(item))


def whole(text: str) -> str:
    """Return text without halves of letters, which no file and no database keeps."""
    return text.encode("utf-8", "replace").decode("utf-8")


if __name__ == "__main__":
    sys.exit(main())
