"""Delimited text: which delimiter, where each record starts, and what is odd about the quoting."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from pmo.common.tabular.encoding import Decoded, decode
from pmo.common.tabular.errors import DamagedFileError, EmptyTableError, FileTooLargeError
from pmo.common.tabular.guarding import unguarded
from pmo.common.tabular.headers import SEARCH, SPREAD, fit_of
from pmo.common.tabular.limits import DEFAULT, Limits
from pmo.common.tabular.table import Caution, CautionKind, Flaw, Grid, GridLine, Hints

DELIMITERS = (",", ";", "\t", "|")
SNIFFED_RECORDS = 200
SNIFFED_CHARACTERS = 500_000
LEAST_AGREEMENT = 0.6
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
MOST_SHARED = 4_096  # cells that are remembered, so that what is said again is kept once


def read_delimited(data: bytes, hints: Hints, limits: Limits = DEFAULT) -> Grid:
    """Read CSV bytes into lines of cells; raise a TableError."""
    decoded = decode(data, hints.encoding)
    text, skipped, announced = _without_announcement(decoded.text)
    delimiter = hints.delimiter or announced or sniff_delimiter(text)
    lines: list[GridLine] = []
    cells = 0
    shared = Shared()
    for number, record in _records(text, delimiter):
        if not any(cell.strip() for cell in record):
            continue
        cells += len(record)
        _check_size(lines, record, cells, limits)
        lines.append(GridLine(number + skipped, tuple(map(shared, map(unguarded, record)))))
    if not lines:
        raise EmptyTableError("The file is empty.")
    _check_closed(text, delimiter, lines, skipped)
    cautions: tuple[Caution, ...] = ()
    if decoded.is_doubted:
        cautions = (Caution(CautionKind.ENCODING, said=(decoded.encoding,)),)
    return Grid(
        tuple(lines),
        encoding=decoded.encoding,
        delimiter=delimiter,
        flaws=_flaws(decoded),
        cautions=cautions,
        encodings=decoded.others,
    )


class Shared(dict[str, str]):
    """Gives one text for all cells that say the same soon after one another."""

    def __call__(self, text: str) -> str:
        if len(self) >= MOST_SHARED:
            self.clear()
        return self.setdefault(text, text)


def _flaws(decoded: Decoded) -> tuple[Flaw, ...]:
    flaws = [Flaw(line, "A NUL byte was left out.") for line in decoded.nuls]
    if decoded.odd:
        flaws.append(
            Flaw(1, f"{decoded.odd} bytes mean nothing in {decoded.encoding}; they were kept.")
        )
    return tuple(flaws)


def sniff_delimiter(text: str) -> str:
    """
    Return the delimiter under which most records have the same number of cells, at least two.

    One under which a line holds names of columns that are known wins over all others.
    """
    best = (0.0, 0)
    chosen = ","
    known = {one: _known(text[:SNIFFED_CHARACTERS], one) for one in DELIMITERS}
    if max(known.values()) >= SPREAD:
        return max(DELIMITERS, key=lambda one: known[one])
    for delimiter in DELIMITERS:
        widths = _widths(text[:SNIFFED_CHARACTERS], delimiter)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        agreement = count / widths.total()
        if width > 1 and agreement >= LEAST_AGREEMENT and (agreement, width) > best:
            best, chosen = (agreement, width), delimiter
    return chosen


def _known(text: str, delimiter: str) -> int:
    """Return how many known names of columns one of the first lines holds."""
    try:
        head = [record for _, record in islice(_records(text, delimiter), SEARCH)]
    except DamagedFileError:
        return 0
    return max(map(fit_of, head), default=0)


def _widths(text: str, delimiter: str) -> Counter[int]:
    widths: Counter[int] = Counter()
    try:
        for _, record in _records(text, delimiter):
            if any(cell.strip() for cell in record):
                widths[len(record)] += 1
            if widths.total() >= SNIFFED_RECORDS:
                break
    except DamagedFileError:
        return Counter()
    return widths


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the physical line on which it starts."""
    reader = csv.reader(_lines(text), delimiter=delimiter)
    start = 1
    try:
        for record in reader:
            yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        raise DamagedFileError(
            f"The record that starts on line {start} cannot be read: a cell is too long, "
            "most likely because a quotation mark is not closed."
        ) from error


def _lines(text: str) -> Iterator[str]:
    """Yield the physical lines with their ends; a file object would hold the text once more, four times as large."""
    return (found.group() for found in LINE.finditer(text))


def _without_announcement(text: str) -> tuple[str, int, str | None]:
    """Take off a first line like `sep=;`, which spreadsheets write; say how many lines that was."""
    first, newline, rest = text.partition("\n")
    announcement = first.strip().strip('"').lower()
    if newline and announcement.startswith("sep=") and len(announcement) <= len("sep=;"):
        return rest, 1, announcement[4:] or "\t"
    return text, 0, None


def _check_size(lines: list[GridLine], record: list[str], cells: int, limits: Limits) -> None:
    if len(lines) >= limits.rows:
        raise FileTooLargeError(f"The table has more than {limits.rows:,} rows. Split the file.")
    if len(record) > limits.columns:
        raise FileTooLargeError(f"The table has more than {limits.columns:,} columns.")
    if cells > limits.cells:
        raise FileTooLargeError(f"The table has more than {limits.cells:,} cells. Split the file.")


def _check_closed(text: str, delimiter: str, lines: list[GridLine], skipped: int) -> None:
    """Refuse a file whose last cell opens a quotation mark and never closes it."""
    start = lines[-1].number - skipped
    tail = islice(_lines(text), start - 1, None)
    try:
        list(csv.reader(tail, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise DamagedFileError(
                f"A quotation mark in the record that starts on line {lines[-1].number} is never closed."
            ) from error
