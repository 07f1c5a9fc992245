"""The page that starts a project: what it asks, what it shows, what it refuses."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.starts.models import ProjectStart
from projects.models import Project
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.services.lessons import record_lesson
from tests.factories import ProjectFactory, UnitFactory, person

pytestmark = pytest.mark.django_db


def template(code="telehealth"):
    return ProjectTemplate.objects.get(code=code)


def address(code="telehealth", name="start_new"):
    return reverse(f"starts:{name}", args=[template(code).pk])


def body(**fields):
    return {
        "name": "Video visits",
        "unit": UnitFactory().pk,
        "go_live": timezone.localdate() + timedelta(days=365),
        "percent": 100,
        "region": "US",
        **fields,
    }


def test_four_answers_start_a_project(signed_in, lead):
    manager = person(Role.STAFF, email="m@example.org")

    answer = signed_in(lead).post(address(), body(manager="m@example.org"))

    project = Project.objects.get()
    assert answer["Location"] == reverse("starts:project_start", args=[project.pk])
    assert (project.code, project.category, project.lane) == ("TELE-001", "telehealth", "strategic")
    assert [member.user for member in project.members.all()] == [manager]
    assert ProjectStart.objects.get().from_version == template().current


def test_the_form_comes_with_a_day_that_can_be_reached(signed_in, lead):
    page = signed_in(lead).get(address())

    assert page.context["trouble"] == ""
    assert page.context["dates"].endswith("172 working days, 104 of them to the go-live.")
    assert "30 tasks" in page.content.decode()


def test_the_dates_follow_what_is_typed(signed_in, lead):
    client = signed_in(lead)
    year = timezone.localdate().year + 2
    day = date(year, 6, 7)

    page = client.get(address(name="start_preview"), {"go_live": day, "percent": 100})

    assert f"goes live 7 Jun {year}" in page.content.decode()
    assert len(page.context["milestones"]) == 6


def test_a_day_that_is_too_near_is_refused_with_the_earliest(signed_in, lead):
    answer = signed_in(lead).post(address(), body(go_live=timezone.localdate() + timedelta(days=30)))  # fmt: skip

    assert answer.status_code == 422
    assert "at the earliest" in answer.context["form"].errors["go_live"][0]
    assert Project.objects.count() == 0


def test_a_pinned_go_live_is_a_first_of_january(signed_in, lead):
    year = timezone.localdate().year + 3
    client = signed_in(lead)

    refused = client.post(address("value_based_care"), body(go_live=date(year, 1, 4)))
    assert refused.context["form"].errors["go_live"] == [
        "This template goes live on 1 January of a year. Choose such a day."
    ]
    taken = client.post(address("value_based_care"), body(go_live=date(year, 1, 1)))
    assert taken.status_code == 302
    assert Project.objects.get().milestones.get(kind="go_live").forecast_date == date(year, 1, 1)


def test_mandatory_work_needs_its_ground(signed_in, lead):
    client = signed_in(lead)

    refused = client.post(address("vaccine_rollout"), body())
    assert set(refused.context["form"].errors) == {"ground", "ground_date"}
    taken = client.post(
        address("vaccine_rollout"), body(ground="Order 7 of the state", ground_date="2026-01-01")
    )
    assert taken.status_code == 302
    assert Project.objects.get().lane == "mandatory"


@pytest.mark.parametrize(("region", "number"), [("US", 8), ("UK", 10)])
def test_rows_of_a_country_apply_only_there(signed_in, lead, region, number):
    signed_in(lead).post(address(), body(region=region))

    assert Project.objects.get().start_items.filter(section="obligations").count() == number


def test_lessons_of_projects_of_the_template_are_shown(signed_in, lead):
    open_one, hidden = ProjectFactory(), ProjectFactory(is_confidential=True)
    for project, title in ((open_one, "Licenses first"), (hidden, "A secret lesson")):
        record_lesson(
            project=project, by=None, title=title, what_happened="It came late.",
            next_time="Begin earlier.", template=template(),
        )  # fmt: skip

    page = signed_in(person(Role.PMO_ANALYST)).get(address()).content.decode()

    assert "Licenses first" in page
    assert "A secret lesson" not in page


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.STAFF, Role.ADMINISTRATOR])
def test_who_may_not_create_projects_may_not_start_any(signed_in, role):
    assert signed_in(person(role)).post(address(), body()).status_code == 403
    assert Project.objects.count() == 0


def test_a_retired_template_is_not_started_from(signed_in, lead):
    ProjectTemplate.objects.update(is_offered=False)

    assert signed_in(lead).get(address()).status_code == 404


def test_what_is_refused_keeps_what_was_typed(signed_in, lead):
    answer = signed_in(lead).post(address(), body(unit=""))

    assert answer.status_code == 422
    assert answer.context["form"]["name"].value() == "Video visits"


def test_a_size_that_no_budget_can_hold_is_refused_at_the_budget(signed_in, lead):
    client = signed_in(lead)

    answer = client.post(address(), body(size_clinics=10**9))

    assert answer.context["form"].errors == {
        "total": ["For this size the example budget would be ten trillion or more. Give a budget, or a smaller size."]
    }  # fmt: skip
    assert client.post(address(), body(size_clinics=10**9, total="900000")).status_code == 302


def test_a_size_that_the_template_does_not_know_is_refused_by_the_api(signed_in, lead):
    said = {
        "template": template().pk,
        "name": "Video visits",
        "unit": UnitFactory().pk,
        "go_live": str(timezone.localdate() + timedelta(days=365)),
        "sizes": {"beds": 5},
    }

    answer = signed_in(lead).post("/api/v1/starts/", said, content_type="application/json")

    assert (answer.status_code, answer.json()) == (
        400,
        {"sizes": ["This template has no size of the name beds."]},
    )
    assert Project.objects.count() == 0


def test_the_leap_day_is_a_go_live_like_any_other(signed_in, lead):
    year = timezone.localdate().year + 1
    leap = next(year for year in range(year + 1, year + 9) if not year % 4)

    signed_in(lead).post(address(), body(go_live=date(leap, 2, 29)))

    assert Project.objects.get().milestones.get(kind="go_live").forecast_date == date(leap, 2, 29)


def test_a_confidential_start_is_hidden_with_its_messages_and_lines(signed_in, lead):
    signed_in(lead).post(address(), body(is_confidential="on"))
    project = Project.objects.get()
    other = signed_in(person(Role.PMO_ANALYST))

    for name in ("project_start", "project_confirm", "project_adopt", "template_make"):
        assert other.get(reverse(f"starts:{name}", args=[project.pk])).status_code == 404
    for path in ("starts", "start-items", "communication-items"):
        assert other.get(f"/api/v1/{path}/").json()["results"] == []
