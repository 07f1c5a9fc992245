"""Which column is which field, by its header and, where a header means two things, by its words."""

from enum import Enum

from pmo.common.tabular import SourceTable
from reports.imports.domain.cells import COLORS, clean
from reports.imports.domain.fields import RecordKind, guess_mapping
from reports.imports.domain.profile import normalized


class StatusWords(Enum):
    """What the words of a column called "Status" are."""

    COLORS = "colors"
    STAGES = "stages"
    MIXED = "mixed"
    UNKNOWN = "unknown"


def guess_fields(table: SourceTable, kind: RecordKind) -> dict[str, str]:
    """Return field name -> header for the columns that clearly mean one of our fields."""
    guesses = guess_mapping(table.headers, kind)
    header = guesses.get("color")
    if header is None:
        return guesses
    words = words_of(table, kind, header)
    if words is StatusWords.MIXED:
        del guesses["color"]
    elif words is StatusWords.STAGES and "stage" not in guesses:
        guesses["stage"] = guesses.pop("color")
    return guesses


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
