import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.domain.calendar import month_of, months_from
from projects.models import ForecastEntry, MonthForecast
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    MemberFactory,
    MonthForecastFactory,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def running(today):
    return month_of(today)


@pytest.fixture
def line(project):
    return BudgetLineFactory(project=project)


def text(response):
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def url(name, project):
    return reverse(f"projects:{name}", args=[project.pk])


def field(line, month):
    return f"m{line.pk if line else 0}_{month:%Y%m}"


class TestPage:
    def test_without_months_says_so(self, signed_in, lead, project):
        response = signed_in(lead).get(url("project_months", project))

        assert response.context["lede"] == "No month to come is forecast."
        assert [chart.figure for chart in response.context["charts"]] == [None, None]

    def test_says_how_far_the_months_are_from_the_forecast_cost(
        self, signed_in, lead, project, today
    ):
        CostEntryFactory(project=project, amount=100, entry_date="2026-01-15")
        MonthForecastFactory(project=project, month=month_of(today), amount=200, made_on=today)
        client = signed_in(lead)

        def lede():
            return client.get(url("project_months", project)).context["lede"]

        assert lede() == "Spent and the months to come make $300; no forecast cost is made."
        ForecastEntry.objects.create(project=project, amount=250, made_on=today)
        assert lede() == (
            "Spent and the months to come make $300, $50 more than the forecast cost of $250."
        )
        ForecastEntry.objects.create(project=project, amount=300, made_on=today)
        assert lede() == "Spent and the months to come make the forecast cost, $300."

    def test_says_what_will_lapse(self, signed_in, manager, project, today):
        soon = today + timedelta(days=100)
        source = FundingSourceFactory(name="HRSA grant", expires_on=soon)
        BudgetLineFactory(project=project, funding_source=source, amount=Decimal(1_200_000))
        client = signed_in(manager)

        sentence = f"$1.2 M of the HRSA grant will lapse on {soon.day} {soon:%b %Y} unless spent."
        for name in ("project_months", "project_money"):
            assert sentence in text(client.get(url(name, project)))

    def test_links_the_source_only_for_those_who_may_see_it(self, signed_in, project):
        source = FundingSourceFactory()
        BudgetLineFactory(project=project, funding_source=source)
        manager = MemberFactory(project=project).user

        def page(user):
            return text(signed_in(user).get(url("project_money", project)))

        assert source.get_absolute_url() not in page(manager)
        assert source.get_absolute_url() in page(person(Role.EXECUTIVE))

    def test_offers_the_form_only_to_those_who_may_forecast(self, signed_in, manager, project):
        edit = url("months_edit", project)

        assert edit in text(signed_in(manager).get(url("project_months", project)))
        client = signed_in(person(Role.EXECUTIVE))
        assert edit not in text(client.get(url("project_months", project)))
        assert client.get(edit).status_code == 403
        assert client.post(edit, {}).status_code == 403

    @pytest.mark.parametrize("asked", ["x", "1850", "999999999999999999999", ""])
    def test_of_a_year_that_is_not_offered_shows_this_one(
        self, signed_in, lead, project, asked, running
    ):
        response = signed_in(lead).get(url("project_months", project), {"year": asked})

        assert running in [row.month for row in response.context["grid"].rows]

    @pytest.mark.parametrize("name", ["project_months", "project_money", "months_edit"])
    def test_asks_as_often_for_three_lines_as_for_one(self, signed_in, lead, project, name):
        client, address = signed_in(lead), url(name, project)

        def asked():
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            return len(queries)

        def fill(category):
            source = FundingSourceFactory()
            line = BudgetLineFactory(project=project, category=category, funding_source=source)
            order = CostEntryFactory(project=project, line=line, kind="commitment")
            CostEntryFactory(project=project, line=line, commitment=order)
            MonthForecastFactory(project=project, line=line, month=month_of(timezone.localdate()))

        fill("Build")
        asked()  # the attributions of the footer are kept for a minute
        first = asked()
        fill("Staff")
        fill("Software")

        assert first <= 16
        assert asked() == first


class TestEdit:
    def test_saves_months_and_the_forecast_cost(self, signed_in, manager, project, line, running):
        client, address = signed_in(manager), url("months_edit", project)
        nothing = client.get(address).context["form"]

        response = client.post(
            address, {field(line, running): "1.5 k", "use_as_forecast": "on", "seen": 0}
        )

        assert nothing.initial["seen"] == 0
        assert nothing["use_as_forecast"].value() is True
        assert response["Location"].startswith(url("project_months", project))
        row = MonthForecast.objects.get()
        assert (row.line, row.month, row.amount) == (line, running, 1500)
        assert row.made_on == timezone.localdate()
        assert ForecastEntry.objects.get().amount == 1500

    def test_leaves_the_forecast_cost_when_asked_to(
        self, signed_in, manager, project, line, running
    ):
        signed_in(manager).post(url("months_edit", project), {field(line, running): "5"})

        assert MonthForecast.objects.get().amount == 5
        assert not ForecastEntry.objects.exists()

    def test_an_emptied_month_is_taken_back(self, signed_in, manager, project, line, running):
        seen = MonthForecastFactory(project=project, line=line, month=running, amount=70).pk

        signed_in(manager).post(
            url("months_edit", project), {field(line, running): "", "seen": seen}
        )

        assert MonthForecast.objects.latest("pk").amount == 0

    def test_says_which_month_is_wrong_and_keeps_what_was_typed(
        self, signed_in, manager, project, line, running
    ):
        response = signed_in(manager).post(
            url("months_edit", project), {field(line, running): "plenty"}
        )

        assert response.status_code == 422
        page = text(response)
        assert "Enter an amount, for example 20,600,000 or 20.6 M." in page
        assert f'<a href="#id_{field(line, running)}">Build, {running:%b %Y}</a>' in page
        assert 'value="plenty"' in page
        assert not MonthForecast.objects.exists()

    def test_shows_what_somebody_else_said_and_saves_the_second_time(
        self, signed_in, manager, project, line, running
    ):
        client, address = signed_in(manager), url("months_edit", project)
        other = MonthForecastFactory(project=project, line=line, month=running, amount=70)
        typed = {field(line, running): "80", "seen": 0}

        first = client.post(address, typed)
        assert first.status_code == 409
        assert f"Somebody forecast $70 for {running:%b %Y} while you were editing." in text(first)
        assert f'name="seen" value="{other.pk}"' in text(first)

        client.post(address, typed | {"seen": other.pk})
        assert MonthForecast.objects.latest("pk").amount == 80

    def test_takes_no_month_that_is_over(self, signed_in, manager, project, line, running):
        over = month_of(running - timedelta(days=1))

        signed_in(manager).post(url("months_edit", project), {field(line, over): "5"})

        assert not MonthForecast.objects.exists()


class TestFiles:
    @pytest.fixture
    def rows(self, project, running):
        source = FundingSourceFactory(name="HRSA grant")
        line = BudgetLineFactory(project=project, funding_source=source)
        CostEntryFactory(project=project, line=line, entry_date=running, amount=Decimal("9.50"))
        CostEntryFactory(project=project, entry_date=running, amount=4, kind="commitment")
        following = months_from(running, 2)[1]
        MonthForecastFactory(project=project, line=line, month=following, amount=7)
        return [
            ["Build", "Capital", "Whole life", "HRSA grant", running, Decimal("9.50"), None, None],
            ["Build", "Capital", "Whole life", "HRSA grant", following, None, None, 7],
            ["", "", "", "", running, None, 4, None],
        ]

    def test_csv_holds_every_month_with_money(self, signed_in, lead, project, rows):
        response = signed_in(lead).get(url("project_months_csv", project))

        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0] == (
            "Budget line,Kind,For,Funding source,Month,Spent,Committed in the month,Forecast"
        )
        assert lines[1] == f"Build,Capital,Whole life,HRSA grant,{rows[0][4]},9.50,,"
        assert lines[2] == f"Build,Capital,Whole life,HRSA grant,{rows[1][4]},,,7.00"
        assert lines[3] == f",,,,{rows[2][4]},,4.00,"
        assert len(lines) == 4

    def test_workbook_holds_the_same(self, signed_in, lead, project, rows):
        response = signed_in(lead).get(url("project_months_xlsx", project))

        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        found = [
            list(row) for row in book["Months"].iter_rows(min_row=2, max_row=4, values_only=True)
        ]
        assert [[row[0] or "", row[4].date(), *row[5:]] for row in found] == [
            [row[0], row[4], *(None if v is None else float(v) for v in row[5:])] for row in rows
        ]

    def test_are_kept_from_those_who_may_not_see_the_project(self, signed_in, project):
        client = signed_in(person(Role.STAFF))

        for name in ("project_months_csv", "project_months_xlsx", "project_months"):
            assert client.get(url(name, project)).status_code == 404
