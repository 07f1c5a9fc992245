import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.common.models import AuditEvent
from pmo.common.writing import EditConflictError, RefusalError
from projects.models import BudgetLine, CostEntry, ForecastEntry
from projects.services import money as services
from tests.factories import BudgetLineFactory, CostEntryFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def last_event():
    return json.loads(AuditEvent.objects.latest("sequence").body)


class TestBudgetLine:
    def test_is_created_and_changed(self, lead, project):
        line = services.create_budget_line(
            project=project, by=lead, category="Build", amount=Decimal("10.50")
        )
        services.change_budget_line(line=line, version=1, by=lead, amount=Decimal("12.00"))

        assert BudgetLine.objects.get().amount == Decimal("12.00")
        assert actions() == ["budget_line.created", "budget_line.changed"]
        assert last_event()["before"] == {"amount": "10.50"}
        assert last_event()["scope"] == f"projects.project:{project.pk}"

    def test_without_amount_or_reason_is_refused(self, lead, project):
        with pytest.raises(ValidationError, match="or say why there is none"):
            services.create_budget_line(project=project, by=lead, category="Build")

        assert not BudgetLine.objects.exists()
        assert actions() == []

    def test_is_not_listed_twice(self, lead, project):
        BudgetLineFactory(project=project, category="Build")

        with pytest.raises(ValidationError, match="already has this line"):
            services.create_budget_line(project=project, by=lead, category="Build", amount=1)

    def test_is_not_overwritten_unseen(self, lead):
        line = BudgetLineFactory()
        services.change_budget_line(line=line, version=1, by=lead, amount=Decimal(5))

        with pytest.raises(EditConflictError):
            services.change_budget_line(line=line, version=1, by=lead, amount=Decimal(6))

        assert BudgetLine.objects.get().amount == 5

    def test_with_costs_stays(self, lead):
        line = BudgetLineFactory()
        CostEntryFactory(project=line.project, line=line)

        with pytest.raises(RefusalError, match="Costs are booked on this line"):
            services.remove_budget_line(line=line, by=lead)

        assert BudgetLine.objects.exists()
        assert actions() == []

    def test_without_costs_goes(self, lead):
        services.remove_budget_line(line=BudgetLineFactory(), by=lead)

        assert not BudgetLine.objects.exists()
        assert actions() == ["budget_line.removed"]


class TestCost:
    def test_is_recorded_and_changed(self, lead, project):
        line = BudgetLineFactory(project=project)
        entry = services.record_cost(
            project=project, by=lead, line=line, entry_date=DAY, amount=Decimal("-3.20")
        )
        services.change_cost(entry=entry, version=1, by=lead, amount=Decimal("3.20"))

        saved = CostEntry.objects.get()
        assert (saved.line, saved.kind, saved.amount) == (line, "actual", Decimal("3.20"))
        assert actions() == ["cost.recorded", "cost.changed"]

    def test_is_not_booked_on_the_line_of_another_project(self, lead, project):
        foreign = BudgetLineFactory()

        with pytest.raises(RefusalError, match="does not exist in this project"):
            services.record_cost(
                project=project, by=lead, line=foreign, entry_date=DAY, amount=Decimal(1)
            )
        entry = CostEntryFactory(project=project)
        with pytest.raises(RefusalError, match="does not exist in this project"):
            services.change_cost(entry=entry, version=1, by=lead, line=foreign)

        assert CostEntry.objects.get().line is None
        assert actions() == []

    def test_needs_a_date_and_an_amount(self, lead, project):
        with pytest.raises(ValidationError) as refusal:
            services.record_cost(project=project, by=lead)

        assert set(refusal.value.error_dict) == {"entry_date", "amount"}


class TestForecast:
    def make(self, project, lead, **fields):
        return services.make_forecast(
            project=project, by=lead, **{"amount": Decimal(10), "made_on": DAY} | fields
        )

    def test_is_added_to_those_before(self, lead, project):
        self.make(project, lead)
        self.make(project, lead, amount=Decimal(12))

        assert [e.amount for e in ForecastEntry.objects.order_by("pk")] == [10, 12]
        assert actions() == ["forecast.made", "forecast.made"]

    def test_that_says_the_same_is_not_kept_twice(self, lead, project):
        self.make(project, lead)

        assert self.make(project, lead, made_on=date(2026, 11, 27)) is None
        assert ForecastEntry.objects.count() == 1
        assert actions() == ["forecast.made"]

    def test_of_a_year_is_not_that_of_the_whole_life(self, lead, project):
        self.make(project, lead)

        assert self.make(project, lead, fiscal_year=2027) is not None

    def test_may_say_why_there_is_none(self, lead, project):
        entry = self.make(project, lead, amount=None, stated_reason="Exempt under section 43")

        assert (entry.amount, entry.stated_reason) == (None, "Exempt under section 43")

    def test_without_amount_or_reason_is_refused(self, lead, project):
        with pytest.raises(ValidationError, match="or say why there is none"):
            self.make(project, lead, amount=None)

        assert actions() == []
