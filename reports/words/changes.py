"""The audit trail in words: what was done, to what, and which of its fields changed."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pmo.common.models import AuditEvent
from pmo.common.page import formats
from pmo.common.records.audit import Fault
from reports.words.seals import short_seal

# what was done, where the code of the action does not read as a sentence by itself
ACTIONS: Mapping[str, str] = {
    "attribution.added": "Source of data added",
    "baseline.set": "Baseline approved",
    "budget_line.created": "Budget line added",
    "calendar.days_changed": "Holidays of a calendar changed",
    "category.created": "Category added",
    "change.approved": "Change request approved",
    "change.assessed": "Change request assessed",
    "change.implemented": "Change request implemented",
    "change.raised": "Change request raised",
    "change.rejected": "Change request rejected",
    "change.revised": "Change request revised",
    "change.withdrawn": "Change request withdrawn",
    "delivery.requeued": "Mail of a summary sent again",
    "demo.loaded": "Demo hospital loaded",
    "forecast.made": "Forecast cost added",
    "import.applied": "Import finished",
    "import.apply_requested": "Import started",
    "import.check_requested": "Check of an import started",
    "import.checked": "Import checked",
    "import.mended": "Cells of an import changed",
    "import.warning_answered": "A warning of an import answered",
    "import.rows_left_out": "Rows of an import left out or taken in",
    "import.row_removed": "Removed at the undo of an import",
    "import.row_restored": "As before an import that was undone",
    "import.stop_requested": "Import stopped",
    "import.undo_requested": "Undo of an import started",
    "import.undone": "Import undone",
    "import.discarded": "Import discarded",
    "import.forgotten": "Import file deleted",
    "import.mapped": "Columns of an import chosen",
    "import.read_again": "Import file read again",
    "import.sheets_chosen": "Sheets of an import chosen",
    "import.uploaded": "Import file uploaded",
    "job.retried": "Job started again",
    "months.forecast": "Forecast by month changed",
    "organization.created": "Organization set up",
    "organization.changed": "Settings changed",
    "people_file.answered": "Names in a people file matched",
    "people_file.checked": "People file checked",
    "people_file.discarded": "People file discarded",
    "people_file.forgotten": "People file deleted",
    "people_file.writing_requested": "Import of a people file started",
    "people_file.written": "People file imported",
    "person.invitation_sent": "Invitation sent",
    "person.joined": "Invitation accepted",
    "person.link_shown": "Invitation link shown",
    "person.password_link_sent": "Link for a new password sent",
    "plan.rescheduled": "Plan recalculated",
    "plan_import.applied": "Schedule file imported",
    "plan_import.apply_requested": "Import of a schedule file started",
    "plan_import.check_requested": "Check of a schedule file started",
    "plan_import.checked": "Schedule file checked",
    "plan_import.discarded": "Schedule file discarded",
    "plan_import.forgotten": "Schedule file deleted",
    "plan_import.undone": "Import of a schedule file undone",
    "plan_import.uploaded": "Schedule file uploaded",
    "portfolio.project_added": "Project added to the portfolio",
    "portfolio.project_removed": "Project removed from the portfolio",
    "project.person_named": "Person added to the project",
    "project.person_removed": "Person removed from the project",
    "project.stage_changed": "Stage changed",
    "reserve.drawn": "Reserve drawn on",
    "role.granted": "Role added",
    "role.revoked": "Role removed",
    "setup.link_made": "Set-up link created",
    "setup.link_used": "Set-up link used",
    "snapshots.frozen": "Figures frozen",
    "status.draft_discarded": "Draft of a status update discarded",
    "status.draft_opened": "Status update started",
    "status.published": "Status update published",
    "status.reminded": "Reminder of a status update sent",
    "subscription.created": "Subscriber added",
    "subscription.removed": "Subscriber removed",
    "task.linked": "Predecessor added",
    "task.unlinked": "Predecessor removed",
    "task.waits_changed": "Predecessors changed",
    "token.created": "API token created",
    "token.revoked": "API token removed",
    "tolerance.set": "Tolerance changed",
    "variance.made": "Variance report created",
    "variance_cause.changed": "Cause of a difference changed",
    "variance_cause.noted": "Cause of a difference added",
    "variance_cause.removed": "Cause of a difference removed",
}
NAMES = ("name", "title", "file_name")  # fields by which a record is known


class FieldChange(NamedTuple):
    """One field with what it was and what it became; None where there was nothing."""

    name: str
    before: Any
    after: Any


class EventLine(NamedTuple):
    """One event in words; `details` opens the fields and the record's own number."""

    event: AuditEvent
    what: str
    about: str
    fields: Sequence[FieldChange]
    details: str


def event_line(event: AuditEvent, names: Mapping[str, str]) -> EventLine:
    """Write one event; `names` says how records are called today, by target and scope."""
    before, after = _values(event)
    changed = [
        FieldChange(_field(name), _value(before.get(name)), _value(after.get(name)))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) not in (None, "", {}) or after.get(name) not in (None, "", {})
    ]
    return EventLine(
        event=event,
        what=action_words(event.action),
        about=_about(event, {**before, **after}, names),
        fields=changed,
        details=formats.count(len(changed), "change") if changed else "Details",
    )


def action_words(action: str) -> str:
    """Say what was done: "risk.created" is "Risk created"."""
    return ACTIONS.get(action) or _field(action.replace(".", " "))


def chain_words(events: int, mac: str) -> str:
    """Say how long the trail is and with which seal it ends."""
    return f"{formats.count(events, 'event')}, the last with seal {short_seal(mac)}."


def chain_faults(faults: Sequence[Fault]) -> str:
    """Say whether the trail is whole, naming the first places that are not."""
    if not faults:
        return "Checked: nothing was altered."
    named = "; ".join(f"event {fault.sequence:,}, {fault.reason}" for fault in faults[:5])
    verb = "is" if len(faults) == 1 else "are"
    return f"{formats.count(len(faults), 'event')} {verb} not as recorded: {named}."


def document_name(portfolio: str, day: date) -> str:
    """Name a summary or a variance report by its portfolio and its day."""
    return f"{portfolio}, {formats.day(day)}" if portfolio else formats.day(day)


def _about(event: AuditEvent, values: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Name the record, and behind it the project or the person it belongs to."""
    own = next((str(values[name]) for name in NAMES if values.get(name)), "")
    record = names.get(event.target) or own
    return " · ".join(dict.fromkeys(filter(None, (record, names.get(event.scope, "")))))


def _values(event: AuditEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the event's text; an altered one may hold anything, and the page must still open."""
    try:
        body = json.loads(event.body)
        return dict(body["before"]), dict(body["after"])
    except (ValueError, KeyError, TypeError):
        return {}, {}


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value


def _field(name: str) -> str:
    return name.replace("_", " ").removesuffix(" id").capitalize()
