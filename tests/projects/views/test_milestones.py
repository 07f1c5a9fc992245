from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import Milestone
from tests.factories import MemberFactory, MilestoneFactory, ProjectFactory, TaskFactory, person

pytestmark = pytest.mark.django_db
LIST = "/projects/milestones/"


def text(response):
    return " ".join(response.content.decode().split())


def url(name, record):
    return reverse(f"projects:{name}", args=[record.pk])


def due(days, **fields):
    day = timezone.localdate() + timedelta(days=days)
    return MilestoneFactory(**{"baseline_date": day, "forecast_date": day} | fields)


def names(response):
    return [milestone.name for milestone in response.context["page"]]


class TestList:
    @pytest.fixture
    def _scene(self):
        due(-3, name="late")
        due(5, name="soon", baseline_date=timezone.localdate())
        due(60, name="later")
        due(-9, name="done", actual_date=timezone.localdate())
        due(-3, name="of a cancelled project", project=ProjectFactory(stage="cancelled"))

    @pytest.mark.usefixtures("_scene")
    def test_puts_the_late_first_and_counts_add_up(self, signed_in, lead):
        response = signed_in(lead).get(LIST)

        assert names(response) == ["late", "soon", "later", "done"]
        assert [(s.label, s.count) for s in response.context["segments"]] == [
            ("All", 4),
            ("Overdue", 1),
            ("Due in 30 days", 1),
            ("Later", 1),
            ("Done", 1),
        ]
        assert (
            "1 milestone is due in the next 30 days. 1 is overdue."
            " 1 is late against the baseline, at worst by 5 days."
        ) in text(response)

    @pytest.mark.usefixtures("_scene")
    @pytest.mark.parametrize("name", ["late", "soon", "later", "done"])
    def test_is_narrowed_by_when(self, signed_in, lead, name):
        response = signed_in(lead).get(LIST, {"due": name})

        assert names(response) == [name]
        assert [s.count for s in response.context["segments"]] == [4, 1, 1, 1, 1]
        assert "1 of 4 milestones" in text(response)

    def test_is_narrowed_to_one_project(self, signed_in, lead):
        one, _ = due(1), due(2)

        response = signed_in(lead).get(LIST, {"project": one.project_id})

        assert names(response) == [one.name]
        assert response.context["counts"].total == 1
        assert f'name="project" value="{one.project_id}"' in text(response)

    def test_hides_what_the_reader_may_not_see_and_says_how_many(self, signed_in):
        due(1, name="open")
        secret = due(2, name="merger", project=ProjectFactory(is_confidential=True))
        client = signed_in(person(Role.EXECUTIVE))

        response = client.get(LIST)

        assert names(response) == ["open"]
        assert "Of 2 active projects: 1 hidden from you." in text(response)
        assert names(client.get(LIST, {"project": secret.project_id})) == []

    def test_htmx_gets_the_table_only(self, signed_in, lead):
        due(1)

        assert text(signed_in(lead).get(LIST, HTTP_HX_REQUEST="true")).startswith(
            '<div id="milestone-table">'
        )

    def test_is_empty_in_words(self, signed_in, lead):
        assert "No milestones yet." in text(signed_in(lead).get(LIST))

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, django_assert_num_queries, django_assert_max_num_queries
    ):
        client = signed_in(lead)
        due(1)
        client.get(LIST)  # the attributions of the footer are kept for a minute
        with django_assert_max_num_queries(10) as first:
            client.get(LIST)
        due(2)
        due(3)
        with django_assert_num_queries(len(first)):
            client.get(LIST)


class TestPlan:
    def test_lists_the_project_by_date(self, signed_in, manager, project):
        due(9, name="second", project=project)
        due(1, name="first", project=project)
        due(1, name="foreign")

        response = signed_in(manager).get(url("project_milestones", project))

        assert names(response) == ["first", "second"]
        assert response.context["can_change"]

    def test_is_read_only_for_readers(self, signed_in, project):
        milestone = due(1, project=project)

        page = text(signed_in(person(Role.EXECUTIVE)).get(url("project_milestones", project)))

        assert milestone.name in page
        assert url("milestone_edit", milestone) not in page

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, manager, project, django_assert_num_queries, django_assert_max_num_queries
    ):
        client, address = signed_in(manager), url("project_milestones", project)
        due(1, project=project)
        client.get(address)  # the attributions of the footer are kept for a minute
        with django_assert_max_num_queries(10) as first:
            client.get(address)
        due(2, project=project)
        due(3, project=project)
        with django_assert_num_queries(len(first)):
            client.get(address)


class TestEdit:
    def typed(self, **fields):
        return {
            "name": "Permit",
            "kind": "gate",
            "weight": 1,
            "forecast_date": "2027-01-04",
        } | fields

    def test_adds_to_the_project(self, signed_in, manager, project):
        response = signed_in(manager).post(url("milestone_new", project), self.typed())

        assert response["Location"] == url("project_milestones", project)
        saved = Milestone.objects.get()
        assert (saved.project, saved.forecast_date) == (project, date(2027, 1, 4))

    @pytest.mark.parametrize(("role", "kept"), [(Role.PMO_ANALYST, True), (Role.STAFF, False)])
    def test_takes_a_baseline_only_from_those_who_may_set_it(self, signed_in, project, role, kept):
        user = person(role)
        MemberFactory(project=project, user=user, role=Role.MANAGER)

        signed_in(user).post(url("milestone_new", project), self.typed(baseline_date="2026-12-01"))

        assert Milestone.objects.get().baseline_date == (date(2026, 12, 1) if kept else None)

    def test_asks_for_a_date(self, signed_in, manager, project):
        response = signed_in(manager).post(
            url("milestone_new", project), self.typed(forecast_date="")
        )

        assert response.status_code == 422
        assert "Give the milestone a baseline or a forecast date." in text(response)
        assert 'value="Permit"' in text(response)

    def test_refuses_a_second_of_the_same_name(self, signed_in, manager, project):
        due(1, project=project, name="Permit")

        response = signed_in(manager).post(url("milestone_new", project), self.typed())

        assert response.status_code == 422
        assert "already has a milestone of this name" in text(response)

    def test_is_not_overwritten_unseen(self, signed_in, manager, project):
        milestone, client = due(1, project=project), signed_in(manager)

        assert "Save milestone" in text(client.get(url("milestone_edit", milestone)))
        client.post(url("milestone_edit", milestone), self.typed(name="First", version=1))
        late = client.post(url("milestone_edit", milestone), self.typed(name="Last", version=1))

        assert late.status_code == 409
        assert Milestone.objects.get().name == "First"

    def test_of_a_project_one_does_not_see_is_not_found(self, signed_in, manager):
        assert signed_in(manager).get(url("milestone_edit", due(1))).status_code == 404

    def test_is_kept_from_readers(self, signed_in, project):
        reader = MemberFactory(project=project, role=Role.READER).user

        for name, record in (
            ("milestone_new", project),
            ("milestone_edit", due(1, project=project)),
        ):
            assert signed_in(reader).get(url(name, record)).status_code == 403


class TestRemove:
    def test_asking_says_that_a_task_stands_for_it(self, signed_in, manager, project):
        milestone = due(1, project=project, baseline_date=None)
        TaskFactory(project=project, milestone=milestone)

        page = text(signed_in(manager).get(url("milestone_remove", milestone)))

        assert "1 task of the plan names this milestone. It names none afterwards." in page

    def test_takes_away_what_was_never_approved(self, signed_in, manager, project):
        milestone = due(1, project=project, baseline_date=None)
        client = signed_in(manager)

        assert url("milestone_remove", milestone) in text(
            client.get(url("milestone_edit", milestone))
        )
        response = client.post(url("milestone_remove", milestone))

        assert response["Location"] == url("project_milestones", project)
        assert not Milestone.objects.exists()

    def test_keeps_what_is_part_of_the_plan(self, signed_in, manager, project):
        milestone = due(1, project=project)
        client = signed_in(manager)

        assert url("milestone_remove", milestone) not in text(
            client.get(url("milestone_edit", milestone))
        )
        response = client.post(url("milestone_remove", milestone))

        assert response.status_code == 409
        assert "part of the approved plan" in text(response)
        assert Milestone.objects.exists()


class TestDatesInTheRow:
    HTMX = {"HTTP_HX_REQUEST": "true"}

    @pytest.fixture
    def milestone(self, project):
        return MilestoneFactory(project=project, name="Permit")

    def test_are_edited_on_the_page_of_their_own_without_htmx(self, signed_in, manager, milestone):
        response = signed_in(manager).get(url("milestone_dates", milestone))

        assert response["Location"] == url("milestone_edit", milestone)

    def test_open_in_the_row(self, signed_in, manager, milestone):
        page = text(signed_in(manager).get(url("milestone_dates", milestone), **self.HTMX))

        assert page.startswith(f'<tr id="row-{milestone.pk}">')
        assert 'name="forecast_date" value="2026-06-01"' in page
        assert page.count(f'form="dates-{milestone.pk}"') == 2

    def test_are_saved_and_the_row_comes_back(self, signed_in, manager, milestone):
        client = signed_in(manager)

        response = client.post(
            url("milestone_dates", milestone),
            {"forecast_date": "2026-07-01", "actual_date": "", "version": 1},
            follow=True,
            **self.HTMX,
        )

        assert Milestone.objects.get().forecast_date == date(2026, 7, 1)
        assert '<td class="nowrap">1 Jul 2026</td>' in text(response)
        assert '<span class="late">30 days late</span>' in text(response)
        assert "Saved: Permit." in text(response)

    def test_that_are_wrong_stay_in_the_row_with_the_reason(self, signed_in, manager, milestone):
        response = signed_in(manager).post(
            url("milestone_dates", milestone),
            {"forecast_date": "2026-02-31", "version": 1},
            **self.HTMX,
        )

        assert response.status_code == 422
        assert text(response).startswith(f'<tr id="row-{milestone.pk}">')
        assert "Enter a day that exists, for example 2026-12-04." in text(response)
        assert Milestone.objects.get().forecast_date == date(2026, 6, 1)

    def test_that_somebody_else_moved_are_shown_beside(self, signed_in, manager, milestone):
        client = signed_in(manager)
        send = {"forecast_date": "2026-07-01", "actual_date": "", "version": 1}
        client.post(url("milestone_dates", milestone), send, **self.HTMX)

        response = client.post(
            url("milestone_dates", milestone), send | {"forecast_date": "2026-08-01"}, **self.HTMX
        )

        assert response.status_code == 409
        assert "theirs 1 Jul 2026, yours 1 Aug 2026" in text(response)
        assert 'name="version" value="2"' in text(response)
        assert Milestone.objects.get().forecast_date == date(2026, 7, 1)

    def test_can_be_left_as_they_are(self, signed_in, manager, milestone):
        page = text(
            signed_in(manager).get(f"{url('milestone_dates', milestone)}?show=1", **self.HTMX)
        )

        assert f'<tr id="row-{milestone.pk}"' in page
        assert "<input" not in page

    def test_are_kept_from_readers(self, signed_in, project, milestone):
        reader = MemberFactory(project=project, role=Role.READER).user

        response = signed_in(reader).get(url("milestone_dates", milestone), **self.HTMX)

        assert response.status_code == 403
