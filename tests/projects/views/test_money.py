from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.page import formats
from projects.models import BudgetLine, CostEntry, ForecastEntry
from tests.factories import BudgetLineFactory, CostEntryFactory, MemberFactory, TaskFactory, person

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


def url(name, record):
    return reverse(f"projects:{name}", args=[record.pk])


class TestPage:
    def test_without_money_gives_every_reason(self, signed_in, lead, project):
        page = text(signed_in(lead).get(url("project_money", project)))

        for reason in (
            "No budget approved.",
            "No cost recorded.",
            "No commitment recorded.",
            "No forecast made.",
            "Needs an approved budget and a forecast.",
            "Nothing belongs to a fiscal year yet",
            "No budget is approved",
        ):
            assert reason in page

    def test_shows_what_was_approved_spent_and_forecast(self, signed_in, lead, project):
        line = BudgetLineFactory(project=project, amount=Decimal(5000))
        CostEntryFactory(project=project, line=line, amount=Decimal("1000.50"), note="Invoice 7")
        ForecastEntry.objects.create(project=project, amount=5600, made_on=date(2026, 1, 5))

        response = signed_in(lead).get(url("project_money", project))

        assert response.context["lede"] == (
            "The approved budget is $5,000. $1,001 is spent."
            " Forecast cost is $5,600, $600 over the approved budget."
        )
        assert "$1,000.50" in text(response)
        assert "Invoice 7" in text(response)

    def test_says_what_is_dated_later_and_does_not_count_yet(self, signed_in, lead, project):
        client, today = signed_in(lead), timezone.localdate()
        CostEntryFactory(project=project, entry_date=today, amount=70)

        assert client.get(url("project_money", project)).context["later"] == ""

        first, second = today + timedelta(days=1), today + timedelta(days=40)
        CostEntryFactory(project=project, entry_date=first, amount=300)
        CostEntryFactory(project=project, entry_date=second, amount=600)
        CostEntryFactory(project=project, entry_date=second, amount=50, kind="commitment")
        response = client.get(url("project_money", project))

        sentence = (
            f"Dated later than today, from {formats.day(first)} on, and not counted yet:"
            " $900 of costs and $50 of commitments."
        )
        assert response.context["later"] == sentence
        assert sentence in text(response)
        assert "$70 is spent." in response.context["lede"]

    def test_says_why_a_line_has_no_amount(self, signed_in, lead, project):
        BudgetLineFactory(project=project, amount=None, stated_reason="Exempt under section 43")

        assert "Exempt under section 43" in text(signed_in(lead).get(url("project_money", project)))

    @pytest.mark.parametrize(
        ("role", "offers"),
        [
            (Role.MANAGER, {"forecast_new", "cost_entry_new"}),
            (Role.SPONSOR, set()),
        ],
    )
    def test_offers_what_the_reader_may_do(self, signed_in, project, role, offers):
        user = MemberFactory(project=project, role=role).user

        page = text(signed_in(user).get(url("project_money", project)))

        buttons = ("forecast_new", "cost_entry_new", "budget_line_new")
        assert {name for name in buttons if url(name, project) in page} == offers

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, project, django_assert_num_queries, django_assert_max_num_queries
    ):
        client, address = signed_in(lead), url("project_money", project)

        def fill(category):
            line = BudgetLineFactory(project=project, category=category)
            CostEntryFactory(project=project, line=line)
            ForecastEntry.objects.create(project=project, amount=1, made_on=date(2026, 1, 5))

        fill("Build")
        client.get(address)  # the attributions of the footer are kept for a minute
        with django_assert_max_num_queries(15) as first:
            client.get(address)
        fill("Staff")
        fill("Software")
        with django_assert_num_queries(len(first)):
            client.get(address)


class TestBudgetLine:
    def typed(self, **fields):
        return {"category": "Build", "kind": "capital", "amount": "18,400,000.50"} | fields

    def test_is_added(self, signed_in, lead, project):
        response = signed_in(lead).post(
            url("budget_line_new", project), self.typed(fiscal_year="2027")
        )

        assert response["Location"] == url("project_money", project)
        line = BudgetLine.objects.get()
        assert (line.amount, line.fiscal_year) == (Decimal("18400000.50"), 2027)

    def test_keeps_its_cost_center_and_shows_it(self, signed_in, lead, project):
        client = signed_in(lead)
        client.post(url("budget_line_new", project), self.typed(cost_center="7010-A"))
        line = BudgetLine.objects.get()
        assert "cost center 7010-A" in text(client.get(url("project_money", project)))

        client.post(
            url("budget_line_edit", line), self.typed(cost_center="7020", version=line.version)
        )

        line.refresh_from_db()
        assert line.cost_center == "7020"

    def test_is_of_the_whole_life_when_no_year_is_chosen(self, signed_in, lead, project):
        signed_in(lead).post(url("budget_line_new", project), self.typed(fiscal_year=""))

        assert BudgetLine.objects.get().fiscal_year is None

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"amount": "twenty"}, "Enter an amount, for example 20,600,000 or 20.6M."),
            ({"amount": ""}, "Give an amount, or say why there is none."),
            ({"amount": "-1"}, "An approved amount cannot be negative."),
            ({"fiscal_year": "1850"}, "Choose one of the list."),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, signed_in, lead, project, fields, problem
    ):
        response = signed_in(lead).post(url("budget_line_new", project), self.typed(**fields))

        assert response.status_code == 422
        assert problem in text(response)
        assert 'value="Build"' in text(response)
        assert not BudgetLine.objects.exists()

    def test_is_not_overwritten_unseen(self, signed_in, lead, project):
        line, client = BudgetLineFactory(project=project), signed_in(lead)

        client.post(url("budget_line_edit", line), self.typed(amount="5", version=1))
        late = client.post(url("budget_line_edit", line), self.typed(amount="6", version=1))

        assert late.status_code == 409
        assert BudgetLine.objects.get().amount == 5

    def test_with_costs_is_not_removed(self, signed_in, lead, project):
        line = BudgetLineFactory(project=project)
        CostEntryFactory(project=project, line=line)

        response = signed_in(lead).post(url("budget_line_remove", line))

        assert response.status_code == 409
        assert "Costs are booked on this line" in text(response)
        assert BudgetLine.objects.exists()

    def test_without_costs_is_removed_after_asking(self, signed_in, lead, project):
        line, client = BudgetLineFactory(project=project), signed_in(lead)

        assert "Remove the budget line “Build”?" in text(
            client.get(url("budget_line_remove", line))
        )
        client.post(url("budget_line_remove", line))

        assert not BudgetLine.objects.exists()

    @pytest.mark.parametrize(
        ("tasks", "sentence"),
        [
            (1, "1 task of the plan names this line. It names none afterwards."),
            (3, "3 tasks of the plan name this line. They name none afterwards."),
        ],
    )
    def test_asking_says_which_tasks_name_it(self, signed_in, lead, project, tasks, sentence):
        line = BudgetLineFactory(project=project)
        client = signed_in(lead)
        alone = text(client.get(url("budget_line_remove", line)))
        TaskFactory.create_batch(tasks, project=project, budget_line=line)

        assert "of the plan" not in alone
        assert sentence in text(client.get(url("budget_line_remove", line)))

    def test_is_not_for_the_manager(self, signed_in, manager, project):
        client, line = signed_in(manager), BudgetLineFactory(project=project)

        assert client.get(url("budget_line_new", project)).status_code == 403
        assert client.get(url("budget_line_edit", line)).status_code == 403
        assert client.post(url("budget_line_remove", line)).status_code == 403
        assert BudgetLine.objects.exists()


class TestCost:
    def typed(self, **fields):
        return {"kind": "actual", "entry_date": "2026-11-20", "amount": "1,250.75"} | fields

    def test_is_recorded_on_a_line_of_the_project(self, signed_in, manager, project):
        line, _ = BudgetLineFactory(project=project), BudgetLineFactory()
        client = signed_in(manager)

        offered = client.get(url("cost_entry_new", project)).context["form"].fields["line"].queryset
        client.post(url("cost_entry_new", project), self.typed(line=line.pk))

        assert list(offered) == [line]
        entry = CostEntry.objects.get()
        assert (entry.amount, entry.line, entry.project) == (Decimal("1250.75"), line, project)

    def test_is_not_booked_on_a_foreign_line(self, signed_in, manager, project):
        response = signed_in(manager).post(
            url("cost_entry_new", project), self.typed(line=BudgetLineFactory().pk)
        )

        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"line"}
        assert not CostEntry.objects.exists()

    def test_of_a_later_month_says_so_at_its_date(self, signed_in, manager, project):
        typed = self.typed(entry_date=str(timezone.localdate() + timedelta(days=31)))
        response = signed_in(manager).post(url("cost_entry_new", project), typed)

        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"entry_date"}
        assert response.context["form"]["amount"].value() == "1250.75"
        assert not CostEntry.objects.exists()

    def test_is_changed_once(self, signed_in, manager, project):
        entry, client = CostEntryFactory(project=project), signed_in(manager)

        client.post(url("cost_entry_edit", entry), self.typed(amount="5", version=1))
        late = client.post(url("cost_entry_edit", entry), self.typed(amount="6", version=1))

        assert late.status_code == 409
        assert CostEntry.objects.get().amount == 5

    def test_is_kept_from_readers(self, signed_in, project):
        client = signed_in(person(Role.EXECUTIVE))
        entry = CostEntryFactory(project=project)

        assert client.get(url("cost_entry_list", project)).status_code == 200
        assert client.get(url("cost_entry_new", project)).status_code == 403
        assert client.get(url("cost_entry_edit", entry)).status_code == 403

    def test_list_is_paged_latest_first(
        self, signed_in, manager, project, django_assert_num_queries, django_assert_max_num_queries
    ):
        client, address = signed_in(manager), url("cost_entry_list", project)
        CostEntryFactory(project=project, entry_date=date(2026, 1, 1))
        client.get(address)  # the attributions of the footer are kept for a minute
        with django_assert_max_num_queries(10) as first:
            client.get(address)
        for day in range(1, 27):
            CostEntryFactory(project=project, entry_date=date(2026, 2, day))
        with django_assert_num_queries(len(first)):
            response = client.get(address)

        assert [entry.entry_date.day for entry in response.context["page"]] == list(
            range(26, 1, -1)
        )
        assert "1–25 of 27 entries" in text(response)


class TestForecast:
    def test_is_added_with_todays_date(self, signed_in, manager, project):
        response = signed_in(manager).post(
            url("forecast_new", project), {"amount": "20,600,000", "fiscal_year": ""}
        )

        assert response["Location"] == url("project_money", project)
        entry = ForecastEntry.objects.get()
        assert (entry.amount, entry.fiscal_year) == (Decimal(20_600_000), None)
        assert entry.made_on == timezone.localdate()

    def test_may_be_a_reason(self, signed_in, manager, project):
        signed_in(manager).post(
            url("forecast_new", project), {"fiscal_year": "2027", "stated_reason": "Re-tendered"}
        )

        entry = ForecastEntry.objects.get()
        assert (entry.amount, entry.fiscal_year, entry.stated_reason) == (None, 2027, "Re-tendered")

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            ({}, "Give an amount, or say why there is none."),
            ({"amount": "-5"}, "A forecast cost cannot be negative."),
            ({"amount": "much"}, "Enter an amount, for example 20,600,000 or 20.6M."),
        ],
    )
    def test_says_what_is_wrong(self, signed_in, manager, project, typed, problem):
        response = signed_in(manager).post(
            url("forecast_new", project), {"fiscal_year": "2027"} | typed
        )

        assert response.status_code == 422
        assert problem in text(response)
        assert not ForecastEntry.objects.exists()

    def test_is_not_for_readers(self, signed_in, project):
        assert (
            signed_in(person(Role.EXECUTIVE)).get(url("forecast_new", project)).status_code == 403
        )
