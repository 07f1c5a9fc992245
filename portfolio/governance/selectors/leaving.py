"""What a person has in committees that somebody has to take over."""

from django.db.models import Q
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.search import as_read
from portfolio.governance.domain.kinds import DecisionState
from portfolio.governance.models import (
    Committee,
    CommitteeMember,
    CommitteeMemberQuerySet,
    Condition,
    ConditionQuerySet,
    Decision,
    DecisionQuerySet,
    MeetingAction,
    MeetingActionQuerySet,
)

OPEN = (DecisionState.DRAFT, DecisionState.ASKED, DecisionState.DEFERRED)


def seats_of(person: User) -> CommitteeMemberQuerySet:
    """Return the seats that a person has today or will have, in committees that stand."""
    rows = CommitteeMember.objects.filter(
        person=person, committee__in=Committee.objects.standing().values("pk")
    )
    rows = rows.filter(Q(until=None) | Q(until__gte=timezone.localdate()))
    return rows.select_related("committee").order_by(*as_read("committee__name", "pk"))


def decisions_of(person: User) -> DecisionQuerySet:
    rows = Decision.objects.filter(decider_person=person, state__in=[one.value for one in OPEN])
    return rows.select_related("project__unit").order_by("number")


def conditions_of(person: User) -> ConditionQuerySet:
    rows = Condition.objects.open().filter(owner=person)
    shown = ("decision__project__unit", "decision__decider_committee", "decision__decider_person")
    return rows.select_related(*shown).order_by("due", "pk")


def actions_of(person: User) -> MeetingActionQuerySet:
    rows = MeetingAction.objects.filter(owner=person, done_on=None)
    shown = ("meeting__committee", "item__decision__project__unit")
    return rows.select_related(*shown).order_by("due", "pk")
