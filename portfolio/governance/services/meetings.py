"""Write meetings: planned, opened, who is there, the agenda, and the end that makes the minutes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
    only,
    remove,
    touch,
)
from portfolio.governance.domain.kinds import ItemResult, MeetingState, Presence, Purpose
from portfolio.governance.models import (
    AgendaItem,
    AgendaPaper,
    Attendance,
    Committee,
    Decision,
    Meeting,
    MeetingAction,
)
from portfolio.governance.selectors import people
from portfolio.governance.selectors.minutes import content_of
from portfolio.governance.selectors.seating import members_on, presences_of
from portfolio.governance.services.decisions import scope_of_trail
from portfolio.governance.services.minutes import write_minutes

MEETING_FIELDS = frozenset({"day", "place"})
NOT_SITTING = "Only who sits in the committee on that day moves or seconds."
ITEM_FIELDS = frozenset({"presenter", "motion", "mover", "seconder"})


def held(meeting: Meeting, version: int | None, *states: MeetingState) -> Meeting:
    """Return the meeting as saved, held; raises RefusalError in another state, EditConflictError."""
    current = locked_of(meeting)
    if current.state not in (states or (MeetingState.PLANNED, MeetingState.OPEN)):
        raise RefusalError(f"This meeting is {current.get_state_display().lower()}.")
    if version is not None and version != current.version:
        raise EditConflictError(current)
    return current


@all_or_nothing
def plan_meeting(*, committee: Committee, by: User | None, **fields: Any) -> Meeting:
    record = Meeting(committee=committee, **only(fields, MEETING_FIELDS))
    _check_stands(committee, record.day)
    return add(record, by=by, action="meeting.planned", scope=committee)


def _check_stands(committee: Committee, day: date | None) -> None:
    """Raise RefusalError for a day on which the committee is dissolved; whoever gives none is told so elsewhere."""
    if day is not None and not committee.stands_on(day):
        ended = formats.day(committee.ended_on)
        raise RefusalError(f"{committee} is dissolved on {ended}: it does not meet after that.")


@all_or_nothing
def change_meeting(
    *, meeting: Meeting, version: int | None, by: User | None, **fields: Any
) -> Meeting:
    current = held(meeting, version, MeetingState.PLANNED)
    changes = only(fields, MEETING_FIELDS)
    _check_stands(current.committee, changes.get("day"))
    return change(
        current,
        version=version,
        by=by,
        action="meeting.changed",
        scope=current.committee,
        **changes,
    )


@all_or_nothing
def open_meeting(
    *, meeting: Meeting, version: int | None, by: User | None, on: date | None = None
) -> Meeting:
    """
    Begin a meeting; raises RefusalError before its day, which is the day of what it decides.

    `on` is the day on which it begins; today without it.
    """
    current = held(meeting, version, MeetingState.PLANNED)
    if current.day > (on or timezone.localdate()):
        raise RefusalError(
            f"This meeting is on {formats.day(current.day)}. To begin it earlier, change its day."
        )
    return change(
        current,
        version=version,
        by=by,
        action="meeting.opened",
        scope=current.committee,
        state=MeetingState.OPEN.value,
    )


@all_or_nothing
def note_attendance(
    *, meeting: Meeting, version: int | None, by: User | None, presences: Mapping[int, Presence]
) -> Meeting:
    """Note who is there, by the person's id; raises RefusalError for who does not sit that day."""
    current = held(meeting, version)
    sitting = {one.person_id for one in members_on(current.committee, current.day)}
    if not set(presences) <= sitting:
        raise RefusalError("Attendance is noted of those who sit in the committee that day.")
    before = presences_of(current)
    after = {pk: one.value for pk, one in presences.items() if before.get(pk) != one.value}
    if not after:
        return current
    for pk, presence in after.items():
        Attendance.objects.update_or_create(
            meeting=current, person_id=pk, defaults={"presence": presence}
        )
    touch(current, by=by)
    audit.record(
        action="meeting.attendance_noted",
        target=current,
        by=by,
        scope=current.committee,
        before={str(pk): before.get(pk) for pk in after},
        after={str(pk): one for pk, one in after.items()},
    )
    current.refresh_from_db()
    return current


def _purpose(meeting: Meeting, decision: Decision) -> Purpose:
    """Return what the meeting is to do with a decision; raises RefusalError where nothing."""
    if decision.decider_committee_id != meeting.committee_id:
        raise RefusalError(f"{meeting.committee} does not decide {decision.number}.")
    if decision.is_waiting:
        return Purpose.DECIDE
    is_open = decision.is_decided and decision.is_out_of_cycle
    if is_open and not hasattr(decision, "ratification"):
        return Purpose.RATIFY
    raise RefusalError(f"{decision.number} is {decision.get_state_display().lower()}.")


@all_or_nothing
def put_on_agenda(
    *, meeting: Meeting, decision: Decision, by: User | None, **fields: Any
) -> AgendaItem:
    """Put a decision before a meeting: to be taken, or to be ratified where two members took it."""
    saved = locked_of(decision)
    current = held(meeting, None)
    purpose = _purpose(current, saved)
    if saved.agenda_items.filter(result=ItemResult.WAITING.value).exists():
        raise RefusalError(f"{saved.number} is on an agenda already.")
    last = current.items.aggregate(last=Max("position"))["last"] or 0
    said = only(fields, ITEM_FIELDS)
    _check_movers(current, said)
    record = AgendaItem(
        meeting=current, decision=saved, purpose=purpose.value, position=last + 1, **said
    )
    return add(record, by=by, action="meeting.item_added", scope=scope_of_trail(saved))


def _not_over(item: AgendaItem) -> AgendaItem:
    """Return the item as saved, held; raises RefusalError once it or its meeting is over."""
    held(item.meeting, None)
    current = locked_of(item)
    if current.is_over:
        raise RefusalError("This item is over.")
    return current


@all_or_nothing
def change_item(
    *, item: AgendaItem, version: int | None, by: User | None, **fields: Any
) -> AgendaItem:
    """Change who presents, the motion, and who moved and seconded it."""
    _not_over(item)
    said = only(fields, ITEM_FIELDS)
    _check_movers(item.meeting, said)
    return change(
        item,
        version=version,
        by=by,
        action="meeting.item_changed",
        scope=scope_of_trail(item.decision),
        **said,
    )


def _check_movers(meeting: Meeting, said: dict[str, Any]) -> None:
    """Raise ValidationError by field for a mover or seconder who does not sit there on that day."""
    named = {name: said[name] for name in ("mover", "seconder") if said.get(name)}
    if not named:
        return
    there = set(people.sitting(meeting.committee, meeting.day).values_list("pk", flat=True))
    if strange := [name for name, one in named.items() if one.pk not in there]:
        raise ValidationError(dict.fromkeys(strange, NOT_SITTING))


@all_or_nothing
def move_item_up(*, item: AgendaItem, by: User | None) -> AgendaItem:
    """Let an item change places with the one before it."""
    meeting = held(item.meeting, None)
    current = locked_of(item)
    before = meeting.items.filter(position__lt=current.position).order_by("-position").first()
    if before is None:
        return current
    here, there = current.position, before.position
    scope = scope_of_trail(current.decision)
    change(before, version=None, by=by, action="meeting.item_moved", scope=scope, position=here)
    return change(
        current, version=None, by=by, action="meeting.item_moved", scope=scope, position=there
    )


@all_or_nothing
def take_off_agenda(*, item: AgendaItem, by: User | None) -> None:
    """Take an item off that nobody voted on or declared an interest in."""
    held(item.meeting, None)
    current = locked_of(item)
    if current.is_over or current.votes.exists() or current.interests.exists():
        raise RefusalError("This item was taken up already. Finish it in its meeting.")
    current.actions.update(item=None)
    remove(current, by=by, action="meeting.item_removed", scope=scope_of_trail(current.decision))


@all_or_nothing
def add_paper(
    *, item: AgendaItem, by: User | None, title: str, revision: str, url: str = ""
) -> AgendaPaper:
    """Name a paper that is before the meeting, and its version, until the item is over."""
    _not_over(item)
    record = AgendaPaper(item=item, title=title, revision=revision, url=url)
    return add(record, by=by, action="meeting.paper_added", scope=scope_of_trail(item.decision))


@all_or_nothing
def add_action(
    *,
    meeting: Meeting,
    by: User | None,
    text: str,
    owner: User,
    due: date,
    item: AgendaItem | None = None,
) -> MeetingAction:
    """Note what the meeting asked somebody to do."""
    current = held(meeting, None)
    if item is not None and item.meeting_id != current.pk:
        raise RefusalError("That item belongs to another meeting.")
    # what a meeting of last week asked for may be over when it is written down
    if due < min(current.day, timezone.localdate()):
        raise ValidationError({"due": "This day has passed. Say by which day to come it is done."})
    record = MeetingAction(meeting=current, item=item, text=text, owner=owner, due=due)
    scope = scope_of_trail(item.decision) if item else current.committee
    return add(record, by=by, action="meeting.action_added", scope=scope)


@all_or_nothing
def finish_action(
    *, action: MeetingAction, version: int | None, by: User | None, on: date | None = None
) -> MeetingAction:
    current = locked_of(action)
    if current.done_on:
        raise RefusalError("This is done already.")
    return change(
        current,
        version=version,
        by=by,
        action="meeting.action_done",
        scope=scope_of_trail(action.item.decision) if action.item else action.meeting.committee,
        done_on=on or timezone.localdate(),
    )


@all_or_nothing
def hand_action(*, action: MeetingAction, to: User, by: User | None) -> MeetingAction:
    """Let somebody else do what a meeting asked for."""
    current = locked_of(action)
    if current.done_on:
        raise RefusalError("This is done already.")
    return change(
        current,
        version=None,
        by=by,
        action="meeting.action_handed_over",
        scope=scope_of_trail(current.item.decision) if current.item else current.meeting.committee,
        owner=to,
    )


def _check_votes_are_used(meeting: Meeting) -> None:
    """Raise RefusalError for an item that was voted on and neither decided nor ended: it was reached."""
    waiting = meeting.items.filter(result=ItemResult.WAITING.value, votes__isnull=False)
    if left := waiting.distinct().count():  # no names: who closes it may not see each of them
        raise RefusalError(
            formats.counted(
                left,
                "1 item has votes and no decision. Decide it, or end it without one, before the meeting closes.",
                "{n} items have votes and no decision. Decide them, or end them without one, before the meeting closes.",
            )
        )


@all_or_nothing
def close_meeting(*, meeting: Meeting, version: int | None, by: User | None) -> Meeting:
    """End a meeting: what nobody reached is carried over, and the minutes are made."""
    current = held(meeting, version, MeetingState.OPEN)
    if not current.attendances.exists():
        raise ValidationError("Note who was there first.")
    _check_votes_are_used(current)
    waiting = current.items.filter(result=ItemResult.WAITING.value).select_related("decision")
    with audit.gathered():
        for item in waiting.order_by("pk"):
            change(
                item,
                version=None,
                by=by,
                action="meeting.item_carried",
                scope=scope_of_trail(item.decision),
                result=ItemResult.CARRIED.value,
            )
        closed = change(
            current,
            version=version,
            by=by,
            action="meeting.closed",
            scope=current.committee,
            state=MeetingState.CLOSED.value,
            closed_at=timezone.now(),
        )
        write_minutes(meeting=closed, content=content_of(closed), by=by)
    return closed
