"""Counts of portfolios and objectives: what one reader sees, and how much is hidden."""

from datetime import date

import pytest

from pmo.accounts.roles import Role
from portfolio import selectors, services
from portfolio.models import PortfolioProject
from portfolio.selectors import ObjectiveCounts
from tests.factories import ObjectiveFactory, PortfolioFactory, ProjectFactory, person

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def executive():
    return person(Role.EXECUTIVE)


def put(portfolio, project, **dates):
    return PortfolioProject.objects.create(
        portfolio=portfolio, project=project, **{"added_on": DAY, **dates}
    )


def test_portfolios_count_the_visible_and_the_hidden_of_a_day(executive, lead):
    empty, full = PortfolioFactory(name="Empty"), PortfolioFactory(name="Full")
    put(full, ProjectFactory())
    put(full, ProjectFactory())
    put(full, ProjectFactory(is_confidential=True))
    put(full, ProjectFactory(), added_on=date(2026, 7, 1))
    put(full, ProjectFactory(), removed_on=DAY)

    def counts(user, day):
        rows = selectors.portfolios_for(user, on=day)
        return [(row, row.visible, row.hidden) for row in rows]

    assert counts(executive, DAY) == [(empty, 0, 0), (full, 2, 1)]
    assert counts(lead, DAY) == [(empty, 0, 0), (full, 3, 0)]
    assert counts(executive, date(2026, 7, 1)) == [(empty, 0, 0), (full, 3, 1)]


def test_objectives_count_active_projects_that_serve(executive, lead):
    served, alone = ObjectiveFactory(pillar="A"), ObjectiveFactory(pillar="B")
    for fields in ({}, {"is_confidential": True}, {"stage": "cancelled"}, {"stage": "closed"}):
        services.align(project=ProjectFactory(**fields), objective=served, by=lead)
    services.align(project=ProjectFactory(stage="cancelled"), objective=alone, by=lead)

    rows = selectors.objectives_for(executive)

    assert [(row, row.visible, row.hidden) for row in rows] == [(served, 1, 1), (alone, 0, 0)]
    assert selectors.objective_counts() == ObjectiveCounts(total=2, unserved=1)
    assert selectors.serving(served) == 2
    assert [a.project.stage for a in selectors.alignments_of(executive, served)] == ["delivery"]


def test_objective_served_by_hidden_projects_only_is_not_unserved(lead):
    objective = ObjectiveFactory()
    services.align(project=ProjectFactory(is_confidential=True), objective=objective, by=lead)

    assert selectors.objective_counts() == ObjectiveCounts(total=1, unserved=0)


def test_entries_and_hidden_entries_add_up(executive):
    portfolio = PortfolioFactory()
    seen = put(portfolio, ProjectFactory())
    put(portfolio, ProjectFactory(is_confidential=True))

    assert list(selectors.entries_for(executive, portfolio, on=DAY)) == [seen]
    assert selectors.hidden_entries(executive, portfolio, on=DAY) == 1


def test_candidates_are_visible_outside_and_fit_the_words(executive):
    portfolio = PortfolioFactory()
    inside, outside = ProjectFactory(name="Wing A"), ProjectFactory(name="Wing B")
    came_back = ProjectFactory(name="Wing C")
    by_code = ProjectFactory(name="Other", code="WING-9")
    ProjectFactory(name="Wing D", is_confidential=True)
    ProjectFactory(name="Portal")
    put(portfolio, inside)
    put(portfolio, came_back, removed_on=DAY)

    found = list(selectors.candidates(executive, portfolio, words="wing"))

    assert found == [by_code, outside, came_back]


def test_unaligned_are_the_objectives_left(lead, project):
    taken, left = ObjectiveFactory(), ObjectiveFactory()
    services.align(project=project, objective=taken, by=lead)
    services.align(project=ProjectFactory(), objective=left, by=lead)

    assert list(selectors.unaligned(project)) == [left]
