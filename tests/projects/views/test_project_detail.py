from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.services.money import make_forecast
from tests.factories import (
    BudgetLineFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    UpdateFactory,
    person,
)

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


def show(client, project):
    return client.get(reverse("projects:project_detail", args=[project.pk]))


def test_works_without_any_data(signed_in, lead):
    project = ProjectFactory(
        start_date=None, baseline_finish_date=None, forecast_finish_date=None, stage="proposal"
    )

    page = text(show(signed_in(lead), project))

    assert "The project is in Proposal: no weekly update is due." in page
    assert "No milestones yet" in page
    assert "No people yet" in page
    assert page.count("No budget approved.") == 3  # to read, to hear, to point at


def test_says_the_finding_first(signed_in, lead, project):
    today = timezone.localdate()
    project.start_date = today - timedelta(days=300)
    project.baseline_finish_date = today + timedelta(days=65)
    project.forecast_finish_date = today + timedelta(days=89)
    project.save()
    UpdateFactory(project=project, overall="green", week=today - timedelta(days=today.weekday()))
    BudgetLineFactory(project=project, amount=Decimal(5000))
    make_forecast(project=project, amount=Decimal(5600), by=None)

    response = show(signed_in(lead), project)

    assert response.context["lede"].startswith("The manager says Green, but the data says Red.")
    assert response.context["lede"].endswith("$600 over the approved budget.")
    assert "24 days late" in response.context["lede"]


def test_shows_what_is_next_and_who_answers(signed_in, lead, project, manager):
    MilestoneFactory(
        project=project,
        name="Permit",
        baseline_date=date(2036, 6, 1),
        forecast_date=date(2036, 6, 25),
    )
    MemberFactory(project=project, role=Role.SPONSOR, user=person(None, name="Ruth Adeyemi"))

    page = text(show(signed_in(lead), project))

    assert "Next milestone on 25 Jun 2036" in page
    assert "<dt>Sponsor</dt> <dd>Ruth Adeyemi</dd>" in page
    assert f"<dt>Project manager</dt> <dd>{manager.name}</dd>" in page


def test_asks_for_the_decision_that_is_needed(signed_in, lead, project):
    week = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    UpdateFactory(
        project=project,
        week=week,
        overall="red",
        help_needed="Approve the draw.",
        help_from="COO",
        help_due=date(2036, 12, 4),
    )

    page = text(show(signed_in(lead), project))

    assert "Decision or help needed:</strong> Approve the draw." in page
    assert "COO, by 4 Dec 2036" in page


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.PMO_LEAD, {"Edit", "Change stage", "Write status update"}),
        (Role.EXECUTIVE, set()),
    ],
)
def test_offers_only_what_the_reader_may_do(signed_in, project, role, labels):
    response = show(signed_in(person(role)), project)

    assert {action.label for action in response.context["actions"]} <= labels
    assert bool(response.context["actions"]) is bool(labels)


def test_a_manager_does_not_move_the_stage(signed_in, manager, project):
    labels = {action.label for action in show(signed_in(manager), project).context["actions"]}

    assert "Edit" in labels
    assert "Change stage" not in labels


def test_a_closed_project_offers_neither_stage_nor_update(signed_in, lead):
    project = ProjectFactory(stage="closed")

    labels = [action.label for action in show(signed_in(lead), project).context["actions"]]

    assert labels == ["Edit"]


def test_the_trail_is_offered_to_those_who_may_read_it(signed_in, lead, manager, project):
    link = f"?scope=projects.project:{project.pk}"

    assert link in text(show(signed_in(lead), project))
    assert link not in text(show(signed_in(manager), project))


def test_hidden_projects_do_not_exist_for_others(signed_in):
    project = ProjectFactory(is_confidential=True)

    assert show(signed_in(person(Role.EXECUTIVE)), project).status_code == 404


def test_asks_as_often_with_three_milestones_as_with_one(
    signed_in, lead, project, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(lead)
    MilestoneFactory(project=project)
    show(client, project)  # the attributions of the footer are kept for a minute
    with django_assert_max_num_queries(24) as first:
        show(client, project)
    for category in ("Build", "Staff"):
        MilestoneFactory(project=project)
        MemberFactory(project=project)
        BudgetLineFactory(project=project, category=category)
    with django_assert_num_queries(len(first)):
        show(client, project)
