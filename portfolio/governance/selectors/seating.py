"""Rows of committees, meetings and votes as the rules of voting take them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.folding import by_name
from portfolio.governance.domain.kinds import (
    Choice,
    DecisionKind,
    Position,
    Presence,
    VotingRule,
)
from portfolio.governance.domain.voting import (
    LEFT,
    RECUSED,
    RUNS_IT,
    CommitteeRules,
    Quorum,
    Seated,
    VoteCount,
    count_votes,
    quorum_of,
)
from portfolio.governance.models import AgendaItem, Committee, CommitteeMember, Decision, Meeting
from projects.models import Project, ProjectMember

NEITHER: frozenset[int] = frozenset()


def rules_of(committee: Committee) -> CommitteeRules:
    return CommitteeRules(
        quorum=committee.quorum,
        seats=tuple(tuple(group) for group in committee.quorum_seats),
        counts_remote=committee.counts_remote,
        voting=VotingRule(committee.voting_rule),
        vetoes=tuple(committee.veto_seats),
    )


def members_on(committee: Committee, day: date) -> list[CommitteeMember]:
    """Return who sits on that day: chair, deputies, members, secretary, each by seat and name."""
    rows = CommitteeMember.objects.filter(committee=committee).on(day).select_related("person")
    order = {one.value: place for place, one in enumerate(Position)}
    return sorted(
        rows, key=lambda one: (order[one.position], one.seat, *by_name(one.person.name, one.pk))
    )


def people_of(project: Project | None) -> dict[Role, frozenset[int]]:
    """Return the ids of those who run and who sponsor a project."""
    if project is None:
        return {}
    rows = ProjectMember.objects.filter(project=project, role__in=[Role.MANAGER, Role.SPONSOR])
    found: dict[Role, set[int]] = {}
    for role, person in rows.values_list("role", "user"):
        found.setdefault(Role(role), set()).add(person)
    return {role: frozenset(ids) for role, ids in found.items()}


def seated_of(
    members: Iterable[CommitteeMember],
    *,
    project: Project | None = None,
    presences: Mapping[int, str] | None = None,
    recused: Collection[int] = (),
    choices: Mapping[int, str] | None = None,
) -> list[Seated]:
    """Put together who sits there with what is known of each, by the person's id."""
    named = people_of(project)
    there, said = presences or {}, choices or {}
    return [
        Seated(
            person=one.person_id,
            name=str(one.person),
            seat=str(one.seat),
            position=Position(one.position),
            votes=one.votes,
            is_executive=one.is_executive,
            presence=Presence(there[one.person_id]) if one.person_id in there else None,
            kept_out=_kept_out(one.person, recused, named.get(Role.MANAGER, NEITHER)),
            is_sponsor=one.person_id in named.get(Role.SPONSOR, NEITHER),
            choice=Choice(said[one.person_id]) if one.person_id in said else None,
        )
        for one in members
    ]


def _kept_out(person: User, recused: Collection[int], managers: Collection[int]) -> str:
    if not person.is_active:
        return LEFT
    if person.pk in managers:
        return RUNS_IT
    return RECUSED if person.pk in recused else ""


def seated_for(item: AgendaItem) -> list[Seated]:
    """Return the committee as an item of a meeting finds it."""
    meeting = item.meeting
    return seated_of(
        members_on(meeting.committee, meeting.day),
        project=item.decision.project,
        presences=presences_of(meeting),
        recused=list(item.interests.filter(is_recused=True).values_list("person", flat=True)),
        choices=dict(item.votes.values_list("person", "choice")),
    )


def presences_of(meeting: Meeting) -> dict[int, str]:
    return dict(meeting.attendances.values_list("person", "presence"))


def is_go_no_go(decision: Decision) -> bool:
    return decision.kind == DecisionKind.GO_NO_GO


def counted(
    members: list[Seated], committee: Committee, decision: Decision
) -> tuple[Quorum, VoteCount]:
    """Return whether there is a quorum, and how the votes stand."""
    rules = rules_of(committee)
    return quorum_of(members, rules), count_votes(members, rules, is_go_no_go=is_go_no_go(decision))


def kept_count(members: Iterable[Seated], quorum: Quorum, count: VoteCount) -> dict[str, Any]:
    """Return what a decision and its item keep of the vote, as JSON holds it."""
    return {
        "present": quorum.present,
        "needed": quorum.needed,
        "is_quorate": quorum.is_reached,
        "why_not": quorum.reasons,
        "yes": count.yes,
        "no": count.no,
        "abstain": count.abstain,
        "kept_out": [{"name": one.name, "why": one.kept_out} for one in members if one.kept_out],
        "vetoed_by": list(count.vetoed_by),
    }


def offered_people(and_also: int | None = None) -> Any:
    """Return who may be named: everybody who is here, and whoever is named already."""
    active = User.objects.filter(is_active=True)
    return (active | User.objects.filter(pk=and_also)) if and_also else active
