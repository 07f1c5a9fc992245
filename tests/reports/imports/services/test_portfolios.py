import pytest

from pmo.accounts.roles import Role
from pmo.common.records.writing import RefusalError
from portfolio.models import Portfolio
from reports.imports.services.portfolios import portfolio_named
from tests.factories import PortfolioFactory, person

pytestmark = pytest.mark.django_db


def test_codes_are_made_out_of_the_name_and_stay_apart(lead):
    PortfolioFactory(code="ALL-PROJECTS", name="Other")
    names = ["All projects", "Überall", "Capital works of the whole hospital", "—"]

    assert [portfolio_named(name=name, by=lead).code for name in names] == [
        "ALL-PROJECTS-2",
        "BERALL",
        "CAPITAL-WORKS-OF-THE",
        "PORTFOLIO",
    ]


def test_portfolio_of_this_name_is_taken(lead):
    known = PortfolioFactory(name="All projects")

    assert portfolio_named(name="all Projects", by=lead) == known


def test_who_may_not_add_a_portfolio_is_told_so():
    with pytest.raises(RefusalError, match="You may not add a portfolio"):
        portfolio_named(name="All projects", by=person(Role.STAFF))
    assert not Portfolio.objects.exists()
