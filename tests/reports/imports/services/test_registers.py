from datetime import date

import pytest

from pmo.accounts.roles import Role
from projects.models import Milestone
from risks.models import Risk
from tests.factories import ProjectFactory, person
from tests.factories.changes import baselined
from tests.reports.imports.services.scene import applied, checked, faults

pytestmark = pytest.mark.django_db
MILESTONES = "Project,Name,Kind,Planned\nP-1,Open,Go-live,2026-12-04\n"
RISKS = "Project,Title,L,I,Owner\nP-1,Fire,2,5,{owner}\n"


@pytest.fixture
def wing():
    return ProjectFactory(code="P-1")


def test_milestone_is_created_found_again_and_changed(lead, wing):
    assert applied(MILESTONES, lead, record="milestone")["created"] == 1
    assert applied(MILESTONES, lead, record="milestone")["unchanged"] == 1

    later = MILESTONES.replace("2026-12-04", "2026-12-11").replace("Open", "open")
    findings = checked(later, lead, record="milestone")
    assert [[change.shown[1:] for change in w.changes] for _, w in findings.outcomes] == [
        [("Name", "Open", "open"), ("Baseline", "4 Dec 2026", "11 Dec 2026")]
    ]
    applied(later, lead, record="milestone")

    milestone = Milestone.objects.get()
    assert (milestone.project, milestone.kind, milestone.baseline_date) == (wing, "go_live", date(2026, 12, 11))  # fmt: skip


def test_approved_dates_of_a_baselined_project_are_not_imported(lead, wing):
    applied(MILESTONES, lead, record="milestone")
    baselined(project=wing)
    kept = "This date belongs to the project's baseline. Raise a change request to move it."

    assert applied(MILESTONES, lead, record="milestone")["unchanged"] == 1
    assert faults(MILESTONES.replace("12-04", "12-11"), lead, record="milestone") == [(2, "", kept)]
    head, row = "Code,Name,Baseline,End", f"P-1,{wing.name}"
    moved = f"{head}\n{row},2027-03-01,2027-05-01\n"
    kept_as_it_is = f"{head}\n{row},{wing.baseline_finish_date},2027-05-01\n"
    assert faults(moved, lead) == [(2, "", kept)]
    assert applied(kept_as_it_is, lead)["updated"] == 1


def test_milestone_of_no_project_or_without_a_date_is_refused(lead, wing):
    assert faults(MILESTONES.replace("P-1", "P-7"), lead, record="milestone") == [
        (2, "A", "No project has this code.")
    ]
    assert faults("Project,Name\nP-1,Open\n", lead, record="milestone") == [
        (2, "", "Give the milestone a baseline or a forecast date.")
    ]


def test_risk_is_created_found_again_and_changed(lead, wing):
    owner = person(Role.STAFF)
    text = RISKS.format(owner=owner.email)
    assert applied(text, lead, record="risk")["created"] == 1
    assert applied(text, lead, record="risk")["unchanged"] == 1
    assert applied(text.replace("2,5", "3,5"), lead, record="risk")["updated"] == 1

    risk = Risk.objects.get()
    assert (risk.project, risk.likelihood, risk.impact, risk.owner) == (wing, 3, 5, owner)


def test_new_risk_needs_its_scores(lead, wing):
    assert faults("Project,Title,L\nP-1,Fire,2\n", lead, record="risk") == [
        (2, "", "A new risk needs this score.")
    ]
