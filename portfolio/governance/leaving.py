"""Which seats, decisions, conditions and actions a person has in committees, and handing those over."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from pmo.accounts.holdings import Handed, Held, Keeper, Part, register
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.writing import RefusalError, all_or_nothing
from portfolio.governance.models import (
    CommitteeMember,
    Condition,
    Decision,
    MeetingAction,
)
from portfolio.governance.selectors import leaving
from portfolio.governance.selectors.people import around, deciders_for, owners_for
from portfolio.governance.services.committees import hand_seat
from portfolio.governance.services.conditions import hand_condition
from portfolio.governance.services.decisions import change_decision, check_decider
from portfolio.governance.services.meetings import hand_action
from portfolio.governance.words import leaving as words


def _keeper(
    order: int,
    title: str,
    held: Callable[[User], Any],
    as_held: Callable[[Any], Held],
    give: Callable[[Any, User, User], bool],
) -> Keeper:
    def part_of(person: User, reader: User) -> Part:
        every = list(held(person))
        mine = held(person).visible_to(reader).values_list("pk", flat=True) if every else ()
        seen = set(mine)
        rows = tuple(as_held(row) for row in every if row.pk in seen)
        return Part(title=title, rows=rows, hidden=len(every) - len(rows))

    @all_or_nothing
    def hand_over(person: User, to: User, by: User) -> Handed:
        done = sum(give(row, to, by) for row in list(held(person).visible_to(by)))
        return Handed(done, held(person).count())

    return Keeper(order=order, part_of=part_of, hand_over=hand_over)


def _give_seat(member: CommitteeMember, to: User, by: User) -> bool:
    if not can(by, Permission.COMMITTEE_CHANGE, member.committee).allowed:
        return False
    if leaving.seats_of(to).filter(committee=member.committee_id).exists():
        return False
    hand_seat(member=member, to=to, by=by, on=timezone.localdate())
    return True


def _give_decision(decision: Decision, to: User, by: User) -> bool:
    may = can(by, Permission.DECISION_RAISE, decision).allowed
    if not may or not deciders_for(decision.project, None).filter(pk=to.pk).exists():
        return False
    meant = Decision(
        kind=decision.kind, project=decision.project, decider_person=to, number=decision.number
    )
    try:
        check_decider(meant)
    except RefusalError:
        return False
    change_decision(decision=decision, version=None, by=by, decider_person=to)
    return True


def _give_condition(condition: Condition, to: User, by: User) -> bool:
    decision = condition.decision
    may = can(by, Permission.CONDITION_CLOSE, decision).allowed
    if not may or not owners_for(decision, timezone.localdate()).filter(pk=to.pk).exists():
        return False
    hand_condition(condition=condition, to=to, by=by)
    return True


def _give_action(action: MeetingAction, to: User, by: User) -> bool:
    committee = action.meeting.committee
    project = action.item.decision.project if action.item else None
    may = can(by, Permission.MEETING_RUN, committee).allowed
    if not may or not around(committee, timezone.localdate(), project).filter(pk=to.pk).exists():
        return False
    hand_action(action=action, to=to, by=by)
    return True


register(
    "seats",
    _keeper(
        6,
        words.SEATS,
        leaving.seats_of,
        lambda one: Held(
            str(one.committee), words.as_what(one), str(one.committee.get_absolute_url())
        ),
        _give_seat,
    ),
)
register(
    "decisions",
    _keeper(
        7,
        words.DECISIONS,
        leaving.decisions_of,
        lambda one: Held(str(one.question), one.number, str(one.get_absolute_url())),
        _give_decision,
    ),
)
register(
    "conditions",
    _keeper(
        8,
        words.CONDITIONS,
        leaving.conditions_of,
        lambda one: Held(str(one.text), one.decision.number, str(one.get_absolute_url())),
        _give_condition,
    ),
)
register(
    "actions",
    _keeper(
        9,
        words.ACTIONS,
        leaving.actions_of,
        lambda one: Held(
            str(one.text), str(one.meeting.committee), str(one.meeting.get_absolute_url())
        ),
        _give_action,
    ),
)
