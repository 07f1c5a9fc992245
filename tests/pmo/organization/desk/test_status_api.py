"""What the pages of status and categories do, over the API."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from pmo.organization.axes import axes_of
from pmo.organization.bands import Bands, bands_of
from pmo.organization.current import categories, organization
from pmo.organization.models import Category, Organization
from tests.factories import person

pytestmark = pytest.mark.django_db
RULES = "/api/v1/status-rules/"


def api(role):
    client = APIClient()
    client.force_authenticate(person(role))
    return client


def test_the_rules_are_one_record_that_everybody_may_read():
    executive = api(Role.EXECUTIVE)

    [row] = executive.get(RULES).data["results"]

    assert row == executive.get(f"{RULES}1/").data
    assert (row["id"], row["preset"], row["cost_green"], row["version"]) == (1, "default", "5.0", 0)
    assert row["axes"][2] == {"key": "scope", "name": "Scope", "in_use": True}
    assert executive.get(f"{RULES}2/").status_code == 404
    assert executive.patch(f"{RULES}1/", {"version": 0}, format="json").status_code == 403


def test_a_change_names_only_what_it_changes():
    client = api(Role.ADMINISTRATOR)
    body = {
        "version": 0,
        "cost_amber": "12.5",
        "axes": [{"key": "scope", "name": "Clinical readiness", "in_use": False}],
    }

    answer = client.patch(f"{RULES}1/", body, format="json")

    assert answer.status_code == 200, answer.data
    assert (answer.data["preset"], answer.data["version"]) == ("own", 1)
    assert bands_of(organization().bands) == Bands(cost_amber=Decimal("12.5"))
    axes = {one.key: one for one in axes_of(organization().axes)}
    assert (axes["scope"].name, axes["scope"].in_use) == ("Clinical readiness", False)
    assert axes["risk"].in_use
    assert client.patch(f"{RULES}1/", body, format="json").status_code == 409


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"cost_green": "11"}, {"cost_amber"}),
        ({"stale_days": 0}, {"stale_days"}),
        ({"stale_days": 2**64}, {"stale_days"}),
        ({"risk_red": "low"}, {"risk_red"}),
        ({"cost_green": "NaN"}, {"cost_green"}),
        ({"colour": "red"}, {"colour"}),
        ({"axes": [{"key": "cost", "name": "Cost", "in_use": False}]}, {"axis_cost"}),
        ({"axes": [{"key": "mood", "name": "Mood", "in_use": True}]}, {"axes"}),
        ({"axes": [{"key": "scope", "name": "MRN 12345678", "in_use": True}]}, {"axes"}),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(body, at):
    answer = api(Role.ADMINISTRATOR).patch(f"{RULES}1/", {"version": 0, **body}, format="json")

    assert (answer.status_code, set(answer.data)) == (400, at)
    assert not Organization.objects.exists()


def test_a_category_is_ordered_and_retired():
    client, ehr = api(Role.ADMINISTRATOR), Category.objects.get(code="ehr")
    url = f"/api/v1/categories/{ehr.pk}/"

    moved = client.patch(url, {"position": 1, "version": 1}, format="json")
    retired = client.patch(url, {"is_active": False, "version": 2}, format="json")

    assert (moved.data["position"], retired.data["is_active"]) == (1, False)
    assert [one.code for one in categories()][:2] == ["telehealth", "ehr"]
    assert client.patch(url, {"code": "x", "version": 3}, format="json").status_code == 400
    assert client.delete(url).status_code == 405


def test_a_code_may_be_given_once():
    client = api(Role.ADMINISTRATOR)

    made = client.post("/api/v1/categories/", {"name": "Research", "code": "rd"}, format="json")
    again = client.post("/api/v1/categories/", {"name": "Trials", "code": "rd"}, format="json")

    assert (made.status_code, made.data["code"]) == (201, "rd")
    assert (again.status_code, set(again.data)) == (400, {"code"})
