"""The database keeps numbers and dates inside their bounds by itself, and what was stored before stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from pmo.common.local.days import Day
from pmo.common.records import guards
from pmo.common.records.bounds import Bounded, bounds_of
from pmo.common.records.broken_rules import OUTSIDE, BrokenRule, broken_rule
from pmo.common.records.writing import BrokenRuleError, all_or_nothing
from projects.models import BudgetLine, Project, Task
from projects.services import projects as project_service
from tests.factories import BudgetLineFactory, ProjectFactory
from tests.factories.earning import TaskFactory

pytestmark = pytest.mark.django_db
GUARDED = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.local_concrete_fields
    if bounds_of(field)
]


def name_of(pair):
    model, field = pair
    return f"{model._meta.label}.{field.name}"


def beyond(field):
    least, most = bounds_of(field)
    if isinstance(field, Day):
        return [date(1899, 12, 31), date(2201, 1, 1), date(1, 1, 1), date(9999, 12, 31)]
    # the smallest step that the column keeps: PostgreSQL rounds before it looks
    step = Decimal(1).scaleb(-field.decimal_places) if isinstance(least, Decimal) else 1
    return [least - step, most + step]


def stored(table, column, value):
    """Put a value into a new row that has nothing else, as no form would."""
    sql = f'INSERT INTO "{table}" ("{column}") VALUES (%s)'  # noqa: S608 - the code's own names
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [str(value)])


@pytest.mark.parametrize("pair", GUARDED, ids=map(name_of, GUARDED))
def test_the_database_refuses_what_lies_outside_and_says_where(pair):
    model, field = pair

    for value in beyond(field):
        with pytest.raises(IntegrityError) as refused:
            stored(model._meta.db_table, field.column, value)
        assert broken_rule(refused.value) == BrokenRule(OUTSIDE, field.name), value


def test_every_number_and_date_of_people_has_bounds():
    labels = {name_of(pair) for pair in GUARDED}

    assert {
        "projects.Task.duration",
        "projects.Task.percent_complete",
        "projects.BudgetLine.fiscal_year",
        "projects.BudgetLine.amount",
        "projects.Milestone.actual_date",
        "projects.TaskLink.lag",
        "projects.StatusUpdate.percent_complete",
        "risks.Risk.likelihood",
        "risks.Issue.severity",
        "portfolio.Alignment.strength",
        "accounts.Unit.headcount",
        "organization.Organization.years_ahead",
        "organization.Organization.earliest_date",
        "projects.Tolerance.cost_percent",
    } <= labels


def test_an_update_is_looked_at_too():
    task = TaskFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(duration=20_001)

    assert Task.objects.get().duration == task.duration


def test_a_service_says_it_at_the_field():
    task = TaskFactory()

    @all_or_nothing
    def write():
        Task.objects.filter(pk=task.pk).update(percent_complete=101)

    with pytest.raises(BrokenRuleError) as refused:
        write()

    assert refused.value.field in {"percent_complete", ""}
    assert "100" in str(refused.value) or str(refused.value) == OUTSIDE


class TestWhatWasStoredBefore:
    @pytest.fixture
    def old(self):
        """A project with the year 9999 in it, as release 0.1 took it."""
        guards.take_down()
        project = ProjectFactory(forecast_finish_date=date(9999, 12, 31))
        BudgetLineFactory(project=project, fiscal_year=26)
        guards.put_up()
        return Project.objects.get()

    def test_stays_while_something_else_is_changed(self, lead, old):
        changed = project_service.change_project(project=old, version=1, by=lead, name="Wing")

        assert (changed.name, changed.forecast_finish_date) == ("Wing", date(9999, 12, 31))
        assert BudgetLine.objects.update(category="Works") == 1

    def test_is_not_taken_again(self, old):
        with pytest.raises(IntegrityError), transaction.atomic():
            Project.objects.update(forecast_finish_date=date(9998, 12, 31))


def test_a_bounded_field_is_no_part_of_the_schema():
    for model, field in GUARDED:
        if isinstance(field, Bounded):
            _, path, _, options = field.deconstruct()
            assert path.startswith("django.db.models."), name_of((model, field))
            assert {"least", "most", "said", "negative"}.isdisjoint(options)
