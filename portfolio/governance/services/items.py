"""Write an item of a meeting: interests, votes, what was decided or why nothing was, ratification."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    all_or_nothing,
    change,
    locked_of,
    touch,
)
from portfolio.governance.domain.kinds import (
    WAITING,
    Choice,
    DecisionOutcome,
    ItemResult,
    MeetingState,
    Purpose,
)
from portfolio.governance.domain.voting import LEFT, RUNS_IT, Seated, outcome_fault
from portfolio.governance.models import AgendaItem, Decision, Interest, Ratification, Vote
from portfolio.governance.selectors.seating import counted, kept_count, rules_of, seated_for
from portfolio.governance.services.deciding import DecisionGiven, decide
from portfolio.governance.services.decisions import check_standing, held_decision, scope_of_trail
from portfolio.governance.services.meetings import held


class Ballot(NamedTuple):
    """How somebody votes, and why."""

    choice: Choice
    reason: str = ""


def _taken_up(item: AgendaItem, version: int | None) -> AgendaItem:
    """Return the item as saved, held; raises RefusalError unless its meeting is open and it is not over."""
    meeting = held(item.meeting, None, MeetingState.OPEN)
    current = locked_of(item)
    current.meeting = meeting
    if current.is_over:
        raise RefusalError("This item is over.")
    if version is not None and version != current.version:
        raise EditConflictError(current)
    return current


def _note(item: AgendaItem, by: User | None, action: str, **after: object) -> None:
    audit.record(
        action=action, target=item, by=by, scope=scope_of_trail(item.decision), after=after
    )


@all_or_nothing
def declare_interest(
    *,
    item: AgendaItem,
    version: int | None,
    by: User | None,
    person: User,
    text: str,
    is_recused: bool = True,
) -> Interest:
    """Note an interest in an item; who is recused loses the vote given before."""
    current = _taken_up(item, version)
    if person.pk not in {one.person for one in seated_for(current)}:
        raise RefusalError("Interests are declared by those who sit in the committee that day.")
    if not text.strip():
        raise ValidationError({"text": "Say what the interest is."})
    known = Interest.objects.filter(item=current, person=person).first()
    interest = known or Interest(item=current, person=person)
    interest.text, interest.is_recused = text, is_recused
    interest.full_clean()
    interest.save()
    if is_recused:
        current.votes.filter(person=person).delete()
    touch(current, by=by)
    _note(
        current, by, "meeting.interest_declared", person=person.pk, text=text, is_recused=is_recused
    )
    return interest


@all_or_nothing
def cast_vote(*, item: AgendaItem, by: User, ballot: Ballot) -> None:
    """Vote oneself; until the item is over the last word counts."""
    current = _taken_up(item, None)
    _save_votes(current, {by.pk: ballot}, by)


@all_or_nothing
def record_votes(
    *, item: AgendaItem, version: int | None, by: User, ballots: Mapping[int, Ballot]
) -> None:
    """Record how others voted, by the person's id; what somebody voted personally stands."""
    current = _taken_up(item, version)
    own = current.votes.filter(recorded_by=F("person")).values_list("person", flat=True)
    left = {pk: ballot for pk, ballot in ballots.items() if pk not in set(own) or pk == by.pk}
    if left:
        _save_votes(current, left, by)
        touch(current, by=by)


def _save_votes(item: AgendaItem, ballots: Mapping[int, Ballot], by: User) -> None:
    """Keep the votes; raises RefusalError for whoever may not vote on this item (2b, 2f)."""
    seated = {one.person: one for one in seated_for(item)}
    for pk, ballot in ballots.items():
        _check_voter(seated.get(pk), item)
        vote = Vote(item=item, decision=item.decision, person_id=pk)
        vote = item.votes.filter(person=pk).first() or vote
        vote.choice, vote.reason = ballot.choice.value, ballot.reason
        vote.recorded_by, vote.recorded_at = by, timezone.now()
        vote.full_clean()
        vote.save()
    _note(
        item,
        by,
        "meeting.voted",
        **{str(pk): ballot.choice.value for pk, ballot in ballots.items()},
    )


def _check_voter(one: Seated | None, item: AgendaItem) -> None:
    if one is None or not one.votes:
        raise RefusalError("Those vote who have a vote in the committee that day.")
    if one.kept_out == LEFT:
        raise RefusalError(f"{one.name} no longer votes here.")
    if one.kept_out == RUNS_IT:
        raise RefusalError(f"{one.name} runs the project and does not vote on it.")
    if one.kept_out:
        raise RefusalError(f"{one.name} is recused and does not vote on this item.")
    if not one.is_there(rules_of(item.meeting.committee)):
        raise RefusalError(f"{one.name} is not noted as present.")


@all_or_nothing
def decide_item(
    *, item: AgendaItem, version: int | None, by: User, ruling: DecisionGiven
) -> Decision:
    """Decide as quorum and votes allow; raises RefusalError with what stands against it."""
    before = held_decision(item.decision)
    current = _taken_up(item, version)
    current.decision = before
    if current.purpose != Purpose.DECIDE:
        raise RefusalError("This was decided between meetings: ratify it, or refuse to.")
    decision = check_standing(before, None, WAITING)
    committee, members = current.meeting.committee, seated_for(current)
    if committee.names_movers and not (current.mover_id and current.seconder_id):
        raise ValidationError({"mover": "Say who moved and who seconded the motion."})
    quorum, count = counted(members, committee, decision)
    if fault := outcome_fault(ruling.outcome, quorum, count):
        raise RefusalError(fault)
    kept = kept_count(members, quorum, count)
    saved = decide(
        decision=decision,
        ruling=ruling,
        by=by,
        on=current.meeting.day,
        meeting=current.meeting,
        counted=kept,
    )
    is_deferred = ruling.outcome is DecisionOutcome.DEFER
    result = ItemResult.DEFERRED if is_deferred else ItemResult.DECIDED
    _finish(current, by, result, ruling.reason, kept)
    return saved


@all_or_nothing
def ratify_item(
    *, item: AgendaItem, version: int | None, by: User, is_ratified: bool, reason: str = ""
) -> Ratification:
    """Ratify what was decided between meetings, or refuse to: that does not erase it (2g)."""
    decision = held_decision(item.decision)
    current = _taken_up(item, version)
    current.decision = decision
    if current.purpose != Purpose.RATIFY or hasattr(decision, "ratification"):
        raise RefusalError("There is nothing to ratify.")
    if decision.decided_on and current.meeting.day < decision.decided_on:
        raise RefusalError(
            f"{decision.number} was approved on {formats.day(decision.decided_on)}: a meeting before"
            " that day does not ratify it."
        )
    members = seated_for(current)
    quorum, count = counted(members, current.meeting.committee, decision)
    outcome = DecisionOutcome.APPROVE if is_ratified else DecisionOutcome.REJECT
    if fault := outcome_fault(outcome, quorum, count):
        raise RefusalError(fault)
    if not is_ratified and not reason.strip():
        raise ValidationError({"reason": "Say why it is not ratified."})
    kept = kept_count(members, quorum, count)
    said = Ratification(
        decision=decision,
        item=current,
        is_ratified=is_ratified,
        reason=reason,
        on=current.meeting.day,
        recorded_by=by,
    )
    said.full_clean()
    said.save(force_insert=True)
    result = ItemResult.RATIFIED if is_ratified else ItemResult.REFUSED
    _finish(current, by, result, reason, kept)
    return said


@all_or_nothing
def pass_over(*, item: AgendaItem, version: int | None, by: User, reason: str = "") -> AgendaItem:
    """End an item without a decision: not quorate where that is so, else carried over."""
    current = _taken_up(item, version)
    members = seated_for(current)
    quorum, count = counted(members, current.meeting.committee, current.decision)
    result = ItemResult.CARRIED if quorum.is_reached else ItemResult.NOT_QUORATE
    said = reason or "; ".join(quorum.reasons)
    return _finish(current, by, result, said, kept_count(members, quorum, count))


def _finish(
    item: AgendaItem, by: User, result: ItemResult, reason: str, kept: dict[str, object]
) -> AgendaItem:
    return change(
        item,
        version=None,
        by=by,
        action=f"meeting.item_{result.value}",
        scope=scope_of_trail(item.decision),
        result=result.value,
        reason=reason,
        counted=kept,
    )
