"""Tables of portfolios, objectives and alignments refuse what may not be in them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from pmo.accounts.roles import Role
from portfolio.models import Alignment, Objective, Portfolio, PortfolioProject
from tests.factories import ObjectiveFactory, PortfolioFactory, ProjectFactory, person

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("factory", "rule"),
    [
        (PortfolioFactory, "portfolio_name_not_blank"),
        (ObjectiveFactory, "objective_name_not_blank"),
    ],
)
def test_a_name_is_not_blank(factory, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        factory(name="")

    assert not Portfolio.objects.exists()
    assert not Objective.objects.exists()


@pytest.mark.parametrize("factory", [PortfolioFactory, ObjectiveFactory])
def test_a_code_is_given_once(factory):
    factory(code="SAFE")

    with pytest.raises(IntegrityError), transaction.atomic():
        factory(code="SAFE")


def test_a_project_is_in_a_portfolio_once_at_a_time():
    portfolio, project = PortfolioFactory(), ProjectFactory()
    keys = {"portfolio": portfolio, "project": project}
    PortfolioProject.objects.create(**keys, added_on=DAY, removed_on=DAY)
    PortfolioProject.objects.create(**keys, added_on=DAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        PortfolioProject.objects.create(**keys, added_on=date(2026, 7, 1))

    PortfolioProject.objects.create(portfolio=PortfolioFactory(), project=project, added_on=DAY)
    assert PortfolioProject.objects.filter(portfolio=portfolio).count() == 2


def test_a_project_leaves_after_it_came():
    entry = PortfolioProject(
        portfolio=PortfolioFactory(),
        project=ProjectFactory(),
        added_on=DAY,
        removed_on=date(2026, 5, 31),
    )

    with (
        pytest.raises(IntegrityError, match="portfolioproject_removed_after_added"),
        transaction.atomic(),
    ):
        entry.save()


def test_a_project_serves_an_objective_once():
    project, objective = ProjectFactory(), ObjectiveFactory()
    Alignment.objects.create(project=project, objective=objective)

    with pytest.raises(IntegrityError), transaction.atomic():
        Alignment.objects.create(project=project, objective=objective)

    Alignment.objects.create(project=project, objective=ObjectiveFactory())
    assert Alignment.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), True),
        (date(2026, 6, 29), True),
        (date(2026, 6, 30), False),
    ],
)
def test_a_membership_holds_from_its_first_day_until_before_its_last(day, expected):
    PortfolioProject.objects.create(
        portfolio=PortfolioFactory(),
        project=ProjectFactory(),
        added_on=date(2026, 6, 1),
        removed_on=date(2026, 6, 30),
    )

    assert PortfolioProject.objects.on(day).exists() is expected


def test_an_alignment_is_seen_by_whoever_sees_its_project():
    seen = Alignment.objects.create(project=ProjectFactory(), objective=ObjectiveFactory())
    Alignment.objects.create(
        project=ProjectFactory(is_confidential=True), objective=ObjectiveFactory()
    )

    assert list(Alignment.objects.visible_to(person(Role.EXECUTIVE))) == [seen]
    assert seen.scoped_by() == seen.project


def test_records_name_themselves_and_their_page():
    portfolio, objective = PortfolioFactory(name="Capital"), ObjectiveFactory(name="Safe care")
    project = ProjectFactory(name="Wing")
    alignment = Alignment.objects.create(project=project, objective=objective)
    entry = PortfolioProject(portfolio=portfolio, project=project, added_on=DAY)

    assert (str(portfolio), str(objective)) == ("Capital", "Safe care")
    assert (str(alignment), str(entry)) == ("Wing: Safe care", "Wing in Capital")
    assert portfolio.get_absolute_url() == f"/portfolios/{portfolio.pk}/"
    assert objective.get_absolute_url() == f"/portfolios/objectives/{objective.pk}/"
    assert alignment.get_absolute_url() == f"/portfolios/alignments/{alignment.pk}/"
