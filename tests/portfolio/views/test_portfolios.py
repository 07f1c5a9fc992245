"""Pages of portfolios: the list, one with its projects, adding and ending."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from portfolio import services
from portfolio.models import Portfolio, PortfolioProject
from tests.factories import PortfolioFactory, ProjectFactory, person

pytestmark = pytest.mark.django_db
LIST = "/portfolios/"
CANARY = "Zebra-canary"


@pytest.fixture
def office(signed_in):
    return signed_in(person(Role.PMO_ANALYST))


@pytest.fixture
def reader(signed_in):
    return signed_in(person(Role.EXECUTIVE))


def url(name, record):
    return reverse(f"portfolio:{name}", args=[record.pk])


def put(portfolio, project):
    return services.add_project(portfolio=portfolio, project=project, by=None)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_list_counts_visible_and_hidden_projects(reader):
    portfolio = PortfolioFactory(name="Capital", code="CAP")
    put(portfolio, ProjectFactory())
    put(portfolio, ProjectFactory(is_confidential=True, name=CANARY))

    response = reader.get(LIST)

    page = response.content.decode()
    assert [(p.name, p.visible, p.hidden) for p in response.context["page"]] == [("Capital", 1, 1)]
    assert "1 hidden from you" in page
    assert CANARY not in page
    assert "Add portfolio" not in page
    assert response.context["title"] == "1 portfolio is reviewed, funded and decided on together"


def test_list_without_portfolios_says_so(office):
    page = office.get(LIST).content.decode()

    assert "No portfolios yet" in page
    assert "Add portfolio" in page


def test_list_takes_as_many_queries_for_one_row_as_for_three(reader):
    put(PortfolioFactory(), ProjectFactory())
    reader.get(LIST)
    one = queries_of(reader, LIST)
    put(PortfolioFactory(), ProjectFactory())
    put(PortfolioFactory(), ProjectFactory())

    assert queries_of(reader, LIST) == one


def test_new_portfolio_leads_to_adding_projects(office):
    response = office.post(
        reverse("portfolio:portfolio_new"), {"name": "Capital", "code": "CAP", "description": ""}
    )

    portfolio = Portfolio.objects.get()
    assert response["Location"] == portfolio.get_absolute_url()
    assert (portfolio.name, portfolio.code) == ("Capital", "CAP")


def test_a_taken_code_is_refused_at_its_field_and_the_rest_kept(office):
    PortfolioFactory(code="CAP")

    response = office.post(
        reverse("portfolio:portfolio_new"),
        {"name": "Capital", "code": "CAP", "description": "Kept words."},
    )

    assert response.status_code == 422
    assert "Another portfolio already has this code." in response.content.decode()
    assert "Kept words." in response.content.decode()
    assert Portfolio.objects.count() == 1


def test_edit_and_a_lost_race(office, lead):
    portfolio = PortfolioFactory(name="First", code="CAP")
    typed = {"name": "Mine", "code": "CAP", "description": "", "version": "1"}
    services.change_portfolio(portfolio=portfolio, version=1, by=lead, name="Theirs")

    lost = office.post(url("portfolio_edit", portfolio), typed)
    portfolio.refresh_from_db()
    assert (lost.status_code, portfolio.name) == (409, "Theirs")
    assert "Mine" in lost.content.decode()

    saved = office.post(url("portfolio_edit", portfolio), {**typed, "version": "2"})
    portfolio.refresh_from_db()
    assert (saved["Location"], portfolio.name) == (portfolio.get_absolute_url(), "Mine")


def test_detail_lists_visible_projects_and_counts_the_hidden(reader):
    portfolio = PortfolioFactory(description="Steered together.")
    seen = put(portfolio, ProjectFactory(name="Wing"))
    put(portfolio, ProjectFactory(name=CANARY, is_confidential=True))

    response = reader.get(portfolio.get_absolute_url())

    page = response.content.decode()
    assert list(response.context["page"]) == [seen]
    assert "2 projects are in this portfolio; 1 of them hidden from you." in page
    assert "Steered together." in page
    assert "Take out" not in page
    assert "Add a project" not in page
    assert CANARY not in page


def test_detail_links_to_the_dashboard_of_the_portfolio(reader):
    portfolio = PortfolioFactory(code="CAP")

    actions = reader.get(portfolio.get_absolute_url()).context["actions"]

    assert [action.url for action in actions] == [reverse("reports:dashboard") + "?portfolio=CAP"]


def test_detail_holds_25_and_asks_the_same_for_one_and_three(office):
    portfolio = PortfolioFactory()
    put(portfolio, ProjectFactory())
    address = portfolio.get_absolute_url()
    office.get(address)
    one = queries_of(office, address)
    for _ in range(2):
        put(portfolio, ProjectFactory())
    assert queries_of(office, address) == one
    for _ in range(24):
        put(portfolio, ProjectFactory())

    assert len(office.get(address).context["page"]) == 25
    assert len(office.get(address, {"page": 2}).context["page"]) == 2


def test_search_offers_ten_visible_projects_and_says_how_many_more(office):
    portfolio = PortfolioFactory()
    for number in range(12):
        ProjectFactory(name=f"Wing {number:02}")
    ProjectFactory(name=f"Wing {CANARY}", is_confidential=True)

    response = office.get(portfolio.get_absolute_url(), {"q": "wing"})
    part = office.get(
        portfolio.get_absolute_url(), {"q": "wing"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert [p.name for p in response.context["found"]] == [f"Wing {n:02}" for n in range(10)]
    assert "2 more matches. Keep typing to narrow." in part
    assert "<html" not in part
    assert CANARY not in part
    assert CANARY not in response.content.decode()


@pytest.mark.parametrize(
    ("words", "said"), [("zebra", "No project outside this portfolio fits “zebra”."), ("\x00", "")]
)
def test_search_that_finds_nothing(office, words, said):
    ProjectFactory(name="Wing")

    response = office.get(PortfolioFactory().get_absolute_url(), {"q": words})

    assert list(response.context["found"]) == []
    assert said in response.content.decode()


def test_add_and_take_out(office):
    portfolio, project = PortfolioFactory(), ProjectFactory()

    added = office.post(url("portfolio_add", portfolio), {"project": project.pk})
    entry = PortfolioProject.objects.get()
    assert (entry.portfolio, entry.project, entry.removed_on) == (portfolio, project, None)
    taken = office.post(url("portfolio_remove", entry))

    entry.refresh_from_db()
    assert entry.removed_on == timezone.localdate()
    assert {added["Location"], taken["Location"]} == {portfolio.get_absolute_url()}
    assert office.post(url("portfolio_remove", entry)).status_code == 404


@pytest.mark.parametrize("wanted", ["", "x", "-1", "0", "²", "9" * 30])
def test_add_refuses_what_is_no_project(office, wanted):
    response = office.post(url("portfolio_add", PortfolioFactory()), {"project": wanted})

    assert response.status_code == 404
    assert not PortfolioProject.objects.exists()


def test_a_hidden_project_is_neither_added_nor_taken_out(office):
    portfolio, hidden = PortfolioFactory(), ProjectFactory(is_confidential=True)

    assert office.post(url("portfolio_add", portfolio), {"project": hidden.pk}).status_code == 404
    assert not PortfolioProject.objects.exists()
    entry = put(portfolio, hidden)
    assert office.post(url("portfolio_remove", entry)).status_code == 404
    assert PortfolioProject.objects.get().removed_on is None


def test_readers_change_nothing(reader):
    portfolio = PortfolioFactory()
    entry = put(portfolio, ProjectFactory())
    before = AuditEvent.objects.count()

    for address in (
        reverse("portfolio:portfolio_new"),
        url("portfolio_edit", portfolio),
        url("portfolio_add", portfolio),
        url("portfolio_remove", entry),
    ):
        assert reader.post(address, {"name": "X", "code": "X"}).status_code == 403
    assert AuditEvent.objects.count() == before


def test_an_unknown_portfolio_is_not_there(office):
    for name in ("portfolio_detail", "portfolio_edit"):
        assert office.get(reverse(f"portfolio:{name}", args=[99])).status_code == 404
