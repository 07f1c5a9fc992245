"""Which column is which field, by its header and, where a header means two things, by its words."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

from pmo.common.tabular import SourceTable
from pmo.common.tabular.numbers import unit_of
from reports.imports.domain.cells import COLORS, clean
from reports.imports.domain.fields import CellKind, RecordKind
from reports.imports.domain.matching import CHOSEN, Known, guess_mapping, matches
from reports.imports.domain.profile import normalized


class StatusWords(Enum):
    """What the words of a column called "Status" are."""

    COLORS = "colors"
    STAGES = "stages"
    MIXED = "mixed"
    UNKNOWN = "unknown"


def guess_fields(
    table: SourceTable, kind: RecordKind, known: Known | None = None
) -> dict[str, str]:
    """Return field name -> header for the columns that clearly mean one of our fields."""
    found = matches(table, kind, known)
    guesses = {one.field: one.header for one in found if one.score >= CHOSEN}
    header = guesses.get("color")
    if header is None or not kind.has("stage"):
        return guesses
    words = words_of(table, kind, header)
    if words is StatusWords.MIXED:
        del guesses["color"]
    elif words is StatusWords.STAGES and "stage" not in guesses:
        guesses["stage"] = guesses.pop("color")
    return guesses


def suggested_fields(
    table: SourceTable, kind: RecordKind, known: Known | None = None
) -> dict[str, str]:
    """Return field name -> header for the columns that may mean one of our fields: to be looked at."""
    chosen = guess_fields(table, kind, known)
    taken = set(chosen.values())
    return {
        one.field: one.header
        for one in matches(table, kind, known)
        if one.score < CHOSEN and one.field not in chosen and one.header not in taken
    }


def unit_said(table: SourceTable, kind: RecordKind, headers: Mapping[str, str]) -> Decimal | None:
    """
    Return in what the columns of money (field name -> header) say that their amounts are.

    The header says it (“Budget ($m)”), or what stands above the table does. None when nothing does, or
    when columns say different things.
    """
    money = [h for name, h in headers.items() if kind.field(name).kind is CellKind.MONEY]
    said = {unit_of(header) or unit_of(table.title) for header in money}
    return said.pop() if len(said) == 1 else None


def mixed_header(table: SourceTable, kind: RecordKind) -> str:
    """Return the header that may be the color or the stage and holds words of both; empty for none."""
    header = guess_mapping(table.headers, kind).get("color", "")
    return header if header and words_of(table, kind, header) is StatusWords.MIXED else ""


def words_of(table: SourceTable, kind: RecordKind, header: str) -> StatusWords:
    """Say whether the column's words are colors, stages, both or neither."""
    cells = table.column(table.headers.index(header))
    words = {normalized(text) for cell in cells if (text := clean(cell))}
    stages = stage_words(kind)
    has_colors, has_stages = bool(words & COLORS.keys()), bool(words & stages)
    if has_colors and has_stages:
        return StatusWords.MIXED
    if has_stages:
        return StatusWords.STAGES
    return StatusWords.COLORS if has_colors else StatusWords.UNKNOWN


def stage_words(kind: RecordKind) -> frozenset[str]:
    """Return every spelling of a stage that is understood without being asked about."""
    return frozenset(
        normalized(spelling)
        for code, word in kind.field("stage").choices
        for spelling in (code, word, code.replace("_", " "), code.replace("_", "-"))
    )
