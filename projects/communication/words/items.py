"""The sentences of the plan of communication."""

from datetime import date

from pmo.common.page.formats import count, counted, day
from projects.communication.domain.timing import Cadence, is_late, working_days_late
from projects.communication.models import CommunicationItem
from projects.communication.selectors.items import ItemCounts

ADD_ITEM = "Add message"
EDIT_ITEM = "Edit message"
SAVE_ITEM = "Save message"
ITEM_ADDED = "Message added to the plan."
ITEM_SAVED = "Message saved."
ITEM_REMOVED = "Message removed from the plan."
REMOVE_ITEM = "Remove message"
REMOVE_NOTE = "What it said stays in the audit trail."
SEND = "Mark as sent"
SENT = "Noted as sent."
TAKEN_BACK = "Taken back: it counts as not sent."
TAKE_BACK = "Take back"
TAKE_BACK_ASKED = "Take back what was noted as sent?"
TAKE_BACK_NOTE = "The message is due again on the day it was due before."
PLAIN = "The language is plain"
PLAIN_NOTED = "Noted: you find the language plain."
APPROVE = "Approve the text"
APPROVED = "Text approved."
TO_BE_SENT = "Messages to be sent"
OFFER = "Start from the usual plan"
OFFER_SUB = "Nothing is written before you save. Change or untick what does not fit."
OFFER_SAVE = "Add these messages"
NO_GO_LIVE = "T-30 and the like need a go-live among the milestones, or a milestone chosen below."


def to_send(item: CommunicationItem) -> str:
    return f"Send “{item}”"


def remove_item_asked(item: object) -> str:
    return f"Remove “{item}” from the plan?"


def added(number: int) -> str:
    return counted(number, "1 message added to the plan.", "{n} messages added to the plan.")


def items_title(counts: ItemCounts) -> str:
    """Say how many messages are due, and how many of them stand in the report."""
    if not counts.total:
        return "No message is planned"
    if not counts.due:
        return "No message is due"
    due = counted(counts.due, "1 message is due", "{n} messages are due")
    if not counts.overdue:
        return due
    overdue = counted(counts.overdue, "1 of them overdue", "{n} of them overdue")
    return f"{due}, {overdue}"


def late_finding(counts: ItemCounts) -> str:
    """Say what was due five working days ago or longer; empty where nothing was."""
    if not counts.late:
        return ""
    return counted(
        counts.late,
        "1 message is overdue by five working days or more.",
        "{n} messages are overdue by five working days or more.",
    )


def items_lede(counts: ItemCounts) -> str:
    finding = late_finding(counts)
    return f"{items_title(counts)}. {finding}".strip()


def items_color(counts: ItemCounts) -> str:
    """Return the color of the sentence: only what is bad has one."""
    if counts.late:
        return "red"
    return "amber" if counts.overdue else "none"


def due_words(item: CommunicationItem, today: date) -> str:
    """Say how long ago it was due, in working days; empty where it is not past."""
    if item.next_due is None or item.next_due >= today:
        return ""
    late = working_days_late(item.next_due, today)
    return f"{count(late, 'working day')} overdue" if late else "overdue"


def when_words(item: CommunicationItem) -> str:
    """Say what its date hangs on: "30 days before Go-live, every week"."""
    parts = [_from_words(item)]
    if item.is_repeated:
        parts.append(Cadence(item.cadence).label.lower())
        if item.last_day:
            parts.append(f"until {day(item.last_day)}")
    return ", ".join(part for part in parts if part)


def _from_words(item: CommunicationItem) -> str:
    if item.milestone is None:
        return f"from {day(item.due_on)}" if item.is_repeated and item.due_on else ""
    if not item.offset_days:
        return f"on {item.milestone}"
    days = count(abs(item.offset_days), "day")
    return f"{days} {'before' if item.offset_days < 0 else 'after'} {item.milestone}"


def item_lede(item: CommunicationItem, *, today: date, times: int) -> str:
    """Say who hears it, when next, and how often it went out."""
    sent = counted(times, "It went out once.", "It went out {n} times.") if times else ""
    who = f"{item.audience} ({item.get_channel_display().lower()})"
    if item.next_due is None:
        rest = f"{sent} Nothing more is due." if sent else "It has no date."
        return f"For {who}. {rest}"
    due = due_words(item, today)
    past = f"was due on {day(item.next_due)}: {due}" if due else f"is due on {day(item.next_due)}"
    return f"For {who}. It {past}. {sent}".strip()


def item_color(item: CommunicationItem, *, today: date) -> str:
    if item.next_due is None or item.next_due >= today:
        return "none"
    return "red" if is_late(item.next_due, today) else "amber"


def item_facts(item: CommunicationItem) -> list[tuple[str, str]]:
    facts = [
        ("Project", str(item.project)),
        ("Audience", item.audience),
        ("Who talks to them", str(item.lead) if item.lead else ""),
        ("Channel", item.get_channel_display()),
        ("Sender", str(item.sender) if item.sender else ""),
        ("When", when_words(item)),
        ("Due next", day(item.next_due) if item.next_due else ""),
    ]
    if item.code:
        facts.append(("Code", item.code))
    return facts


def checks_of(item: CommunicationItem) -> list[tuple[str, str, bool]]:
    """Return what text for patients needs: label, who and when, and whether it is there."""
    plain = item.plain_by_id is not None and item.plain_by_id == item.sender_id
    return [
        (
            "Plain language",
            f"{item.plain_by}, {day(item.plain_on)}" if plain else "Not checked by the sender",
            plain,
        ),
        (
            "Translated",
            item.translated_into or "No languages given",
            bool(item.translated_into),
        ),
        (
            "Approved",
            f"{item.approved_by}, {day(item.approved_on)}" if item.approved_by else "Not approved",
            item.approved_by_id is not None,
        ),
    ]
