"""What a row says of a project's status, published unless it was said already."""

from decimal import Decimal
from typing import Any

from projects.domain.calendar import week_of
from projects.domain.origins import imported_from, is_imported
from projects.models import Project, StatusUpdate
from projects.services import status
from reports.imports.domain import ImportRow, normalized
from reports.imports.domain.cells import COLORS
from reports.imports.domain.likeness import is_same_text
from reports.imports.services.known import Known
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Change, Setting
from reports.imports.services.showing import change_of

STATUS = ("color", "published_rating", "percent_complete", "summary")


def publish_said(
    kind: str, row: ImportRow, project: Project, setting: Setting, known: Known
) -> list[Change]:
    """
    Publish what the row says of the status, unless it is what was said already; return what changed.

    Raises RowRefusedError while the manager is writing a draft.
    """
    if not any(name in row.values for name in STATUS):
        return []
    latest, words = known.said(project), known.words(project)
    said = _said(row, setting, latest)
    if latest and all(_is_same(name, getattr(latest, name), value) for name, value in said.items()):
        return []
    if words.draft:
        raise RowRefusedError(
            "color",
            "The manager is writing a status update of this project.",
            "Have the draft published or discarded first.",
        )
    status.publish_update(
        project=project,
        by=setting.by,
        week=week_of(setting.day_of(row)),
        at=setting.moment_of(row),
        standing=words,
        **said,
    )
    return _status_changes(kind, latest, said)


# what a status says -> our field
SAID = {
    "overall": "color",
    "overall_note": "summary",
    "percent_complete": "percent_complete",
    "published_rating": "published_rating",
}


def _status_changes(kind: str, latest: StatusUpdate | None, said: dict[str, Any]) -> list[Change]:
    """Return what the status says otherwise than before; a status said again is one change at least."""
    changes = []
    for name, field in SAID.items():
        old = getattr(latest, name) if latest else None
        if name in said and not _is_same(name, old or "", said[name]):
            changes.append(change_of(kind, field, old, said[name]))
    return changes or [change_of(kind, "color", None, said["overall"])]


def _said(row: ImportRow, setting: Setting, latest: StatusUpdate | None) -> dict[str, Any]:
    """Return what the row says; without a color the one that stands is meant."""
    rating = row.values.get("published_rating") or row.reasons.get("color")
    if not rating and normalized(row.texts.get("color", "")) not in COLORS:
        rating = row.texts.get("color")  # a word of theirs that the mapping translates
    said: dict[str, Any] = {
        "published_rating": _clipped(str(rating), 60)
        if rating
        else imported_from(setting.file_name)
    }
    standing = latest.overall if latest else ""
    said["overall"] = str(row.values.get("color") or standing or "none")
    if "summary" in row.values:
        said["overall_note"] = str(row.values["summary"])
    percent = row.values.get("percent_complete")
    if isinstance(percent, Decimal):
        said["percent_complete"] = int(percent.to_integral_value())
    return said


def _is_same(name: str, before: Any, now: Any) -> bool:
    """Say whether nothing new is said: the same words out of another file are not."""
    if name == "published_rating" and is_imported(now):
        return True
    return is_same_text(before, now)


def _clipped(text: str, longest: int) -> str:
    """Cut at a bracket or a word, so that what stays reads as one."""
    if len(text) <= longest:
        return text
    head = text.split(" (", maxsplit=1)[0]
    return head if len(head) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0]}…"
