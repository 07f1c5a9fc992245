"""Boring records for tests; write through services where the test is about writing."""

from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.roles import Role
from portfolio.models import Objective, Portfolio
from projects.models import (
    BudgetLine,
    CostEntry,
    FundingSource,
    Milestone,
    MonthForecast,
    Program,
    Project,
    ProjectMember,
    StatusUpdate,
    Task,
    WorkCalendar,
)
from projects.models.status import UpdateState
from risks.models import Issue, Risk


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Unit {n}")

    @factory.post_generation
    def path(self, create, extracted, **kwargs):
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.save(update_fields=["path"])


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody without any role; see `person`."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


def person(role: Role | None, unit: Unit | None = None, **fields) -> User:
    """Somebody who holds one organization role."""
    user = UserFactory(**fields)
    if role:
        Membership.objects.create(user=user, role=role, unit=unit)
    return user


class ProgramFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Program

    code = factory.Sequence(lambda n: f"PG-{n}")
    name = factory.Sequence(lambda n: f"Program {n}")


class ProjectFactory(factory.django.DjangoModelFactory):
    """A project in delivery with dates and no money."""

    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"PR-{n:03}")
    name = factory.Sequence(lambda n: f"Project {n}")
    stage = "delivery"
    unit = factory.SubFactory(UnitFactory)
    start_date = date(2026, 1, 5)
    baseline_finish_date = date(2027, 1, 4)
    forecast_finish_date = date(2027, 1, 4)


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectMember

    project = factory.SubFactory(ProjectFactory)
    user = factory.LazyFunction(lambda: person(Role.STAFF))
    role = Role.MANAGER


class MilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Milestone

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Milestone {n}")
    baseline_date = date(2026, 6, 1)
    forecast_date = date(2026, 6, 1)


class TaskFactory(factory.django.DjangoModelFactory):
    """A row of a plan that was never calculated; `services.plan` makes those that were."""

    class Meta:
        model = Task

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Task {n}")
    position = factory.Sequence(lambda n: n + 1)


class CalendarFactory(factory.django.DjangoModelFactory):
    """Monday to Friday, without holidays."""

    class Meta:
        model = WorkCalendar

    name = factory.Sequence(lambda n: f"Calendar {n}")


class BudgetLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BudgetLine

    project = factory.SubFactory(ProjectFactory)
    category = "Build"
    amount = Decimal("1000000.00")


class CostEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CostEntry

    project = factory.SubFactory(ProjectFactory)
    entry_date = date(2026, 3, 31)
    amount = Decimal("100000.00")


class FundingSourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FundingSource

    code = factory.Sequence(lambda n: f"FS-{n}")
    name = factory.Sequence(lambda n: f"Source {n}")
    kind = "grant"
    amount = Decimal("5000000.00")
    expires_on = date(2027, 9, 30)


class MonthForecastFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MonthForecast

    project = factory.SubFactory(ProjectFactory)
    month = date(2026, 12, 1)
    amount = Decimal("50000.00")
    made_on = date(2026, 11, 16)


class UpdateFactory(factory.django.DjangoModelFactory):
    """A published green update."""

    class Meta:
        model = StatusUpdate

    project = factory.SubFactory(ProjectFactory)
    week = date(2026, 11, 16)
    state = UpdateState.PUBLISHED
    overall = "green"
    overall_note = "On track."
    saved_at = factory.LazyFunction(timezone.now)
    published_at = factory.LazyFunction(timezone.now)


class RiskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Risk

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Risk {n}")
    likelihood = 3
    impact = 3


class IssueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Issue

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Issue {n}")


class PortfolioFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Portfolio

    code = factory.Sequence(lambda n: f"PF-{n}")
    name = factory.Sequence(lambda n: f"Portfolio {n}")


class ObjectiveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Objective

    code = factory.Sequence(lambda n: f"OB-{n}")
    name = factory.Sequence(lambda n: f"Objective {n}")
