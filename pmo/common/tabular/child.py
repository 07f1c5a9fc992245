"""
Reads one spreadsheet apart from everything else: bytes on standard input, lines of JSON on standard output.

A parser of old binary formats is given a process of its own with bounds on memory and time, so that what
it does with a hostile file ends with it. The file is run as a script and imports nothing of the project.

Arguments: the limits on memory (bytes), processor time (seconds), rows, columns and cells, and the name
of the sheet. Without a sheet every sheet's first rows are told, and how many it has.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, timedelta

HEAD = 40
UNREADABLE, TOO_LARGE = 3, 4


def main() -> int:
    """Bound this process, read, and tell what was found; return the exit code."""
    memory, seconds, *bounds = map(int, sys.argv[1:6])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    data = sys.stdin.buffer.read()
    try:
        # here, because the bounds are for this too
        from python_calamine import CalamineWorkbook  # noqa: PLC0415 - after the bounds are set

        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if len(sys.argv) > 6:  # noqa: PLR2004 - a sheet is named
            return tell_rows(book, sys.argv[6], bounds)
        for sheet in book.sheets_metadata:
            tell_head(book, sheet)
    except MemoryError:
        return TOO_LARGE
    except BaseException:
        return UNREADABLE
    return 0


def tell_head(book, sheet) -> None:  # type: ignore[no-untyped-def]  # the library has no types
    """Tell a sheet's name, whether it is hidden, its rows with content, and the first of them."""
    if "WorkSheet" not in str(sheet.typ):
        return
    rows = [row for row in numbered(book, sheet.name) if row[1]]
    hidden = not str(sheet.visible).endswith(".Visible")
    told = {"name": sheet.name, "hidden": hidden, "rows": len(rows)}
    head = [row for row in rows if row[0] <= HEAD]
    sys.stdout.write(json.dumps({**told, "head": head}) + "\n")


def tell_rows(book, name: str, bounds: list[int]) -> int:  # type: ignore[no-untyped-def]  # the library has no types
    """Tell every row with content of one sheet: its number and its cells."""
    most_rows, most_columns, most_cells = bounds
    rows = cells = 0
    for number, row in numbered(book, name):
        if not row:
            continue
        rows, cells = rows + 1, cells + len(row)
        if rows > most_rows or cells > most_cells or len(row) > most_columns:
            return TOO_LARGE
        sys.stdout.write(json.dumps([number, row]) + "\n")
    return 0


def numbered(book, name: str):  # type: ignore[no-untyped-def]  # the library has no types
    """Yield every row with its number, without the blank cells at its end."""
    sheet = book.get_sheet_by_name(name)
    for number, raw in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        row = [coded(cell) for cell in raw]
        while row and not row[-1].strip():
            row.pop()
        yield number, row


def coded(cell: object) -> str:
    """Return a cell as a text whose first letter says what it is."""
    if isinstance(cell, bool):
        return "sTRUE" if cell else "sFALSE"
    if isinstance(cell, int | float):
        return f"n{cell!r}"
    if isinstance(cell, datetime):
        return f"d{cell.date().isoformat()}"
    if isinstance(cell, date):
        return f"d{cell.isoformat()}"
    if isinstance(cell, timedelta) or cell is None:
        return "" if cell is None else f"s{cell}"
    text = str(cell)
    return f"s{text}" if text else ""


if __name__ == "__main__":
    sys.exit(main())
