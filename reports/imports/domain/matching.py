"""
How well a column's header and cells fit a field of ours, and which of them belong together.

A name that the field is known by counts 1.0, a header that holds all words of one 0.6, one that only
may mean it 0.6; what the cells say is added or taken off. Nothing below `CHOSEN` is ever chosen for
anybody: it is a suggestion.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pmo.common.tabular import SourceTable, Value
from pmo.common.tabular.headers import spellings, words_of
from pmo.common.tabular.kinds import CellLook, look_of
from pmo.common.tabular.numbers import parse_number
from pmo.common.tabular.table import is_blank, plain
from reports.imports.domain.fields import CellKind, Field, RecordKind, Sort
from reports.imports.domain.profile import normalized

EXACT, PART = 1.0, 0.6
CHOSEN, SUGGESTED = 0.8, 0.5
FOR, AGAINST, SLIGHTLY = 0.2, -0.4, 0.1
MOSTLY, HARDLY = 0.8, 0.2
SAMPLE = 200
# words after which a header means something else than its other words say
ELSEWHERE = frozenset(
    ("previous", "last", "next", "old", "former", "change", "changes", "changed", "variance", "delta", "comment",
     "comments", "reason", "reasons", "note", "notes", "narrative", "by", "type", "id", "email", "count", "days",
     "duration", "checklist", "percent", "%", "remaining", "savings", "benefit", "benefits", "modified", "created",
     "updated", "recurring", "history", "explanation", "parent", "sub", "phone", "version", "link", "url", "status")
)  # fmt: skip
KEYS = frozenset(("code", "name"))
OWN_NAMES = 2  # of a field: its name and its label come first
Known = Mapping[Sort, frozenset[str]]


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """A field and a header that may be its column; `rank` is the name's place among the field's."""

    field: str
    header: str
    score: float
    rank: int


def guess_mapping(headers: Iterable[str], kind: RecordKind) -> dict[str, str]:
    """Return field name -> header for the headers that are names of our fields."""
    found = [
        match
        for header in headers
        for field in kind.fields
        if (match := _by_name(header, field)) is not None and match.score == EXACT
    ]
    return {match.field: match.header for match in _one_to_one(found, kind)}


def matches(table: SourceTable, kind: RecordKind, known: Known | None = None) -> list[FieldMatch]:
    """Return the likeliest column of each field, those below `CHOSEN` too; best first."""
    found: list[FieldMatch] = []
    for index, header in enumerate(table.headers):
        cells = _sample(table, index)
        for field in kind.fields:
            match = _by_name(header, field)
            if match is None:
                continue
            score = match.score + evidence(cells, field, known or {})
            if field.name in KEYS and len(kind.key) == 1:
                score += _by_uniqueness(cells, is_own=match.rank < OWN_NAMES)
            if score >= SUGGESTED:
                found.append(FieldMatch(match.field, match.header, score, match.rank))
    return _one_to_one(found, kind)


def _one_to_one(found: Sequence[FieldMatch], kind: RecordKind) -> list[FieldMatch]:
    """Give each field and each header to one pair only, the best pairs first."""
    order = {field.name: place for place, field in enumerate(kind.fields)}
    fields: set[str] = set()
    headers: set[str] = set()
    chosen = []
    for match in sorted(found, key=lambda one: (-round(one.score, 3), order[one.field], one.rank)):
        if match.field in fields or match.header in headers:
            continue
        fields.add(match.field)
        headers.add(match.header)
        chosen.append(match)
    return chosen


def _by_name(header: str, field: Field) -> FieldMatch | None:
    said = spellings(header)
    names = [words_of(name) for name in field.known_as]
    for rank, name in enumerate(names):
        if name in said:
            return FieldMatch(field.name, header, EXACT, rank)
    if any(words_of(name) in said for name in field.may_be):
        return FieldMatch(field.name, header, PART, len(names))
    tokens = set(said[0].split())
    for rank, name in enumerate(names):
        parts = set(name.split())
        if parts and parts < tokens and len(name) > 2:  # noqa: PLR2004 - “id” is in too many names
            away = AGAINST if (tokens - parts) & ELSEWHERE else 0
            return FieldMatch(field.name, header, PART + away, rank)
    return None


def evidence(cells: Sequence[Value], field: Field, known: Known) -> float:
    """Return what the cells of a column say for or against its being the field's."""
    filled = [cell for cell in cells if not is_blank(cell)]
    if not filled:
        return 0
    if field.names and (names := known.get(field.names)):
        return FOR if _share(filled, lambda cell: normalized(plain(cell)) in names) >= MOSTLY else 0
    if field.kind is CellKind.NUMBER:  # a scale of five is often in words
        return max(0, _by_share(filled, partial(_is_figure, field=field)))
    judges: dict[CellKind, Callable[[Value], bool]] = {
        CellKind.DATE: lambda cell: look_of(cell) is CellLook.DATE,
        CellKind.MONEY: partial(_is_figure, field=field),
        CellKind.PERCENT: partial(_is_figure, field=field),
    }
    judge = judges.get(field.kind)
    return _by_share(filled, judge) if judge else 0


def _is_figure(cell: Value, field: Field) -> bool:
    number = parse_number(cell)
    if number is None:
        return look_of(cell) is CellLook.NUMBER
    return field.kind is not CellKind.MONEY or number.unit is not None


def _share(cells: Sequence[Value], fits: Callable[[Value], bool]) -> float:
    return sum(fits(cell) for cell in cells) / len(cells)


def _by_share(cells: Sequence[Value], fits: Callable[[Value], bool]) -> float:
    share = _share(cells, fits)
    if share >= MOSTLY:
        return FOR
    return AGAINST if share <= HARDLY else 0


def _by_uniqueness(cells: Sequence[Value], *, is_own: bool) -> float:
    """Return what speaks for a column of which every record has its own; our own words for it need no proof."""
    words = [normalized(plain(cell)) for cell in cells if not is_blank(cell)]
    share = len(set(words)) / len(words) if words else 0
    if share == 1:
        return SLIGHTLY
    # two may be alike by chance
    return -FOR - SLIGHTLY if len(words) > 2 and share <= MOSTLY and not is_own else 0  # noqa: PLR2004 - the pair or the few are counted here


def _sample(table: SourceTable, index: int) -> list[Value]:
    return [row.cells[index] for row in table.rows[:SAMPLE]]
