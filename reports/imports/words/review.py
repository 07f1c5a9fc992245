"""The check of an import in words: what is ready, what is open, and what every row would do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pmo.common.page import formats
from reports.imports.domain import LEAVE, RECORD_KINDS, WRITE
from reports.imports.domain.likeness import FAR_VALUE, OTHER_NAME, Evidence
from reports.imports.models import ImportRun, ImportState, RowState, StagedRow
from reports.imports.selectors import Warned
from reports.imports.words.runs import NO_ROWS, OPEN_QUESTION, names_of

TITLE = "Check before anything is written"
RUNNING = {
    ImportState.CHECKING: "Checking the rows",
    ImportState.APPLYING: "Writing the rows",
    ImportState.UNDOING: "Undoing the import",
}
NOTHING_TO_WRITE = "Nothing to write"
NOTHING_WRITTEN = "Nothing was written: no row would change anything in Rounds."
SHOWN_CELLS = 3
Counts = Mapping[str, int]


class RowTag(NamedTuple):
    """What becomes of a row, with its icon; `color` is that of the tag, "" for none."""

    word: str
    icon: str
    color: str = ""


class ChangedCell(NamedTuple):
    """One cell that changes; the colors are those of a status, "" for anything else."""

    label: str
    old: str
    new: str
    old_color: str = ""
    new_color: str = ""


class RowProblem(NamedTuple):
    """One problem of a row: at which field, what is wrong, what would be right."""

    label: str
    wrong: str
    right: str


class RowLine(NamedTuple):
    """One row as the list shows it."""

    row: StagedRow
    name: str
    place: str
    short: str
    tags: Sequence[RowTag]
    problems: Sequence[RowProblem]
    cells: Sequence[ChangedCell]
    more: Sequence[ChangedCell]
    more_says: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class RowSegment:
    """One narrowing of the list of rows, with its count."""

    value: str
    label: str
    count: int
    checked: bool
    icon: str = ""


class LedePart(NamedTuple):
    """A sentence of the lede, and the part of the page that it leads to."""

    text: str
    url: str = ""


def file_sentence(run: ImportRun) -> str:
    """Say which file this is and when it was checked."""
    report = run.report
    said = [run.file_name, *([f"“{run.sheet}”"] if run.sheet else [])]
    if "total" in report:
        said.append(formats.count(report["total"], "row"))
    if run.headers:
        said.append(formats.count(len(run.headers), "column"))
    named = ", ".join(said)
    checked = f" Checked on {formats.stamp(run.checked_at)}." if run.checked_at else ""
    return f"{named}.{checked}"


def ready(counts: Counts) -> int:
    """Return how many rows would write something."""
    return counts["created"] + counts["updated"]


class AskedWarning(NamedTuple):
    """A warning as a question, with what may be answered: word and label of each answer."""

    warned: Warned
    question: str
    evidence: Sequence[Evidence]
    more: str
    answers: Sequence[tuple[str, str]]


QUESTIONS = {
    OTHER_NAME: "Is this the same record under another name?",
    FAR_VALUE: "Is this amount really that far from the one in Rounds?",
}
SHOWN_EVIDENCE = 3


def asked(run: ImportRun, warnings: Iterable[Warned]) -> list[AskedWarning]:
    """Return the warnings that ask for an answer."""
    asks = {one["key"] for one in run.report.get("asked", []) if one["asks"]}
    return [_ask(one) for one in warnings if one.key in asks]


def _ask(one: Warned) -> AskedWarning:
    go_on = (WRITE, "Write all the same" if one.can_leave else "Yes, go on")
    leave = (LEAVE, "Leave the row out" if len(one.lines) == 1 else "Leave the rows out")
    more = len(one.evidence) - SHOWN_EVIDENCE
    return AskedWarning(
        warned=one,
        question=QUESTIONS.get(one.kind, "Is this read as it is meant?"),
        evidence=one.evidence[:SHOWN_EVIDENCE],
        more=f"And {more:,} more." if more > 0 else "",
        answers=[go_on, leave] if one.can_leave else [go_on],
    )


def told(run: ImportRun, warnings: Iterable[Warned]) -> list[str]:
    """Return what reading found that nobody has to answer."""
    asks = {one["key"] for one in run.report.get("asked", []) if one["asks"]}
    return [one.sentence for one in warnings if one.key not in asks]


def _open(warnings: Iterable[Warned]) -> int:
    return sum(one.is_open for one in warnings)


def warnings_title(warnings: Sequence[Warned]) -> str:
    """Return the title of the questions."""
    if amount := _open(warnings):
        return formats.counted(
            amount, "{n} warning needs your answer", "{n} warnings need your answer"
        )
    return "Every warning is answered"


def warnings_answered(run: ImportRun, warnings: Sequence[Warned]) -> str:
    listed = asked(run, warnings)
    done = sum(not one.warned.is_open for one in listed)
    return f"{done:,} of {len(listed):,} answered"


NO_ANSWER = "Choose an answer first."
ANSWERED = {
    WRITE: "Answered: the rows are written all the same.",
    LEAVE: "Answered: the rows are left out.",
}


def lede(run: ImportRun, counts: Counts, warnings: Sequence[Warned]) -> list[LedePart]:
    """Say how many rows are ready, what the rest is, and what is open."""
    if run.state == ImportState.FAULTY and not counts["all"]:
        if run.report.get("problem_count"):
            return [
                LedePart("No row is ready."),
                LedePart("See what is wrong with the file below.", "#problems"),
            ]
        return [LedePart(OPEN_QUESTION if run.report.get("questions") else NO_ROWS)]
    said = [LedePart(_ready(counts)), *(LedePart(text) for text in _rest(counts))]
    if refused := counts["refused"]:
        said.append(LedePart(_refused(refused), "?show=refused#rows"))
    if _open(warnings):
        said.append(LedePart(f"{warnings_title(warnings)} first.", "#warnings"))
    if run.report.get("questions"):
        said.append(LedePart("A question about the dates is open.", "#questions"))
    elif run.report.get("unknown"):
        said.append(LedePart(_names(run.report["unknown"]), "#names"))
    return said


def lede_color(run: ImportRun, counts: Counts, warnings: Sequence[Warned]) -> str:
    if run.state == ImportState.FAULTY:
        return "red"
    is_open = counts["refused"] or run.report.get("unknown") or _open(warnings)
    return "amber" if is_open else "green"


def _ready(counts: Counts) -> str:
    amount, total = ready(counts), counts["all"]
    if not amount:
        return "No row is ready."
    if amount == total:
        return "The row is ready." if total == 1 else f"All {total:,} rows are ready."
    return f"{amount:,} of {formats.count(total, 'row')} {'is' if amount == 1 else 'are'} ready."


def _rest(counts: Counts) -> list[str]:
    new, changed, same = counts["created"], counts["updated"], counts["unchanged"]
    parts = [
        (new, "{n} is new", "{n} are new"),
        (changed, "{n} changes what is in Rounds", "{n} change what is in Rounds"),
        (same, "{n} is the same as in Rounds", "{n} are the same as in Rounds"),
        (counts["left_out"], "{n} is left out", "{n} are left out"),
    ]
    said = [formats.counted(number, one, many) for number, one, many in parts if number]
    return [f"{formats.listing(said)}."] if said else []


def _refused(amount: int) -> str:
    return formats.counted(
        amount,
        "{n} row is refused and would be handed back.",
        "{n} rows are refused and would be handed back.",
    )


def _names(unknown: Sequence[Mapping[str, Any]]) -> str:
    return f"Say first what becomes of {names_of(unknown)} not in Rounds."


def is_nothing(run: ImportRun, counts: Counts) -> bool:
    """Say whether a write would do nothing at all, not even close a day of the portfolio."""
    return not ready(counts) and (run.portfolio_id is None or not counts["unchanged"])


def write_label(counts: Counts) -> str:
    """Return what the button that writes says."""
    amount, back = ready(counts), counts["refused"]
    if not amount:
        return NOTHING_TO_WRITE
    if amount == counts["all"]:
        return "Write the row" if amount == 1 else f"Write all {amount:,} rows"
    said = f"Write {formats.count(amount, 'row')}"
    return f"{said}, hand back {back:,}" if back else said


def write_note(
    run: ImportRun, counts: Counts, warnings: Sequence[Warned], *, waits: bool = False
) -> tuple[str, str, str]:
    """Return what stands beside the button: a sentence, what is open, and where; `waits` for other sheets."""
    nothing = "Nothing is written yet."
    if waits:
        return nothing, "The projects of this workbook are written first.", "#h-beside-sheets"
    if run.state == ImportState.FAULTY:
        return nothing, "", ""
    if waiting := _open(warnings):
        return nothing, f"Answer {formats.count(waiting, 'warning')} first.", "#warnings"
    if unknown := len(run.report.get("unknown", [])):
        return nothing, f"Answer for {formats.count(unknown, 'name')} first.", "#names"
    if not ready(counts):
        return nothing, "", ""
    return nothing, "What is written can be undone.", ""


def segments(counts: Counts, show: str) -> list[RowSegment]:
    """Return the narrowings of the list of rows; those that would show nothing are left out."""
    listed = (
        ("", "all", "All", ""),
        ("refused", "refused", "Refused", "circle-x"),
        ("warned", "warned", "With warnings", "triangle-alert"),
        ("updated", "updated", "Changed", "pencil"),
        ("created", "created", "New", "plus"),
        ("unchanged", "unchanged", "Unchanged", "minus"),
        ("left_out", "left_out", "Left out", "archive"),
    )
    known = {value for value, *_ in listed}
    return [
        RowSegment(value, label, counts[name], value == (show if show in known else ""), icon)
        for value, name, label, icon in listed
        if counts[name] or not value or value == show
    ]


def lines(rows: Iterable[StagedRow], run: ImportRun) -> list[RowLine]:
    """Return the rows as the list shows them."""
    kind = RECORD_KINDS[run.document["record"]].with_months(run.document.get("fields") or {})
    labels = {field.name: field.label for field in kind.fields}
    return [_line(row, labels) for row in rows]


def _line(row: StagedRow, labels: Mapping[str, str]) -> RowLine:
    cells = [_cell(*change) for change in row.changes]
    is_new = row.outcome == "created"
    shown = [cell for cell in cells if cell.label not in HEAD] if is_new else cells
    more = shown[SHOWN_CELLS:]
    return RowLine(
        row=row,
        name=row.name or row.code or f"Row {row.line:,}",
        place=_place(row),
        short=_place_alone(row).lower() if not row.column else f"column {row.column}",
        tags=_tags(row),
        problems=[RowProblem(labels.get(one[2], ""), one[3], one[4]) for one in row.problems],
        cells=shown[:SHOWN_CELLS],
        more=more,
        more_says=formats.count(len(more), "more cell"),
        is_new=is_new,
    )


# a new row says these at its head
HEAD = {"Code", "Name", "Project", "Title"}


def _place(row: StagedRow) -> str:
    at = f"column {row.column}" if row.column else f"row {row.line:,}"
    dated = f"{at}, as of {formats.day(row.as_of)}" if row.as_of else at
    return f"{row.code} · {dated}" if row.code and row.name else dated


def _cell(field: str, label: str, old: str, new: str) -> ChangedCell:
    if field != "color":
        return ChangedCell(label, old, new)
    return ChangedCell(label, old, new, _color(old), _color(new))


def _color(word: str) -> str:
    return next((one for one in formats.WORST_FIRST if formats.color_word(one) == word), "")


def _tags(row: StagedRow) -> list[RowTag]:
    match row.state:
        case RowState.REFUSED:
            tags = [RowTag("Refused", "circle-x", "red")]
        case RowState.LEFT_OUT:
            tags = [RowTag("Left out", "archive")]
        case RowState.UNCHANGED:
            tags = [RowTag("Unchanged", "minus")]
        case RowState.KEPT:
            tags = [RowTag("Kept", "lock", "amber")]
        case RowState.UNDONE:
            tags = [RowTag("Undone", "undo-2")]
        case _:
            word, icon = {"created": ("New", "plus"), "updated": ("Changed", "pencil")}.get(
                row.outcome, ("Unchanged", "minus")
            )
            tags = [RowTag(word, icon)]
    return [*tags, RowTag("Warning", "triangle-alert", "amber")] if row.has_warnings else tags


NO_VALUE = "Nothing was fixed. Choose what the rows are to say."
NO_ROW = "No row has this problem any more."


def mended(row: StagedRow) -> str:
    """Say what the check of a mended row found."""
    at = _place_alone(row)
    match row.state:
        case RowState.REFUSED:
            return f"{at} is checked again and still refused."
        case RowState.UNCHANGED:
            return f"{at} is the same as in Rounds."
        case RowState.LEFT_OUT:
            return f"{at} is fixed and stays left out."
    return f"{at} is ready."


def left_out(row: StagedRow) -> str:
    return f"{_place_alone(row)} is left out."


def taken_in(row: StagedRow) -> str:
    return f"{_place_alone(row)} is taken in again."


def _place_alone(row: StagedRow) -> str:
    return f"Column {row.column}" if row.column else f"Row {row.line:,}"


def value_mended(old: str, new: str) -> str:
    """Say what is said now instead of a value of the file."""
    return f"“{old}” is read as “{new}” in every row." if new else f"“{old}” is read as empty."


def rows_left_out(amount: int) -> str:
    return formats.counted(amount, "{n} row is left out.", "{n} rows are left out.")
