"""Write what is done on the gates of a project: planned, shown by evidence, reviewed, held by the office."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.writing import (
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
    only,
    remove,
)
from portfolio.governance.domain.gates import WAITS, EvidenceKind, EvidenceState, is_passed
from portfolio.governance.models import (
    Committee,
    EvidenceItem,
    GateHold,
    GateReview,
    ProjectGate,
)
from portfolio.governance.selectors.gates import hold_on, reviews_by_gate, state_from
from portfolio.governance.services.decisions import put_before_decider, raise_decision
from portfolio.governance.words import gates as words
from projects.domain.office import EvidenceRule, GateRule
from projects.domain.stages import Stage
from projects.models import Project
from projects.office import OfficeStanding, standing_of
from projects.services.projects import change_stage, locked

GATE_FIELDS = frozenset({"name", "question", "stage", "milestone", "planned_on", "committee"})
EVIDENCE_FIELDS = frozenset({"kind", "name", "field", "is_required"})
SHOWN_FIELDS = frozenset({"url", "revision", "sha256", "note"})


@all_or_nothing
def add_gate(*, project: Project, by: User | None, **fields: Any) -> ProjectGate:
    """Add a gate after those that the project has."""
    saved = locked(project)
    last = ProjectGate.objects.filter(project=saved).order_by("-position").first()
    code = fields.pop("code")
    gate = ProjectGate(
        project=saved,
        code=code,
        position=last.position + 1 if last else 1,
        **only(fields, GATE_FIELDS),
    )
    _check_milestone(gate)
    return add(gate, by=by, action="gate.laid", scope=saved)


@all_or_nothing
def change_gate(
    *, gate: ProjectGate, version: int | None, by: User | None, **fields: Any
) -> ProjectGate:
    """Change what a gate is called, when it is planned and who reviews it."""
    changes = only(fields, GATE_FIELDS)
    locked(gate.project)
    _check_milestone(ProjectGate(project=gate.project, milestone=changes.get("milestone")))
    return change(
        gate, version=version, by=by, action="gate.changed", scope=gate.project, **changes
    )


def _check_milestone(gate: ProjectGate) -> None:
    if gate.milestone and gate.milestone.project_id != gate.project_id:
        raise RefusalError("That milestone does not exist in this project.")


@all_or_nothing
def remove_gate(*, gate: ProjectGate, by: User | None) -> None:
    """Take a gate off that was never reviewed; its evidence goes with it, and stays in the trail."""
    project = locked(gate.project)
    if gate.reviews.exists():
        raise RefusalError("This gate has been reviewed, so it stays.")
    gate.evidence.all().delete()
    remove(gate, by=by, action="gate.removed", scope=project)


@all_or_nothing
def ask_evidence(*, gate: ProjectGate, by: User | None, **fields: Any) -> EvidenceItem:
    """Ask for one more piece of evidence at a gate that is not passed."""
    _check_open(gate)
    standing = standing_of(gate.project_id)
    _check_owner(standing, gate.project, by)
    last = gate.evidence.order_by("-position").first()
    item = EvidenceItem(
        project=gate.project,
        gate=gate,
        position=last.position + 1 if last else 1,
        **only(fields, EVIDENCE_FIELDS),
    )
    _check_field(item)
    return add(item, by=by, action="gate.evidence_asked", scope=gate.project)


def _check_open(gate: ProjectGate) -> None:
    """Raise RefusalError once the gate is passed: who passed it saw this evidence, in this version."""
    locked(gate.project)
    if is_passed(state_from(reviews_by_gate([gate.pk]).get(gate.pk, []))):
        raise RefusalError(words.EVIDENCE_STAYS)


def _check_field(item: EvidenceItem) -> None:
    if (item.kind == EvidenceKind.FIELD) != bool(item.field):
        raise ValidationError({"field": "Choose a field for this kind, and none for others."})


def _check_owner(standing: OfficeStanding, project: Project, by: User | None) -> None:
    """Raise RefusalError where the office owns what gates ask for, and somebody else changes it."""
    is_owned = standing.rules.evidence is EvidenceRule.OWNED
    if is_owned and by is not None and not can(by, Permission.GATE_CHANGE, project).allowed:
        raise RefusalError(words.owned_by_office(standing))


@all_or_nothing
def give_evidence(
    *,
    item: EvidenceItem,
    version: int | None,
    by: User | None,
    on: date | None = None,
    **fields: Any,
) -> EvidenceItem:
    """Show a piece of evidence: a document by address and version, the others in words."""
    _check_open(item.gate)
    shown = only(fields, SHOWN_FIELDS)
    faults = {}
    if item.kind == EvidenceKind.FIELD:
        raise RefusalError("This is read from the project. Fill it in there.")
    if item.kind == EvidenceKind.DOCUMENT:
        faults = {
            name: words.DOCUMENT_WANTS[name] for name in words.DOCUMENT_WANTS if not shown.get(name)
        }
    elif not str(shown.get("note", "")).strip():
        faults = {"note": words.NOTE_WANTED}
    if faults:
        raise ValidationError(faults)
    return change(
        item,
        version=version,
        by=by,
        action="gate.evidence_given",
        scope=item.project,
        state=EvidenceState.GIVEN.value,
        given_by=by,
        given_on=on or timezone.localdate(),
        **shown,
    )


@all_or_nothing
def dismiss_evidence(
    *, item: EvidenceItem, version: int | None, by: User | None, reason: str
) -> EvidenceItem:
    """
    Say that a piece of evidence is not needed here.

    The project manager may where the office only offers it; where it is enforced, the office alone.
    """
    _check_open(item.gate)
    standing = standing_of(item.project_id)
    is_office = by is None or can(by, Permission.GATE_CHANGE, item.project).allowed
    if standing.rules.evidence is not EvidenceRule.OFFERED and not is_office:
        raise RefusalError(words.not_dismissed(standing))
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is not needed."})
    return change(
        item,
        version=version,
        by=by,
        action="gate.evidence_dismissed",
        scope=item.project,
        state=EvidenceState.DISMISSED.value,
        note=reason,
        given_by=by,
        given_on=timezone.localdate(),
    )


@all_or_nothing
def reopen_evidence(*, item: EvidenceItem, version: int | None, by: User | None) -> EvidenceItem:
    """Ask again for what was given or dismissed, before the gate is passed."""
    _check_open(item.gate)
    _check_owner(standing_of(item.project_id), item.project, by)
    return change(
        item,
        version=version,
        by=by,
        action="gate.evidence_reopened",
        scope=item.project,
        state=EvidenceState.OPEN.value,
        given_by=None,
        given_on=None,
    )


@all_or_nothing
def ask_review(
    *,
    gate: ProjectGate,
    by: User,
    needed_by: date,
    decider_committee: Committee | None = None,
    decider_person: User | None = None,
    recommendation: str = "",
    on: date | None = None,
) -> GateReview:
    """
    Put a gate before who decides it, as a decision of the register; without a decider, its committee.

    Raises RefusalError while a review waits, once the gate is passed, and for a person where the kind of office
    lets a committee decide.
    """
    project = locked(gate.project)
    state = state_from(reviews_by_gate([gate.pk]).get(gate.pk, []))
    if state in WAITS:
        raise RefusalError("A review of this gate is asked for already.")
    if is_passed(state):
        raise RefusalError("This gate is passed.")
    if decider_committee is None and decider_person is None:
        decider_committee = gate.committee
    standing = standing_of(project.pk)
    if standing.rules.gates is GateRule.BOARD and decider_committee is None:
        raise RefusalError(words.needs_committee(standing))
    decision = raise_decision(
        by=by,
        kind=gate.kind.value,
        question=words.review_question(gate),
        background=gate.question,
        options=words.review_options(gate),
        recommended=0,
        recommendation=recommendation,
        decider_committee=decider_committee,
        decider_person=decider_person,
        project=project,
        needed_by=needed_by,
    )
    asked = put_before_decider(decision=decision, by=by, on=on)
    review = GateReview(project=project, gate=gate, decision=asked)
    return add(review, by=by, action="gate.review_asked", scope=project)


@all_or_nothing
def hold_project(*, project: Project, by: User | None, reason: str) -> GateHold:
    """Hold a project's gates, stages and new commitments; for a directive office."""
    saved = locked(project)
    _check_directive(saved)
    if not reason.strip():
        raise ValidationError({"reason": "Say why the office holds it."})
    hold = GateHold(project=saved, reason=reason, placed_by=by, placed_on=timezone.localdate())
    return add(hold, by=by, action="gate.held", scope=saved)


@all_or_nothing
def lift_hold(*, hold: GateHold, version: int | None, by: User | None) -> GateHold:
    """Let a held project go on."""
    locked(hold.project)
    current = locked_of(hold)
    if current.lifted_on is not None:
        raise RefusalError("This hold was lifted already.")
    return change(
        current,
        version=version,
        by=by,
        action="gate.hold_lifted",
        scope=current.project,
        lifted_by=by,
        lifted_on=timezone.localdate(),
    )


@all_or_nothing
def stop_project(*, project: Project, version: int | None, by: User | None, reason: str) -> Project:
    """Stop a project by the word of a directive office: it is cancelled, and a hold on it ends."""
    locked(project)
    _check_directive(project)
    if not reason.strip():
        raise ValidationError({"reason": "Say why the office stops it."})
    if hold := hold_on(project):
        lift_hold(hold=hold, version=None, by=by)
    return change_stage(
        project=project, target=Stage.CANCELLED, reason=reason, version=version, by=by
    )


def _check_directive(project: Project) -> None:
    standing = standing_of(project.pk)
    if standing.rules.gates is not GateRule.BOARD:
        raise RefusalError(words.not_directive(standing))
