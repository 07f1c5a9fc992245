"""How far milestones were off, so many weeks before: for a portfolio and on a project's page."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from projects.models import Milestone, Project
from reports.models import FrozenMilestone, Snapshot
from tests.factories import (
    MilestoneFactory,
    PortfolioFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
    person,
)
from tests.factories.reports import SnapshotFactory, freeze

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)
DONE = date(2026, 6, 16)  # a Tuesday
FOUR = date(2026, 5, 17)  # the Sunday before four weeks before
URL = "reports:forecast_accuracy"
NONE_DONE = "We cannot yet say how accurate milestone forecasts are. No done milestone has a forecast from then; 5 are needed."


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    now = timezone.make_aware(datetime.combine(TODAY, time(9)))
    monkeypatch.setattr(timezone, "localdate", lambda *_args: TODAY)
    monkeypatch.setattr(timezone, "localtime", lambda *_args: now)


@pytest.fixture
def _frozen():
    freeze(FOUR)
    freeze(FOUR + timedelta(days=7))


def text(response):
    return " ".join(response.content.decode().split())


def came(project, days, *, on=DONE, kind="deliverable", frozen=FOUR, name=""):
    """A done milestone that was forecast so many days too early."""
    named = {"name": name} if name else {}
    one = MilestoneFactory(project=project, kind=kind, actual_date=on, **named)
    said(one, on - timedelta(days=days), frozen)
    # what was said a week later is another horizon, and what came is no forecast
    said(one, on, frozen + timedelta(days=7))
    said(one, on, on + timedelta(days=5), is_done=True)
    return one


def said(milestone, due, day, *, is_done=False):
    FrozenMilestone.objects.create(
        project=milestone.project, date=day, milestone=milestone.pk, name=milestone.name,
        kind=milestone.kind, due_date=due, is_done=is_done,
    )  # fmt: skip


def live(name="Tower", *, manager="Kim", category="facility", **fields):
    project = ProjectFactory(name=name, category=category, **fields)
    SnapshotFactory(project=project, manager_name=manager, category=category)
    return project


def cells(context, number):
    """Return the four-week column of one table by row."""
    _, _, rows = context["milestone_tables"][number]
    return {row.name: row.cells[0][:2] for row in rows}


@pytest.fixture
def six(_frozen):
    """Three milestones of each of two projects, off by 0, 10, 20 and 5, 15, 40 days."""
    one, two = live("One"), live("Two", manager="Ali", category="ehr")
    return [
        *(came(one, days, kind="gate") for days in (0, 10, 20)),
        *(came(two, days) for days in (5, 15, 40)),
    ]


@pytest.mark.usefixtures("six")
class TestPortfolio:
    def page(self, signed_in, user, query=""):
        return signed_in(user).get(reverse(URL) + query)

    def test_band_is_of_all_milestones_and_says_how_many(self, signed_in, lead):
        response = self.page(signed_in, lead)

        # of 0, 5, 10, 15, 20 and 40 days: ranks 0.5, 2.5 and 4.5
        assert cells(response.context, 0) == {
            "All milestones": ("+13 (+3 to +30)", "6 milestones, 2 projects")
        }
        assert response.context["milestone_lede"] == (
            "The median milestone came 13 days later than forecast 4 weeks before;"
            " 80% came between 3 days later and 30 days later."
        )
        assert response.context["milestone_since"] == (
            "Milestones done in the last 52 weeks, since 2 Jul 2025. Recalculated every hour."
        )
        assert "fewer than 5 give no number." in text(response)

    def test_groups_with_too_few_have_a_dash_and_the_reason(self, signed_in, lead):
        context = self.page(signed_in, lead).context

        few = ("", "3 milestones, 1 project")
        assert cells(context, 1) == {"Deliverable": few, "Gate": few}
        assert list(cells(context, 2)) == [
            "Buildings and facilities",
            "Health records and clinical IT",
        ]
        assert cells(context, 3) == {"Ali": few, "Kim": few}
        assert context["milestone_tables"][3][2][0].cells[0].reason == (
            "Only 3 done milestones have a forecast from then; 5 are needed."
        )

    def test_two_managers_of_one_name_are_two_rows(self, signed_in, lead, six):
        for project, unit in zip(Project.objects.order_by("name"), ("ICU", "Lab"), strict=True):
            person_of = UserFactory(name="Kim", unit=UnitFactory(name=unit))
            row = Snapshot.objects.get(project=project)
            row.manager, row.manager_name = person_of, "Kim"
            row.save()

        context = self.page(signed_in, lead).context

        few = ("", "3 milestones, 1 project")
        assert cells(context, 3) == {"Kim (ICU)": few, "Kim (Lab)": few}

    def test_other_horizons_say_that_nothing_was_frozen_then(self, signed_in, lead):
        row = self.page(signed_in, lead).context["milestone_tables"][0][2][0]

        assert [cell.of for cell in row.cells[1:]] == ["0 milestones, 0 projects"] * 3

    def test_removed_and_taken_back_milestones_do_not_count(self, signed_in, lead, six):
        Milestone.objects.filter(pk=six[0].pk).update(actual_date=None)
        six[1].delete()

        assert cells(self.page(signed_in, lead).context, 0) == {
            "All milestones": ("", "4 milestones, 2 projects")
        }

    def test_moved_actual_date_is_compared_with_what_was_said_before_it(self, signed_in, lead, six):
        Milestone.objects.filter(pk=six[5].pk).update(actual_date=DONE + timedelta(days=6))

        # the freeze of a week later is asked, which forecast the day it had been done
        whole = cells(self.page(signed_in, lead).context, 0)
        assert whole == {"All milestones": ("+8 (+3 to +18)", "6 milestones, 2 projects")}

    def test_is_counted_once_an_hour_for_all_who_see_the_same(self, signed_in, lead, six):
        before = cells(self.page(signed_in, lead).context, 0)
        Milestone.objects.filter(pk=six[0].pk).update(actual_date=None)

        assert cells(self.page(signed_in, lead).context, 0) == before
        assert cells(self.page(signed_in, person(Role.PMO_LEAD)).context, 0) == before

        cache.clear()  # as after an hour
        assert cells(self.page(signed_in, lead).context, 0) != before

    def test_a_new_freeze_is_counted_at_once(self, signed_in, lead, six):
        before = cells(self.page(signed_in, lead).context, 0)
        Milestone.objects.filter(pk=six[0].pk).update(actual_date=None)
        freeze(FOUR + timedelta(days=14))

        after = cells(self.page(signed_in, lead).context, 0)

        assert (before["All milestones"][1], after["All milestones"][1]) == (
            "6 milestones, 2 projects",
            "5 milestones, 2 projects",
        )

    def test_confidential_projects_teach_nothing_to_who_may_not_see_them(
        self, signed_in, lead, six
    ):
        canary = live("Canary", manager="Canary", is_confidential=True)
        for _ in range(5):
            came(canary, 300)
        executive = person(Role.EXECUTIVE)

        seen = self.page(signed_in, executive)

        assert cells(seen.context, 0) == {
            "All milestones": ("+13 (+3 to +30)", "6 milestones, 2 projects")
        }
        assert "Canary" not in text(seen)
        own = self.page(signed_in, lead)
        assert cells(own.context, 0)["All milestones"][1] == "11 milestones, 3 projects"

    def test_other_portfolios_are_left_out(self, signed_in, lead, six):
        portfolio = PortfolioFactory()
        PortfolioProject.objects.create(
            portfolio=portfolio, project=six[0].project, added_on=date(2025, 1, 1)
        )

        context = self.page(signed_in, lead, f"?portfolio={portfolio.code}").context

        assert cells(context, 0) == {"All milestones": ("", "3 milestones, 1 project")}

    def test_milestones_of_more_than_52_weeks_ago_are_left_out(self, signed_in, lead, six):
        long_ago = TODAY - timedelta(weeks=52, days=1)
        freeze(long_ago - timedelta(weeks=4))
        came(six[0].project, 99, on=long_ago, frozen=long_ago - timedelta(weeks=4))

        whole = cells(self.page(signed_in, lead).context, 0)
        assert whole["All milestones"][1] == "6 milestones, 2 projects"

    @pytest.mark.parametrize("more", [1, 30])
    def test_asks_as_often_whatever_is_done(self, signed_in, lead, django_assert_num_queries, more):
        for number in range(more):
            came(live(f"More {number}"), number)
        client = signed_in(lead)
        client.get(reverse(URL))

        with django_assert_num_queries(8):
            client.get(reverse(URL))


def test_nothing_done_says_so(signed_in, lead):
    response = signed_in(lead).get(reverse(URL))

    assert response.context["milestone_lede"] == NONE_DONE
    assert "0 milestones, 0 projects" in text(response)
    assert "Forecasts are compared with what came once milestones are done." in text(response)


def test_nothing_visible_says_so(signed_in, six):
    Project.objects.update(is_confidential=True)

    response = signed_in(person(Role.EXECUTIVE)).get(reverse(URL))

    assert response.context["milestone_lede"] == NONE_DONE


class TestProject:
    def page(self, signed_in, user, project):
        return signed_in(user).get(reverse("reports:project_forecast", args=[project.pk]))

    def test_done_milestones_say_what_that_means_for_the_next(self, signed_in, lead, project):
        for days in (0, 10, 12, 20, 30):
            came(project, days, name=f"Off by {days}")
        MilestoneFactory(project=project, name="Go-live", forecast_date=date(2026, 8, 1))

        response = self.page(signed_in, lead, project)

        found = response.context["punctuality"]
        assert found["title"] == (
            "The median milestone of this project came 12 days later than forecast 4 weeks before"
        )
        assert found["next"] == (
            "The next one, Go-live, is forecast for 1 Aug 2026; if it is off as the median forecast"
            " made 4 weeks before, it will come on 13 Aug 2026."
        )
        assert sorted(row[0] for row in found["rows"]) == sorted(
            f"Off by {days}" for days in (0, 10, 12, 20, 30)
        )
        last = next(row for row in found["rows"] if row.name == "Off by 12")
        assert last[1:] == ("16 Jun 2026", [("4 Jun 2026", "came 12 days later"), ("", "")])
        assert found["title"] in text(response)

    def test_milestones_on_time_let_the_next_forecast_stand(self, signed_in, lead, project):
        for _ in range(14):
            came(project, 0)
        MilestoneFactory(project=project, name="Go-live", forecast_date=TODAY)

        found = self.page(signed_in, lead, project).context["punctuality"]

        assert found["title"] == (
            "The median milestone of this project came on the day forecast 4 weeks before"
        )
        assert found["next"] == (
            "The next one, Go-live, is forecast for 1 Jul 2026;"
            " the median forecast made 4 weeks before was right."
        )
        assert (len(found["rows"]), found["more"]) == (12, 2)
        assert {row.said[0][1] for row in found["rows"]} == {"came on that day"}

    def test_few_milestones_are_shown_without_a_finding(self, signed_in, lead, project):
        came(project, 12)

        response = self.page(signed_in, lead, project)

        page = text(response)
        assert "How accurate past milestone forecasts were" in page
        assert "Only 1 done milestone has a forecast from then; 5 are needed." in page
        assert response.context["punctuality"]["next"] == ""

    def test_project_without_done_milestones_says_so(self, signed_in, lead, project):
        MilestoneFactory(project=project)

        assert "No milestones done yet" in text(self.page(signed_in, lead, project))

    def test_removed_milestone_leaves_its_frozen_rows_unread(self, signed_in, lead, project):
        came(project, 12).delete()

        assert self.page(signed_in, lead, project).context["punctuality"]["rows"] == []
