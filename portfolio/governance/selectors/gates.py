"""The gates of a project: how each stands, what it still asks for, and what stands before stage and money."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from pmo.accounts.roles import Role
from pmo.common.records.writing import ASK, Ask
from portfolio.governance.domain.delay import Ratified, ratify_by
from portfolio.governance.domain.gates import (
    EvidenceKind,
    EvidenceState,
    GateState,
    LaidGate,
    gate_state,
    is_passed,
    missing_before,
    open_evidence,
)
from portfolio.governance.domain.kinds import (
    WAITING,
    Blocks,
    DecisionKind,
    DecisionOutcome,
    DecisionState,
)
from portfolio.governance.models import (
    Condition,
    Decision,
    EvidenceItem,
    GateHold,
    GateReview,
    GateReviewQuerySet,
    ProjectGate,
)
from portfolio.governance.selectors.register import (
    blocking,
    overdue_of,
    ratification_of,
    unratified,
)
from projects.domain.kinds import CostKind
from projects.domain.office import EvidenceRule, GateRule, stages_held
from projects.domain.stages import Stage
from projects.models import CostEntry, Project
from projects.office import OfficeStanding, standing_of
from projects.selectors.baselining import approved_budget

NAMED = frozenset({Role.SPONSOR.value, Role.CLINICAL_LEAD.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class GateEvidence:
    """One piece of evidence as it stands; that of a field follows the project."""

    item: EvidenceItem
    state: EvidenceState


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """A gate of a project with its evidence, its reviews, the last first, and how it stands."""

    gate: ProjectGate
    state: GateState
    evidence: Sequence[GateEvidence]
    reviews: Sequence[GateReview]
    conditions: Sequence[Condition]  # of the review that counts, those still open
    ratified: Ratified | None  # of an approval between meetings
    deferrals: int
    today: date

    @property
    def review(self) -> GateReview | None:
        """The review that waits or counts."""
        return self.reviews[0] if self.reviews else None

    @property
    def is_passed(self) -> bool:
        return is_passed(self.state)

    @property
    def missing(self) -> list[str]:
        """The required evidence that is neither given nor dismissed."""
        return open_evidence(
            (one.item.name, one.item.is_required, one.state) for one in self.evidence
        )

    @property
    def overdue_conditions(self) -> list[Condition]:
        return [one for one in self.conditions if one.is_overdue(self.today)]

    @property
    def is_unratified(self) -> bool:
        """True for an approval between meetings that no meeting has ratified."""
        return self.ratified not in (None, Ratified.RATIFIED)

    @property
    def is_late(self) -> bool:
        """True for one whose day has passed and that is not passed."""
        planned = self.gate.planned_on
        return not self.is_passed and planned is not None and planned < self.today


def known_fields(project: Project, today: date, items: Collection[EvidenceItem]) -> set[str]:
    """Return which of the fields that these pieces of evidence ask for are known of a project."""
    wanted = {str(item.field) for item in items if item.field}
    names = ("summary", "start_date", "baseline_finish_date", "forecast_finish_date")
    known = {name for name in (*names, "actual_finish_date") if getattr(project, name)}
    if wanted & NAMED:
        known |= NAMED.intersection(project.members.values_list("role", flat=True))
    if "baseline" in wanted and project.baselines.exists():
        known.add("baseline")
    if "approved_budget" in wanted and approved_budget(project, as_of=today):
        known.add("approved_budget")
    return known


def state_of(item: EvidenceItem, known: Collection[str]) -> EvidenceState:
    if item.kind == EvidenceKind.FIELD and item.state == EvidenceState.OPEN:
        return EvidenceState.GIVEN if item.field in known else EvidenceState.OPEN
    return EvidenceState(item.state)


def ladder_of(project: Project, *, today: date) -> list[GateRow]:
    """Return the gates of a project in their order, in a fixed number of queries."""
    gates = list(
        ProjectGate.objects.filter(project=project)
        .select_related("milestone", "committee")
        .in_order()
    )
    if not gates:
        return []
    evidence: dict[int, list[EvidenceItem]] = defaultdict(list)
    rows = EvidenceItem.objects.filter(gate__in=gates).select_related("given_by")
    items = list(rows.order_by("position", "pk"))
    for item in items:
        evidence[item.gate_id].append(item)
    known = known_fields(project, today, items)
    reviews = reviews_by_gate([gate.pk for gate in gates])
    conditions: dict[int, list[Condition]] = defaultdict(list)
    open_ones = Condition.objects.open().filter(decision__gate_review__project=project)
    for condition in open_ones.select_related("decision", "owner").order_by("due", "pk"):
        conditions[condition.decision_id].append(condition)
    return [
        _row(
            gate,
            [GateEvidence(item=item, state=state_of(item, known)) for item in evidence[gate.pk]],
            reviews.get(gate.pk, []),
            conditions,
            today,
        )
        for gate in gates
    ]


def _row(
    gate: ProjectGate,
    evidence: Sequence[GateEvidence],
    reviews: Sequence[GateReview],
    conditions: dict[int, list[Condition]],
    today: date,
) -> GateRow:
    newest = reviews[0].decision if reviews else None
    return GateRow(
        gate=gate,
        state=state_from(reviews),
        evidence=evidence,
        reviews=reviews,
        conditions=conditions.get(newest.pk, []) if newest else [],
        ratified=ratification_of(newest, today) if newest else None,
        deferrals=sum(getattr(review, "deferrals", 0) for review in reviews),
        today=today,
    )


def reviews_by_gate(gates: Collection[int]) -> dict[int, list[GateReview]]:
    """Return the reviews of each gate, the last first, with how often each was deferred."""
    deferred = Count("decision__agenda_items", filter=Q(decision__agenda_items__result="deferred"))
    rows = GateReview.objects.filter(gate__in=gates).annotate(deferrals=deferred)
    rows = rows.select_related(
        "decision__decider_committee", "decision__decider_person", "decision__ratification"
    )
    found: dict[int, list[GateReview]] = defaultdict(list)
    for review in rows.order_by("-pk"):
        found[review.gate_id].append(review)
    return found


def state_from(reviews: Sequence[GateReview]) -> GateState:
    """Return how a gate stands; `reviews` come the last first."""
    return gate_state(
        [
            (
                DecisionState(one.decision.state),
                DecisionOutcome(one.decision.outcome) if one.decision.outcome else None,
            )
            for one in reversed(reviews)
        ]
    )


def laid_gates(project: Project) -> list[LaidGate]:
    """Return the gates of a project as its stages see them."""
    gates = list(ProjectGate.objects.filter(project=project).in_order())
    reviews = reviews_by_gate([gate.pk for gate in gates])
    return [
        LaidGate(
            gate.code,
            gate.name,
            Stage(gate.stage) if gate.stage else None,
            state_from(reviews.get(gate.pk, [])),
        )
        for gate in gates
    ]


def hold_on(project: Project) -> GateHold | None:
    """Return the hold that lasts; None where the office holds nothing."""
    return GateHold.objects.filter(project=project, lifted_on=None).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageBlock:
    """What stands between a project and a stage: a hold, gates, overdue conditions, no gates at all."""

    standing: OfficeStanding
    hold: GateHold | None
    gates: Sequence[LaidGate]
    conditions: Sequence[Condition]
    is_unlaid: bool


def stage_block(project: Project, target: Stage, *, today: date) -> StageBlock | None:
    """Return what stands before the stage where the kind of office holds stages; None where nothing does."""
    standing = standing_of(project.pk)
    if not stages_held(standing.rules.gates):
        return None
    found = missing_before(laid_gates(project), now=Stage(project.stage), target=target)
    if found == [] and not _is_forward(project, target):
        return None
    block = StageBlock(
        standing=standing,
        hold=hold_on(project),
        gates=found or [],
        conditions=list(blocking(project, Blocks.STAGE, today)),
        is_unlaid=found is None,
    )
    stands = block.hold or block.gates or block.conditions or block.is_unlaid
    return block if stands else None


def _is_forward(project: Project, target: Stage) -> bool:
    probe = LaidGate("", "", target, GateState.NOT_ASKED)
    return bool(missing_before([probe], now=Stage(project.stage), target=target))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendBlock:
    """Why nothing new is committed, and what was booked since: costs that arrive are costs."""

    decisions: Sequence[Decision]  # approved between meetings and not ratified in time
    conditions: Sequence[Condition]
    hold: GateHold | None
    since: date
    booked: Decimal
    entries: int


def spend_block(
    project: Project, *, today: date, hold: GateHold | Ask | None = ASK
) -> SpendBlock | None:
    """Return what stands before new commitments; None where nothing does. `hold` is for who has read it."""
    decisions = list(unratified(project, today).select_related("ratification").order_by("pk"))
    conditions = list(blocking(project, Blocks.SPEND, today))
    hold = hold_on(project) if isinstance(hold, Ask) else hold
    begins = [_stopped_on(one) for one in decisions]
    begins += [one.due for one in conditions]
    if hold:
        begins.append(hold.placed_on)
    if not begins:
        return None
    since = min(begins)
    costs = CostEntry.objects.filter(
        project=project, kind=CostKind.ACTUAL, entry_date__gt=since, entry_date__lte=today
    ).aggregate(sum=Sum("amount"), entries=Count("pk"))
    return SpendBlock(
        decisions=decisions,
        conditions=conditions,
        hold=hold,
        since=since,
        booked=costs["sum"] or Decimal(),
        entries=costs["entries"],
    )


def _stopped_on(decision: Decision) -> date:
    """Return the day from which an unratified approval carries no new commitments."""
    said = getattr(decision, "ratification", None)
    if said is not None:
        refused: date = said.on
        return refused
    assert decision.decided_on is not None  # noqa: S101 - a decided one has its day
    return ratify_by(decision.decided_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalBlock:
    """What stands between a gate and its approval."""

    gate: ProjectGate
    standing: OfficeStanding
    missing: Sequence[str]
    conditions: Sequence[Condition]
    hold: GateHold | None
    earlier: Sequence[LaidGate]
    needs_committee: bool


def approval_block(decision: Decision, *, today: date) -> ApprovalBlock | None:
    """Return why the gate that a decision is about may not be approved; None for no gate, or no reason."""
    review = review_of(decision)
    if review is None:
        return None
    gate, standing = review.gate, standing_of(review.project_id)
    rules = standing.rules
    is_held = stages_held(rules.gates)
    block = ApprovalBlock(
        gate=gate,
        standing=standing,
        missing=missing_of(gate, today) if rules.evidence is not EvidenceRule.OFFERED else [],
        conditions=list(overdue_of(review.project, today).exclude(decision=decision)),
        hold=hold_on(review.project),
        earlier=_earlier(gate) if is_held else [],
        needs_committee=rules.gates is GateRule.BOARD and decision.decider_committee_id is None,
    )
    stands = (
        block.missing or block.conditions or block.hold or block.earlier or block.needs_committee
    )
    return block if stands else None


def missing_of(gate: ProjectGate, today: date) -> list[str]:
    """Return the required evidence of a gate that is not there."""
    items = list(gate.evidence.order_by("position", "pk"))
    known = known_fields(gate.project, today, items)
    return open_evidence((one.name, one.is_required, state_of(one, known)) for one in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateBefore:
    """A gate as it is put before those who decide on it: with the evidence, which is theirs to read."""

    gate: ProjectGate
    evidence: Sequence[GateEvidence]


def review_of(decision: Decision) -> GateReview | None:
    """Return the review that a decision is, or that it is asked to take the place of; None for others."""
    known = [pk for pk in (decision.pk, decision.supersedes_id) if pk]
    rows = GateReview.objects.filter(decision__in=known).select_related("gate__project", "project")
    return rows.order_by("-pk").first()


def gate_before(decision: Decision, *, today: date) -> GateBefore | None:
    """Return the gate that a decision is about, for every reader of the decision; None for other questions."""
    if decision.kind == DecisionKind.GENERAL:
        return None
    review = review_of(decision)
    if review is None:
        return None
    items = list(review.gate.evidence.select_related("given_by").order_by("position", "pk"))
    known = known_fields(review.gate.project, today, items)
    return GateBefore(
        gate=review.gate,
        evidence=[GateEvidence(item=one, state=state_of(one, known)) for one in items],
    )


def _earlier(gate: ProjectGate) -> list[LaidGate]:
    """Return the gates before this one that are not passed."""
    found: list[LaidGate] = []
    for laid in laid_gates(gate.project):
        if laid.code == gate.code:
            return found
        if not is_passed(laid.state):
            found.append(laid)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCounts:
    """How many reviews a reader sees, by how they stand."""

    total: int
    waiting: int
    overdue: int
    deferred: int
    decided: int
    unratified: int


def review_counts(reviews: GateReviewQuerySet, today: date) -> ReviewCounts:
    waiting = Q(decision__state__in=[state.value for state in WAITING])
    found = reviews.order_by().aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=waiting),
        overdue=Count("pk", filter=waiting & Q(decision__needed_by__lt=today)),
        deferred=Count("pk", filter=Q(decision__state=DecisionState.DEFERRED.value)),
        decided=Count("pk", filter=Q(decision__state=DecisionState.DECIDED.value)),
        unratified=Count("pk", filter=not_ratified()),
    )
    return ReviewCounts(**found)


def not_ratified() -> Q:
    """Match approvals between meetings that no meeting has ratified yet, or that one refused."""
    return Q(decision__is_out_of_cycle=True, decision__state=DecisionState.DECIDED.value) & (
        Q(decision__ratification=None) | Q(decision__ratification__is_ratified=False)
    )
