"""The sentences of status updates: form, page and history."""

from django.utils import timezone

from pmo.common.page import figures
from projects.domain.origins import is_imported
from projects.models import StatusUpdate
from projects.selectors.status import StatusPage

MY_PROJECTS = "My projects"
NOT_SAVED_YET = "Not saved yet"
CARRIED_OVER = "Carried over from last week: change what is different"
DRAFT_DISCARDED = "Draft discarded."
DISCARD_ASKED = "Discard the draft?"
DISCARD_NOTE = "Everything typed in it is lost. Published updates stay."
DISCARD_DRAFT = "Discard draft"
THE_PROJECT = "The project"
UPDATE_PUBLISHED = "Update published."


def draft_saved(draft: StatusUpdate) -> str:
    return f"Draft saved {timezone.localtime(draft.saved_at):%H:%M}"


def form_sub(page: StatusPage) -> str:
    week = figures.week(page.week)
    if page.is_correction:
        return f"{week}. Correction: what you publish becomes revision {page.revision}."
    return f"{week}. {page.due.words}. Takes about two minutes."


def update_sub(update: StatusUpdate) -> str:
    """Say of which week an update is, when it came and by whom."""
    at = figures.moment(timezone.localtime(update.published_at) if update.published_at else None)
    came = _came(update, at)
    if update.revision > 1:
        return f"{figures.week(update.week)}. {came} Revision {update.revision}."
    return f"{figures.week(update.week)}. {came}"


def _came(update: StatusUpdate, at: str) -> str:
    if is_imported(update.published_rating):
        return f"Imported {at} by {update.author}." if update.author else f"Imported {at}."
    return f"Published {at} by {update.author}." if update.author else f"Published {at}."


def origin(update: StatusUpdate) -> str:
    """Say where a status comes from that the manager did not publish here."""
    rating = update.published_rating
    if is_imported(rating):
        came = f"{rating} by {update.author}" if update.author else rating
        return f"{came}. The manager has not published it."
    return f"Published elsewhere as “{rating}”." if rating else ""


def form_title(project: object) -> str:
    return f"Status update: {project}"


def update_title(project: object) -> str:
    return f"{project}: status update"
