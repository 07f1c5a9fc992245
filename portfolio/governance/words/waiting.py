"""What waits for somebody in committees, each as one thing to do."""

from pmo.common.page.formats import day
from pmo.common.page.waiting import WaitingItem
from portfolio.governance.domain.kinds import MeetingState
from portfolio.governance.models import (
    AgendaItem,
    Condition,
    Decision,
    Meeting,
    MeetingAction,
    Minutes,
)


def vote(item: AgendaItem) -> WaitingItem:
    return WaitingItem(
        text=f"Vote: {item.decision.question}",
        url=item.get_absolute_url(),
        about=str(item.meeting.committee),
        due=item.meeting.day,
    )


def take(decision: Decision) -> WaitingItem:
    return WaitingItem(
        text=f"Decide: {decision.question}",
        url=decision.get_absolute_url(),
        about=str(decision.project or decision.number),
        due=decision.needed_by,
    )


def attend(meeting: Meeting) -> WaitingItem:
    return WaitingItem(
        text=f"Read the agenda of {day(meeting.day)}",
        url=meeting.get_absolute_url(),
        about=str(meeting.committee),
        due=meeting.day,
    )


def prepare(meeting: Meeting) -> WaitingItem:
    is_open = meeting.state == MeetingState.OPEN
    text = "Run and close the meeting of" if is_open else "Prepare the meeting of"
    return WaitingItem(
        text=f"{text} {day(meeting.day)}",
        url=meeting.get_absolute_url(),
        about=str(meeting.committee),
        due=meeting.day,
    )


def approve(minutes: Minutes) -> WaitingItem:
    return WaitingItem(
        text=f"Have the minutes of {day(minutes.meeting.day)} approved",
        url=minutes.get_absolute_url(),
        about=str(minutes.meeting.committee),
    )


def meet(condition: Condition) -> WaitingItem:
    verb = "Await the verification of" if condition.evidence else "Meet the condition"
    return WaitingItem(
        text=f"{verb}: {condition.text}",
        url=condition.get_absolute_url(),
        about=condition.decision.number,
        due=condition.due,
    )


def do(action: MeetingAction) -> WaitingItem:
    return WaitingItem(
        text=f"Do: {action.text}",
        url=action.meeting.get_absolute_url(),
        about=str(action.meeting.committee),
        due=action.due,
    )
