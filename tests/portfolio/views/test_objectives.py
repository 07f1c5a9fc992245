"""Pages of objectives, and of how a project serves them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from portfolio import services
from portfolio.models import Alignment, Objective
from tests.factories import ObjectiveFactory, PortfolioFactory, ProjectFactory, person

pytestmark = pytest.mark.django_db
LIST = "/portfolios/objectives/"
CANARY = "Zebra-canary"


@pytest.fixture
def office(signed_in):
    return signed_in(person(Role.PMO_ANALYST))


@pytest.fixture
def reader(signed_in):
    return signed_in(person(Role.EXECUTIVE))


def url(name, record):
    return reverse(f"portfolio:{name}", args=[record.pk])


def align(project, objective, **fields):
    return services.align(project=project, objective=objective, by=None, **fields)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_list_says_what_nobody_serves(reader):
    served, alone = ObjectiveFactory(name="Served"), ObjectiveFactory(name="Alone")
    align(ProjectFactory(), served)
    align(ProjectFactory(is_confidential=True), served)

    response = reader.get(LIST)

    page = response.content.decode()
    assert response.context["lede"] == "1 of 2 objectives is served by no active project."
    assert response.context["color"] == "amber"
    assert [(o, o.visible, o.hidden) for o in response.context["page"]] == [
        (alone, 0, 0),
        (served, 1, 1),
    ]
    assert page.count("No project serves it") == 1
    assert page.count("1 hidden from you") == 1


@pytest.mark.parametrize(
    ("objectives", "served", "lede"),
    [
        (0, 0, "No objectives yet."),
        (1, 1, "The only objective is served by an active project."),
        (1, 0, "The only objective is served by no active project."),
        (2, 2, "Each of the 2 objectives is served by an active project."),
        (3, 1, "2 of 3 objectives are served by no active project."),
    ],
)
def test_lede_of_the_strategy(reader, objectives, served, lede):
    for number in range(objectives):
        objective = ObjectiveFactory()
        if number < served:
            align(ProjectFactory(), objective)

    assert reader.get(LIST).context["lede"] == lede


def test_list_takes_as_many_queries_for_one_row_as_for_three(reader):
    align(ProjectFactory(), ObjectiveFactory())
    reader.get(LIST)
    one = queries_of(reader, LIST)
    align(ProjectFactory(), ObjectiveFactory())
    align(ProjectFactory(), ObjectiveFactory())

    assert queries_of(reader, LIST) == one


def test_detail_shows_how_visible_projects_serve_it(reader):
    objective = ObjectiveFactory(description="Why it matters.")
    align(ProjectFactory(name="Helper"), objective, strength=1)
    align(ProjectFactory(name="Decider"), objective, strength=3, contribution="Fewer falls.")
    align(ProjectFactory(is_confidential=True), objective, contribution=CANARY)

    response = reader.get(objective.get_absolute_url())

    page = response.content.decode()
    assert [a.project.name for a in response.context["page"]] == ["Decider", "Helper"]
    assert response.context["lede"] == (
        "3 active projects serve this objective; 1 of them hidden from you."
    )
    assert "Decides it" in page
    assert "Fewer falls." in page
    assert "Why it matters." in page
    assert CANARY not in page
    assert response.context["actions"] == []


def test_detail_of_an_objective_without_projects(office):
    objective = ObjectiveFactory()

    response = office.get(objective.get_absolute_url())

    assert response.context["lede"] == "No active project serves this objective."
    assert [a.url for a in response.context["actions"]] == [url("objective_edit", objective)]


def test_detail_takes_as_many_queries_for_one_row_as_for_three(reader):
    objective = ObjectiveFactory()
    align(ProjectFactory(), objective)
    reader.get(objective.get_absolute_url())
    one = queries_of(reader, objective.get_absolute_url())
    align(ProjectFactory(), objective)
    align(ProjectFactory(), objective)

    assert queries_of(reader, objective.get_absolute_url()) == one


def test_new_objective(office):
    response = office.post(
        reverse("portfolio:objective_new"),
        {"name": "Safe care", "code": "SAFE", "pillar": "Safety", "description": ""},
    )

    assert response["Location"] == LIST
    assert Objective.objects.get().pillar == "Safety"


def test_a_taken_code_is_refused_and_the_rest_kept(office):
    ObjectiveFactory(code="SAFE")

    response = office.post(
        reverse("portfolio:objective_new"), {"name": "Kept words", "code": "SAFE"}
    )

    assert response.status_code == 422
    assert "Another objective already has this code." in response.content.decode()
    assert "Kept words" in response.content.decode()


def test_edit_and_a_lost_race(office, lead):
    objective = ObjectiveFactory(code="SAFE")
    typed = {"name": "Mine", "code": "SAFE", "version": "1"}
    services.change_objective(objective=objective, version=1, by=lead, name="Theirs")

    lost = office.post(url("objective_edit", objective), typed)
    saved = office.post(url("objective_edit", objective), {**typed, "version": "2"})

    objective.refresh_from_db()
    assert lost.status_code == 409
    assert (saved["Location"], objective.name) == (objective.get_absolute_url(), "Mine")


def test_readers_change_no_objective(reader):
    objective = ObjectiveFactory()

    for address in (reverse("portfolio:objective_new"), url("objective_edit", objective)):
        assert reader.post(address, {"name": "X", "code": "X"}).status_code == 403
    assert not AuditEvent.objects.exists()


def test_align_offers_what_is_left_under_its_pillar(signed_in, manager, project):
    taken = ObjectiveFactory()
    left = ObjectiveFactory(name="Safe care", pillar="Safety")
    align(project, taken)

    field = signed_in(manager).get(url("alignment_new", project)).context["form"]["objective"]

    assert [label for _, label in field.field.choices] == [
        "Choose an objective",
        "Safety: Safe care",
    ]
    assert list(field.field.queryset) == [left]


def test_align(signed_in, manager, project):
    objective = ObjectiveFactory()

    response = signed_in(manager).post(
        url("alignment_new", project),
        {"objective": objective.pk, "strength": "3", "contribution": "Fewer falls."},
    )

    alignment = Alignment.objects.get()
    assert response["Location"] == project.get_absolute_url()
    assert (alignment.project, alignment.objective, alignment.strength, alignment.contribution) == (
        project,
        objective,
        3,
        "Fewer falls.",
    )


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"objective": ""}, "objective", "Choose an objective."),
        ({"contribution": " "}, "contribution", "Say in one sentence how."),
        ({"strength": "4"}, "strength", "Choose one of the list."),
        ({"contribution": "x" * 281}, "contribution", "at most 280 characters"),
    ],
)
def test_align_refuses_at_the_field(office, project, typed, field, words):
    objective = ObjectiveFactory()

    response = office.post(
        url("alignment_new", project),
        {"objective": objective.pk, "strength": "1", "contribution": "Kept.", **typed},
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in str(response.context["form"].errors[field])
    assert not Alignment.objects.exists()


def test_alignment_edit_keeps_its_objective_and_loses_no_race(signed_in, manager, project, lead):
    alignment = align(project, ObjectiveFactory(), contribution="First.")
    other = ObjectiveFactory()
    client = signed_in(manager)
    typed = {"objective": other.pk, "strength": "2", "contribution": "Mine.", "version": "1"}
    services.change_alignment(alignment=alignment, version=1, by=lead, contribution="Theirs.")

    lost = client.post(url("alignment_edit", alignment), typed)
    alignment.refresh_from_db()
    assert (lost.status_code, alignment.contribution) == (409, "Theirs.")
    client.post(url("alignment_edit", alignment), {**typed, "version": "2"})

    alignment.refresh_from_db()
    assert (alignment.contribution, alignment.strength) == ("Mine.", 2)
    assert alignment.objective != other


def test_alignment_is_removed_after_a_question(signed_in, manager, project):
    alignment = align(project, ObjectiveFactory(name="Safe care"))
    client = signed_in(manager)

    page = client.get(url("alignment_remove", alignment)).content.decode()
    assert "will no longer count as serving “Safe care”" in page
    assert Alignment.objects.exists()
    response = client.post(url("alignment_remove", alignment))

    assert response["Location"] == project.get_absolute_url()
    assert not Alignment.objects.exists()


@pytest.mark.parametrize("name", ["alignment_edit", "alignment_remove"])
def test_only_those_who_may_change_the_project_align_it(reader, name):
    seen = align(ProjectFactory(), ObjectiveFactory())
    hidden = align(ProjectFactory(is_confidential=True), ObjectiveFactory())

    assert reader.post(url(name, seen), {"version": "1"}).status_code == 403
    assert reader.post(url(name, hidden), {"version": "1"}).status_code == 404
    assert reader.post(url("alignment_new", seen.project), {}).status_code == 403
    assert Alignment.objects.count() == 2


def test_panel_shows_portfolios_and_objectives_with_strength_and_sentence(
    signed_in, manager, project
):
    portfolio, left = PortfolioFactory(name="Capital"), PortfolioFactory(name="Left behind")
    services.add_project(portfolio=portfolio, project=project, by=None)
    gone = services.add_project(portfolio=left, project=project, by=None)
    services.end_membership(entry=gone, by=None)
    align(project, ObjectiveFactory(name="Weak"), strength=1)
    align(project, ObjectiveFactory(name="Strong"), strength=3, contribution="Fewer falls.")

    response = signed_in(manager).get(url("project_panel", project), headers={"HX-Request": "true"})

    part = response.content.decode()
    assert "Serves 2 objectives" in part
    assert part.index("Strong") < part.index("Weak")
    assert "Decides it" in part
    assert "Fewer falls." in part
    assert "Capital" in part
    assert "Left behind" not in part
    assert "Add objective" in part
    assert "<html" not in part


def test_panel_puts_objectives_of_one_strength_as_their_names_are_read(reader, project):
    names = ["Access", "AI", "Äpfel", "Zebra"]
    for name in reversed(names):
        align(project, ObjectiveFactory(name=name), strength=2)

    response = reader.get(url("project_panel", project))

    assert [one.objective.name for one in response.context["alignments"]] == names


def test_panel_is_a_page_for_readers_without_buttons(reader):
    project = ProjectFactory()

    page = reader.get(url("project_panel", project)).content.decode()

    assert "<html" in page
    assert "Serves no objective yet" in page
    assert "In no portfolio." in page
    assert "Add objective" not in page


def test_panel_of_a_hidden_project_is_not_there(reader):
    hidden = ProjectFactory(is_confidential=True)

    assert reader.get(url("project_panel", hidden)).status_code == 404


def test_panel_takes_as_many_queries_for_one_row_as_for_three(signed_in, manager, project):
    client, address = signed_in(manager), url("project_panel", project)
    align(project, ObjectiveFactory())
    services.add_project(portfolio=PortfolioFactory(), project=project, by=None)
    client.get(address)
    one = queries_of(client, address)
    for _ in range(2):
        align(project, ObjectiveFactory())
        services.add_project(portfolio=PortfolioFactory(), project=project, by=None)

    assert queries_of(client, address) == one
