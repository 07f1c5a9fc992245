"""Which gates a project passes: those of the office's set for its category, else of the set that ships."""

from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.governance.domain.gates import SHIPPED, EvidenceKind, EvidenceWanted, ShippedGate
from portfolio.governance.models import GateSet


def set_for(category: str) -> GateSet | None:
    """Return the office's set for a category, else its set for all; None where the one that ships holds."""
    rows = GateSet.objects.filter(category__in=[category, ""]).prefetch_related("gates")
    found = {row.category: row for row in rows}
    return found.get(category) or found.get("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRow:
    """A gate as a set has it: the office's, or the one that ships."""

    code: str
    name: str
    question: str
    stage: str
    committee_id: int | None
    wanted: tuple[EvidenceWanted, ...]


def rows_of_set(gate_set: GateSet | None) -> list[SetRow]:
    """Return the gates of a set in their order; None is the one that ships."""
    if gate_set is None:
        return [_shipped(one) for one in SHIPPED]
    gates = sorted(gate_set.gates.all(), key=lambda one: (one.position, one.pk))
    return [
        SetRow(
            code=one.code,
            name=one.name,
            question=one.question,
            stage=one.stage,
            committee_id=one.committee_id,
            wanted=wanted_in(one.evidence),
        )
        for one in gates
    ]


def wanted_in(evidence: Iterable[dict[str, object]]) -> tuple[EvidenceWanted, ...]:
    """Read the evidence that a set's gate keeps as data."""
    return tuple(
        EvidenceWanted(
            EvidenceKind(str(one["kind"])),
            str(one["name"]),
            str(one.get("field", "")),
            bool(one.get("is_required", True)),
        )
        for one in evidence
    )


def _shipped(gate: ShippedGate) -> SetRow:
    return SetRow(
        code=gate.code,
        name=gate.name,
        question=gate.question,
        stage=gate.stage.value if gate.stage else "",
        committee_id=None,
        wanted=gate.evidence,
    )
