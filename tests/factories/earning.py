"""A project with a baseline of two tasks, or of what the test says."""

from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from projects.models import Baseline, BaselineItem, Task
from tests.factories import CostEntryFactory, ProjectFactory

START, FINISH = date(2026, 1, 5), date(2026, 12, 25)  # a Monday, a Friday: 255 working days
MONDAY_TO_FRIDAY = {"project": {"weekdays": "1111100", "exceptions": []}}


class BaselineFactory(factory.django.DjangoModelFactory):
    """Version 1 of a baseline that is worth 1,000, without items."""

    class Meta:
        model = Baseline

    project = factory.SubFactory(ProjectFactory)
    number = 1
    name = "First"
    approved_on = START
    approved_at = factory.LazyFunction(timezone.now)
    start = START
    finish = FINISH
    distributed = Decimal("1000.00")
    budget_at_completion = Decimal("1000.00")
    calendars = factory.LazyFunction(lambda: dict(MONDAY_TO_FRIDAY))


class ItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BaselineItem

    baseline = factory.SubFactory(BaselineFactory)
    project = factory.SelfAttribute("baseline.project")
    name = factory.Sequence(lambda n: f"Work {n}")
    kind = "work"
    calendar = "project"
    start = START
    finish = FINISH


class TaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Task

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Work {n}")


def earning_project(*, percent=50, spent="600.00", amount="1000.00", **project):
    """One task over the whole year, so far done, and one cost; returns the project."""
    made = ProjectFactory(**project)
    started = START if percent else None
    task = TaskFactory(project=made, percent_complete=percent, actual_start=started)
    baseline = BaselineFactory(
        project=made, distributed=Decimal(amount), budget_at_completion=Decimal(amount)
    )
    ItemFactory(baseline=baseline, task_number=task.pk, amount=Decimal(amount))
    if spent:
        CostEntryFactory(project=made, amount=Decimal(spent), entry_date=START)
    return made
