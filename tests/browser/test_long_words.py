"""Names in one word, as long as they may be: no page is wider than a phone for them."""

import pytest
from django.urls import reverse

from reports.services.snapshots import refresh
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    IssueFactory,
    MilestoneFactory,
    ProjectFactory,
    RiskFactory,
    TaskFactory,
)

pytestmark = pytest.mark.browser
ADDRESSES = [
    "projects:project_detail",
    "projects:project_milestones",
    "projects:project_money",
    "projects:project_months",
    "projects:project_people",
    "projects:project_plan",
    "projects:plan_audit",
    "projects:cost_entry_list",
    "projects:status_form",
    "risks:project_panel",
]


@pytest.fixture
def project(db):
    word = "Elektroenzephalographie" * 9
    project = ProjectFactory(name=word[:120], summary=word)
    MilestoneFactory(project=project, name=word[:120])
    line = BudgetLineFactory(project=project, category=word[:60])
    CostEntryFactory(project=project, line=line, note=word[:200])
    RiskFactory(project=project, title=word[:160])
    project.stakeholders.create(name=word[:120], position=word[:120], approach=word)
    IssueFactory(project=project, title=word[:160])
    TaskFactory(project=project, name=word[:160])
    refresh([project.pk])
    return project


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_page_grows_wider_than_a_phone(visit, lead, project, name):
    page = visit(reverse(name, args=[project.pk]), user=lead, mode="phone")

    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0
