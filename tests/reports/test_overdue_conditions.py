"""Rules 2e and 2g of governance: what approvals still owe stands in the week's summary."""

from datetime import timedelta

import pytest

from pmo.accounts.roles import Role
from portfolio.governance.models import Condition, Decision
from projects.models import Project
from reports.domain.scope import HOSPITAL
from reports.services.summaries import compile_summary
from reports.words.reading import print_data, reading_of
from tests.factories import ProjectFactory, UserFactory, person
from tests.reports.documents import SUNDAY, freeze, row

pytestmark = pytest.mark.django_db
TITLE = "Approvals with overdue conditions, or not ratified in time"


def decided(project, days=60, **fields):
    """An approval of a project, so many days before the freeze."""
    return Decision.objects.create(
        number=f"2026-{Decision.objects.count() + 1:03}", question="Go on?", project=project,
        decider_person=UserFactory(), asked_on=SUNDAY - timedelta(days=90), needed_by=SUNDAY,
        state="decided", outcome="approve_conditions", decided_on=SUNDAY - timedelta(days=days),
        **fields,
    )  # fmt: skip


def condition(decision, days, **fields):
    """A condition that was due so many days before the freeze."""
    return Condition.objects.create(
        decision=decision, position=decision.conditions.count() + 1, text="Review",
        owner=UserFactory(), due=SUNDAY - timedelta(days=days), **fields,
    )  # fmt: skip


@pytest.fixture
def owing():
    """A project with two overdue conditions, one due that day, one met, and an approval not ratified."""
    project = ProjectFactory(name="Atrium")
    approval = decided(project)
    for days in (9, 1, 0):
        condition(approval, days)
    condition(
        approval, 20, state="met", evidence="AG-1", verified_by=UserFactory(), closed_on=SUNDAY
    )
    decided(project, days=31, is_out_of_cycle=True)
    decided(project, days=30, is_out_of_cycle=True)
    freeze(SUNDAY)
    row(project, SUNDAY, "green")
    return project


def said(client, summary):
    return " ".join(client.get(summary.get_absolute_url()).content.decode().split())


def test_2e_overdue_conditions_and_2g_unratified_approvals_stand_on_the_page_and_in_the_pdf(
    owing, signed_in, lead
):
    summary = compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)

    page = said(signed_in(lead), summary)
    printed = print_data(reading_of(summary, lead))

    assert TITLE in page
    assert "Atrium</a> (2 conditions overdue, 1 approval not ratified)." in page
    assert printed["owing"]["rows"][0]["what"] == "2 conditions overdue, 1 approval not ratified"


def test_2e_what_was_said_stays_when_they_are_met(owing, signed_in, lead):
    summary = compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)

    Condition.objects.filter(decision__project=owing).update(state="waived", closed_on=SUNDAY)

    assert "2 conditions overdue" in said(signed_in(lead), summary)


def test_2e_those_of_a_hidden_project_are_not_told(owing, signed_in, project):
    Project.objects.filter(pk=owing.pk).update(is_confidential=True)
    row(project, SUNDAY, "red")
    summary = compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)

    page = said(signed_in(person(Role.PMO_ANALYST)), summary)

    assert project.name in page
    assert TITLE not in page
