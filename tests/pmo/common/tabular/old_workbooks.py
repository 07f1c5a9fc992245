"""The smallest workbooks that old Excel could have written: BIFF8 in its compound file, by hand."""

from collections.abc import Sequence
from struct import pack

SECTOR = 512
END, FAT, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
GLOBALS, SHEET = 0x0005, 0x0010


def record(number: int, body: bytes = b"") -> bytes:
    return pack("<HH", number, len(body)) + body


def text(value: str, length: str) -> bytes:
    return pack(length, len(value)) + b"\1" + value.encode("utf-16-le")


def start(kind: int) -> bytes:
    return record(0x0809, pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def cells(rows: Sequence[Sequence[object]]) -> bytes:
    """Return the records of the cells: LABEL for words, NUMBER for figures (style 1 is a date)."""
    found = b""
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                found += record(0x0204, pack("<HHH", y, x, 0) + text(value, "<H"))
            elif isinstance(value, tuple):
                found += record(0x0203, pack("<HHHd", y, x, 1, *value))
            else:
                found += record(0x0203, pack("<HHHd", y, x, 0, value))
    return found


def stream(sheets: dict[str, Sequence[Sequence[object]]], hidden: Sequence[str]) -> bytes:
    head = start(GLOBALS) + record(0x0042, pack("<H", 1200))
    head += b"".join(record(0x00E0, pack("<HH16x", 0, shown)) for shown in (0, 14))
    lengths = [len(record(0x0085, bytes(6) + text(name, "<B"))) for name in sheets]
    place = len(head) + sum(lengths) + len(record(0x000A))
    parts = [start(SHEET) + cells(rows) + record(0x000A) for rows in sheets.values()]
    for name, part in zip(sheets, parts, strict=True):
        head += record(0x0085, pack("<IBB", place, name in hidden, 0) + text(name, "<B"))
        place += len(part)
    return head + record(0x000A) + b"".join(parts)


def xls(hidden: Sequence[str] = (), **sheets: Sequence[Sequence[object]]) -> bytes:
    """Return an XLS file with these sheets; a tuple of one figure is the number of a day."""
    book = stream(sheets, hidden).ljust(8 * SECTOR, b"\0")
    book += b"\0" * (-len(book) % SECTOR)
    count = len(book) // SECTOR
    fat = [FAT, END, *range(3, count + 2), END]
    table = pack("<128I", *fat, *[FREE] * (128 - len(fat)))
    entry = "<64sHBBIII16xI16xII4x"
    root = pack(entry, "Root Entry".encode("utf-16-le"), 22, 5, 1, FREE, FREE, 1, 0, END, 0)
    main = pack(entry, "Workbook".encode("utf-16-le"), 18, 2, 1, FREE, FREE, FREE, 0, 2, len(book))
    header = pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0) + pack("<108I", *[FREE] * 108)  # fmt: skip
    return header + table + (root + main).ljust(SECTOR, b"\0") + book
