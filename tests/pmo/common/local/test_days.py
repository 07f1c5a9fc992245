"""A date that nobody can mean is refused with what was probably meant, wherever it is given."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from pmo.common.local.days import Day, Window, inside_window, meant
from pmo.common.page.forms import DayInput
from pmo.organization.services import change_organization
from projects.models import CostEntry, Milestone, Project
from projects.services import projects as project_service
from tests.factories import ProjectFactory, person
from tests.tree import code, name_of

WINDOW = Window(first=date(1990, 1, 1), last=date(2056, 12, 31))


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        (date(26, 11, 20), date(2026, 11, 20)),
        (date(99, 1, 1), None),  # 2099 is beyond the window: no guess
        (date(28, 2, 29), date(2028, 2, 29)),
        (date(1926, 11, 20), None),
        (date(9999, 12, 31), None),
    ],
)
def test_a_year_of_two_digits_is_guessed_and_nothing_else(typed, full):
    assert meant(typed, WINDOW) == full


@pytest.mark.parametrize("typed", [date(26, 11, 20), date(1989, 12, 31), date(9999, 12, 31)])
def test_a_date_outside_is_refused_with_the_window(typed):
    with pytest.raises(ValidationError) as refused:
        inside_window(typed)

    assert refused.value.messages[0].startswith("Enter a day from 1 Jan 1990 to 31 Dec ")


@pytest.mark.django_db
def test_the_guess_is_said():
    with pytest.raises(ValidationError, match=r"Did you mean 20 Nov 2026\?"):
        inside_window(date(26, 11, 20))


@pytest.mark.django_db
class TestEverywhere:
    def test_a_service_refuses_it(self, lead):
        project = ProjectFactory()

        with pytest.raises(ValidationError) as refused:
            project_service.change_project(
                project=project, version=1, by=lead, forecast_finish_date=date(9999, 12, 31)
            )

        assert set(refused.value.message_dict) == {"forecast_finish_date"}
        assert Project.objects.get().forecast_finish_date == project.forecast_finish_date

    def test_a_form_keeps_what_was_typed(self, lead, signed_in):
        project = ProjectFactory()

        page = signed_in(lead).post(
            f"/projects/{project.pk}/milestones/new/",
            {"name": "Go-live", "kind": "go_live", "forecast_date": "0026-11-20"},
        )

        assert page.status_code == 422
        assert "Did you mean 20 Nov 2026?" in page.content.decode()
        assert 'value="0026-11-20"' in page.content.decode()
        assert not Milestone.objects.exists()

    def test_the_api_refuses_it(self, lead):
        client = APIClient()
        client.force_authenticate(lead)

        answer = client.patch(
            f"/api/v1/projects/{ProjectFactory().pk}/",
            {"version": 1, "forecast_finish_date": "9999-12-31"},
            format="json",
        )

        assert answer.status_code == 400
        assert "Enter a day from 1 Jan 1990" in str(answer.json())

    def test_a_date_that_was_taken_before_stands_in_nobody_s_way(self, lead):
        project = ProjectFactory(forecast_finish_date=date(2040, 1, 1))
        change_organization(by=lead, version=None, years_ahead=3)

        changed = project_service.change_project(project=project, version=1, by=lead, name="Wing")

        assert (changed.name, changed.forecast_finish_date) == ("Wing", date(2040, 1, 1))

    def test_the_organization_sets_the_window(self):
        change_organization(
            by=person(Role.ADMINISTRATOR), version=None, earliest_date=date(2010, 1, 1)
        )

        with pytest.raises(ValidationError, match="from 1 Jan 2010"):
            inside_window(date(2009, 12, 31))


def test_every_date_that_people_give_is_watched():
    """A plain DateField in these models is one that only Rounds itself writes."""
    plain = {
        f"{name_of(path)}: {line.strip()}"
        for path in code()
        if path.name == "models.py" or "models" in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if " = models.DateField(" in line
        if path.parts[-3] != "reports" and "editable=False" not in line
    }

    assert plain == set()
    assert issubclass(type(CostEntry._meta.get_field("entry_date")), Day)
    assert DayInput.input_type == "date"
