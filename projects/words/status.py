"""The sentences of status updates: form, page and history."""

from datetime import datetime

from django.utils import timezone

from pmo.common.local.currency import currency
from pmo.common.page import formats
from projects.domain.office import ColorRule, StatusRule
from projects.domain.origins import is_imported
from projects.models import StatusUpdate
from projects.office import OfficeStanding
from projects.selectors.status import Moved, MovedSince, StatusPage, UpdateDue

MY_PROJECTS = "My projects"
VALIDATION = "Validation by the office"
NOT_SAVED_YET = "Not saved yet"
CARRIED_OVER = "Carried over from last week: change what is different"
DRAFT_DISCARDED = "Draft discarded."
DISCARD_ASKED = "Discard the draft?"
DISCARD_NOTE = "Everything typed in it is lost. Published updates stay."
DISCARD_DRAFT = "Discard draft"
THE_PROJECT = "The project"
UPDATE_PUBLISHED = "Update published."
MOVED = {
    Moved.FINISH: "Forecast finish is {moved}: {day}.",
    Moved.COST: "Forecast cost changed by {change} to {total}.",
    Moved.OVERDUE: "{name} was due {day} and is not done.",
    Moved.BOOKED: "{amount} of costs were booked.",
    Moved.DONE: "{name} is done.",
    Moved.DATED: "{name} is forecast for {day}.",
    Moved.SHIFTED: "{name} moved {moved}, to {day}.",
    Moved.RISK_RAISED: "Risk raised: {name}.",
    Moved.ISSUE_RAISED: "Issue raised: {name}.",
    Moved.RISKS_CLOSED: "{risks} closed.",
    Moved.ISSUES_RESOLVED: "{issues} resolved.",
}


OFFICE_STATUS = {
    StatusRule.OPTIONAL: "{office} does not require this update; it reminds you of it.",
    StatusRule.REQUIRED: "{office} requires this update each week.",
    StatusRule.VALIDATED: "{office} requires this update each week and validates its colors.",
}
OFFICE_COLOR = {
    ColorRule.REASONED: "You may set another color than the data's, with a reason.",
    ColorRule.DOWNGRADE: "You may set a worse color than the data's; only the office sets a better one.",
    ColorRule.OFFICE: "Only the office sets another color than the data's.",
}


def office_note(standing: OfficeStanding) -> str:
    """Say what the kind of office asks of an update; "" where none was chosen."""
    if standing.kind is None:
        return ""
    asked = OFFICE_STATUS[standing.rules.status].format(office=standing.office)
    return f"{asked} {OFFICE_COLOR[standing.rules.color]}"


def draft_saved(draft: StatusUpdate) -> str:
    return f"Draft saved {timezone.localtime(draft.saved_at):%H:%M}"


def form_sub(page: StatusPage) -> str:
    week = formats.week(page.week)
    if page.is_correction:
        return f"{week}. Correction: what you publish becomes revision {page.revision}."
    return f"{week}. {due_words(page.due)}. Takes about two minutes."


def update_sub(update: StatusUpdate) -> str:
    """Say of which week an update is, when it came and by whom."""
    at = formats.moment(timezone.localtime(update.published_at) if update.published_at else None)
    came = _came(update, at)
    if update.revision > 1:
        return f"{formats.week(update.week)}. {came} Revision {update.revision}."
    return f"{formats.week(update.week)}. {came}"


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


def due_words(due: UpdateDue) -> str:
    """Say it from now: "Due today 17:00", "Due Friday 17:00", "3 hours late", "2 days late"."""
    if due.is_late:
        return late_by(due, due.now)
    if due.at.date() == due.now.date():
        return f"Due today {due.at:%H:%M}"
    return f"Due {due.at:%A %H:%M}"


def late_by(due: UpdateDue, at: datetime) -> str:
    """Say how long after its hour something is or came: "3 hours late", "2 days late"."""
    late = at - due.at
    if late.days:
        return f"{formats.count(late.days, 'day')} late"
    return f"{formats.count(max(late.seconds // 3600, 1), 'hour')} late"


def moved_words(one: MovedSince) -> str:
    """Say one thing that moved since the last update."""
    return MOVED[one.what].format(
        name=one.name,
        day=formats.day(one.on),
        moved=formats.moved(one.days),
        change=formats.signed_money(one.amount, currency()),
        amount=formats.money(one.amount, currency()),
        total=formats.money(one.total, currency()),
        risks=formats.count(one.count, "risk"),
        issues=formats.count(one.count, "issue"),
    )
