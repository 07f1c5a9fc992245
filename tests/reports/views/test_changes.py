"""The audit trail on a page, for those who may see each part of it."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.accounts.services import change_user
from pmo.common.page.formats import day
from projects.services.projects import change_project
from reports.models import scope_of
from reports.services.summaries import compile_summary
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, person
from tests.pmo.common.records.test_audit import alter
from tests.reports.documents import SUNDAY, two_weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_projects(lead):
    """An open and a confidential project, each changed once."""
    projects = [ProjectFactory(name="Open"), ProjectFactory(name="Hush", is_confidential=True)]
    for project in projects:
        change_project(project=project, version=1, by=lead, name=f"{project.name} renamed")
    return projects


def targets(response):
    return {line.event.target for line in response.context["lines"]}


def test_the_lead_sees_every_change(signed_in, lead, two_projects):
    response = signed_in(lead).get(reverse("changes"))

    assert targets(response) == {f"projects.project:{p.pk}" for p in two_projects}
    assert "Hush renamed" in response.content.decode()


def test_an_auditor_sees_nothing_of_a_confidential_project(signed_in, two_projects):
    response = signed_in(person(Role.AUDITOR)).get(reverse("changes"))

    assert targets(response) == {f"projects.project:{two_projects[0].pk}"}
    assert "Hush" not in response.content.decode()


def test_an_administrator_sees_no_project(signed_in, two_projects):
    response = signed_in(person(Role.ADMINISTRATOR)).get(reverse("changes"))

    assert targets(response) == set()


def test_the_manager_sees_the_changes_of_the_own_project_only(signed_in, two_projects):
    mine, other = two_projects
    manager = person(Role.STAFF)
    MemberFactory(project=mine, user=manager, role=Role.MANAGER)
    client = signed_in(manager)

    response = client.get(reverse("project_changes", args=[mine.pk]))

    assert targets(response) == {f"projects.project:{mine.pk}"}
    assert client.get(reverse("project_changes", args=[other.pk])).status_code == 404
    assert client.get(reverse("changes")).status_code == 403


def test_checking_the_chain_says_so_and_finds_what_was_altered(signed_in, lead, two_projects):
    client = signed_in(lead)
    assert "nothing was altered" in client.get(reverse("changes"), {"verify": 1}).content.decode()

    alter("UPDATE common_auditevent SET body = '{}' WHERE sequence = 1")
    page = client.get(reverse("changes"), {"verify": 1}).content.decode()

    assert "1 event is not as recorded: event 1, its text was changed." in page


def test_a_change_says_what_happened_to_which_record_and_keeps_numbers_behind_details(
    signed_in, lead, two_projects
):
    response = signed_in(lead).get(reverse("changes"))

    line = next(one for one in response.context["lines"] if one.about == "Open renamed")
    assert (line.what, line.details) == ("Project changed", "1 change")
    assert line.fields == [("Name", "Open", "Open renamed")]
    head, details, rest = response.content.decode().partition("<summary>1 change</summary>")
    assert "projects.project:" not in head
    assert details and f"projects.project:{line.event.target.split(':')[1]}, event" in rest


def test_summaries_and_people_are_named(signed_in, lead):
    portfolio = PortfolioFactory(name="Capital")
    two_weeks(portfolio)
    summary = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=lead)
    other = person(Role.ADMINISTRATOR)
    change_user(user=other, by=lead, name="Jo Brandt")

    lines = signed_in(lead).get(reverse("changes")).context["lines"]

    said = {(line.what, line.about) for line in lines}
    assert ("Summary compiled", f"Capital, {day(summary.date)}") in said
    assert ("Person changed", "Jo Brandt") in said


@pytest.mark.parametrize("rows", [1, 3])
def test_changes_cost_the_same_for_any_number(
    signed_in, lead, project, django_assert_num_queries, rows
):
    for number in range(rows):
        change_project(project=project, version=None, by=lead, name=f"Name {number}")
    client = signed_in(lead)

    with django_assert_num_queries(9):
        client.get(reverse("changes"))
