"""
Whether a committee may decide an item, and what its votes decide.

Quorum is a number and named seats; who is recused, or runs the project, leaves quorum and vote; absence
is never a yes and a tie never carries. Source: GOVERN 2, rules 2a to 2c, 2f and 2g.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pmo.common.folding import fold
from portfolio.governance.domain.kinds import (
    APPROVALS,
    Choice,
    DecisionOutcome,
    Position,
    Presence,
    VotingRule,
)

Seats = tuple[tuple[str, ...], ...]
RECUSED = "recused"
RUNS_IT = "runs the project"
LEFT = "no longer has an account"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeRules:
    """
    How a committee decides.

    `seats` are groups, one of each of which has to be there. `vetoes` are the seats whose no stops a go-live.
    """

    quorum: int
    seats: Seats = ()
    counts_remote: bool = True
    voting: VotingRule = VotingRule.MAJORITY_OF_CAST
    vetoes: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """
    Somebody who sits in a committee, as one item finds that person.

    `presence` is None while nobody noted it; `kept_out` says why the person neither counts nor votes; `choice`
    is None where the person did not vote.
    """

    person: int
    name: str
    seat: str = ""
    position: Position = Position.MEMBER
    votes: bool = True
    is_executive: bool = False
    presence: Presence | None = None
    kept_out: str = ""
    is_sponsor: bool = False
    choice: Choice | None = None

    def is_there(self, rules: CommitteeRules) -> bool:
        """Say whether the person is in the room, or joined remotely where that counts."""
        if self.presence is Presence.REMOTE:
            return rules.counts_remote
        return self.presence is Presence.PRESENT

    def may_vote(self, rules: CommitteeRules) -> bool:
        return self.votes and not self.kept_out and self.is_there(rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """How many count, how many are needed, and the groups of seats of which nobody is there."""

    present: int
    needed: int
    lacking: Seats = ()

    @property
    def is_reached(self) -> bool:
        return self.present >= self.needed and not self.lacking

    @property
    def reasons(self) -> list[str]:
        """Say why there is no quorum; empty where there is one."""
        found = []
        if self.present < self.needed:
            found.append(f"{self.present} of the {self.needed} voting members needed are there")
        found += [f"{seats_in_words([group])} is not there" for group in self.lacking]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCount:
    """The votes that count, whether they carry the motion, and by whom it was vetoed."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    carries: bool = False
    vetoed_by: tuple[str, ...] = field(default=())
    is_sponsor_alone: bool = False

    @property
    def cast(self) -> int:
        return self.yes + self.no

    @property
    def is_tie(self) -> bool:
        return self.cast > 0 and self.yes == self.no

    @property
    def is_approved(self) -> bool:
        return self.carries and not self.vetoed_by and not self.is_sponsor_alone

    @property
    def reason(self) -> str:
        """Say why the motion is not approved; "" where it is."""
        if self.vetoed_by:
            return f"{' and '.join(self.vetoed_by)} said no, and that stops a go-live"
        if self.is_sponsor_alone:
            return "the only yes is the sponsor's, who does not decide alone"
        if self.carries:
            return ""
        if not self.cast:
            return "no yes or no was voted"
        return "a tie is not an approval" if self.is_tie else "the votes do not carry it"


def quorum_of(members: Sequence[Seated], rules: CommitteeRules) -> Quorum:
    """Count who is there, votes and is not kept out; a seat that is kept out is not there either."""
    present = [one for one in members if one.may_vote(rules)]
    seats = {fold(one.seat) for one in present if one.seat}
    lacking = tuple(
        group for group in rules.seats if not any(fold(seat) in seats for seat in group)
    )
    return Quorum(present=len(present), needed=rules.quorum, lacking=lacking)


def count_votes(
    members: Sequence[Seated], rules: CommitteeRules, *, is_go_no_go: bool = False
) -> VoteCount:
    """Count the votes of those who may vote; whoever is absent or kept out is not counted."""
    voters = [one for one in members if one.may_vote(rules)]
    said = {choice: [one for one in voters if one.choice is choice] for choice in Choice}
    yes, no = said[Choice.YES], said[Choice.NO]
    vetoes = {fold(seat) for seat in rules.vetoes}
    vetoed = tuple(one.seat for one in no if fold(one.seat) in vetoes) if is_go_no_go else ()
    return VoteCount(
        yes=len(yes),
        no=len(no),
        abstain=len(said[Choice.ABSTAIN]),
        carries=_carries(len(yes), len(no), len(voters), rules.voting),
        vetoed_by=vetoed,
        is_sponsor_alone=bool(yes) and all(one.is_sponsor for one in yes),
    )


def _carries(yes: int, no: int, present: int, rule: VotingRule) -> bool:
    if rule is VotingRule.MAJORITY_OF_PRESENT:
        return 2 * yes > present
    if rule is VotingRule.TWO_THIRDS:
        return yes > 0 and 3 * yes >= 2 * (yes + no)
    if rule is VotingRule.UNANIMOUS:
        return yes > 0 and no == 0
    return yes > no


def open_outcomes(quorum: Quorum, count: VoteCount) -> tuple[DecisionOutcome, ...]:
    """Return what the committee may decide as the votes stand; nothing without a quorum."""
    if not quorum.is_reached:
        return ()
    if count.is_approved:
        return (*APPROVALS, DecisionOutcome.DEFER)
    return (DecisionOutcome.REJECT, DecisionOutcome.STOP, DecisionOutcome.DEFER)


def outcome_fault(outcome: DecisionOutcome, quorum: Quorum, count: VoteCount) -> str:
    """Return the sentence that refuses an outcome; "" where it follows from quorum and votes."""
    if not quorum.is_reached:
        return f"Not quorate: {'; '.join(quorum.reasons)}. The committee cannot decide this item."
    if outcome in open_outcomes(quorum, count):
        return ""
    votes = f"{count.yes} yes, {count.no} no"
    if outcome in APPROVALS:
        return f"Not approved ({votes}): {count.reason}."
    return f"The votes approve it ({votes}), so it cannot be rejected or stopped."


def out_of_cycle_fault(approvers: Sequence[Seated]) -> str:
    """
    Return why these cannot decide between meetings; "" where they can.

    Two members with a yes, one of them chair or deputy, another an executive (rule 2g).
    """
    agreed = [one for one in approvers if one.choice is Choice.YES and one.votes]
    if kept := [one for one in agreed if one.kept_out]:
        return f"{kept[0].name} does not decide this: {kept[0].kept_out}."
    if any(one.choice is Choice.NO for one in approvers):
        return "A member said no: put it before a meeting."
    leading = [one for one in agreed if one.position in {Position.CHAIR, Position.DEPUTY}]
    if any(one.is_executive and one is not other for other in leading for one in agreed):
        return ""
    return "Between meetings two members approve: one is the chair or a deputy, the other an executive."


def seats_in_words(groups: Sequence[Sequence[str]]) -> str:
    """Write groups of seats as people say them: "CFO, and CMO or CNO"; "" for none."""
    return ", and ".join(" or ".join(group) for group in groups)


def seats_typed(groups: Sequence[Sequence[str]]) -> str:
    """Write groups of seats as forms take them: "CFO; CMO or CNO"."""
    return "; ".join(" or ".join(group) for group in groups)


def seats_read(text: str) -> list[list[str]]:
    """Read "CFO; CMO or CNO" into groups of seats, one of each of which has to be there."""
    groups = [re.split(r"\s+or\s+|/", part.strip()) for part in re.split(r"[;\n]", text)]
    return [found for group in groups if (found := [one.strip() for one in group if one.strip()])]
