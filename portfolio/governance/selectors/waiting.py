"""What of committees and decisions waits for somebody: votes, decisions, agendas, minutes, conditions, actions."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from portfolio.governance.domain.kinds import (
    WAITING,
    ItemResult,
    MeetingState,
    Position,
)
from portfolio.governance.models import (
    AgendaItem,
    CommitteeMember,
    Condition,
    Decision,
    Interest,
    Meeting,
    MeetingAction,
    Minutes,
    Vote,
)
from projects.models import ProjectMember

PREPARED = timedelta(days=14)  # how early an agenda waits for who prepares it
RUNNING = (Position.SECRETARY.value, Position.CHAIR.value)


def items_to_vote(person: User, today: date) -> "QuerySet[AgendaItem]":
    """Return the items of open meetings that a person may vote on and did not yet."""
    seats = CommitteeMember.objects.on(today).filter(person=person, votes=True)
    voted = Vote.objects.filter(item=OuterRef("pk"), person=person)
    recused = Interest.objects.filter(item=OuterRef("pk"), person=person, is_recused=True)
    runs = ProjectMember.objects.filter(
        project=OuterRef("decision__project"), user=person, role=Role.MANAGER
    )
    rows = AgendaItem.objects.filter(
        ~Exists(voted),
        ~Exists(recused),
        ~Exists(runs),
        result=ItemResult.WAITING.value,
        meeting__state=MeetingState.OPEN.value,
        meeting__committee__in=seats.values("committee"),
    )
    return rows.select_related("decision", "meeting__committee").order_by(
        "meeting__day", "position"
    )


def decisions_to_take(person: User) -> "QuerySet[Decision]":
    """Return what is asked of a person alone, oldest first."""
    rows = Decision.objects.filter(decider_person=person, state__in=[one.value for one in WAITING])
    return rows.select_related("project").order_by("needed_by", "pk")


class Coming(NamedTuple):
    """Meetings of the committees in which a person sits: to prepare, run and close, or to attend."""

    to_prepare: list[Meeting]
    to_attend: list[Meeting]


def coming_meetings(person: User, today: date) -> Coming:
    """Return the meetings of the next two weeks, and those that are not closed yet; in one query."""
    seats = CommitteeMember.objects.on(today).filter(person=person)
    runs = seats.filter(committee=OuterRef("committee"), position__in=RUNNING)
    rows = Meeting.objects.filter(
        committee__in=seats.values("committee"), day__lte=today + PREPARED
    ).exclude(state=MeetingState.CLOSED.value)
    found = list(
        rows.annotate(is_run=Exists(runs)).select_related("committee").order_by("day", "pk")
    )
    return Coming(
        to_prepare=[one for one in found if getattr(one, "is_run", False)],
        to_attend=[one for one in found if not getattr(one, "is_run", False)],
    )


def minutes_to_approve(person: User, today: date) -> "QuerySet[Minutes]":
    """Return the latest minutes that no meeting has approved, for who writes them."""
    seats = CommitteeMember.objects.on(today).filter(
        person=person, position=Position.SECRETARY.value
    )
    later = Minutes.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    rows = Minutes.objects.filter(
        ~Exists(later), approved_on=None, meeting__committee__in=seats.values("committee")
    )
    return rows.select_related("meeting__committee").order_by("meeting__day", "pk")


def conditions_to_meet(person: User) -> "QuerySet[Condition]":
    rows = Condition.objects.open().filter(owner=person)
    return rows.select_related("decision").order_by("due", "pk")


def actions_to_do(person: User) -> "QuerySet[MeetingAction]":
    rows = MeetingAction.objects.filter(owner=person, done_on=None)
    return rows.select_related("meeting__committee").order_by("due", "pk")
