from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from tests.factories import (
    BudgetLineFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    UpdateFactory,
    person,
)

pytestmark = pytest.mark.django_db
URL = "/projects/"


def names(response):
    return [row.project.name for row in response.context["rows"]]


def text(response):
    return " ".join(response.content.decode().split())


def test_lists_active_projects_by_name(signed_in, lead):
    ProjectFactory(name="Beta")
    ProjectFactory(name="Alpha")
    ProjectFactory(name="Old", stage="closed")

    response = signed_in(lead).get(URL)

    assert names(response) == ["Alpha", "Beta"]
    assert "2 of 3 projects" in text(response)
    assert "2 active projects. None is forecast to finish late." in text(response)


def test_says_how_many_are_hidden_and_never_which(signed_in):
    ProjectFactory(name="Open")
    ProjectFactory(name="Merger", is_confidential=True)

    response = signed_in(person(Role.EXECUTIVE)).get(URL)

    assert names(response) == ["Open"]
    assert "Of 2 projects: 1 hidden from you." in text(response)
    assert "Merger" not in text(response)


def test_shows_only_what_somebody_is_named_on(signed_in, manager, project):
    ProjectFactory(name="Foreign")

    assert names(signed_in(manager).get(URL)) == [project.name]


def test_the_address_alone_reproduces_the_list(signed_in, lead):
    for n in range(30):
        ProjectFactory(name=f"Portal {n:02}", category="telehealth")
    ProjectFactory(name="Theater")

    response = signed_in(lead).get(
        URL, {"q": "portal", "category": "telehealth", "sort": "-name", "page": 2}
    )

    assert names(response) == [f"Portal {n:02}" for n in range(4, -1, -1)]
    assert 'value="portal"' in text(response)
    assert '<input type="hidden" name="sort" value="-name">' in text(response)
    assert "30 of 31 projects" in text(response)


def test_htmx_gets_the_table_and_the_count_only(signed_in, lead, project):
    response = signed_in(lead).get(URL, HTTP_HX_REQUEST="true")

    assert "<html" not in text(response)
    assert text(response).startswith('<div id="project-table">')
    assert 'id="result-count" role="status" hx-swap-oob="true"' in text(response)
    assert project.name in text(response)
    assert "HX-Request" in response["Vary"]


def test_a_row_says_status_money_and_next_milestone(signed_in, lead, project):
    UpdateFactory(project=project, overall="amber", week=date(2020, 1, 6))
    BudgetLineFactory(project=project, amount=Decimal(2_000_000))
    MilestoneFactory(
        project=project,
        name="Permit",
        baseline_date=date(2036, 6, 1),
        forecast_date=date(2036, 6, 25),
    )

    response = signed_in(lead).get(URL)

    assert '<span class="rag rag--amber">' in text(response)
    assert "of $2.0M" in text(response)
    assert 'Permit <span class="sub"> 25 Jun 2036, <span class="late">24 days late' in text(
        response
    )


def test_names_are_text_and_never_markup(signed_in, lead):
    ProjectFactory(name="R&D <lab> move")

    assert "R&amp;D &lt;lab&gt; move" in text(signed_in(lead).get(URL))


def test_nothing_yet_and_nothing_found_are_different(signed_in, lead):
    assert "Your projects appear here" in text(signed_in(lead).get(URL))
    ProjectFactory()
    assert "No project fits these filters" in text(signed_in(lead).get(URL, {"q": "none such"}))


def test_only_those_who_may_create_are_offered_to(signed_in, lead, manager):
    new = reverse("projects:project_new")

    assert new in text(signed_in(lead).get(URL))
    assert new not in text(signed_in(manager).get(URL))


def test_administrators_do_not_open_it(signed_in):
    assert signed_in(person(Role.ADMINISTRATOR)).get(URL).status_code == 403


def test_asks_as_often_for_three_projects_as_for_one(
    signed_in, lead, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(lead)

    def fill():
        project = ProjectFactory()
        MemberFactory(project=project)
        MilestoneFactory(project=project)
        BudgetLineFactory(project=project)
        UpdateFactory(project=project)

    fill()
    client.get(URL)  # the attributions of the footer are kept for a minute
    with django_assert_max_num_queries(20) as first:
        client.get(URL)
    fill()
    fill()
    with django_assert_num_queries(len(first)):
        client.get(URL)
