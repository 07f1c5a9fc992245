"""Write committees and who sits on them."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, only
from portfolio.governance.models import Committee, CommitteeMember

COMMITTEE_FIELDS = frozenset(
    {
        "code",
        "name",
        "purpose",
        "higher_body",
        "delegated_amount",
        "quorum",
        "quorum_seats",
        "counts_remote",
        "voting_rule",
        "veto_seats",
        "names_movers",
        "ended_on",
    }
)
MEMBER_FIELDS = frozenset({"seat", "position", "is_executive", "votes", "since", "until"})


@all_or_nothing
def create_committee(*, by: User | None, **fields: Any) -> Committee:
    record = Committee(**only(fields, COMMITTEE_FIELDS))
    return add(record, by=by, action="committee.created")


@all_or_nothing
def change_committee(
    *, committee: Committee, version: int | None, by: User | None, **fields: Any
) -> Committee:
    """Change the committee and its rules; what was decided keeps how it was counted then."""
    changes = only(fields, COMMITTEE_FIELDS)
    above = changes.get("higher_body")
    while above is not None:
        if above.pk == committee.pk:
            raise ValidationError({"higher_body": "A committee is not above itself."})
        above = above.higher_body
    return change(committee, version=version, by=by, action="committee.changed", **changes)


@all_or_nothing
def seat_member(
    *, committee: Committee, person: User, by: User | None, **fields: Any
) -> CommitteeMember:
    """Give somebody a seat; raises RefusalError where the person has one on one of these days."""
    record = CommitteeMember(committee=committee, person=person, **only(fields, MEMBER_FIELDS))
    _check_days(record)
    return add(record, by=by, action="committee.member_seated", scope=committee)


@all_or_nothing
def change_member(
    *, member: CommitteeMember, version: int | None, by: User | None, **fields: Any
) -> CommitteeMember:
    """Change a seat, or end it by its last day."""
    changes = only(fields, MEMBER_FIELDS)
    meant = CommitteeMember(pk=member.pk, committee=member.committee, person=member.person)
    for name in ("since", "until"):
        setattr(meant, name, changes.get(name, getattr(member, name)))
    _check_days(meant)
    return change(
        member,
        version=version,
        by=by,
        action="committee.member_changed",
        scope=member.committee,
        **changes,
    )


@all_or_nothing
def hand_seat(*, member: CommitteeMember, to: User, by: User | None, on: date) -> CommitteeMember:
    """Let `to` sit from that day in the seat of somebody, whose time ends the day before."""
    last = max(member.since, on - timedelta(days=1))
    change_member(member=member, version=None, by=by, until=last)
    return seat_member(
        committee=member.committee,
        person=to,
        by=by,
        seat=member.seat,
        position=member.position,
        is_executive=member.is_executive,
        votes=member.votes,
        since=max(on, member.since),
        until=None,
    )


def _check_days(meant: CommitteeMember) -> None:
    """Raise RefusalError where the person would have two seats on one day."""
    others = CommitteeMember.objects.filter(committee=meant.committee, person=meant.person)
    for other in others.exclude(pk=meant.pk):
        ends, other_ends = meant.until or date.max, other.until or date.max
        if meant.since and meant.since <= other_ends and other.since <= ends:
            raise RefusalError("This person already sits in this committee on some of these days.")
