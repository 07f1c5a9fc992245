"""Rows that the pages of committees, meetings and decisions show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pmo.accounts.models import User
from pmo.common.records.search import as_read
from portfolio.governance.domain.delay import Ratified
from portfolio.governance.domain.kinds import WAITING, ItemResult, MeetingState
from portfolio.governance.domain.voting import Quorum, Seated, VoteCount
from portfolio.governance.models import (
    AgendaItem,
    Committee,
    CommitteeMember,
    Condition,
    Decision,
    DecisionQuerySet,
    Meeting,
)
from portfolio.governance.selectors.register import late_cost, late_days, ratification_of
from portfolio.governance.selectors.seating import counted, seated_for


def committees_for(reader: User, today: date) -> QuerySet[Committee]:
    """Return the committees with their members, next meeting and what waits, as far as the reader sees."""
    meetings = Meeting.objects.filter(committee=OuterRef("pk"), day__gte=today).exclude(
        state=MeetingState.CLOSED.value
    )
    seats = CommitteeMember.objects.filter(committee=OuterRef("pk")).on(today)
    seen = Decision.objects.visible_to(reader).filter(
        decider_committee=OuterRef("pk"), state__in=[one.value for one in WAITING]
    )
    return (
        Committee.objects.visible_to(reader)
        .annotate(
            next_day=Subquery(meetings.order_by("day").values("day")[:1]),
            member_count=_number(seats, "committee"),
            waiting_count=_number(seen, "decider_committee"),
        )
        .order_by(*as_read("ended_on", "name", "pk"))
    )


def _number(rows: "QuerySet[CommitteeMember] | DecisionQuerySet", group: str) -> Coalesce:
    counts = rows.order_by().values(group).annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counts), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A decision as lists show it: how late, what that costs, whether it still has to be ratified."""

    decision: Decision
    late: int
    cost: Decimal | None
    ratified: Ratified | None
    is_overdue: bool


def register_rows(decisions: Sequence[Decision], today: date) -> list[RegisterRow]:
    return [
        RegisterRow(
            decision=one,
            late=late_days(one, today),
            cost=late_cost(one, today),
            ratified=ratification_of(one, today),
            is_overdue=one.is_waiting and one.needed_by is not None and one.needed_by < today,
        )
        for one in decisions
    ]


SHOWN_WITH = ("project__unit", "decider_committee", "decider_person", "ratification")


def can_be_put(meeting: Meeting, reader: User) -> DecisionQuerySet:
    """Return what may be put on the agenda: what waits for the committee, or has to be ratified."""
    waiting = Q(state__in=[one.value for one in WAITING])
    urgent = Q(is_out_of_cycle=True, state="decided", ratification=None)
    on_one = AgendaItem.objects.filter(result=ItemResult.WAITING.value).values("decision")
    rows = Decision.objects.visible_to(reader).filter(decider_committee=meeting.committee)
    return rows.filter(waiting | urgent).exclude(pk__in=on_one).oldest_first()


def items_of(meeting: Meeting, reader: User) -> list[AgendaItem]:
    """Return the items that the reader may see, in order."""
    rows = AgendaItem.objects.visible_to(reader).filter(meeting=meeting)
    return list(rows.select_related("decision__project", "presenter").order_by("position", "pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCount:
    """How an item stands: who sits, whether there is a quorum, how the votes are."""

    members: list[Seated]
    quorum: Quorum
    votes: VoteCount


def count_of(item: AgendaItem) -> ItemCount:
    members = seated_for(item)
    quorum, votes = counted(members, item.meeting.committee, item.decision)
    return ItemCount(members=members, quorum=quorum, votes=votes)


def conditions_for(reader: User) -> "QuerySet[Condition]":
    rows = Condition.objects.visible_to(reader)
    return rows.select_related("decision__project", "owner").order_by("due", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option as the page of a decision shows it; `texts` are label and words."""

    name: str
    texts: list[tuple[str, str]]
    is_chosen: bool
    is_recommended: bool
    is_nothing: bool

    @property
    def is_described(self) -> bool:
        """Say whether anything is said of it beside its name."""
        return any(text for _, text in self.texts)


def options_of(decision: Decision, labels: dict[str, str]) -> list[Option]:
    return [
        Option(
            name=one["name"],
            texts=[(label, one.get(key, "")) for key, label in labels.items() if key != "name"],
            is_chosen=decision.chosen == place,
            is_recommended=decision.recommended == place,
            is_nothing=bool(one.get("is_nothing")),
        )
        for place, one in enumerate(decision.options)
    ]
