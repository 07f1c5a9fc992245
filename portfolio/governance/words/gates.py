"""The sentences of gates: what stands before a stage, a commitment or an approval, and how a gate stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from pmo.common.page import formats
from pmo.organization.current import category_name, organization
from portfolio.governance.domain.gates import EvidenceKind, EvidenceState, GateState, LaidGate
from portfolio.governance.models import (
    Condition,
    Decision,
    EvidenceItem,
    GateHold,
    GateReview,
    GateSet,
    ProjectGate,
)
from portfolio.governance.selectors.gates import (
    ApprovalBlock,
    GateEvidence,
    GateRow,
    ReviewCounts,
    SpendBlock,
    StageBlock,
)
from projects.domain.office import EvidenceRule, GateRule
from projects.office import OfficeStanding

GATES = "Gates"
LAY = "Lay the gates"
LAID = "Gates laid."
ADD_GATE = "Add gate"
EDIT_GATE = "Edit gate"
GATE_SAVED = "Gate saved."
GATE_REMOVED = "Gate removed."
REMOVE_GATE = "Remove gate"
REMOVE_GATE_ASKED = "Remove this gate?"
ASK_REVIEW = "Ask for the review"
REVIEW_ASKED = "The review is asked for."
GIVE = "Give evidence"
GIVEN = "Evidence saved."
DISMISS = "Not needed here"
DISMISSED = "Noted as not needed."
REOPEN = "Ask again"
REOPENED = "The evidence is asked for again."
ASK_EVIDENCE = "Ask for evidence"
EVIDENCE_ASKED = "Evidence added."
HOLD = "Hold the project"
HELD = "The office holds this project."
LIFT = "Lift the hold"
LIFTED = "The hold is lifted."
STOP = "Stop the project"
STOPPED = "The project is stopped."
REVIEWS = "Gate reviews"
SETS = "Gate sets"
SHIPPED_SET = "The set that ships"
ADD_SET = "Add gate set"
SET_ADDED = "Gate set added, with the gates of the set that ships."
EDIT_SET = "Edit gate set"
SET_SAVED = "Gate set saved."
SET_REMOVED = "Gate set removed."
REMOVE_SET = "Remove gate set"
NO_GATES = "No gates are laid on this project yet."
WHAT_GATES_ARE = (
    "At a gate the project shows that it may go on. The office lays its set in one step; what does not fit"
    " this project is changed afterwards."
)
EVIDENCE_STAYS = "This gate is passed: its evidence stays as it was shown then."
DOCUMENT_WANTS = {
    "url": "Give the address of the document.",
    "revision": "Say which version it is.",
}
NOTE_WANTED = "Say what shows it."
DECIDED_BY_KIND = {
    GateRule.ADVISORY: "Gates are a checklist here: a stage may change without them.",
    GateRule.APPROVAL: "A stage is entered once its gates are passed.",
    GateRule.BOARD: "A committee passes each gate before its stage is entered; the office may hold or stop.",
}
EVIDENCE_BY_KIND = {
    EvidenceRule.OFFERED: "Evidence is offered: the project manager may say what is not needed.",
    EvidenceRule.ENFORCED: "Required evidence has to be there before a gate is passed.",
    EvidenceRule.OWNED: "Required evidence has to be there before a gate is passed, and the office says what it is.",
}


def rules_note(standing: OfficeStanding) -> str:
    """Say whose rules hold for gates and evidence, and what they are."""
    said = f"{DECIDED_BY_KIND[standing.rules.gates]} {EVIDENCE_BY_KIND[standing.rules.evidence]}"
    return f"{standing.office}: {said[0].lower()}{said[1:]}" if standing.kind else said


def owned_by_office(standing: OfficeStanding) -> str:
    return f"{standing.office} says what gates ask for; others do not change it."


def not_dismissed(standing: OfficeStanding) -> str:
    return f"{standing.office} enforces evidence at gates: only the office says what is not needed."


def needs_committee(standing: OfficeStanding) -> str:
    return f"{standing.office} lets a committee decide gates: choose one."


def not_directive(standing: OfficeStanding) -> str:
    if not standing.kind:
        return "Only a directive office holds or stops a project."
    return f"{standing.office} does not hold or stop a project: only a directive one does."


def review_question(gate: ProjectGate) -> str:
    return f"Does {gate.project} pass gate {gate.code}, {gate.name}?"[:200]


def review_options(gate: ProjectGate) -> list[dict[str, Any]]:
    return [
        {"name": f"Pass {gate.code}"},
        {"name": "Do nothing: the project stays where it is", "is_nothing": True},
    ]


def gate_names(gates: Iterable[LaidGate]) -> str:
    return formats.listing(f"{gate.code} {gate.name}" for gate in gates)


def condition_late(condition: Condition) -> str:
    """Say which condition is overdue, and whose it is."""
    number, place = condition.decision.number, condition.position
    return (
        f"Condition C{place} of decision {number} has been overdue since {formats.day(condition.due)}"
        f" ({condition.owner}): {condition.text}"
    )


def held(hold: GateHold) -> str:
    return f"The office has held this project since {formats.day(hold.placed_on)}: {hold.reason}"


def stage_faults(block: StageBlock, target: str) -> list[str]:
    """Say what stands before the stage."""
    found = [held(block.hold)] if block.hold else []
    office = block.standing.office
    if block.is_unlaid:
        found.append(f"{office} asks for gates: lay them on this project first.")
    if block.gates:
        found.append(
            f"{office} lets a project enter {target} once its gates are passed. Not passed yet:"
            f" {gate_names(block.gates)}."
        )
    return found + [condition_late(one) for one in block.conditions]


def unratified(decision: Decision) -> str:
    """Say why an approval between meetings carries nothing new."""
    said = getattr(decision, "ratification", None)
    on = formats.day(decision.decided_on)
    if said is not None:
        return f"Decision {decision.number}, approved between meetings on {on}, was not ratified on {formats.day(said.on)}."  # fmt: skip
    return f"Decision {decision.number}, approved between meetings on {on}, was not ratified within 30 days."  # fmt: skip


def spend_faults(block: SpendBlock) -> list[str]:
    """Say why nothing new is committed; costs that arrive are booked."""
    found = [held(block.hold)] if block.hold else []
    found += [unratified(one) for one in block.decisions]
    found += [condition_late(one) for one in block.conditions]
    return [*found, "Nothing new is committed until then; costs that arrive are booked."]


def booked_since(block: SpendBlock) -> str:
    """Name what was booked while nothing may be committed."""
    if not block.entries:
        return f"No cost has been booked since {formats.day(block.since)}."
    money = formats.money_exact(block.booked, organization().money)
    since = formats.day(block.since)
    return formats.counted(
        block.entries,
        f"1 cost of {money} has arrived since {since} and is booked.",
        f"{{n}} costs of {money} have arrived since {since} and are booked.",
    )


def approval_faults(block: ApprovalBlock) -> list[str]:
    """Say why the gate may not be approved now."""
    office = block.standing.office
    found = [held(block.hold)] if block.hold else []
    if block.needs_committee:
        found.append(needs_committee(block.standing))
    if block.earlier:
        found.append(f"Gates before it are not passed yet: {gate_names(block.earlier)}.")
    if block.missing:
        found.append(
            f"{office} asks for the evidence of {block.gate.code} first. Missing:"
            f" {formats.listing(block.missing)}."
        )
    return found + [f"{condition_late(one)} It blocks the next gate." for one in block.conditions]


def ladder_title(rows: list[GateRow]) -> str:
    """Say which gate comes next."""
    if not rows:
        return "No gates yet"
    following = next((row for row in rows if not row.is_passed), None)
    if following is None:
        return "All gates are passed"
    return f"Next gate: {following.gate.code} {following.gate.name}"


def ladder_lede(rows: list[GateRow]) -> str:
    """Say how many gates are passed, and what is late."""
    if not rows:
        return NO_GATES
    passed = sum(row.is_passed for row in rows)
    lead = f"{passed:,} of {formats.count(len(rows), 'gate')} {'is' if len(rows) == 1 else 'are'} passed."
    late = sum(len(row.overdue_conditions) for row in rows)
    if late:
        overdue = formats.counted(
            late,
            "1 condition is overdue and blocks the next gate.",
            "{n} conditions are overdue and block the next gate.",
        )
        lead = f"{lead} {overdue}"
    if any(row.is_unratified for row in rows):
        lead = f"{lead} An approval between meetings is not ratified."
    return lead


def row_note(row: GateRow) -> str:
    """Say what is worth knowing of a gate in its ladder: conditions, deferrals, ratification, days."""
    parts = []
    if row.overdue_conditions:
        parts.append(
            formats.counted(
                len(row.overdue_conditions),
                "1 condition overdue",
                "{n} conditions overdue",
            )
        )
    elif row.conditions:
        parts.append(
            formats.counted(len(row.conditions), "1 condition open", "{n} conditions open")
        )
    if row.deferrals:
        parts.append(formats.counted(row.deferrals, "deferred once", "deferred {n} times"))
    if row.is_unratified:
        parts.append("not ratified")
    if row.is_late:
        parts.append("overdue")
    said = ", ".join(parts)
    return f"{said[:1].upper()}{said[1:]}"


def evidence_note(evidence: Sequence[GateEvidence]) -> str:
    """Say how much of the evidence is there."""
    if not evidence:
        return "No evidence asked for"
    given = sum(one.state is not EvidenceState.OPEN for one in evidence)
    pieces = formats.count(len(evidence), "piece", "pieces")
    return f"{given:,} of {pieces} of evidence given"


def evidence_of(gate: ProjectGate) -> str:
    return f"Evidence of {gate}"


def shown_by(one: GateEvidence) -> str:
    """Say who gave a piece of evidence and when, or that it is still missing."""
    item = one.item
    if item.kind == EvidenceKind.FIELD and item.state == EvidenceState.OPEN:
        read = "Read from the project"
        return read if one.state is EvidenceState.GIVEN else f"{read}, where it is empty"
    if one.state is EvidenceState.OPEN:
        return "Not given yet"
    verb = "Given" if one.state is EvidenceState.GIVEN else "Not needed, as said"
    return f"{verb} by {item.given_by or 'Rounds'} on {formats.day(item.given_on)}"


def gate_lede(row: GateRow) -> str:
    """Say how the gate stands, by whose word since when, and what it still asks for."""
    lead = STANDS[row.state]
    decision = row.review.decision if row.review else None
    if decision and row.state in (GateState.ASKED, GateState.DEFERRED):
        missing = f" Missing: {decision.missing}" if decision.missing else ""
        lead = f"{lead}{missing} {decision.decider} decides by {formats.day(decision.needed_by)}."
    elif decision and decision.decided_on:
        lead = f"{lead} {decision.decider} decided on {formats.day(decision.decided_on)}."
    if row.is_unratified:
        lead = f"{lead} That was between meetings, and no meeting has ratified it."
    if row.conditions and not row.overdue_conditions:
        due = formats.day(row.conditions[0].due)
        lead = formats.counted(
            len(row.conditions),
            f"{lead} 1 condition is open, due {due}.",
            f"{lead} {{n}} conditions are open, the first due {due}.",
        )
    if row.missing and not row.is_passed:
        lead = f"{lead} Still missing: {formats.listing(row.missing)}."
    if row.overdue_conditions:
        lead = f"{lead} {condition_late(row.overdue_conditions[0])}"
    return lead


def gate_facts(row: GateRow) -> list[tuple[str, str]]:
    """Say what the gate opens, when it is planned and who reviews it."""
    gate = row.gate
    return [
        ("Opens", str(gate.get_stage_display()) if gate.stage else "No stage"),
        ("Planned for", formats.day(gate.planned_on) if gate.planned_on else "No day planned"),
        ("Milestone", str(gate.milestone.name) if gate.milestone else "None"),
        ("Reviewed by", str(gate.committee) if gate.committee else "Chosen with the review"),
    ]


STANDS = {
    GateState.NOT_ASKED: "The review of this gate is not asked for yet.",
    GateState.ASKED: "The review is asked for.",
    GateState.DEFERRED: "The review was deferred.",
    GateState.PASSED: "The gate is passed.",
    GateState.CONDITIONS: "The gate is passed with conditions.",
    GateState.REJECTED: "The gate was not passed.",
    GateState.STOPPED: "The project was stopped at this gate.",
}


def reviews_lede(counts: ReviewCounts) -> str:
    """Say what is to be decided, what is overdue and what is not ratified."""
    if not counts.waiting:
        lead = "No gate review is open."
    else:
        lead = formats.counted(counts.waiting, "1 gate review is open", "{n} gate reviews are open")
        late = formats.counted(counts.overdue, "1 of them is overdue", "{n} of them are overdue")
        lead = f"{lead}; {late}." if counts.overdue else f"{lead}; none is overdue."
    if counts.unratified:
        rest = formats.counted(
            counts.unratified,
            "1 approval between meetings is not ratified.",
            "{n} approvals between meetings are not ratified.",
        )
        lead = f"{lead} {rest}"
    return lead


def set_for(gate_set: GateSet) -> str:
    """Say which projects get a set."""
    if not gate_set.category:
        return "For every category without a set of its own."
    return f"For projects of {category_name(gate_set.category)}."


def remove_gate_note(gate: ProjectGate) -> str:
    return f"{gate} goes with the evidence that it asks for. The trail keeps both."


def remove_set_note(gate_set: GateSet) -> str:
    return f"Gates laid from “{gate_set}” stay on their projects."


def lay_note(project: object, name: str, count: int) -> str:
    return f"{project} gets the {formats.count(count, 'gate')} of “{name}”, with the evidence that each asks for."


def to_give(item: EvidenceItem) -> str:
    return f"Give the evidence “{item.name}” for {item.gate.code}"


def to_answer(review: GateReview) -> str:
    """Say what a review that was deferred is missing."""
    missing = review.decision.missing
    return f"Bring what the review of {review.gate.code} was missing: {missing}"
