"""
Binary Excel workbooks (.xlsb), written by hand: a package whose parts are records instead of XML.

Record numbers and layouts are those of Microsoft's published description of the format, [MS-XLSB] 2.3 to 2.5.
"""

import io
import struct
import zipfile
from collections.abc import Collection, Sequence

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROW, BOOL, REAL, TEXT, XF = 0, 4, 5, 6, 47
BOOK, END_BOOK, SHEETS, END_SHEETS, BOOK_OPTIONS, SHEET = 131, 132, 143, 144, 153, 156
PART, END_PART, CELLS, END_CELLS, SIZE = 129, 130, 145, 146, 148
STYLES, END_STYLES, FORMATS, END_FORMATS = 278, 279, 617, 618
GENERAL, DATE = 0, 14  # number formats that every Excel knows


def xlsb(hidden: Collection[str] = (), **sheets: Sequence[Sequence[object]]) -> bytes:
    """Write a workbook; a number in a tuple is shown as a date."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="bin"'
            ' ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        packed.writestr("_rels/.rels", _related({"officeDocument": ["xl/workbook.bin"]}))
        parts = [f"worksheets/sheet{number}.bin" for number, _ in enumerate(sheets, 1)]
        packed.writestr(
            "xl/_rels/workbook.bin.rels", _related({"worksheet": parts, "styles": ["styles.bin"]})
        )
        packed.writestr("xl/styles.bin", _styles())
        packed.writestr("xl/workbook.bin", _workbook(sheets, hidden))
        for part, rows in zip(parts, sheets.values(), strict=True):
            packed.writestr(f"xl/{part}", _sheet(rows))
    return file.getvalue()


def _related(targets: dict[str, list[str]]) -> str:
    pairs = [(kind, target) for kind, found in targets.items() for target in found]
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _record(number: int, *data: bytes) -> bytes:
    """Write a number of seven bits a byte, the length likewise, and the data."""
    body = b"".join(data)
    return _sevens(number) + _sevens(len(body)) + body


def _sevens(number: int) -> bytes:
    found = [number & 0x7F]
    while number := number >> 7:
        found[-1] |= 0x80
        found.append(number & 0x7F)
    return bytes(found)


def _text(said: str) -> bytes:
    """Write a text behind its length in units of 16 bits."""
    written = said.encode("utf-16-le")
    return struct.pack("<I", len(written) // 2) + written


def _styles() -> bytes:
    formats = [
        _record(XF, struct.pack("<HHHHHHI", 0xFFFF, form, 0, 0, 0, 0, 0))
        for form in (GENERAL, DATE)
    ]
    count = struct.pack("<I", len(formats))
    return b"".join(
        [_record(STYLES), _record(FORMATS, count), *formats, _record(END_FORMATS), _record(END_STYLES)]
    )  # fmt: skip


def _workbook(sheets: Collection[str], hidden: Collection[str]) -> bytes:
    listed = [
        _record(SHEET, struct.pack("<II", name in hidden, number), _text(f"rId{number}"), _text(name))
        for number, name in enumerate(sheets, 1)
    ]  # fmt: skip
    options = _record(BOOK_OPTIONS, struct.pack("<II", 0, 0), _text(""))
    return b"".join(
        [_record(BOOK), options, _record(SHEETS), *listed, _record(END_SHEETS), _record(END_BOOK)]
    )


def _sheet(rows: Sequence[Sequence[object]]) -> bytes:
    widest = max(map(len, rows)) - 1
    written = [_record(PART), _record(SIZE, struct.pack("<IIII", 0, len(rows) - 1, 0, widest)), _record(CELLS)]  # fmt: skip
    for number, row in enumerate(rows):
        written.append(_record(ROW, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0)))
        written += [_cell(place, value) for place, value in enumerate(row) if value is not None]
    return b"".join([*written, _record(END_CELLS), _record(END_PART)])


def _cell(place: int, value: object) -> bytes:
    if isinstance(value, str):
        return _record(TEXT, struct.pack("<II", place, 0), _text(value))
    if isinstance(value, bool):
        return _record(BOOL, struct.pack("<II", place, 0), bytes([value]))
    number, style = (value[0], 1) if isinstance(value, tuple) else (value, 0)
    return _record(REAL, struct.pack("<IId", place, style, number))
