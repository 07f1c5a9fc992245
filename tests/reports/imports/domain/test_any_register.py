"""Whatever words and headers a register has: its values come out true, or something is said of their row."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from pmo.common.tabular import Hints, read
from reports.imports.domain import RECORD_KINDS, guess_fields, profile_from_dict, records
from reports.imports.domain.cells import COLORS
from reports.imports.domain.fields import CellKind, Field, RecordKind

KINDS = [
    RECORD_KINDS[name]
    for name in ("milestone", "risk", "issue", "raid", "stakeholder", "status")
]  # fmt: skip
ROWS, TABLES = 12, 50
WORDS = ["pump", "ward", "roof", "lift", "late", "nurse", "permit", "cable", "clinic", "bed"]
# what no field may take for a value of its own
DIRT = ("Ajar", "2.5", "99", "-1", "2026-02-31", "#REF!", "n/a", "3 or 4", "??")
Cell = tuple[str, object]  # as the file says it, and what it means


def typed(text: str, chance: random.Random) -> str:
    """Write a word as people do."""
    said = chance.choice((text, text.upper(), text.capitalize(), text.replace(" ", "  ")))
    return f" {said}" if chance.random() < 0.1 else said


def worded(field: Field, chance: random.Random) -> Cell:
    """Return one of the words that a field knows, as the file may write it."""
    if field.kind is CellKind.COLOR:
        pairs = list(COLORS.items())
    elif field.kind is CellKind.NUMBER:
        pairs = [*((str(step), str(step)) for step in range(1, 6)), *field.spellings.items()]
    else:
        ours = [(one, code) for code, word in field.choices for one in (code, word)]
        pairs = [*ours, *field.spellings.items()]
    text, means = chance.choice(pairs)
    return typed(text, chance), Decimal(means) if field.kind is CellKind.NUMBER else means


def cell_of(field: Field, chance: random.Random, number: int) -> Cell:
    if field.kind in {CellKind.CHOICE, CellKind.COLOR, CellKind.NUMBER}:
        return worded(field, chance)
    if field.kind is CellKind.DATE:
        day = date(2026, 1, 5) + timedelta(weeks=number)
        return day.isoformat(), day
    if field.kind is CellKind.MONEY:
        amount = Decimal(chance.randrange(100, 900_000_000)) / 100
        return f"{amount:,.2f}", amount
    if field.kind is CellKind.PERCENT:
        percent = chance.randrange(101)
        return f"{percent} %", Decimal(percent)
    text = f"{' '.join(chance.choices(WORDS, k=4))} {number}"
    return text, text


def spoiled(field: Field, chance: random.Random) -> Cell:
    text = chance.choice(DIRT)
    if field.kind is CellKind.TEXT:
        return text, text
    is_one = field.kind in {CellKind.MONEY, CellKind.PERCENT} and text in {"99", "2.5"}
    return text, Decimal(text) if is_one else None


def faults(kind: RecordKind, seed: int) -> list[str]:
    """Return what came out wrong without a word."""
    chance = random.Random(f"{kind.name} {seed}")  # noqa: S311 - made-up tables, no secrets
    optional = [field for field in kind.fields if not field.required]
    chosen = [field for field in kind.fields if field.required]
    chosen += chance.sample(optional, chance.randint(1, len(optional)))
    chance.shuffle(chosen)
    headers: list[str] = []
    for field in chosen:  # no header twice: nobody could say which is which
        taken = {one.casefold() for one in headers}
        free = [one for one in field.known_as[1:] if one.casefold() not in taken]
        headers.append(chance.choice(free))
    table = [
        [
            spoiled(field, chance) if chance.random() < 0.05 else cell_of(field, chance, number)
            for field in chosen
        ]
        for number in range(ROWS)
    ]
    mark = chance.choice(",;\t")
    lines = [headers, *[[text for text, _ in row] for row in table]]
    text = "\n".join(mark.join(f'"{one}"' for one in line) for line in lines)
    read_in = read(text.encode(), Hints(record=kind.name, delimiter=mark, header=1))
    document = {"name": "x", "record": kind.name, "fields": guess_fields(read_in, kind)}
    found = records(read_in, profile_from_dict(document))
    said = {one.line for one in found.problems} | {n for one in found.cautions for n in one.lines}
    left = " ".join(found.notes)
    wrong = []
    rows = {row.line: row for row in found.rows}
    for line, cells in enumerate(table, start=2):
        if line in said or line not in rows:
            known = line in said or "Left out" in left or 1 in said
            wrong += [] if known else [f"line {line} is gone"]
            continue
        row = rows[line]
        for field, (text, means) in zip(chosen, cells, strict=True):
            value = row.values.get(field.name)
            is_true = value == means or (value is None and field.name not in document["fields"])
            if not is_true and field.name not in row.reasons:
                wrong.append(f"{field.name}: {text!r} is {value!r}")
    return wrong


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_value_of_a_register_is_wrong_without_a_word(kind):
    for seed in range(TABLES):
        assert faults(kind, seed) == [], f"table {seed}"
