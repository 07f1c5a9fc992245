"""Write minutes: made at the end of a meeting, approved or corrected at a later one."""

from copy import deepcopy
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.writing import (
    RefusalError,
    all_or_nothing,
    change,
    check,
    insert,
    locked_of,
)
from portfolio.governance.models import Meeting, Minutes


@all_or_nothing
def write_minutes(
    *,
    meeting: Meeting,
    content: dict[str, Any],
    by: User | None,
    correction: str = "",
    approved_in: Meeting | None = None,
) -> Minutes:
    """Keep the next version; the trail holds that it was made, not what it says of hidden projects."""
    last = meeting.minutes.order_by("-number").first()
    record = Minutes(
        meeting=meeting,
        number=last.number + 1 if last else 1,
        content=content,
        correction=correction,
        made_at=timezone.now(),
        made_by=by,
        approved_in=approved_in,
        approved_on=approved_in.day if approved_in else None,
        changed_by=by,
    )
    check(record)
    insert(record)
    audit.record(
        action="minutes.made" if last is None else "minutes.corrected",
        target=record,
        by=by,
        scope=meeting.committee,
        after={"number": record.number, "correction": correction},
    )
    return record


def _latest(minutes: Minutes, meeting: Meeting) -> Minutes:
    """Return the minutes, held; raises RefusalError for an old version or a meeting that cannot say."""
    current = locked_of(minutes)
    of = current.meeting
    if Minutes.objects.filter(meeting=of, number__gt=current.number).exists():
        raise RefusalError("There is a later version of these minutes.")
    if meeting.committee_id != of.committee_id or meeting.day <= of.day or not meeting.is_open:
        raise RefusalError(
            "A later meeting of the same committee approves minutes, while it is open."
        )
    return current


@all_or_nothing
def approve_minutes(*, minutes: Minutes, meeting: Meeting, by: User | None) -> Minutes:
    """Approve the latest version at a later meeting."""
    current = _latest(minutes, meeting)
    if current.approved_on:
        raise RefusalError("These minutes are approved already.")
    return change(
        current,
        version=None,
        by=by,
        action="minutes.approved",
        scope=current.meeting.committee,
        approved_in=meeting,
        approved_on=meeting.day,
    )


@all_or_nothing
def correct_minutes(
    *, minutes: Minutes, meeting: Meeting, by: User | None, correction: str
) -> Minutes:
    """Make the next version, which says what it corrects; it is approved with the correction."""
    current = _latest(minutes, meeting)
    if not correction.strip():
        raise ValidationError({"correction": "Say what is corrected."})
    return write_minutes(
        meeting=current.meeting,
        content=deepcopy(current.content),
        by=by,
        correction=correction,
        approved_in=meeting,
    )
