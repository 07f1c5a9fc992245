import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.models import AppendOnlyError, AuditEvent
from pmo.common.records.writing import RefusalError
from projects.models import ForecastEntry, MonthForecast
from projects.services.money import remove_budget_line
from projects.services.months import MonthConflictError, forecast_months
from tests.factories import BudgetLineFactory, CostEntryFactory, MonthForecastFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
NOV, DEC, JAN = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: DAY)


@pytest.fixture
def line(project):
    return BudgetLineFactory(project=project)


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def save(project, by, cells, **fields):
    values = {"use_as_forecast": False} | fields
    cells = {key: Decimal(amount) for key, amount in cells.items()}
    return forecast_months(project=project, by=by, cells=cells, **values)


def kept():
    rows = MonthForecast.objects.order_by("pk")
    return list(rows.values_list("line", "month", "amount", "made_on"))


def test_months_are_kept_with_one_event(manager, project, line):
    save(project, manager, {(line, DEC): "100.50", (None, JAN): 20})

    assert kept() == [(line.pk, DEC, Decimal("100.50"), DAY), (None, JAN, 20, DAY)]
    assert actions() == ["months.forecast"]
    body = json.loads(AuditEvent.objects.get().body)
    assert body["scope"] == body["target"] == f"projects.project:{project.pk}"
    assert body["after"]["months"] == [
        {"amount": "100.50", "line": line.pk, "month": "2026-12-01"},
        {"amount": "20", "line": None, "month": "2027-01-01"},
    ]
    assert not ForecastEntry.objects.exists()


def test_a_month_lies_thirty_years_ahead_at_most(manager, project):
    save(project, manager, {(None, date(2056, 12, 1)): 5})

    with pytest.raises(RefusalError, match="30 years ahead at most"):
        save(project, manager, {(None, date(2057, 1, 1)): 5})

    assert [row[1] for row in kept()] == [date(2056, 12, 1)]


def test_only_what_differs_is_added_and_what_was_said_stays(manager, project, line):
    save(project, manager, {(line, DEC): 100, (line, JAN): 50})

    save(project, manager, {(line, DEC): 100, (line, JAN): 60})

    assert [row[1:3] for row in kept()] == [(DEC, 100), (JAN, 50), (JAN, 60)]


def test_what_says_nothing_new_leaves_no_event(manager, project, line):
    save(project, manager, {(line, DEC): 100})

    assert save(project, manager, {(line, DEC): 100, (line, JAN): 0}) == []
    assert actions() == ["months.forecast"]


def test_zero_takes_a_forecast_back(manager, project, line):
    save(project, manager, {(line, DEC): 100})
    save(project, manager, {(line, DEC): 0})

    assert [row[2] for row in kept()] == [100, 0]


def test_the_months_become_the_forecast_cost(manager, project, line):
    CostEntryFactory(project=project, line=line, amount=Decimal("1000.25"))
    CostEntryFactory(project=project, line=line, amount=30, entry_date=date(2026, 11, 3))

    save(project, manager, {(line, NOV): 50, (line, DEC): 100}, use_as_forecast=True)

    entry = ForecastEntry.objects.get()
    # 1,030.25 spent, 20 of November to come, 100 in December
    assert (entry.amount, entry.made_on, entry.fiscal_year) == (Decimal("1150.25"), DAY, None)
    assert actions() == ["months.forecast", "forecast.made"]


def test_the_same_months_make_the_forecast_cost_again_when_it_says_otherwise(
    manager, project, line
):
    save(project, manager, {(line, DEC): 100})

    save(project, manager, {(line, DEC): 100}, use_as_forecast=True)

    assert ForecastEntry.objects.get().amount == 100
    assert actions() == ["months.forecast", "forecast.made"]


def test_without_months_there_is_no_forecast_cost(manager, project):
    save(project, manager, {}, use_as_forecast=True)

    assert not ForecastEntry.objects.exists()


@pytest.mark.parametrize(
    ("month", "problem"),
    [
        (date(2026, 10, 1), "Oct 2026 is over"),
        (date(2026, 12, 2), "named by its first day"),
    ],
)
def test_a_month_that_cannot_be_forecast_leaves_no_trace(manager, project, line, month, problem):
    with pytest.raises(RefusalError, match=problem):
        save(project, manager, {(line, DEC): 100, (line, month): 1}, use_as_forecast=True)

    assert kept() == []
    assert actions() == []


def test_a_line_of_another_project_is_refused(manager, project):
    with pytest.raises(RefusalError, match="does not exist in this project"):
        save(project, manager, {(BudgetLineFactory(), DEC): 1})


def test_a_line_of_one_year_takes_no_month_of_another(manager, project):
    line = BudgetLineFactory(project=project, fiscal_year=2027)

    with pytest.raises(RefusalError, match="Jul 2027 is not in the fiscal year of the line"):
        save(project, manager, {(line, date(2027, 7, 1)): 1})
    save(project, manager, {(line, date(2027, 6, 1)): 1})

    assert len(kept()) == 1


def test_an_amount_that_is_too_long_is_refused(manager, project, line):
    with pytest.raises(ValidationError):
        save(project, manager, {(line, DEC): "123456789012345.00"})

    assert actions() == []


def test_a_forecast_cost_below_zero_is_refused_with_its_months(manager, project, line):
    with pytest.raises(ValidationError, match="A forecast cost cannot be negative"):
        save(project, manager, {(line, DEC): -5}, use_as_forecast=True)

    assert (kept(), actions()) == ([], [])


def test_what_somebody_else_said_meanwhile_is_not_put_aside_unseen(manager, project, line):
    seen = MonthForecastFactory(project=project, line=line, month=DEC, amount=100).pk
    other = MonthForecastFactory(project=project, line=line, month=JAN, amount=70)

    with pytest.raises(MonthConflictError, match=r"\$70 was forecast for Jan 2027"):
        save(project, manager, {(line, DEC): 90, (line, JAN): 80}, seen=seen)
    assert len(kept()) == 2

    save(project, manager, {(line, DEC): 90, (line, JAN): 70}, seen=seen)
    save(project, manager, {(line, JAN): 80}, seen=other.pk)
    assert [row[2] for row in kept()] == [100, 70, 90, 80]


def test_months_are_never_changed_or_removed(project):
    MonthForecastFactory(project=project)

    with pytest.raises(AppendOnlyError):
        MonthForecast.objects.update(amount=1)
    with pytest.raises(AppendOnlyError):
        MonthForecast.objects.all().delete()


def test_a_line_with_months_stays(lead, project, line):
    MonthForecastFactory(project=project, line=line)

    with pytest.raises(RefusalError, match="Months were forecast on this line"):
        remove_budget_line(line=line, by=lead)
