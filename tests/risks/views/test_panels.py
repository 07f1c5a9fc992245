"""The risk map and a project's registers: parts of other pages, and pages of their own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from tests.factories import IssueFactory, ProjectFactory, RiskFactory, UserFactory, person

pytestmark = pytest.mark.django_db
MAP = "/risks/map/"


def panel(project):
    return reverse("risks:project_panel", args=[project.pk])


def test_map_counts_what_the_reader_may_see(signed_in):
    RiskFactory(likelihood=5, impact=5)
    RiskFactory(likelihood=5, impact=5, project__is_confidential=True)

    few = signed_in(person(Role.EXECUTIVE)).get(MAP)
    all_of_them = signed_in(person(Role.PMO_LEAD)).get(MAP)

    def top(response):
        return response.context["rows"][0].cells[4].count

    assert (top(few), top(all_of_them)) == (1, 2)
    assert "1 high risk is open and extreme" in few.content.decode()
    assert "Of 2 projects: 1 hidden from you." in " ".join(few.content.decode().split())


def test_map_is_a_page_and_a_part(signed_in):
    client = signed_in(person(Role.EXECUTIVE))

    page = client.get(MAP)
    part = client.get(MAP, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in page.content.decode()
    assert part.strip().startswith('<section class="card"')
    assert "No risks yet" in part
    assert "HX-Request" in page["Vary"]


def test_map_takes_no_query_more_for_more_risks(signed_in):
    client = signed_in(person(Role.EXECUTIVE))

    def ask():
        with CaptureQueriesContext(connection) as queries:
            client.get(MAP)
        return len(queries)

    RiskFactory()
    client.get(MAP)
    one = ask()
    RiskFactory(impact=5)
    RiskFactory(impact=1)

    assert ask() == one


def test_panel_shows_the_highest_five_and_open_issues_of_its_project(signed_in, manager, project):
    for impact in (1, 2, 3, 4, 5, 5):
        RiskFactory(project=project, likelihood=3, impact=impact, title=f"Impact {impact}")
    RiskFactory(project=project, state="closed", impact=5, likelihood=5, title="Closed")
    RiskFactory(title="Another project's")
    IssueFactory(project=project, title="Open one", severity=4)
    IssueFactory(project=project, title="Solved", state="resolved", resolution="Done.")

    response = signed_in(manager).get(panel(project))

    assert [risk.title for risk in response.context["risks"]] == [
        "Impact 5",
        "Impact 5",
        "Impact 4",
        "Impact 3",
        "Impact 2",
    ]
    assert [issue.title for issue in response.context["issues"]] == ["Open one"]
    assert response.context["title"] == (
        "4 high risks are open, 2 of them extreme; 1 issue is open and critical"
    )
    assert "All risks (7)" in response.content.decode()
    assert "All issues (2)" in response.content.decode()


def test_panel_of_an_empty_register_says_so(signed_in, manager, project):
    page = signed_in(manager).get(panel(project)).content.decode()

    assert "No risks yet; no issues yet" in page
    assert "usually has not looked yet" in page


def test_panel_is_a_page_with_tabs_and_a_part_without(signed_in, manager, project):
    client = signed_in(manager)

    page = client.get(panel(project)).content.decode()
    part = client.get(panel(project), headers={"HX-Request": "true"}).content.decode()

    assert 'aria-label="Pages of this project"' in page
    assert "<nav" not in part
    assert reverse("risks:risk_new", args=[project.pk]) in part
    assert reverse("risks:issue_new", args=[project.pk]) in part


def test_panel_offers_adding_only_to_those_who_may(signed_in):
    project = ProjectFactory()

    page = signed_in(person(Role.EXECUTIVE)).get(panel(project)).content.decode()

    assert "Add risk" not in page
    assert "Add issue" not in page


def test_panel_of_a_hidden_project_is_not_there(signed_in):
    project = ProjectFactory(is_confidential=True)

    assert signed_in(person(Role.EXECUTIVE)).get(panel(project)).status_code == 404


def test_panel_takes_as_many_queries_for_one_row_as_for_three(signed_in, manager, project):
    client = signed_in(manager)

    def ask():
        with CaptureQueriesContext(connection) as queries:
            client.get(panel(project))
        return len(queries)

    def add():
        day = timezone.localdate() - timedelta(days=1)
        RiskFactory(project=project, owner=UserFactory(), review_date=day)
        IssueFactory(project=project, owner=UserFactory(), due_date=day)

    add()
    client.get(panel(project))
    one = ask()
    add()
    add()

    assert ask() == one
