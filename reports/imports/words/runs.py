"""An import in words: where it stands, what was found in its file and what it added."""

from collections.abc import Mapping, Sequence
from typing import Any

from pmo.common.page import formats
from pmo.common.tabular import CautionKind, SourceTable
from reports.imports.models import ImportRun, ImportState

MOST_NAMED = 12
OFFICE, IMPORTS = "Office", "Imports"
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DISCARDED = "Discarded. The file is deleted and nothing was changed."
HEADER_LINE = "Nothing was read again. The header line must be a number of 1 or more."
OPEN_QUESTION = "Nothing was written. Answer the question below first."
NO_ROWS = "No rows to import were found. Check the header line and the columns."
# what is added beside the rows, and the sort of name that it comes from
ADDED = (("Units added", "unit"), ("People added, who cannot sign in yet", "person"))


def state_sentence(run: ImportRun) -> str:
    """Say in one sentence where an import stands."""
    report = run.report
    match run.state:
        case ImportState.READY:
            ready = f"All {_rows(report)} can be written: {_counts(report)}."
            return " ".join(filter(None, (ready, _unanswered(report.get("unknown", [])))))
        case ImportState.APPLIED:
            return f"All {_rows(report)} are written: {_counts(report)}."
        case ImportState.FAULTY if report["problem_count"]:
            problems = formats.count(report["problem_count"], "problem")
            return f"{problems} in {_rows(report)}. Nothing was written."
        case ImportState.FAULTY:
            return OPEN_QUESTION if report["questions"] else NO_ROWS
    return run.get_state_display()


def _rows(report: Mapping[str, Any]) -> str:
    return formats.count(report["total"], "row")


def _counts(report: Mapping[str, Any]) -> str:
    counts = report.get("counts", {})
    created, updated, unchanged = (
        counts.get(name, 0) for name in ("created", "updated", "unchanged")
    )
    return f"{created:,} new, {updated:,} changed, {unchanged:,} unchanged"


def _unanswered(unknown: Sequence[Mapping[str, Any]]) -> str:
    """Say how many names wait for an answer, empty for none."""
    people, units = (sum(name["sort"] == sort for name in unknown) for sort in ("person", "unit"))
    named = [formats.count(people, "person", "people")] if people else []
    named += [formats.count(units, "unit")] if units else []
    if not named:
        return ""
    return (
        f"The file names {formats.listing(named)} not in Rounds: choose below what to do with them."
    )


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
        facts.append(("Encoding", table.encoding))
        facts.append(("Delimiter", DELIMITERS.get(table.delimiter, table.delimiter)))
    if table.sheet:
        facts.append(("Sheet", table.sheet))
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
