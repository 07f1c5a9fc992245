"""What is removed by hand is asked for by its name first, and named when it is gone."""

import html

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.services.task_steps import create_step
from tests.factories import (
    BudgetLineFactory,
    CalendarFactory,
    FundingSourceFactory,
    MemberFactory,
    MilestoneFactory,
    TaskFactory,
    person,
)

pytestmark = pytest.mark.django_db


def unapproved(**fields):
    return MilestoneFactory(baseline_date=None, **fields)


def step(**fields):
    return create_step(task=TaskFactory(earning="steps"), by=None, **fields)


REMOVED = {
    "milestone_remove": (unapproved, "Remove the milestone “X-ray”?", "Milestone “X-ray” removed."),
    "calendar_remove": (CalendarFactory, "Remove the calendar “X-ray”?", "Calendar “X-ray” removed."),
    "step_remove": (step, "Remove the step “X-ray”?", "Step “X-ray” removed."),
    "task_remove": (TaskFactory, "Remove “X-ray”?", "“X-ray” removed."),
    "funding_source_remove": (
        FundingSourceFactory,
        "Remove the funding source “X-ray”?",
        "Funding source “X-ray” removed.",
    ),
}  # fmt: skip


def check(client, address, asked, done):
    before = html.unescape(client.get(address).content.decode())
    after = html.unescape(client.post(address, follow=True).content.decode())

    assert asked in before
    assert done in after


@pytest.mark.parametrize(("page", "record"), REMOVED.items(), ids=REMOVED)
def test_a_record_with_a_name(signed_in, lead, page, record):
    make, asked, done = record

    check(signed_in(lead), reverse(f"projects:{page}", args=[make(name="X-ray").pk]), asked, done)


def test_a_budget_line_by_its_category(signed_in, lead):
    line = BudgetLineFactory(category="X-ray")

    check(
        signed_in(lead),
        reverse("projects:budget_line_remove", args=[line.pk]),
        "Remove the budget line “X-ray”?",
        "Budget line “X-ray” removed.",
    )


def test_a_person_by_name_and_role(signed_in, lead, project):
    named = MemberFactory(project=project, user=person(Role.STAFF, name="Ada Hill"), role=Role.SPONSOR)  # fmt: skip

    check(
        signed_in(lead),
        reverse("projects:member_remove", args=[project.pk, named.pk]),
        "Remove Ada Hill from this project?",
        "Ada Hill is no longer sponsor on this project.",
    )
