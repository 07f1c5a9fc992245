"""Rows with too many or too few cells: never taken as they stand, and put right where one way fits best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pmo.common.tabular.kinds import FOOTNOTE, CellLook, clear_look, look_of
from pmo.common.tabular.table import (
    Flaw,
    GridLine,
    Joining,
    Misaligned,
    Realigned,
    Value,
    is_blank,
    plain,
)

SAMPLE = 200
FAULT, ODD = 3, 1  # what a cell of the wrong kind weighs, and one that is only unusual
FEW = 12  # different words that make a column one of choices
MOST_JOINED = 4
SHAPED = 0.8


@dataclass(frozen=True, slots=True)
class Aligned:
    """Lines that fit under the header, those that do not, and what is only said."""

    lines: tuple[GridLine, ...]
    misaligned: tuple[Misaligned, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    doubted: tuple[int, ...] = ()  # taken as they stand, beyond the last header


@dataclass(frozen=True, slots=True)
class _Column:
    """What the cells of a column look like in rows of the right width."""

    look: CellLook
    words: frozenset[str] | None
    shape: str

    def weighs(self, cell: Value) -> int:
        """Return how badly a cell fits; 0 is well."""
        look = look_of(cell)
        if look is CellLook.BLANK:
            return ODD if self.shape or self.words else 0
        if self.look in {CellLook.DATE, CellLook.NUMBER}:
            return FAULT if look is not self.look else 0
        if self.look is CellLook.BLANK:
            return 0
        if self.words is not None and plain(cell).casefold() not in self.words:
            return ODD
        if self.shape and shape_of(cell) != self.shape:
            return ODD
        return ODD if look is not CellLook.TEXT and not self.shape and self.words is None else 0


def align(
    header: Sequence[Value], lines: Sequence[GridLine], delimiter: str, *, realign: bool = False
) -> Aligned:
    """Sort lines by whether they fit under the header; with `realign` take what is proposed for those that do not."""
    width = len(header)
    columns = _columns([line for line in lines if len(line.cells) == width][:SAMPLE], width)
    wide = [line for line in lines if _is_wide(line, width)]
    if sum(not _weight(line.cells, columns) for line in wide) * 2 >= len(lines):
        # the header is what is too short
        return Aligned(tuple(lines), doubted=tuple(line.number for line in wide))
    kept: list[GridLine] = []
    found: list[Misaligned] = []
    flaws: list[Flaw] = []
    for line, after in _with_splits(lines, columns, width):
        if after is not None:
            found.append(_split(line, after, width))
        elif _is_wide(line, width):
            offer = _offer(line, columns, width, delimiter)
            found.append(Misaligned((line.number,), line.cells, width, offer))
        elif len(line.cells) < width and _weight(line.cells, columns, FAULT):
            found.append(Misaligned((line.number,), line.cells, width))
        else:
            kept.append(line)
            if len(line.cells) < width:
                flaws.append(_short(line, width))
            continue
        if realign and found[-1].offer:
            mended = found.pop()
            kept.append(GridLine(line.number, mended.offer.cells if mended.offer else ()))
    return Aligned(tuple(kept), tuple(found), tuple(flaws))


def _short(line: GridLine, width: int) -> Flaw:
    return Flaw(line.number, f"This row has {len(line.cells)} cells; the header has {width}.")


def _is_wide(line: GridLine, width: int) -> bool:
    return any(not is_blank(cell) for cell in line.cells[width:])


def _with_splits(
    lines: Sequence[GridLine], columns: Sequence[_Column], width: int
) -> Iterator[tuple[GridLine, GridLine | None]]:
    """Yield each line, together with the next where a line break inside a cell parted the two."""
    place = 0
    while place < len(lines):
        line = lines[place]
        after = lines[place + 1] if place + 1 < len(lines) else None
        if after is not None and _are_one(line, after, columns, width):
            yield line, after
            place += 2
        else:
            yield line, None
            place += 1


def _are_one(first: GridLine, second: GridLine, columns: Sequence[_Column], width: int) -> bool:
    if len(first.cells) + len(second.cells) != width + 1 or len(second.cells) == width > 1:
        return False
    if is_blank(second.cells[0]) or width < 3:  # noqa: PLR2004 - the pair or the few are counted here
        return False
    if len(second.cells) == 1 and FOOTNOTE.match(plain(second.cells[0])):
        return False
    if all(
        column.look is CellLook.BLANK for column in columns
    ):  # no row fits: nothing to compare with
        return len(first.cells) < width
    together = _weight(_break_joined(first, second), columns)
    return together < FAULT and together < _weight(second.cells, columns) + (len(second.cells) == 1)


def _break_joined(first: GridLine, second: GridLine) -> tuple[Value, ...]:
    middle = f"{plain(first.cells[-1])} {plain(second.cells[0])}".strip()
    return (*first.cells[:-1], middle, *second.cells[1:])


def _split(first: GridLine, second: GridLine, width: int) -> Misaligned:
    cells = _break_joined(first, second)
    offer = Realigned(Joining.LINE_BREAK, cells, len(first.cells))
    return Misaligned((first.number, second.number), (*first.cells, *second.cells), width, offer)


def _offer(
    line: GridLine, columns: Sequence[_Column], width: int, delimiter: str
) -> Realigned | None:
    """Return the one way of joining or shifting under which the cells fit best; None when two fit as well."""
    ways = sorted(
        (
            (_weight(one.cells, columns) - _joins_number(one), one)
            for one in _ways(line, width, delimiter)
        ),
        key=lambda pair: pair[0],
    )
    if not ways or ways[0][0] >= FAULT:
        return None
    return None if len(ways) > 1 and ways[0][0] == ways[1][0] else ways[0][1]


def _ways(line: GridLine, width: int, delimiter: str) -> Iterator[Realigned]:
    cells = line.cells
    while len(cells) > width and is_blank(cells[-1]):
        cells = cells[:-1]
    surplus = len(cells) - width
    if all(is_blank(cell) for cell in cells[:surplus]):
        yield Realigned(Joining.SHIFTED, cells[surplus:])
    if surplus >= MOST_JOINED:
        return
    for start in range(width):
        parts = [plain(cell) for cell in cells[start : start + surplus + 1]]
        if all(parts):
            # what follows the delimiter without a space is most often the rest of a number
            rest = cells[start + surplus + 1 :]
            joined = (
                delimiter.join(parts)
                if _is_number(delimiter.join(parts))
                else f"{delimiter} ".join(parts)
            )
            yield Realigned(Joining.DELIMITER, (*cells[:start], joined, *rest), start + 1)


def _joins_number(one: Realigned) -> int:
    """Return what speaks for a way by which two figures become one number."""
    return ODD if one.column and _is_number(plain(one.cells[one.column - 1])) else 0


def _is_number(text: str) -> bool:
    return look_of(text) is CellLook.NUMBER


def _weight(cells: Sequence[Value], columns: Sequence[_Column], least: int = ODD) -> int:
    """Return how badly cells fit under the columns, counting only what weighs at least so much."""
    weights = [column.weighs(cell) for cell, column in zip(cells, columns, strict=False)]
    return sum(weight for weight in weights if weight >= least)


def _columns(lines: Sequence[GridLine], width: int) -> list[_Column]:
    return [_column([line.cells[index] for line in lines]) for index in range(width)]


def _column(cells: Sequence[Value]) -> _Column:
    look = clear_look(cells)
    filled = [cell for cell in cells if not is_blank(cell)]
    words = frozenset(plain(cell).casefold() for cell in filled)
    shapes = [shape_of(cell) for cell in filled]
    common = max(set(shapes), key=shapes.count, default="")
    shaped = (
        bool(common)
        and any(char in common for char in "9-_")
        and shapes.count(common) >= SHAPED * len(shapes)
    )
    is_choice = (
        look is CellLook.TEXT and not shaped and len(words) <= FEW and len(words) * 2 <= len(filled)
    )
    return _Column(
        look, words if is_choice else None, common if shaped and look is CellLook.TEXT else ""
    )


def shape_of(cell: Value) -> str:
    """Return what a short code is built like: EHR-01 is A-9; empty for longer texts."""
    text = plain(cell)
    if len(text) > 24 or " " in text:  # noqa: PLR2004 - the pair or the few are counted here
        return ""
    shape = ""
    for char in text:
        sort = "9" if char.isdigit() else "A" if char.isalpha() else char
        shape += sort if not shape.endswith(sort) else ""
    return shape
