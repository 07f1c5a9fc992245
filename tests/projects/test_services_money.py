import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.page import formats
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.domain.calendar import month_end
from projects.models import BudgetLine, CostEntry, ForecastEntry, Task
from projects.services import money as services
from projects.validators import cost_of_this_month_or_before
from tests.factories import BudgetLineFactory, CostEntryFactory, TaskFactory

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

    def test_an_amount_that_no_database_keeps_to_the_cent_is_refused(self, lead, project):
        largest = Decimal("9999999999999.99")
        line = services.create_budget_line(
            project=project, by=lead, category="Build", amount=largest
        )

        with pytest.raises(ValidationError, match="below ten trillion"):
            services.change_budget_line(
                line=line, version=1, by=lead, amount=largest + Decimal("0.01")
            )

        assert BudgetLine.objects.get().amount == largest

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

    def test_tasks_that_named_a_removed_one_say_so_in_the_trail(self, lead, project):
        line = BudgetLineFactory(project=project)
        tasks = [TaskFactory(project=project, budget_line=line) for _ in range(2)]
        other = TaskFactory(project=project, budget_line=BudgetLineFactory(category="IT"))

        number = line.pk
        services.remove_budget_line(line=line, by=lead)

        assert actions() == ["task.changed", "task.changed", "budget_line.removed"]
        bodies = [json.loads(e.body) for e in AuditEvent.objects.filter(action="task.changed")]
        assert {b["target"] for b in bodies} == {f"projects.task:{t.pk}" for t in tasks}
        assert {b["scope"] for b in bodies} == {f"projects.project:{project.pk}"}
        assert [(b["before"], b["after"]) for b in bodies] == [
            ({"budget_line_id": number}, {"budget_line_id": None})
        ] * 2
        rows = Task.objects.filter(pk__in=[t.pk for t in tasks])
        assert set(rows.values_list("budget_line", "version", "changed_by")) == {(None, 2, lead.pk)}
        other.refresh_from_db()
        assert (other.version, other.budget_line.category) == (1, "IT")


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

    @pytest.mark.parametrize(
        ("today", "day", "last"),
        [
            (date(2026, 11, 22), date(2026, 11, 30), None),
            (date(2026, 11, 22), date(2026, 12, 1), "30 Nov 2026"),
            (date(2026, 11, 30), date(2026, 12, 1), "30 Nov 2026"),
            (date(2026, 12, 1), date(2026, 12, 31), None),
            (date(2026, 12, 31), date(2027, 1, 1), "31 Dec 2026"),
            (date(2028, 2, 1), date(2028, 2, 29), None),
            (date(2028, 2, 1), date(2028, 3, 1), "29 Feb 2028"),
        ],
    )
    def test_is_dated_up_to_the_end_of_the_month(self, today, day, last):
        refused = None
        try:
            cost_of_this_month_or_before("actual", day, today=today)
        except ValidationError as error:
            refused = error.message_dict
        cost_of_this_month_or_before("commitment", day, today=today)

        said = (
            f"{formats.day(day)} is in a month yet to come, when the cost would begin to count."
            f" Date a cost up to {last}, or record a commitment."
        )
        assert refused == ({"entry_date": [said]} if last else None)

    def test_of_a_later_month_is_refused_at_its_day_however_it_gets_there(self, lead, project):
        end = month_end(timezone.localdate())
        fields = {"project": project, "by": lead, "amount": Decimal(1)}
        entry = services.record_cost(**fields, entry_date=end)
        order = services.record_cost(
            **fields, entry_date=end + timedelta(days=1), kind="commitment"
        )
        before = actions()

        for act in (
            lambda day: services.record_cost(**fields, entry_date=day),
            lambda day: services.change_cost(entry=entry, version=1, by=lead, entry_date=day),
            lambda _: services.change_cost(entry=order, version=1, by=lead, kind="actual"),
        ):
            with pytest.raises(ValidationError) as refusal:
                act(end + timedelta(days=1))
            assert set(refusal.value.error_dict) == {"entry_date"}
        assert actions() == before

    def test_posting_of_the_ledger_is_here_once(self, lead, project):
        fields = {"entry_date": DAY, "amount": Decimal(5), "source_id": "1900|1"}
        services.record_cost(project=project, by=lead, **fields)

        with pytest.raises(ValidationError, match="This posting is here already"):
            services.record_cost(project=project, by=lead, **fields)
        services.record_cost(project=project, by=lead, source="2000", **fields)
        services.record_cost(project=project, by=lead, kind="commitment", **fields)
        for _typed in range(2):
            services.record_cost(project=project, by=lead, entry_date=DAY, amount=Decimal(5))

        assert CostEntry.objects.count() == 5

    def test_that_was_reported_is_answered_by_another_and_may_come_again(self, lead, project):
        line = BudgetLineFactory(project=project)
        order = CostEntryFactory(
            project=project, line=line, kind="commitment", entry_date=DAY, amount=9
        )
        known = {"entry_date": DAY, "amount": Decimal(5), "source": "2000", "source_id": "1900|1"}
        entry = services.record_cost(project=project, by=lead, line=line, commitment=order, **known)

        answer = services.answer_cost(entry=entry, note="Undone", by=lead)

        assert (answer.amount, answer.line, answer.commitment) == (-5, line, order)
        assert answer.entry_date == timezone.localdate()
        assert CostEntry.objects.commitments().get().paid == 0
        again = services.record_cost(project=project, by=lead, **known)
        assert again.source_id == "1900|1"


class TestForecast:
    def make(self, project, lead, **fields):
        return services.make_forecast(project=project, by=lead, **{"amount": Decimal(10)} | fields)

    def test_is_made_on_the_day_it_is_recorded(self, lead, project):
        assert self.make(project, lead).made_on == timezone.localdate()

    def test_takes_no_other_day_than_today(self, lead, project):
        with pytest.raises(TypeError, match="made_on"):
            self.make(project, lead, made_on=DAY)

    def test_of_a_file_keeps_the_day_it_was_stated(self, lead, project):
        stated = {"project": project, "amount": Decimal(10), "by": lead}

        entry = services.import_forecast(stated_on=DAY, **stated)

        assert (entry.made_on, entry.amount) == (DAY, 10)
        assert services.import_forecast(stated_on=DAY + timedelta(days=1), **stated) is None
        assert actions() == ["forecast.made"]

    def test_of_a_file_is_not_from_a_day_to_come(self, lead, project):
        tomorrow = timezone.localdate() + timedelta(days=1)

        with pytest.raises(RefusalError, match="yet to come"):
            services.import_forecast(
                project=project, amount=Decimal(10), stated_on=tomorrow, by=lead
            )

        assert not ForecastEntry.objects.exists()

    def test_is_added_to_those_before(self, lead, project):
        self.make(project, lead)
        self.make(project, lead, amount=Decimal(12))

        assert [e.amount for e in ForecastEntry.objects.order_by("pk")] == [10, 12]
        assert actions() == ["forecast.made", "forecast.made"]

    def test_that_says_the_same_is_not_kept_twice(self, lead, project):
        self.make(project, lead)

        assert self.make(project, lead) is None
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
