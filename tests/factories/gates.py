"""One record of each kind that gates and kinds of office have, for the rules of the API."""

from datetime import date, timedelta

from django.utils import timezone

from portfolio.governance.models import (
    Decision,
    EvidenceItem,
    GateHold,
    GateReview,
    GateSet,
    ProjectGate,
    SetGate,
)
from portfolio.models import ColorValidation

DAY = date(2026, 1, 5)


def records(project, update):
    gate = ProjectGate.objects.create(project=project, code="G1", name="Gate")
    decision = Decision.objects.create(
        number=f"2025-{Decision.objects.count() + 1:03}", question="Pass?", project=project
    )
    number = GateSet.objects.count()
    gates = GateSet.objects.create(code=f"SET{number}", name="Set", category=f"own{number}")
    return {
        "gates": gate,
        "gate-evidence": EvidenceItem.objects.create(project=project, gate=gate, name="Case"),
        "gate-reviews": GateReview.objects.create(project=project, gate=gate, decision=decision),
        "gate-holds": GateHold.objects.create(
            project=project, reason="Wait", placed_on=DAY, lifted_on=DAY
        ),
        "gate-sets": gates,
        "set-gates": SetGate.objects.create(gate_set=gates, code="G1", name="Gate"),
        "color-validations": ColorValidation.objects.create(
            project=project, update=update, said="green", color="green", validated_at=timezone.now()
        ),
    }


def bodies(made, unique):
    return {
        "gates": {
            "project": made["projects"].pk,
            "code": f"X{ProjectGate.objects.count()}",
            "name": "Gate",
        },
        "gate-evidence": {"gate": made["gates"].pk, "kind": "document", "name": "Letter"},
        "gate-reviews": {
            "gate": made["gates"].pk,
            "needed_by": f"{timezone.localdate() + timedelta(days=30)}",
        },
        "gate-holds": {"project": made["projects"].pk, "reason": "Wait"},
        "color-validations": {"status_update": made["status-updates"].pk, "color": "green"},
        "gate-sets": {"code": f"S{unique}"[:20], "name": "Set"},
        "set-gates": {
            "gate_set": made["gate-sets"].pk,
            "code": f"X{SetGate.objects.count()}",
            "name": "Gate",
        },
    }
