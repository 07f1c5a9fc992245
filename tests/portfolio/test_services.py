"""Writing portfolios, objectives and alignments: effect, one event, a refusal without a trace."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError
from portfolio import services
from portfolio.models import Alignment, Objective, Portfolio, PortfolioProject
from tests.factories import ObjectiveFactory, PortfolioFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def trail():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", "scope"))


def test_create_and_change_a_portfolio(lead):
    portfolio = services.create_portfolio(by=lead, code="CAP", name="Capital")

    services.change_portfolio(portfolio=portfolio, version=1, by=lead, name="Capital projects")

    portfolio.refresh_from_db()
    assert (portfolio.name, portfolio.version, portfolio.changed_by) == (
        "Capital projects",
        2,
        lead,
    )
    scope = f"portfolio.portfolio:{portfolio.pk}"
    assert trail() == [("portfolio.created", scope), ("portfolio.changed", scope)]


def test_create_and_change_an_objective(lead):
    objective = services.create_objective(by=lead, code="SAFE", name="Safe care")

    services.change_objective(objective=objective, version=1, by=lead, pillar="Safety")

    objective.refresh_from_db()
    assert (objective.pillar, objective.version) == ("Safety", 2)
    assert [action for action, _ in trail()] == ["objective.created", "objective.changed"]


@pytest.mark.parametrize("create", [services.create_portfolio, services.create_objective])
@pytest.mark.parametrize("fields", [{"name": ""}, {"code": "TAKEN"}])
def test_creating_refuses_and_leaves_no_trace(lead, create, fields):
    PortfolioFactory(code="TAKEN")
    ObjectiveFactory(code="TAKEN")

    with pytest.raises(ValidationError):
        create(by=lead, **{"code": "NEW", "name": "New", **fields})

    assert (Portfolio.objects.count(), Objective.objects.count()) == (1, 1)
    assert trail() == []


def test_an_old_version_overwrites_nobody(lead):
    portfolio, objective = PortfolioFactory(), ObjectiveFactory()
    services.change_portfolio(portfolio=portfolio, version=1, by=lead, name="Theirs")
    services.change_objective(objective=objective, version=1, by=lead, name="Theirs")

    with pytest.raises(EditConflictError):
        services.change_portfolio(portfolio=portfolio, version=1, by=lead, name="Mine")
    with pytest.raises(EditConflictError):
        services.change_objective(objective=objective, version=1, by=lead, name="Mine")

    assert Portfolio.objects.get().name == Objective.objects.get().name == "Theirs"


def test_a_project_comes_today_and_only_once(lead, project):
    portfolio = PortfolioFactory()

    entry = services.add_project(portfolio=portfolio, project=project, by=lead)
    again = services.add_project(portfolio=portfolio, project=project, by=lead)

    assert again == entry
    assert (entry.added_on, entry.removed_on) == (timezone.localdate(), None)
    assert trail() == [("portfolio.project_added", f"projects.project:{project.pk}")]


def test_a_project_leaves_today_and_its_past_stays(lead, project):
    today = timezone.localdate()
    before = today - timedelta(days=30)
    portfolio = PortfolioFactory()
    entry = services.add_project(portfolio=portfolio, project=project, by=lead, on=before)

    services.end_membership(entry=entry, by=lead)

    assert list(PortfolioProject.objects.on(today)) == []
    assert list(PortfolioProject.objects.on(today - timedelta(days=1))) == [entry]
    assert [action for action, _ in trail()] == [
        "portfolio.project_added",
        "portfolio.project_removed",
    ]


def test_a_project_may_come_back(lead, project):
    portfolio = PortfolioFactory()
    first = services.add_project(portfolio=portfolio, project=project, by=lead)
    services.end_membership(entry=first, by=lead)

    second = services.add_project(portfolio=portfolio, project=project, by=lead)

    assert second != first
    assert list(PortfolioProject.objects.on(timezone.localdate())) == [second]


def test_a_project_does_not_leave_before_it_came(lead, project):
    entry = services.add_project(portfolio=PortfolioFactory(), project=project, by=lead)

    with pytest.raises(ValidationError):
        services.end_membership(entry=entry, by=lead, on=date(2000, 1, 1))

    assert PortfolioProject.objects.get().removed_on is None
    assert [action for action, _ in trail()] == ["portfolio.project_added"]


def test_align_change_and_remove(lead, project):
    objective = ObjectiveFactory()
    alignment = services.align(
        project=project, objective=objective, by=lead, strength=2, contribution="Fewer falls."
    )

    services.change_alignment(alignment=alignment, version=1, by=lead, strength=3)
    alignment.refresh_from_db()
    assert (alignment.strength, alignment.contribution) == (3, "Fewer falls.")
    services.remove_alignment(alignment=alignment, by=lead)

    assert not Alignment.objects.exists()
    scope = f"projects.project:{project.pk}"
    assert trail() == [
        ("alignment.created", scope),
        ("alignment.changed", scope),
        ("alignment.removed", scope),
    ]
    assert '"Fewer falls."' in AuditEvent.objects.get(action="alignment.removed").body


@pytest.mark.parametrize("fields", [{"strength": 4}, {"contribution": "x" * 281}])
def test_align_refuses_and_leaves_no_trace(lead, project, fields):
    with pytest.raises(ValidationError):
        services.align(project=project, objective=ObjectiveFactory(), by=lead, **fields)

    assert not Alignment.objects.exists()
    assert trail() == []


def test_a_second_alignment_with_the_same_objective_is_refused(lead):
    project, objective = ProjectFactory(), ObjectiveFactory()
    services.align(project=project, objective=objective, by=lead)

    with pytest.raises(ValidationError, match="already aligned"):
        services.align(project=project, objective=objective, by=lead)

    assert Alignment.objects.count() == 1
