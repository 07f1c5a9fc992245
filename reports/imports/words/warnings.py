"""What an importer should know before anything is written: right to import and easy to regret."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pmo.common.page import formats
from pmo.common.tabular import Caution, CautionKind
from projects.domain.stages import ACTIVE, Stage
from reports.imports.domain.likeness import OTHER_NAME, Evidence
from reports.imports.words.reading import encoding_name


def never_reports(stage: Stage, amount: int) -> str:
    """Say that new projects of this stage are never asked for an update."""
    verb = "arrives" if amount == 1 else "arrive"
    projects = formats.count(amount, "project")
    if stage in ACTIVE:
        return (
            f"{projects} {verb} in the stage {stage.label}: no weekly update is due until the stage"
            " changes."
        )
    return (
        f"{projects} {verb} in the stage {stage.label}: no weekly update is due, and no summary shows"
        " them."
    )


def without_ask(red: int) -> str:
    """Say how many red projects come without an ask; "" for none."""
    if not red:
        return ""
    if red == 1:
        return "The file does not say what help 1 red project needs; its next update asks for it."
    return (
        f"The file does not say what help {red:,} red projects need; their next updates ask for it."
    )


def colors(counts: dict[str, int]) -> str:
    """Say how many rows have each color, worst first."""
    return ", ".join(
        f"{counts[color]:,} {formats.color_word(color)}"
        for color in formats.WORST_FIRST
        if counts.get(color)
    )


MOST_LINES = 12


class WarningSaid(NamedTuple):
    """A caution in words: the key that its answer is kept under, its kind, its lines, its sentence."""

    key: str
    kind: str
    lines: tuple[int, ...]
    sentence: str


# {n} rows or cells at {lines}; {column} is the header, {said} what the file says beside it
CAUTIONS: Mapping[CautionKind, str] = {
    CautionKind.HIDDEN_ROWS: "{n} hidden in the sheet and imported all the same ({lines}).",
    CautionKind.FILTERED_ROWS: "{n} filtered out in the sheet and imported all the same ({lines}).",
    CautionKind.HIDDEN_COLUMNS: "Column {said} is hidden in the sheet.",
    CautionKind.NO_STORED_VALUE: (
        "{n} with a formula that was never calculated: its cell is empty here ({lines})."
        " Open the file in a spreadsheet program, save it and upload it again."
    ),
    CautionKind.ERROR_CELLS: "{n} with an error of the sheet, such as #DIV/0! ({lines}).",
    CautionKind.MERGED_CELLS: (
        "{n} with cells merged ({lines}): words stand in all their rows, amounts in the first only."
    ),
    CautionKind.ENCODING: "The file may be in another encoding than {said}: compare the words.",
    CautionKind.MOJIBAKE: "{n} with words such as “Ã©” that were read in a wrong encoding before ({lines}).",
    CautionKind.DOUBTED_TOTAL: "{n} that may be a total ({lines}): imported as a record.",
    CautionKind.LONE_CELL: "{n} with one cell only, perhaps a heading ({lines}).",
    CautionKind.MISALIGNED: "{n} with too many or too few cells ({lines}).",
    CautionKind.UNIT_SAID: "“{column}” says that its amounts are times {said}; they are read otherwise.",
    CautionKind.MARK_ASSUMED: "“{column}”: 1.234 is read as one and a bit, not as thousands ({lines}).",
    CautionKind.CONTRADICTION: "“{column}” contradicts itself: {n} written in another way ({lines}).",
    CautionKind.ONE_OR_ALL: (
        "“{column}”: {n} with a 1 and nothing that tells 1 % from all of it ({lines}). It is read as 1 %;"
        " where all of it is meant, fix the cell to 100 %."
    ),
    CautionKind.ONE_DECIDES: (
        "“{column}”: a single date says whether the day or the month comes first; {n} read by it ({lines})."
    ),
    CautionKind.SCALE: "“{column}”: {n} of another scale than all others ({lines}).",
    CautionKind.AGAINST_BUDGET: "“{column}”: {n} ten times off “{said}” or more ({lines}).",
    CautionKind.ONE_RATING: (
        "“{column}” is the only rating of {n} about a risk ({lines}): likelihood and impact both become"
        " 1 for Low, 2 for Medium, 3 for High and 4 for Critical."
    ),
    CautionKind.TOO_LONG: "“{column}”: {n} with a text that is too long ({lines}).",
    CautionKind.FAR_DATE: "“{column}”: {n} with a year far from all others ({lines}).",
    CautionKind.OUTSIDE_WINDOW: "“{column}”: {n} with a date outside the years in use ({lines}).",
    CautionKind.LESS_KNOWN: (
        "Of a {said} file only values are read: how cells are shown (45 % or 0.45) and what is hidden"
        " is not told. Save it as .xlsx to be sure."
    ),
}


def said(caution: Caution) -> WarningSaid:
    """Return a caution in words."""
    sentence = CAUTIONS[caution.kind].format(
        n=formats.count(len(caution.lines), "row"),
        lines=_lines(caution.lines),
        column=caution.column,
        said=", ".join(
            map(encoding_name, caution.said)
            if caution.kind is CautionKind.ENCODING
            else caution.said
        ),
    )
    return WarningSaid(caution.key, caution.kind.value, caution.lines, sentence)


def _lines(lines: Sequence[int]) -> str:
    """Name lines of the file, the first of many."""
    named = ", ".join(str(line) for line in lines[:MOST_LINES])
    more = " …" if len(lines) > MOST_LINES else ""
    return f"{'line' if len(lines) == 1 else 'lines'} {named}{more}"


def of_known(kind: str, evidence: Sequence[Evidence]) -> str:
    """Say what rows of a file change in records that are here, and hardly mean to."""
    first, amount = evidence[0], formats.count(len(evidence), "row")
    lines = _lines([one.line for one in evidence])
    if kind == OTHER_NAME:
        belongs = "whose code belongs" if len(evidence) == 1 else "whose codes belong"
        return (
            f"{amount} {belongs} to something of quite another name ({lines}):"
            f" “{first.stands}” stands here, “{first.says}” in the file."
        )
    return (
        f"“{first.label}”: {amount} ten times off what stands here, or more ({lines}):"
        f" {first.stands} here, {first.says} in the file."
    )


def wait(amount: int) -> str:
    """Say that warnings wait for an answer before anything is written."""
    verb = "waits" if amount == 1 else "wait"
    return (
        f"{formats.count(amount, 'warning')} {verb} for an answer:"
        " write the rows all the same, or leave them out."
    )
