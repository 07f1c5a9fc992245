"""Write the plan of communication: items, what was checked of their text, and what went out."""

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
    only,
    remove,
)
from projects.communication.models import CommunicationItem, CommunicationSending
from projects.communication.selectors.items import done_through, may_send, next_due_of
from projects.models import Project

ITEM_FIELDS = frozenset(
    {
        "code",
        "stakeholder",
        "group",
        "category",
        "message",
        "text",
        "channel",
        "sender",
        "cadence",
        "due_on",
        "ends_on",
        "milestone",
        "offset_days",
        "until_offset_days",
        "translated_into",
    }
)
SAID = ("message", "text")
NO_LEAD = (
    "Unions and regulators hear from one named person. Name who talks to them, on the stakeholder or"
    " in the register, and choose that one as the audience."
)
NOT_THE_LEAD = "Unions and regulators hear only from the person named for them: {lead}."
NOBODY_SENDS = "Name a sender first."
NOTHING_DUE = "Nothing more of this item is due."
NOT_YOURS = "Only its sender, or who keeps the plan, says that it went out."
NOT_YET = ValidationError("It cannot have been sent in the future.", code="future")
ONLY_PATIENTS = "Only text for patients is checked and approved."
ONLY_SENDER = "The sender checks that the language is plain."
NOT_ONES_OWN = "Someone other than the sender approves it."
NOT_CHECKED = "It is for patients: the sender checks first that its language is plain."
NOT_TRANSLATED = "It is for patients: say first into which languages it is translated."
NOT_APPROVED = "It is for patients: it has to be approved before it is sent."
NO_TEXT = "Write the text first: that is what is checked."


@all_or_nothing
def create_item(*, project: Project, by: User | None, **fields: Any) -> CommunicationItem:
    """Add a message to the plan; raises RefusalError where only a named lead may send it."""
    item = CommunicationItem(project=project, **only(fields, ITEM_FIELDS))
    _check_sender(item)
    item.next_due = next_due_of(item, None)
    return add(item, by=by, action="communication.planned", scope=project)


@all_or_nothing
def lay_plan(
    *, project: Project, items: Sequence[Mapping[str, Any]], by: User | None
) -> list[CommunicationItem]:
    """Add several messages at once, all or none; each leaves its event."""
    return [create_item(project=project, by=by, **fields) for fields in items]


@all_or_nothing
def change_item(
    *, item: CommunicationItem, version: int | None, by: User | None, **fields: Any
) -> CommunicationItem:
    """Change a message; another text than before has to be checked, translated and approved anew."""
    saved = locked_of(item)
    asked = only(fields, ITEM_FIELDS)
    wanted = copy.copy(saved)
    for name, value in asked.items():
        setattr(wanted, name, value)
    _check_sender(wanted)
    if any(getattr(wanted, name) != getattr(saved, name) for name in SAID):
        asked |= {"plain_by": None, "plain_on": None, "approved_by": None, "approved_on": None}
        if wanted.translated_into == saved.translated_into:
            asked["translated_into"] = ""
    asked["next_due"] = next_due_of(wanted, done_through([saved.pk]).get(saved.pk))
    return change(
        saved,
        version=version,
        by=by,
        action="communication.changed",
        scope=saved.project,
        **asked,
    )


@all_or_nothing
def remove_item(*, item: CommunicationItem, by: User | None) -> None:
    """Take a message out of the plan; raises RefusalError for one that went out."""
    saved = locked_of(item)
    if saved.sendings.exists():
        raise RefusalError("It went out already, so it stays. End it with a last day instead.")
    remove(saved, by=by, action="communication.removed", scope=saved.project)


def _check_sender(item: CommunicationItem) -> None:
    """Keep unions and regulators with the person who is named for them."""
    if not item.goes_through_lead:
        return
    if item.lead is None:
        raise RefusalError(NO_LEAD)
    if item.sender_id is not None and item.sender_id != item.lead.pk:
        raise RefusalError(NOT_THE_LEAD.format(lead=item.lead))


@all_or_nothing
def check_plain(*, item: CommunicationItem, version: int | None, by: User) -> CommunicationItem:
    """Note that the sender finds the text for patients plain; raises RefusalError for others."""
    saved = locked_of(item)
    if not saved.is_for_patients:
        raise RefusalError(ONLY_PATIENTS)
    if saved.sender_id != by.pk:
        raise RefusalError(ONLY_SENDER)
    if not saved.text:
        raise RefusalError(NO_TEXT)
    return change(
        saved,
        version=version,
        by=by,
        action="communication.plain",
        scope=saved.project,
        plain_by=by,
        plain_on=timezone.localdate(),
    )


@all_or_nothing
def approve_item(*, item: CommunicationItem, version: int | None, by: User) -> CommunicationItem:
    """Approve text for patients that is checked and translated; never as its own sender."""
    saved = locked_of(item)
    if not saved.is_for_patients:
        raise RefusalError(ONLY_PATIENTS)
    if saved.sender_id == by.pk:
        raise RefusalError(NOT_ONES_OWN)
    _check_said_plainly(saved)
    return change(
        saved,
        version=version,
        by=by,
        action="communication.approved",
        scope=saved.project,
        approved_by=by,
        approved_on=timezone.localdate(),
    )


def _check_said_plainly(item: CommunicationItem) -> None:
    if item.plain_by_id is None or item.plain_by_id != item.sender_id:
        raise RefusalError(NOT_CHECKED)
    if not item.translated_into:
        raise RefusalError(NOT_TRANSLATED)


@all_or_nothing
def send_item(
    *,
    item: CommunicationItem,
    sent_on: date,
    by: User | None,
    version: int | None = None,
    reach: int | None = None,
    note: str = "",
) -> CommunicationSending:
    """
    Note that a message went out on a day, and to how many (None where nobody counted).

    Raises RefusalError where nothing is due, where text for patients is not checked, translated and
    approved, and where unions or regulators would hear from somebody else than their lead.
    """
    saved = locked_of(item)
    if version is not None and saved.version != version:
        raise EditConflictError(saved)
    covers = _check_may_go_out(saved, by)
    if sent_on > timezone.localdate():
        raise ValidationError({"sent_on": NOT_YET})
    sending = CommunicationSending(
        project=saved.project,
        item=saved,
        covers=covers,
        sent_on=sent_on,
        reach=reach,
        note=note,
        noted_by=by,
    )
    add(sending, by=by, action="communication.sent", scope=saved.project)
    _set_next_due([saved])
    return sending


def _check_may_go_out(item: CommunicationItem, by: User | None) -> date:
    """Return the due day that the sending answers; raises RefusalError where it may not go out."""
    if by is not None and not may_send(by, item):
        raise RefusalError(NOT_YOURS)
    if item.next_due is None:
        raise RefusalError(NOTHING_DUE)
    if item.sender_id is None:
        raise RefusalError(NOBODY_SENDS)
    _check_sender(item)
    if item.is_for_patients:
        _check_said_plainly(item)
        if item.approved_by_id is None:
            raise RefusalError(NOT_APPROVED)
    return item.next_due


@all_or_nothing
def take_back_sending(*, sending: CommunicationSending, by: User | None) -> None:
    """Take back what was noted by mistake: the last sending of its item alone."""
    item = locked_of(sending.item)
    if item.sendings.filter(pk__gt=sending.pk).exists():
        raise RefusalError("Only the last one can be taken back.")
    remove(sending, by=by, action="communication.not_sent", scope=item.project)
    _set_next_due([item])


@all_or_nothing
def refresh_due(*, project_ids: Collection[int]) -> int:
    """Move what hangs on milestones of these projects; returns how many items moved."""
    rows = CommunicationItem.objects.filter(project__in=project_ids, milestone__isnull=False)
    return _set_next_due(list(rows.select_related("milestone").order_by("pk")))


def _set_next_due(items: Sequence[CommunicationItem]) -> int:
    """Keep the next due day of each; it follows from the rest, so it is no edit and has no event."""
    done = done_through([item.pk for item in items])
    moved = []
    for item in items:
        due = next_due_of(item, done.get(item.pk))
        if due != item.next_due:
            item.next_due = due
            moved.append(item)
    CommunicationItem.objects.bulk_update(moved, ["next_due"], batch_size=500)
    return len(moved)
