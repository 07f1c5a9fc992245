"""What of committees and decisions waits for somebody: votes, decisions, agendas, minutes, conditions, actions."""

from datetime import date, timedelta

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


def meetings_to_attend(person: User, today: date) -> "QuerySet[Meeting]":
    """Return the coming meetings of the committees a person sits in without preparing them."""
    seats = CommitteeMember.objects.on(today).filter(person=person)
    return _coming(seats.exclude(position__in=RUNNING), today)


def meetings_to_prepare(person: User, today: date) -> "QuerySet[Meeting]":
    """Return the meetings that a secretary or chair has to prepare, or to run and close."""
    seats = CommitteeMember.objects.on(today).filter(person=person, position__in=RUNNING)
    return _coming(seats, today)


def _coming(seats: "QuerySet[CommitteeMember]", today: date) -> "QuerySet[Meeting]":
    rows = Meeting.objects.filter(
        committee__in=seats.values("committee"), day__lte=today + PREPARED
    )
    rows = rows.exclude(state=MeetingState.CLOSED.value)
    return rows.select_related("committee").order_by("day", "pk")


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
