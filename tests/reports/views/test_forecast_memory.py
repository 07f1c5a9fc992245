"""How far forecasts were off: beside a portfolio's forecast and on a page of its own, the hidden left out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from projects.models import Project
from tests.factories import PortfolioFactory, person
from tests.factories.reports import SnapshotFactory, freeze
from tests.reports.landing import earning, finished, portfolio_of, text

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 6, 28)


class TestMemory:
    """How far forecasts were off, beside the forecast itself."""

    url = property(lambda _self: reverse("reports:portfolio_forecast"))

    @pytest.fixture
    def five(self):
        freeze(date(2025, 1, 16))
        return [finished(number, cost=100 + 10 * number) for number in range(5)]

    def test_page_says_what_the_managers_forecast_would_become(self, signed_in, lead, five):
        earning("Running")

        context = signed_in(lead).get(reverse("reports:portfolio_forecast")).context

        assert context["memory"] == (
            "Of 5 finished projects, 80% cost between 4.0% over and 36.0% over their forecast"
            " (median 20.0% over)."
        )
        assert context["corrected"] == (
            "The managers’ forecast of $1,100 would then become $1,144 to $1,496."
        )

    def test_past_day_knows_only_who_was_finished_then(self, signed_in, lead, five):
        row = earning("Running")
        freeze(SUNDAY)
        SnapshotFactory(project=row.project, date=SUNDAY, eac=Decimal(1000))

        url = f"{reverse('reports:portfolio_forecast')}?as_of={SUNDAY}"
        memory = signed_in(lead).get(url).context["memory"]

        assert memory == (
            "We cannot yet say how accurate such forecasts are."
            " No finished project has such forecasts; 5 are needed."
        )

    @pytest.mark.parametrize("page", ["portfolio_forecast", "landing_panel", "forecast_accuracy"])
    def test_too_few_of_a_portfolio_are_told_what_all_teach(self, signed_in, lead, five, page):
        code = portfolio_of(earning("Running").project, five[0])

        context = signed_in(lead).get(reverse(f"reports:{page}") + f"?portfolio={code}").context

        said = context["lede"] if page == "forecast_accuracy" else context["memory"]
        assert said == (
            "Fewer than 5 finished projects here have such forecasts. Of all 5 that you"
            " can see, 80% cost between 4.0% over and 36.0% over their forecast (median 20.0%"
            " over)."
        )
        assert context["corrected"] == (
            "The managers’ forecast of $1,100 would then become $1,144 to $1,496."
        )

    def test_enough_of_a_portfolio_are_not_mixed_with_others(self, signed_in, lead, five):
        code = portfolio_of(*five)
        finished(9, cost=900)

        memory = signed_in(lead).get(f"{self.url}?portfolio={code}").context["memory"]

        assert memory.startswith("Of 5 finished projects, 80% cost between 4.0% over and")

    def test_past_day_is_told_what_all_that_were_finished_then_teach(self, signed_in, lead, five):
        code = portfolio_of(earning("Running").project)
        freeze(SUNDAY)
        for project in five[:4]:
            row = project.snapshots.live().get()
            row.pk, row.date, row._state.adding = None, SUNDAY, True
            row.save()
        url = f"{self.url}?as_of={SUNDAY}&portfolio={code}"

        before = signed_in(lead).get(url).context["memory"]
        row = five[4].snapshots.live().get()
        row.pk, row.date, row._state.adding = None, SUNDAY, True
        row.save()
        after = signed_in(lead).get(url).context["memory"]

        assert "No finished project has such forecasts" in before
        assert "Of all 5 that you can see" in after

    @pytest.mark.parametrize("page", ["portfolio_forecast", "landing_panel", "forecast_accuracy"])
    def test_hidden_projects_lend_nothing(self, signed_in, lead, five, page):
        """Neither in the band nor in the count; the same page as without them."""
        code = portfolio_of(earning("Running").project, five[0])
        executive = signed_in(person(Role.EXECUTIVE))
        address = reverse(f"reports:{page}") + f"?portfolio={code}"
        key = "lede" if page == "forecast_accuracy" else "memory"
        before = executive.get(address).context[key]
        hidden = finished(9, cost=900, manager="Canary")
        Project.objects.filter(pk=hidden.pk).update(is_confidential=True)

        response = executive.get(address)

        assert "Of all 5 that you can see" in before
        assert response.context[key] == before
        assert "Canary" not in text(response)
        assert "Of all 6 that you can see" in signed_in(lead).get(address).context[key]

    @pytest.mark.parametrize("amount", [1, 3])
    def test_what_is_lent_is_asked_for_as_often_for_three_as_for_one(
        self, signed_in, lead, five, django_assert_num_queries, amount
    ):
        code = portfolio_of(*(earning(f"P {number}").project for number in range(amount)))
        client = signed_in(lead)
        for number in range(amount):
            finished(20 + number)
        client.get(f"{self.url}?portfolio={code}")

        with django_assert_num_queries(14):
            client.get(f"{self.url}?portfolio={code}")

    def test_dashboard_fetches_it_after_the_page(self, signed_in, lead):
        earning("Running")
        page = text(signed_in(lead).get(reverse("reports:dashboard")))
        panel = reverse("reports:landing_panel")

        assert f'hx-get="{panel}" hx-trigger="load"' in page
        answer = text(signed_in(lead).get(panel, HTTP_HX_REQUEST="true"))
        assert answer.startswith('<section class="lede lede--panel"')
        assert (
            f'<a href="{reverse("reports:portfolio_forecast")}">Where it will land:</a>' in answer
        )
        assert "1 project is forecast to cost $1,100: $100 over the approved budget" in answer
        assert "We cannot yet say how accurate such forecasts are." in answer

    def test_panel_leaves_the_hidden_out(self, signed_in, lead, five):
        earning("Open")
        earning("Secret", is_confidential=True)
        Project.objects.filter(pk=five[0].pk).update(is_confidential=True)

        context = signed_in(person(Role.EXECUTIVE)).get(reverse("reports:landing_panel")).context

        assert context["lede"].startswith("1 project is forecast to cost $1,100")
        assert "Only 4 finished projects have such forecasts" in context["memory"]

    @pytest.mark.parametrize("amount", [1, 3])
    def test_panel_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, five, django_assert_num_queries, amount
    ):
        for number in range(amount):
            earning(f"P {number}")
        client = signed_in(lead)
        client.get(reverse("reports:landing_panel"))

        with django_assert_num_queries(8):
            client.get(reverse("reports:landing_panel"))


class TestAccuracy:
    url = property(lambda _self: reverse("reports:forecast_accuracy"))

    @pytest.fixture
    def five(self):
        freeze(date(2025, 1, 16))
        return [finished(number, cost=100 + 10 * number) for number in range(5)]

    def test_too_few_finished_projects_give_the_reason(self, signed_in, lead):
        response = signed_in(lead).get(self.url)

        assert response.context["lede"] == (
            "We cannot yet say how accurate such forecasts are."
            " No finished project has such forecasts; 5 are needed."
        )
        assert "Forecasts are compared with what came once projects finish." in text(response)

    def test_band_is_said_and_todays_forecast_set_beside_it(self, signed_in, lead, five):
        earning("Running", eac=1000)

        context = signed_in(lead).get(self.url).context

        assert context["lede"] == (
            "Of 5 finished projects, 80% cost between 4.0% over and 36.0% over their forecast"
            " (median 20.0% over)."
        )
        assert context["corrected"] == (
            "The managers’ forecast of $1,100 would then become $1,144 to $1,496."
        )

    def test_forecast_that_is_spent_already_stays_in_the_headline(self, signed_in, lead, five):
        earning("Running", eac=1000)
        earning("Stale", forecast_cost=Decimal(500), spent=600)

        context = signed_in(lead).get(self.url).context

        assert "forecast of $1,600 would" in context["corrected"]

    def test_cost_that_is_booked_after_the_finish_counts_at_once(self, signed_in, lead, five):
        before = signed_in(lead).get(self.url).context["lede"]
        row = five[4].snapshots.live().get()
        row.spent = Decimal(200)
        row.save()

        after = signed_in(lead).get(self.url).context["lede"]

        assert ("36.0% over" in before, "72.0% over" in after) == (True, True)

    def test_tables_are_by_quarter_category_and_manager(self, signed_in, lead, five):
        context = signed_in(lead).get(self.url).context

        whole, quarters, categories, managers = (table.rows for table in context["tables"])
        assert whole[0][1:5] == (
            "+20.0% (+4.0% to +36.0%)",
            "+25.0% (+25.0% to +25.0%)",
            "+20 (+20 to +20)",
            "5",
        )
        assert [row.projects for row in quarters] == ["5", "0", "0", "0"]
        assert quarters[1].reason == "No finished project has such forecasts; 5 are needed."
        assert [row.name for row in categories] == ["Buildings and facilities"]
        assert [row.name for row in managers] == ["Kim"]

    def test_groups_with_too_few_projects_are_named_in_one_sentence(self, signed_in, lead, five):
        finished(6, manager="Ada", category="safety")
        finished(7, manager="Bo", category="safety")

        response = signed_in(lead).get(self.url)

        categories, managers = response.context["tables"][2:]
        assert [row.name for row in managers.rows] == ["Kim"]
        assert managers.too_few == "Fewer than 5 finished projects: Ada (1) and Bo (1)."
        assert categories.too_few == (
            "Fewer than 5 finished projects: Patient safety and infection (2)."
        )
        assert managers.too_few in text(response)

    def test_many_such_groups_are_counted(self, signed_in, lead):
        freeze(date(2025, 1, 16))
        for number in range(14):
            finished(number, manager=f"Manager {number:02}")

        managers = signed_in(lead).get(self.url).context["tables"][3]

        assert managers.too_few.endswith("Manager 11 (1) and 2 more.")

    def test_each_finished_project_stands_with_its_own_misses(self, signed_in, lead, five):
        late = finished(9, days=120, manager="Ada")
        Project.objects.filter(pk=late.pk).update(name="Tower")

        rows = signed_in(lead).get(self.url).context["finished"]

        assert len(rows) == 6
        assert rows[0][0] == reverse("reports:project_forecast", args=[late.pk])
        assert rows[0].finished == date(2025, 1, 6) + timedelta(days=120)
        # said 100 and day 80; it cost 120 and took 120 days
        assert rows[0][4:7] == ("+20.0%", "+50.0%", "+40")

    def test_finished_project_without_a_frozen_forecast_says_so(self, signed_in, lead):
        SnapshotFactory(
            is_active=False, is_finished=True, start_date=date(2025, 1, 6),
            forecast_finish=date(2025, 4, 6), spent=Decimal(5),
        )  # fmt: skip

        response = signed_in(lead).get(self.url)

        (row,) = response.context["finished"]
        assert (row.cost, row.finish, row.days) == ("", "", "")
        assert "No forecast was frozen while it ran." in text(response)

    def test_hidden_projects_teach_nothing(self, signed_in, five):
        Project.objects.filter(pk=five[0].pk).update(is_confidential=True)

        context = signed_in(person(Role.EXECUTIVE)).get(self.url).context

        assert context["projects"] == "4 finished projects"
        assert "Only 4 finished projects have such forecasts" in context["lede"]

    def test_other_portfolios_are_left_out(self, signed_in, lead, five):
        portfolio = PortfolioFactory()
        PortfolioProject.objects.create(
            portfolio=portfolio, project=five[0], added_on=date(2025, 1, 1)
        )

        context = signed_in(lead).get(f"{self.url}?portfolio={portfolio.code}").context

        assert context["projects"] == "1 finished project"

    def test_asks_the_same_number_of_times(self, signed_in, lead, five, django_assert_num_queries):
        client = signed_in(lead)
        client.get(self.url)

        with django_assert_num_queries(9):
            client.get(self.url)
