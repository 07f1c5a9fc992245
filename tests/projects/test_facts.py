"""Rows of several tables in one shape, and in one statement."""

from datetime import date
from decimal import Decimal

import pytest

from projects.models import ForecastEntry
from projects.selectors.facts import TableFact, in_order, milestone_facts, money_facts, read
from risks.selectors import register_facts
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    IssueFactory,
    MilestoneFactory,
    RiskFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def test_tables_of_two_apps_are_read_in_one_statement(project, django_assert_num_queries):
    line = BudgetLineFactory(project=project, amount=Decimal("0.10"), fiscal_year=2027)
    for amount in ("20.61", "0.02"):
        CostEntryFactory(project=project, amount=Decimal(amount))
    forecast = ForecastEntry.objects.create(project=project, amount=Decimal(5), made_on=TODAY)
    milestone = MilestoneFactory(project=project, actual_date=date(2026, 6, 3))
    risk = RiskFactory(project=project, likelihood=4, impact=5, review_date=TODAY)
    issue = IssueFactory(project=project)
    queries = [
        *money_facts([project.pk], as_of=TODAY),
        *milestone_facts([project.pk]),
        *register_facts([project.pk]),
    ]

    with django_assert_num_queries(1):
        facts = read(queries)

    def fact(source, pk=None, number=None, amount=None, text="", *dates):
        days = (*dates, None, None, None)[:3]
        return [TableFact(source, project.pk, pk, number, amount, text, *days)]

    assert facts == {
        "budget": fact("budget", line.pk, 2027, Decimal("0.10")),
        "cost": fact("cost", None, None, Decimal("20.63"), "actual"),
        "forecast": fact("forecast", forecast.pk, None, Decimal("5.00"), "", TODAY),
        "milestone": fact(
            "milestone",
            milestone.pk,
            None,
            None,
            milestone.name,
            date(2026, 6, 1),
            date(2026, 6, 3),
            date(2026, 6, 3),
        ),
        "threat": fact("threat", risk.pk, 45, None, risk.title, TODAY),
        "issue": fact("issue", issue.pk),
    }


def test_amounts_have_two_places_on_every_database(project):
    BudgetLineFactory(project=project, amount=Decimal("1234567.89"))

    (line,) = read(money_facts([project.pk], as_of=TODAY))["budget"]

    assert str(line.amount) == "1234567.89"


def test_what_is_dated_later_does_not_count(project):
    CostEntryFactory(project=project, entry_date=date(2026, 11, 21))
    ForecastEntry.objects.create(project=project, amount=5, made_on=date(2026, 11, 21))

    assert read(money_facts([project.pk], as_of=TODAY)) == {}


def test_order_is_by_day_then_by_entry():
    def made(pk, day):
        return TableFact("forecast", 1, pk, None, None, "", day, None, None)

    first, second, third = made(7, date(2026, 1, 1)), made(3, TODAY), made(5, TODAY)

    assert in_order([third, second, first]) == [first, second, third]
