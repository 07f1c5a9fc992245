"""Gates are laid once, in the order of the plan, with the evidence of the set."""

from datetime import date

import pytest

from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from portfolio.governance.models import EvidenceItem, GateSet, ProjectGate
from portfolio.governance.services.gates import GatePlan, lay_gates, lay_set
from tests.factories import MilestoneFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


def test_a_template_orders_its_gates_otherwise(lead, project):
    milestone = MilestoneFactory(project=project)
    plans = [
        GatePlan("DB", "Drawings approved", "delivery"),
        GatePlan("G2", "", "delivery", milestone, DAY),
        GatePlan("OWN", "A gate of our own"),
    ]

    laid = lay_gates(project=project, gates=plans, by=lead)

    said = [(g.code, g.name, g.stage, g.position, g.milestone, g.planned_on) for g in laid]
    assert said == [
        ("DB", "Drawings approved", "delivery", 1, None, None),
        ("G2", "Delivery strategy", "delivery", 2, milestone, DAY),
        ("OWN", "A gate of our own", "", 3, None, None),
    ]
    asked = EvidenceItem.objects.order_by("gate__position", "position").values_list(
        "name", flat=True
    )
    assert list(asked) == [
        "Design, signed by clinicians",
        "Baseline finish",
        "Procurement or delivery strategy",
        "Start",
    ]
    events = list(AuditEvent.objects.values_list("action", "scope"))
    assert events == [("gate.laid", f"projects.project:{project.pk}")] * 3


def test_the_shipped_set_is_laid_where_the_office_has_none(lead, project):
    laid = lay_set(project=project, by=lead)

    assert [gate.code for gate in laid] == [
        "G0", "G1", "G2", "G3", "DB", "TC", "GNG", "SX", "CL", "G5"
    ]  # fmt: skip


def test_the_set_of_the_category_comes_before_the_one_for_all(lead, project):
    for category, code in (("", "ALL"), (project.category, "MINE")):
        made = GateSet.objects.create(code=code, name=code, category=category)
        made.gates.create(code=code, name=code, evidence=[{"kind": "document", "name": "Case"}])

    laid = lay_set(project=project, by=lead)

    assert [gate.code for gate in laid] == ["MINE"]
    assert EvidenceItem.objects.get().name == "Case"


def test_refusals_leave_no_trace(lead, project):
    stranger = MilestoneFactory()
    for plans in (
        [GatePlan("G1"), GatePlan("G1")],
        [GatePlan("G1"), GatePlan("G2", milestone=stranger)],
    ):
        with pytest.raises(RefusalError):
            lay_gates(project=project, gates=plans, by=lead)

    assert not ProjectGate.objects.exists()
    lay_gates(project=project, gates=[GatePlan("G1")], by=lead)
    with pytest.raises(RefusalError, match="has its gates already"):
        lay_gates(project=project, gates=[GatePlan("G2")], by=lead)
    assert ProjectGate.objects.count() == 1
