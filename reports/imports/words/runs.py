"""An import in words: where it stands, what was found in its file and what it added."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pmo.common.page import formats
from pmo.common.tabular import CautionKind, SourceTable
from reports.imports.models import ImportRun, ImportState
from reports.imports.words.reading import encoding_name

MOST_NAMED = 12
OFFICE, IMPORTS = "Office", "Imports"
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DISCARDED = "Discarded. The file is deleted and nothing was changed."
HEADER_LINE = "Nothing was read again. The header line must be a number of 1 or more."
OPEN_QUESTION = "Nothing was written. Answer the question below first."
NO_ROWS = "No rows to import were found. Check the header line and the columns."
# what is added beside the rows, and the sort of name that it comes from
ADDED = (
    ("Programs added", "program"),
    ("Units added", "unit"),
    ("People added, who cannot sign in yet", "person"),
)
# one and many of what names are those of
SORTS = {
    "person": ("person", "people"),
    "unit": ("unit", "units"),
    "program": ("program", "programs"),
}


def state_sentence(run: ImportRun) -> str:
    """Say in one sentence where an import stands."""
    report = run.report
    match run.state:
        case ImportState.READY:
            ready = f"{_written(report, 'can be written')}: {_counts(report)}.{_back(report)}"
            return " ".join(filter(None, (ready, _unanswered(report.get("unknown", [])))))
        case ImportState.APPLIED | ImportState.STOPPED | ImportState.UNDONE:
            return _over(run.state, report)
        case ImportState.FAULTY if report["problem_count"]:
            problems = formats.count(report["problem_count"], "problem")
            return f"{problems} in {_rows(report)}. Nothing was written."
        case ImportState.FAULTY:
            return OPEN_QUESTION if report["questions"] else NO_ROWS
    return run.get_state_display()


def _over(state: str, report: Mapping[str, Any]) -> str:
    """Say what an import came to that wrote something."""
    if state == ImportState.UNDONE:
        return _undone(report)
    if state == ImportState.STOPPED:
        return f"Stopped. {_counts(report)}; the rest waits."
    return f"{_written(report, 'written')}: {_counts(report)}.{_back(report)}"


def _rows(report: Mapping[str, Any]) -> str:
    return formats.count(report["total"], "row")


def _counts(report: Mapping[str, Any]) -> str:
    counts = report.get("counts", {})
    created, updated, unchanged = (
        counts.get(name, 0) for name in ("created", "updated", "unchanged")
    )
    return f"{created:,} new, {updated:,} changed, {unchanged:,} unchanged"


def _written(report: Mapping[str, Any], verb: str) -> str:
    back = report.get("handed_back", 0) + report.get("set_aside", 0)
    total = sum(report.get("counts", {}).values())
    if not back:
        verb = verb if verb == "can be written" else f"are {verb}"
        return f"All {formats.count(total, 'row')} {verb}"
    return f"{formats.count(total, 'row')} {verb}"


def _back(report: Mapping[str, Any]) -> str:
    """Say how many rows are handed back and left out, "" for none."""
    back, aside = report.get("handed_back", 0), report.get("set_aside", 0)
    said = [f" {formats.count(back, 'row')} handed back."] if back else []
    said += [f" {formats.count(aside, 'row')} left out."] if aside else []
    return "".join(said)


def _undone(report: Mapping[str, Any]) -> str:
    undone, kept = report.get("undone", 0), report.get("kept", 0)
    said = f"Undone: {formats.count(undone, 'row')} taken back."
    return (
        f"{said} Of {formats.count(kept, 'row')} something stays: see why below." if kept else said
    )


FILTERS = (
    ("", "all", "All"),
    ("created", "created", "New"),
    ("updated", "updated", "Changed"),
    ("unchanged", "unchanged", "Unchanged"),
    ("refused", "refused", "Handed back"),
    ("left_out", "left_out", "Left out"),
    ("warned", "warned", "With warnings"),
    ("waiting", "waiting", "Waiting"),
    ("kept", "kept", "Kept at the undo"),
)


def filters(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return word of the address, label and count of each narrowing that shows something."""
    return [
        (show, label, counts[name]) for show, name, label in FILTERS if counts[name] or not show
    ]


def to_write(run: ImportRun) -> str:
    """Return what the button that writes says."""
    counts = run.report.get("counts", {})
    amount = sum(counts.values())
    back = run.report.get("handed_back", 0) + run.report.get("set_aside", 0)
    return formats.count(amount, "row") if back else f"all {formats.count(amount, 'row')}"


def _unanswered(unknown: Sequence[Mapping[str, Any]]) -> str:
    """Say how many names wait for an answer, empty for none."""
    named = names_of(unknown)
    return (
        f"The file names {named} not in Rounds: choose below what to do with them." if named else ""
    )


def names_of(unknown: Sequence[Mapping[str, Any]]) -> str:
    """Count names by what they are: "2 people and 1 unit"; empty for none."""
    found = Counter(one["sort"] for one in unknown)
    named = [formats.count(found[sort], *said) for sort, said in SORTS.items() if found[sort]]
    return formats.listing(named) if named else ""


def added(run: ImportRun) -> list[tuple[str, str]]:
    """Return what was added beside the rows, by what it is."""
    names = run.report.get("added") or {}
    return [(label, ", ".join(names[sort])) for label, sort in ADDED if names.get(sort)]


def file_facts(table: SourceTable) -> list[tuple[str, str]]:
    """Return what was found out about the file."""
    in_columns = table.orientation == "columns"
    records = f"{len(table.rows):,}"
    facts = [
        ("Records", f"{records} in columns" if in_columns else f"{records} in rows"),
        ("Columns", f"{len(table.headers):,}"),
    ]
    if table.encoding:
        facts.append(("Encoding", encoding_name(table.encoding)))
        facts.append(("Delimiter", DELIMITERS.get(table.delimiter, table.delimiter)))
    if table.sheet:
        facts.append(("Level" if table.encoding else "Sheet", table.sheet))
    facts.append(("Headers", "first column" if in_columns else f"line {table.header_position}"))
    if table.left_out:
        lines = [str(one.line) for one in table.left_out[:MOST_NAMED]]
        more = " …" if len(table.left_out) > MOST_NAMED else ""
        facts.append(
            ("Left out", f"line {', '.join(lines)}{more}: totals, repeated headers, notes")
        )
    return facts


def asks_reading(table: SourceTable) -> bool:
    """Say whether somebody should choose how the file is read: among sheets, or between encodings."""
    visible = [one for one in table.sheets if one.rows and not one.is_hidden]
    return len(visible) > 1 or any(one.kind is CautionKind.ENCODING for one in table.cautions)
