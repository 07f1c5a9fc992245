"""Rows that are no records: totals, headers said again, footnotes. They are left out and listed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from pmo.common.tabular.headers import filled
from pmo.common.tabular.kinds import FOOTNOTE, CellLook, look_of
from pmo.common.tabular.numbers import NumberStyle, parse_number, style_of
from pmo.common.tabular.table import (
    Caution,
    CautionKind,
    GridLine,
    LeftOut,
    Sifted,
    Value,
    cell_at,
    is_blank,
    plain,
)

# the whole cell is the word for a total
TOTAL = re.compile(
    r"(?:(?:grand|sub|overall|running|sum|report|portfolio)[- ]?)?totals?|sub-?totals?|sums?|total sum"
    r"|totals? (?:general|all|overall|all projects|of all projects)|all projects"
    r"|summe|gesamt(?:summe)?|zwischensumme|somme|suma|totaal|totale",
    re.IGNORECASE,
)
# one of its words is
MAYBE = re.compile(r"\b(?:sub-?|grand )?totals?\b|\bsub-?total|\bsum of\b|\bsum\b", re.IGNORECASE)
FIRST_TEXTS = 3
LAST = 5  # lines at the end, among which footnotes are looked for
NEAR = Decimal("0.001")  # of the sum: what rounding of many amounts comes to
CENTS = Decimal("0.05")
WIDE = 3
NOTE_WORDS = 6


@dataclass(slots=True)
class _TotalSums:
    """Sums of each column since the last total and since the start, added up when they are asked for."""

    lines: Sequence[GridLine]
    kept: list[GridLine] = field(default_factory=list)
    since: int = 0
    styles: dict[int, NumberStyle] = field(default_factory=dict)
    running: dict[int, list[tuple[Decimal, int]]] = field(default_factory=dict)

    def fit(self, line: GridLine) -> bool:
        """Say whether at least half of a line's amounts are sums of what stands above it."""
        numbers = [(index, self._number(index, cell)) for index, cell in enumerate(line.cells)]
        amounts = [(index, number) for index, number in numbers if number]
        fitting = sum(self._is_sum(index, amount) for index, amount in amounts)
        return bool(fitting) and fitting * 2 >= len(amounts)

    def _is_sum(self, index: int, amount: Decimal) -> bool:
        running = self.running.setdefault(index, [(Decimal(0), 0)])
        for row in self.kept[len(running) - 1 :]:
            number = self._number(index, cell_at(row.cells, index))
            total, count = running[-1]
            running.append((total + number, count + 1) if number else (total, count))
        for start in {0, self.since}:
            total = running[-1][0] - running[start][0]
            count = running[-1][1] - running[start][1]
            is_near = abs(total - amount) <= max(CENTS, abs(total) * NEAR)
            if is_near and (count > 1 or (count == 1 and len(self.kept) - start == 1)):
                return True
        return False

    def _number(self, index: int, cell: Value) -> Decimal | None:
        if look_of(cell) is not CellLook.NUMBER:
            return None
        if index not in self.styles:
            self.styles[index] = style_of(cell_at(row.cells, index) for row in self.lines)
        number = parse_number(cell, self.styles[index])
        return number.value * (number.unit or 1) if number else None


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is kept, what was left out, and what somebody should look at."""

    kept: tuple[GridLine, ...]
    left_out: tuple[LeftOut, ...]
    cautions: tuple[Caution, ...] = ()


def sift(headers: Sequence[Value], lines: Sequence[GridLine]) -> Sieve:
    """Leave out the lines that are no records."""
    names = [plain(cell).casefold() for cell in headers]
    usual = _usual(lines)
    keys = _key_columns(lines)
    sums = _TotalSums(lines)
    left: list[LeftOut] = []
    doubted: list[int] = []
    lone: list[int] = []
    for place, line in enumerate(lines):
        # a few texts tell a record from a total; the cells behind them are not looked at
        texts = list(islice(filter(_is_text, line.cells), FIRST_TEXTS))
        is_last = place >= len(lines) - LAST
        sort = _sort(line, texts, names, keys, sums)
        if sort is None and filled(line) == 1 and place + 1 < len(lines):
            # the name of a group, of which the headers are said again
            sort = Sifted.HEADER if _says_headers_again(lines[place + 1], names) else None
        if sort is None and is_last and usual >= WIDE:
            is_apart = place > 0 and line.number > lines[place - 1].number + 1
            if _is_footnote(line, texts) or (is_apart and _is_note(line)):
                sort = Sifted.FOOTNOTE
        if sort is not None:
            left.append(LeftOut(line.number, sort, line.cells))
            sums.since = len(sums.kept) if sort is Sifted.TOTAL else sums.since
            continue
        if _may_be_total(line, texts, keys):
            doubted.append(line.number)
        elif len(texts) < 2 and usual >= WIDE and filled(line) == 1:  # noqa: PLR2004 - the pair or the few are counted here
            lone.append(line.number)
        sums.kept.append(line)
    cautions = [(CautionKind.DOUBTED_TOTAL, doubted), (CautionKind.LONE_CELL, lone)]
    return Sieve(
        tuple(sums.kept),
        tuple(left),
        tuple(Caution(kind, tuple(found)) for kind, found in cautions if found),
    )


def _sort(
    line: GridLine,
    texts: Sequence[Value],
    names: Sequence[str],
    keys: Sequence[int],
    sums: _TotalSums,
) -> Sifted | None:
    if _says_headers_again(line, names):
        return Sifted.HEADER
    if _is_word(texts):
        return Sifted.TOTAL if len(texts) == 1 or sums.fit(line) else None
    if len(texts) > 1 or _has_keys(line, keys):
        return None
    lacks = any(is_blank(cell_at(line.cells, key)) for key in keys)
    may_be = bool(texts) and MAYBE.search(plain(texts[0])) is not None
    return Sifted.TOTAL if (lacks or may_be) and sums.fit(line) else None


def _is_footnote(line: GridLine, texts: Sequence[Value]) -> bool:
    return len(texts) == filled(line) == 1 and FOOTNOTE.match(plain(texts[0])) is not None


def _is_note(line: GridLine) -> bool:
    """Say whether a line below a blank one is sentences in its first cell: no record is named so."""
    said = plain(cell_at(line.cells, 0))
    return filled(line) == 1 and len(said.split()) >= NOTE_WORDS and said.endswith(".")


def _is_text(cell: Value) -> bool:
    return isinstance(cell, str) and look_of(cell) is CellLook.TEXT


def _is_word(texts: Sequence[Value]) -> bool:
    return any(TOTAL.fullmatch(plain(text).strip(" :.*=-–")) for text in texts[:FIRST_TEXTS])


def _may_be_total(line: GridLine, texts: Sequence[Value], keys: Sequence[int]) -> bool:
    """Say whether a line that was kept may be a total all the same."""
    if _is_word(texts):
        return True
    if len(texts) != 1 or _has_keys(line, keys):
        return False
    return MAYBE.search(plain(texts[0])) is not None


def _says_headers_again(line: GridLine, names: Sequence[str]) -> bool:
    """Say whether a line holds names of its columns and nothing else."""
    again = 0
    for index, cell in enumerate(line.cells):
        if is_blank(cell):
            continue
        if index >= len(names) or plain(cell).casefold() != names[index]:
            return False
        again += 1
    return again >= 2 and again * 2 >= sum(map(bool, names))  # noqa: PLR2004 - the pair or the few are counted here


def _usual(lines: Sequence[GridLine]) -> float:
    counts = sorted(filled(line) for line in lines[:200])
    return counts[len(counts) // 2] if counts else 0


def _key_columns(lines: Sequence[GridLine]) -> list[int]:
    """
    Return the columns before the amounts that nearly every row fills with something of its own.

    A code or the words beside a name: what a record has and a total has not.
    """
    sample = lines[:200]
    width = max((len(line.cells) for line in sample), default=0)
    found = []
    for index in range(width):
        cells = [plain(cell) for line in sample if not is_blank(cell := cell_at(line.cells, index))]
        looks = [look_of(cell) for cell in cells]
        if len(cells) * 2 > len(sample) and looks.count(CellLook.TEXT) * 2 > len(looks):
            found.append(index)
    return found


def _has_keys(line: GridLine, keys: Sequence[int]) -> bool:
    """Say whether a line fills what records fill, where there is more than one such column."""
    return len(keys) > 1 and all(not is_blank(cell_at(line.cells, key)) for key in keys)
