"""Funding and months over the API, beyond what every resource keeps to."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from projects.domain.calendar import month_of
from projects.models import ForecastEntry, FundingSource, MonthForecast
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    MonthForecastFactory,
    ProjectFactory,
    person,
)

pytestmark = pytest.mark.django_db
SOURCES, MONTHS = "/api/v1/funding-sources/", "/api/v1/month-forecasts/"


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def today():
    return timezone.localdate()


class TestSourceMoney:
    def test_says_what_draws_on_it_and_what_will_lapse(self, lead, today):
        source = FundingSourceFactory(amount=1000, expires_on=today + timedelta(days=50))
        line = BudgetLineFactory(funding_source=source, amount=Decimal(900))
        CostEntryFactory(project=line.project, line=line, amount=Decimal("200.50"))

        body = api(lead).get(f"{SOURCES}{source.pk}/money/").data

        draw = {
            "project": line.project_id,
            "allotted": {"value": "900.00", "reason": ""},
            "spent": "200.50",
            "committed": "0.00",
            "spent_and_to_come": {"value": None, "reason": "No months are forecast."},
            "left": {"value": "699.50", "reason": ""},
        }
        assert body == {
            **{name: value for name, value in draw.items() if name != "project"},
            "unallotted": {"value": "100.00", "reason": ""},
            "over_allotted": "0.00",
            "has_hidden": False,
            "draws": [draw],
        }

    def test_gives_nothing_of_a_confidential_project_away(self, today):
        source = FundingSourceFactory(amount=1000, expires_on=today + timedelta(days=50))
        secret = ProjectFactory(is_confidential=True)
        BudgetLineFactory(project=secret, funding_source=source, amount=Decimal(777))

        body = api(person(Role.EXECUTIVE)).get(f"{SOURCES}{source.pk}/money/").data

        assert (body["draws"], body["has_hidden"]) == ([], True)
        assert body["allotted"]["value"] is None
        assert body["unallotted"] == {
            "value": None,
            "reason": "Projects that you may not see draw on it, too.",
        }

    @pytest.mark.parametrize("role", [Role.STAFF, Role.UNIT_HEAD, Role.ADMINISTRATOR])
    def test_is_not_for_everybody(self, role):
        source = FundingSourceFactory()

        client = api(person(role))

        assert client.get(SOURCES).status_code == 403
        assert client.get(f"{SOURCES}{source.pk}/money/").status_code == 403


def test_a_source_in_use_is_not_removed(lead):
    used, unused = FundingSourceFactory(), FundingSourceFactory()
    BudgetLineFactory(funding_source=used)
    client = api(lead)

    refused = client.delete(f"{SOURCES}{used.pk}/")
    gone = client.delete(f"{SOURCES}{unused.pk}/")

    assert (refused.status_code, gone.status_code) == (409, 204)
    assert "Budget lines draw on this source" in str(refused.data)
    assert list(FundingSource.objects.all()) == [used]


def test_a_budget_line_takes_its_source(lead, project):
    source = FundingSourceFactory()
    body = {"project": project.pk, "category": "Build", "amount": "5", "funding_source": source.pk}

    answer = api(lead).post("/api/v1/budget-lines/", body, format="json")

    assert (answer.status_code, answer.data["funding_source"]) == (201, source.pk)


def test_a_cost_is_paid_against_a_commitment(manager, project):
    order = CostEntryFactory(project=project, kind="commitment", amount=100)
    foreign = CostEntryFactory(kind="commitment", project__is_confidential=True)
    body = {"project": project.pk, "entry_date": "2026-04-01", "amount": "60"}
    client = api(manager)

    def pay(commitment):
        return client.post(
            "/api/v1/cost-entries/", body | {"commitment": commitment.pk}, format="json"
        )

    assert pay(order).status_code == 201
    second = pay(order)
    assert second.status_code == 409
    assert "Of the commitment $40 is left." in str(second.data)
    assert pay(foreign).status_code == 400


class TestMonths:
    def body(self, project, today, **fields):
        first = month_of(today).isoformat()
        return {"project": project.pk, "month": first, "amount": "70.00"} | fields

    def test_may_become_the_forecast_cost(self, manager, project, today):
        answer = api(manager).post(
            MONTHS, self.body(project, today, use_as_forecast=True), format="json"
        )

        assert answer.status_code == 201
        assert ForecastEntry.objects.get().amount == 70

    def test_that_says_nothing_new_is_not_kept_twice(self, manager, project, today):
        client = api(manager)

        first = client.post(MONTHS, self.body(project, today), format="json")
        again = client.post(MONTHS, self.body(project, today), format="json")

        assert first.data == again.data
        assert MonthForecast.objects.count() == 1
        assert not ForecastEntry.objects.exists()

    def test_of_nothing_is_refused_where_nothing_was_said(self, manager, project, today):
        answer = api(manager).post(MONTHS, self.body(project, today, amount="0"), format="json")

        assert answer.status_code == 409
        assert not MonthForecast.objects.exists()

    def test_that_is_over_is_refused(self, manager, project, today):
        answer = api(manager).post(
            MONTHS, self.body(project, today, month="2020-01-01"), format="json"
        )

        assert answer.status_code == 409
        assert "Jan 2020 is over" in str(answer.data)

    def test_cannot_be_changed_or_removed(self, lead, project):
        entry = MonthForecastFactory(project=project)
        client = api(lead)

        assert client.patch(f"{MONTHS}{entry.pk}/", {"amount": "1"}).status_code == 405
        assert client.delete(f"{MONTHS}{entry.pk}/").status_code == 405

    def test_is_not_for_readers_of_the_project(self, project, today):
        answer = api(person(Role.EXECUTIVE)).post(MONTHS, self.body(project, today), format="json")

        assert answer.status_code == 403
