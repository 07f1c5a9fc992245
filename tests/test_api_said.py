"""What a caller of the API may not say: when something was said, and where another may put projects."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import Project
from tests.factories import UnitFactory, person
from tests.test_api_rules import api, body_for, writer_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("forecast-entries", "made_on"),
        ("month-forecasts", "made_on"),
        ("reserve-movements", "made_on"),
        ("variance-causes", "noted_on"),
        ("change-requests", "raised_on"),
        ("baselines", "approved_on"),
    ],
)
def test_the_day_on_which_something_was_said_is_not_the_callers_to_choose(name, field, records):
    body = body_for(name, records) | {field: "2026-01-05"}

    answer = api(writer_of(name)).post(f"/api/v1/{name}/", body, format="json")

    assert answer.status_code == 400
    assert set(answer.data) == {field}


def test_a_project_is_put_only_into_a_unit_of_the_callers():
    own, other = UnitFactory(), UnitFactory()
    client = api(person(Role.PMO_ANALYST, unit=own))
    body = {"code": "N-1", "name": "New"}

    elsewhere = client.post("/api/v1/projects/", body | {"unit": other.pk}, format="json")
    here = client.post("/api/v1/projects/", body | {"unit": own.pk}, format="json")
    moved = client.patch(
        f"/api/v1/projects/{here.data['id']}/", {"unit": other.pk, "version": 1}, format="json"
    )

    assert here.status_code == 201
    for answer in (elsewhere, moved):
        assert (answer.status_code, answer.data) == (400, {"unit": ["Choose a unit of yours."]})
    assert list(Project.objects.filter(code="N-1").values_list("unit", flat=True)) == [own.pk]


def test_a_cost_of_a_later_month_is_refused_at_its_date(records):
    body = body_for("cost-entries", records) | {
        "entry_date": str(timezone.localdate() + timedelta(days=31))
    }

    answer = api(writer_of("cost-entries")).post("/api/v1/cost-entries/", body, format="json")

    assert answer.status_code == 400
    assert set(answer.data) == {"entry_date"}
