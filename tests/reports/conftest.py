"""Scenes of documents: two frozen weeks of a portfolio, its draft, and the draft reviewed and issued."""

import pytest

from pmo.accounts.roles import Role
from reports.models import scope_of
from reports.services.summaries import compile_summary, issue_summary, review_summary
from tests.factories import PortfolioFactory, person
from tests.reports.documents import SECRET, SUNDAY, two_weeks


@pytest.fixture
def portfolio(db):
    portfolio = PortfolioFactory(code="CAP", name="Capital")
    portfolio.projects = two_weeks(portfolio)
    return portfolio


@pytest.fixture
def draft(portfolio):
    return compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)


@pytest.fixture
def issued(draft, lead):
    wing = str(draft.content["lines"][0]["id"])
    reviewed = review_summary(
        summary=draft,
        version=1,
        by=lead,
        headline=f"{SECRET} worries us.",
        office_note=f"Ask about {SECRET}.",
        comments={wing: "We stand behind this."},
    )
    return issue_summary(summary=reviewed, version=None, by=lead)


@pytest.fixture
def executive(db):
    return person(Role.EXECUTIVE)
