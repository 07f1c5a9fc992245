"""The pages of capital cycles, the replacement list and the rules."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from portfolio.intake.models import CapitalCycle, ProjectRequest, ReplacementItem
from tests.factories import UnitFactory, person
from tests.factories.intake import ReplacementFactory, submitted

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"intake:{name}", args=args)


def text(response):
    return response.content.decode()


def test_a_cycle_is_added_shown_and_drawn_on(signed_in, lead):
    client = signed_in(lead)
    days = dict.fromkeys(
        ("call_on", "lists_due_on", "cases_due_on", "committees_on", "board_on", "letters_on"),
        "2027-03-01",
    )
    client.post(url("cycle_new"), days | {"year": 2028, "envelope": "20M", "contingency": "2M"})
    cycle = CapitalCycle.objects.get()
    client.post(url("draw_new", cycle.pk), {"amount": "310000", "reason": "Chiller"})

    page = text(client.get(cycle.get_absolute_url()))
    assert "$1.7M of the contingency of $2.0M is left for emergencies." in page
    refused = client.post(url("draw_new", cycle.pk), {"amount": "1.7M", "reason": "Roof"})
    assert refused.status_code == 422
    assert "which is not enough for this" in text(refused)


def test_the_replacement_list_asks_for_a_new_one(signed_in, lead):
    item, client = ReplacementFactory(name="CT 2"), signed_in(lead)

    answer = client.post(url("replacement_request", item.pk))

    made = ProjectRequest.objects.get()
    assert answer["Location"] == url("request_edit", made.pk)
    assert made.title == "Replace CT 2"
    assert "Request<span" not in text(client.get(url("replacement_list")))


def test_a_replacement_is_added_and_left_out(signed_in, lead):
    client, unit = signed_in(lead), UnitFactory()
    said = {
        "name": "Pump",
        "unit": unit.pk,
        "in_use_since": "2019-05-01",
        "life": "10",
        "condition": 3,
        "support": "ends",
        "safety": 5,
        "service_cost": "150",
        "new_cost": "1000",
    }
    client.post(url("replacement_new"), said)
    item = ReplacementItem.objects.get()

    assert "Pump" in text(client.get(url("replacement_list")))
    client.post(url("replacement_edit", item.pk), said | {"version": 1})
    assert "Pump" not in text(client.get(url("replacement_list")))


def test_the_rules_are_changed_by_the_lead_alone(signed_in, lead):
    assert signed_in(person(Role.PMO_ANALYST)).get(url("rules_edit")).status_code == 403
    client = signed_in(lead)
    form = client.get(url("rules_edit")).context["form"]
    data = {name: str(form[name].value()) for name in form.fields} | {"answer_days": "15"}

    assert client.post(url("rules_edit"), data).status_code == 302
    assert "of 15." in text(client.get(submitted().get_absolute_url()))
