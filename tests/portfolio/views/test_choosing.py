"""Many projects into a portfolio at once: the ticked ones, or all that match and may be seen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from portfolio import services
from portfolio.models import PortfolioProject
from tests.factories import PortfolioFactory, ProjectFactory, UnitFactory, person
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(signed_in):
    return signed_in(person(Role.PMO_ANALYST))


@pytest.fixture
def portfolio():
    return PortfolioFactory(name="Capital")


def put(portfolio, project):
    return services.add_project(portfolio=portfolio, project=project, by=None)


def url(portfolio, query=""):
    return reverse("portfolio:portfolio_choose", args=[portfolio.pk]) + query


def inside(portfolio):
    rows = portfolio.entries.filter(removed_on=None)
    return set(rows.values_list("project__name", flat=True))


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_the_ticked_ones_are_added_from_today_with_an_event_each(office, portfolio):
    wanted = [ProjectFactory(name=name) for name in ("Wing", "Scanner")]
    ProjectFactory(name="Other")

    answer = office.post(url(portfolio), {"projects": [one.pk for one in wanted]}, follow=True)

    assert said(answer) == ["2 projects added, from today on."]
    assert inside(portfolio) == {"Wing", "Scanner"}
    assert set(portfolio.entries.values_list("added_on", flat=True)) == {timezone.localdate()}
    events = AuditEvent.objects.filter(action="portfolio.project_added")
    assert {event.scope for event in events} == {f"projects.project:{one.pk}" for one in wanted}
    assert audit.faults() == []


def test_what_is_in_it_already_is_skipped_and_said(office, portfolio):
    here, new = ProjectFactory(name="Wing"), ProjectFactory(name="Scanner")
    put(portfolio, here)

    answer = office.post(url(portfolio), {"projects": [here.pk, new.pk]}, follow=True)

    assert said(answer) == ["1 project added, from today on. 1 was in it already."]
    assert PortfolioProject.objects.count() == 2


def test_all_that_match_are_those_of_every_page_and_no_other(office, portfolio):
    north = UnitFactory(name="North")
    for number in range(60):
        ProjectFactory(name=f"Scanner {number}", unit=UnitFactory(parent=north))
    ProjectFactory(name="Scanner elsewhere")
    ProjectFactory(name="Wing", unit=north)
    ProjectFactory(name="Scanner hidden", unit=north, is_confidential=True)
    query = f"?q=scanner&unit={north.pk}"

    page = office.get(url(portfolio, query)).content.decode()
    office.post(url(portfolio, query), {"everything": "1"})

    assert "All 60 that match the filters" in page
    assert inside(portfolio) == {f"Scanner {number}" for number in range(60)}


def test_a_hidden_project_is_neither_listed_nor_counted_nor_added(office, portfolio):
    hidden = ProjectFactory(name="Zebra", is_confidential=True)
    put(portfolio, ProjectFactory(is_confidential=True))

    page = office.get(url(portfolio)).content.decode()
    answer = office.post(url(portfolio), {"projects": [hidden.pk]})

    assert "Zebra" not in page
    assert "in it already" not in page
    assert answer.status_code == 422
    assert PortfolioProject.objects.count() == 1


def test_nothing_ticked_is_said(office, portfolio):
    ProjectFactory()

    answer = office.post(url(portfolio), {})

    assert answer.status_code == 422
    assert "Select at least one project, or all that match." in answer.content.decode()


def test_filters_narrow_the_list(office, portfolio):
    ProjectFactory(name="Wing", stage="proposal")
    ProjectFactory(name="Scanner", stage="delivery")
    ProjectFactory(name="Old", stage="closed")

    def shown(query):
        return {one.name for one in office.get(url(portfolio, query)).context["page"]}

    assert shown("?stage=proposal") == {"Wing"}
    assert shown("?stage=all") == {"Wing", "Scanner", "Old"}
    assert shown("?q=scan") == {"Scanner"}


def test_reading_and_adding_cost_the_same_for_any_number(office, portfolio):
    put(portfolio, ProjectFactory())  # the first event
    office.get(url(portfolio))  # the first page
    costs = []
    for number in (2, 30):
        for _ in range(number):
            ProjectFactory()
        with CaptureQueriesContext(connection) as reading:
            office.get(url(portfolio))
        with CaptureQueriesContext(connection) as writing:
            office.post(url(portfolio), {"everything": "1"})
        costs.append((len(reading), len(writing)))

    assert costs[0] == costs[1]
    assert portfolio.entries.count() == 33


def test_a_reader_is_kept_out(signed_in, portfolio):
    client = signed_in(person(Role.EXECUTIVE))

    assert client.get(url(portfolio)).status_code == 403
    assert client.post(url(portfolio), {"everything": "1"}).status_code == 403


def test_the_api_answers_each_project(portfolio):
    here, new = ProjectFactory(), ProjectFactory()
    hidden = ProjectFactory(is_confidential=True)
    put(portfolio, here)
    ids = [here.pk, new.pk, hidden.pk, 999_999]

    answer = api(person(Role.PMO_ANALYST)).post(
        "/api/v1/portfolio-entries/bulk/",
        {"portfolio": portfolio.pk, "projects": ids},
        format="json",
    )

    assert [one["result"] for one in answer.data] == [
        *("already in it", "added", "refused", "refused")
    ]
    assert answer.data[2]["reason"] == answer.data[3]["reason"] != ""
    assert portfolio.entries.count() == 2


def test_the_api_adds_only_where_the_role_reaches(portfolio):
    own, other = UnitFactory(), UnitFactory()
    user = person(Role.PMO_ANALYST, unit=own)
    mine, theirs = ProjectFactory(unit=own), ProjectFactory(unit=other)

    answer = api(user).post(
        "/api/v1/portfolio-entries/bulk/",
        {"portfolio": portfolio.pk, "projects": [mine.pk, theirs.pk]},
        format="json",
    )

    assert [one["result"] for one in answer.data] == ["added", "refused"]
