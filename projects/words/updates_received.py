"""Whose updates are due, in or missing: the manager’s own list and the office’s."""

from collections.abc import Sequence

from django.utils import timezone

from pmo.common.models import JobState
from pmo.common.page import formats
from projects.selectors.status import UpdateDue
from projects.selectors.updates_received import Arrival, Counts, Mine, MyProject, Received, Reminder
from projects.words.status import due_words, late_by

NOTHING_DUE = (
    "You are named on these projects. Their managers report each week; nothing is due from you."
)
REMINDERS = {
    JobState.QUEUED: "Reminder is on its way",
    JobState.RUNNING: "Reminder is on its way",
    JobState.DONE: "Reminded today",
    JobState.FAILED: "Reminder could not be sent",
}
OPTIONAL = "An update is welcome, not required"
REMINDERS_QUEUED = "Reminders are on their way: one a day to each manager."


NAMED = 5


def unreached(number: int) -> str:
    """Say how many projects get no reminder; "" when none does not."""
    said = "{n} projects get no reminder: no manager, a deactivated one, or one without an address."
    one = "1 project gets no reminder: no manager, a deactivated one, or one without an address."
    return formats.counted(number, one, said) if number else ""


def reminders_queued(left_out: Sequence[str]) -> str:
    """Say that reminders go out, and of which projects nobody is reminded."""
    if not left_out:
        return REMINDERS_QUEUED
    named = formats.listing(left_out[:NAMED])
    more = len(left_out) - NAMED
    others = f" and {more:,} more" if more > 0 else ""
    return f"{REMINDERS_QUEUED} No reminder goes out for {named}{others}."


def reminded(project: object, reminders: int, *, before: bool) -> str:
    """Say that reminders go out, or that today's was sent before."""
    if before:
        return f"{project}: a reminder was sent today already."
    return f"{project}: {formats.count(reminders, 'reminder')} on the way."


def received_sub(due: UpdateDue) -> str:
    """Say which week it is and when its updates are due, or how late the missing ones are."""
    if due.is_late:
        return f"{formats.week(due.week)}. Missing updates are {due_words(due)}."
    return f"{formats.week(due.week)}. {due_words(due)}"


def my_lede(mine: Mine, due: UpdateDue) -> str:
    """Say what is owed, first of all."""
    if not mine.reporting:
        return NOTHING_DUE
    if not mine.owed:
        if mine.reporting == 1:
            return "This week's update is in. Nothing is due."
        return f"This week's {mine.reporting:,} updates are in. Nothing is due."
    words = due_words(due)
    late = words if due.is_late else f"{words[0].lower()}{words[1:]}"
    if mine.reporting == 1:
        return f"Your update is {late}."
    if mine.owed == 1:
        return f"1 of your {mine.reporting:,} updates is {late}."
    return f"{mine.owed:,} of your {mine.reporting:,} updates are {late}."


def my_state(row: MyProject) -> str:
    """Say where this week's update is: "Due Friday 17:00", "Draft saved 16:02. Due …"."""
    if row.came is Arrival.RECEIVED:
        return "Published this week"
    words = due_words(row.due) if row.is_due else "No update due"
    if row.is_optional:
        words = OPTIONAL
    if not row.draft:
        return words
    at = timezone.localtime(row.draft.saved_at)
    if at.date() == row.due.now.date():
        return f"Draft saved {at:%H:%M}. {words}"
    return f"Draft saved {formats.short_day(at.date())}. {words}"


def my_action(row: MyProject) -> str:
    """Name the button that leads to this week's update."""
    if row.draft:
        return "Continue draft"
    return "See update" if row.came is Arrival.RECEIVED else "Write update"


def my_said(row: MyProject) -> str:
    """Repeat what the last update said, and when."""
    if row.last is None or row.last.published_at is None:
        return "No update yet."
    on = timezone.localtime(row.last.published_at).date()
    return f"{formats.ago(on, row.due.now.date())}: {row.last.overall_note}"


def received_lede(counts: Counts, due: UpdateDue) -> str:
    """Say how far the week is, in a sentence or three."""
    if not counts.total:
        return "No project reports at present."
    owed, parts = counts.total - counts.optional, []
    if owed == 1:
        parts = ["The one update is in." if counts.received else "The one update is not in."]
    elif owed:
        parts = [f"{counts.received:,} of {formats.count(owed, 'update')} are in."]
        if counts.missing + counts.draft:
            parts.append(_open(counts, due))
    if counts.optional:
        parts.append(
            formats.counted(
                counts.optional,
                "1 project may leave its update out: its office is supportive.",
                "{n} projects may leave their update out: their office is supportive.",
            )
        )
    if counts.silent:
        parts.append(
            formats.counted(
                counts.silent,
                "1 project has had no update for two weeks or more.",
                "{n} projects have had no update for two weeks or more.",
            )
        )
    return " ".join(parts)


def _open(counts: Counts, due: UpdateDue) -> str:
    number = counts.missing + counts.draft
    if due.is_late:
        verb = "is late" if number == 1 else "are late"
    else:
        verb = "is still to come" if number == 1 else "are still to come"
    return f"{number:,} {verb}, {counts.draft:,} of them started."


def silence_words(row: Received) -> str:
    """Say for how many weeks nothing came; "" for one or none."""
    if row.is_optional:
        return ""
    quiet = row.weeks_silent
    return f"{quiet:,} weeks without an update" if quiet and quiet > 1 else ""


def late_words(row: Received) -> str:
    """Say how late an update is or came; "" when it is not."""
    if row.came_late_at:
        return f"came {late_by(row.due, row.came_late_at)}"
    return due_words(row.due) if row.is_late else ""


def reminder_words(reminder: Reminder) -> str:
    """Say what became of today's reminder."""
    words = REMINDERS[reminder.state]
    return (
        f"{words} {reminder.at:%H:%M}" if reminder.at and reminder.state == JobState.DONE else words
    )
