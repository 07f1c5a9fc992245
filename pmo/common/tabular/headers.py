"""
Which line holds the headers, and what they are: known names first, then the shape of the table.

Whoever imports records says once which names their columns have (`know`), so that a cover sheet,
a title above the table or a second row of headers is told from the headers themselves.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pmo.common.tabular.kinds import CellLook, look_of
from pmo.common.tabular.table import GridLine, Merged, Value, is_blank, plain

SEARCH = 25
WORDY = 0.8
SPREAD = 2  # known names that make a line the header
BETWEEN = " / "
RUN = 3  # columns of months or periods that are no chance
PERIOD = re.compile(
    r"(?:fy ?)?(?:\d{2,4}(?:[/-]\d{2,4})?)?[ -]*(?:p|per|period) ?\d\d?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ .,'-]*\d{2,4}"
    r"|\d{4}-\d\d(?:-01)?|\d\d?/\d{4}"
)
_known: dict[str, frozenset[str]] = {}
_periodic: set[str] = set()


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headers end (index among the lines), and their cells, joined from two lines if need be."""

    index: int
    cells: tuple[Value, ...]
    is_joined: bool = False


def know(record: str, names: Iterable[str], *, has_periods: bool = False) -> None:
    """Say which names the columns of a kind of record have, and whether months and periods are among them."""
    _known[record] = frozenset(words for name in names if (words := words_of(name)))
    if has_periods:
        _periodic.add(record)


def periods_in(cells: Iterable[Value], record: str | None) -> int:
    """Return how many of a line's cells name months or periods; 0 of few, and where no column is one."""
    if record not in _periodic:
        return 0
    found = sum(_is_period(cell) for cell in cells)
    return found if found >= RUN else 0


def _is_period(cell: Value) -> bool:
    if isinstance(cell, date):
        return cell.day == 1
    said = " ".join(plain(cell).lower().replace(BETWEEN, " ").split())
    return PERIOD.fullmatch(said) is not None


def words_of(text: str) -> str:
    """Reduce a header to its words: case, punctuation and what stands in brackets do not matter."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[(\[][^)\]]*[)\]]", " ", text))
    return " ".join(re.findall(r"[\w%#]+", apart.replace("_", " ").lower()))


def spellings(text: str) -> list[str]:
    """Return what a header may be called: as a whole, and each way round of two joined ones."""
    if BETWEEN not in text:
        return [words_of(text)]
    above, _, below = text.rpartition(BETWEEN)
    joined = (f"{above} {below}", f"{below} {above}", below)
    return [words_of(one) for one in joined]


def fit_of(cells: Iterable[Value], record: str | None = None) -> int:
    """Return how many of these cells are names of columns that one kind of record has."""
    cells = list(cells)
    said = {tuple(spellings(plain(cell))) for cell in cells if isinstance(cell, str)}
    kinds = [_known[record]] if record in _known else list(_known.values())
    named = max((sum(not known.isdisjoint(one) for one in said) for known in kinds), default=0)
    return named + periods_in(cells, record)


def find_header(
    lines: Sequence[GridLine], merges: Sequence[Merged] = (), record: str | None = None
) -> Header:
    """Return the line where the names fit known ones best, joined with the line above where that says more."""
    index = _by_shape(lines, record)
    best = fit_of(lines[index].cells, record)
    joined: tuple[Value, ...] | None = None
    for place, line in enumerate(lines[: SEARCH + 1][:-1] or lines):
        if not _is_wordy(line, record):
            continue
        alone = fit_of(line.cells, record)
        if alone >= SPREAD and alone > best:
            index, best, joined = place, alone, None
        if place and (cells := _joined(lines[place - 1], line, merges)) is not None:
            together = fit_of(cells, record)
            is_group = index == place and bool(_spans(lines[place - 1], merges))
            if together >= SPREAD and (together > best or (together == best and is_group)):
                index, best, joined = place, together, cells
    return Header(index, joined or lines[index].cells, joined is not None)


def _by_shape(lines: Sequence[GridLine], record: str | None) -> int:
    """Return the first line that is about as wide as the table and holds words, not figures."""
    head = lines[:SEARCH]
    widest = max(filled(line) for line in lines[: SEARCH * 4])
    for index, line in enumerate(head[:-1] or head):
        if filled(line) * 2 >= widest and _is_wordy(line, record):
            return index
    return 0


def filled(line: GridLine) -> int:
    """Return how many cells of a line hold something."""
    return sum(not is_blank(cell) for cell in line.cells)


def _is_wordy(line: GridLine, record: str | None = None) -> bool:
    periods = periods_in(line.cells, record) > 0
    words = sum(
        look_of(cell) is CellLook.TEXT or (periods and _is_period(cell)) for cell in line.cells
    )
    return words >= WORDY * filled(line)


def _spans(line: GridLine, merges: Sequence[Merged]) -> list[Merged]:
    """Return the ranges that lie across columns in this line."""
    return [one for one in merges if one.top == line.number and one.right > one.left]


def _joined(above: GridLine, below: GridLine, merges: Sequence[Merged]) -> tuple[Value, ...] | None:
    """Name each column by both lines; None when the upper one is a title or no line of names."""
    if filled(above) < 2 or not _is_wordy(above) or below.number != above.number + 1:  # noqa: PLR2004 - the pair or the few are counted here
        return None
    width = max(len(above.cells), len(below.cells))
    upper = _spread(above, width, merges)
    lower = [below.cells[i] if i < len(below.cells) else None for i in range(width)]
    if all(is_blank(cell) for cell in lower):
        return None
    return tuple(
        BETWEEN.join(filter(None, (plain(top), plain(bottom)))) if not is_blank(bottom) else top
        for top, bottom in zip(upper, lower, strict=True)
    )


def _spread(line: GridLine, width: int, merges: Sequence[Merged]) -> list[Value]:
    """Let a name stand over all columns it lies across: as merged, or up to the next name."""
    cells = [line.cells[i] if i < len(line.cells) else None for i in range(width)]
    if spans := _spans(line, merges):
        for span in spans:
            for index in range(span.left, min(span.right, width)):
                cells[index] = cells[span.left - 1]
        return cells
    last: Value = None
    for index, cell in enumerate(cells):
        last = cell if not is_blank(cell) else last
        cells[index] = last
    return cells
