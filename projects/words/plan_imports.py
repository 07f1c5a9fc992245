"""The sentences of the pages of schedule files."""

from pmo.common.page import formats
from projects.models import PlanImport, PlanImportState

LOST_NOTE = "What the file says and a plan here cannot hold."
CHANGED_NOTE = "What arrives in another form."
KEPT_NOTE = "What arrives as it is."
DISCARDED = "File discarded. Nothing was changed."
UNDO_NOTE = (
    "The plan goes back to what it was before this file: rows, links, progress and the project's start."
    " This works only while the plan has not been changed since."
)
UNDO_IMPORT = "Undo the import"
IMPORT_UNDONE = "Import undone. The plan is as it was before."
SCHEDULE_FILES = "Schedule files"

FORGOTTEN = "This file was not imported in time, so it was deleted."


def sentence_of(run: PlanImport) -> str:
    """Say in one sentence where a file stands."""
    counts = run.counts
    rows = formats.count(counts.get("tasks", 0), "row")
    what = (
        f"{counts.get('added', 0):,} new, {counts.get('changed', 0):,} changed, "
        f"{counts.get('unchanged', 0):,} unchanged, {counts.get('removed', 0):,} removed"
    )
    match run.state:
        case PlanImportState.CHECKED:
            return f"{rows} can be written: {what}. Nothing is written yet."
        case PlanImportState.APPLIED:
            return f"{rows} are written: {what}."
        case PlanImportState.UNDONE:
            return "Undone: the plan is as it was before this file."
        case PlanImportState.DISCARDED:
            return "Discarded: nothing was written."
        case PlanImportState.FORGOTTEN:
            return f"{FORGOTTEN} Nothing was changed; upload it again."
    return "The file is being read and compared with the plan."


def waits(days: object) -> str:
    return f"A file that is not imported is deleted after {days}."


def undo_asked(file_name: object) -> str:
    return f"Undo the import of “{file_name}”?"
