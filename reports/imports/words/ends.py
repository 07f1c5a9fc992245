"""What came of an import in words: written, handed back, undone and kept."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pmo.common.page import formats
from reports.imports.domain import RECORD_KINDS
from reports.imports.models import ImportRun, ImportState
from reports.imports.selectors import EditedSince

MOST_EDITED = 20
CAN_UNDO = "You can undo this import."
Counts = Mapping[str, int]


class EndTile(NamedTuple):
    """A key figure of the end: how many rows of how many, and what that means."""

    label: str
    value: str
    of: str
    says: str
    color: str = ""
    url: str = ""


def _written(counts: Counts) -> int:
    return counts["added"] + counts["altered"]


def title(run: ImportRun, counts: Counts) -> str:
    """Say in a headline what came of the import."""
    if run.state == ImportState.UNDONE:
        return f"{formats.count(run.report.get('undone', 0), 'row')} taken back"
    amount = _written(counts)
    if run.state == ImportState.STOPPED:
        return f"Stopped after {formats.count(amount, 'row')}"
    if not amount:
        return "No row changed anything"
    if amount == counts["all"]:
        return "The row is written" if amount == 1 else f"All {amount:,} rows are written"
    return "1 row is written" if amount == 1 else f"{amount:,} rows are written"


def who_and_when(run: ImportRun) -> str:
    """Say which file, who had it written or undone, and when."""
    if run.state == ImportState.UNDONE:
        written = f"Written on {formats.stamp(run.applied_at)} by {run.created_by}"
        return f"{run.file_name}. {written}, undone on {formats.stamp(run.undone_at)}."
    return f"{run.file_name}. Written on {formats.stamp(run.applied_at)} by {run.created_by}."


def tiles(run: ImportRun, counts: Counts) -> list[EndTile]:
    """Return what became of the rows, and who was added beside them."""
    total = f"{counts['all']:,}"
    if run.state == ImportState.UNDONE:
        return _undone_tiles(run, total)
    back = counts["back"]
    handed = EndTile(
        "Handed back",
        f"{back:,}",
        total,
        "Waiting for you" if back else "No row was refused",
        "amber" if back else "",
        "?show=back#rows" if back else "",
    )
    found = [
        EndTile("New", f"{counts['added']:,}", total, "Added to Rounds", url="?show=added#rows"),
        EndTile(
            "Changed",
            f"{counts['altered']:,}",
            total,
            "Old values are kept",
            url="?show=altered#rows",
        ),
        EndTile(
            "Unchanged",
            f"{counts['unchanged']:,}",
            total,
            "The same as in Rounds",
            url="?show=unchanged#rows",
        ),
        handed,
    ]
    people = len((run.report.get("added") or {}).get("person", []))
    if people:
        found.append(EndTile("People added", f"{people:,}", "", "Not invited yet"))
    return found


def _undone_tiles(run: ImportRun, total: str) -> list[EndTile]:
    undone, kept = run.report.get("undone", 0), run.report.get("kept", 0)
    return [
        EndTile(
            "Taken back", f"{undone:,}", total, "As if never imported", url="?show=undone#rows"
        ),
        EndTile(
            "Kept",
            f"{kept:,}",
            total,
            "Something of them stays" if kept else "Nothing stays",
            "amber" if kept else "",
            "?show=kept#rows" if kept else "",
        ),
    ]


# what the list of the end can be narrowed to, and how it is called
SHOWN = {
    "back": ("{n} row is handed back", "{n} rows are handed back"),
    "added": ("{n} new row", "{n} new rows"),
    "altered": ("{n} changed row", "{n} changed rows"),
    "unchanged": ("{n} row is the same as in Rounds", "{n} rows are the same as in Rounds"),
    "waiting": ("{n} row waits", "{n} rows wait"),
    "kept": ("Of {n} row something stays", "Of {n} rows something stays"),
    "undone": ("{n} row was taken back", "{n} rows were taken back"),
}


def rows_title(show: str, amount: int) -> str:
    """Return the title of the list of rows."""
    return formats.counted(amount, *SHOWN[show])


def waiting(counts: Counts) -> str:
    """Say how many rows were not reached."""
    return formats.counted(
        counts["waiting"],
        "{n} row waits. It is written when you go on, or left when you do not.",
        "{n} rows wait. They are written when you go on, or left when you do not.",
    )


def undo_says(run: ImportRun, edited: Sequence[EditedSince]) -> str:
    """Say what an undo would come to."""
    kind = RECORD_KINDS[run.document.get("record", "project")].noun
    said = f"New {kind}s are removed, changed cells get their old value."
    if not edited:
        return f"{said} The projects have not been edited since."
    return f"{said} {edited_title(edited)}: what was edited stays."


def edited_title(edited: Sequence[EditedSince]) -> str:
    return formats.counted(
        len(edited), "{n} project was edited since", "{n} projects were edited since"
    )


def more(amount: int) -> str:
    """Say how many are not listed, "" for none."""
    return f"And {amount:,} more." if amount > 0 else ""


def undo_title(counts: Counts) -> str:
    return f"Undo {formats.count(_written(counts), 'row')}?"


def goes(run: ImportRun, counts: Counts) -> list[tuple[str, str]]:
    """Return what an undo takes back: what, and how many."""
    kind = RECORD_KINDS[run.document.get("record", "project")].noun
    new, changed = counts["added"], counts["altered"]
    added = run.report.get("added") or {}
    people, units, programs = (len(added.get(sort, [])) for sort in ("person", "unit", "program"))
    listed = [
        (new, f"{formats.count(new, f'new {kind}')}", "Removed, with dates, money and status from the file."),
        (changed, formats.count(changed, "changed row"), "Every changed cell gets its old value."),
        (people, f"{formats.count(people, 'person', 'people')} added", "Removed, unless named elsewhere by now."),
        (units, f"{formats.count(units, 'unit')} added", "Removed, unless something belongs there by now."),
        (programs, f"{formats.count(programs, 'program')} added", "Removed, unless a project belongs there by now."),
    ]  # fmt: skip
    return [(what, says) for amount, what, says in listed if amount]


def stays(run: ImportRun) -> list[tuple[str, str]]:
    """Return what an undo leaves, whatever was imported."""
    listed = [
        ("What was edited since", "It stays as it is. The result lists each with its reason."),
        (
            "What was reported in a frozen week",
            "Frozen figures stay. A cost gets a contra entry, a forecast the one before it.",
        ),
        ("Who did what and when", "The list of changes keeps the import and its undo."),
    ]
    if run.portfolio_id:
        listed.insert(
            1,
            (
                f"The portfolio “{run.portfolio}”",
                "It goes only if this import made it and it is empty.",
            ),
        )
    return listed
