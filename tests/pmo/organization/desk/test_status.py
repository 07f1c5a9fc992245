"""Status and colors on the page: read by the office, changed by the administrator."""

from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import Job
from pmo.organization.axes import axes_of
from pmo.organization.bands import PRESETS, Bands, bands_of
from pmo.organization.current import organization
from pmo.organization.models import Organization
from pmo.organization.status_services import change_status_rules
from tests.factories import person

pytestmark = pytest.mark.django_db
URL, EDIT = reverse("organization:status"), reverse("organization:status_edit")


@pytest.fixture
def administrator(db):
    return person(Role.ADMINISTRATOR)


def filled(**fields):
    """The form as it is opened, with some of it typed anew; None takes a field out."""
    form = {
        "version": "0",
        "preset": "default",
        "schedule_green": "5",
        "schedule_amber": "10",
        "schedule_days": "10",
        "cost_green": "5",
        "cost_amber": "10",
        "risk_amber": "high",
        "risk_red": "extreme",
        "stale_days": "14",
        **{f"axis_{one.key}": one.name for one in axes_of([])},
        **{f"used_{key}": "on" for key in ("scope", "risk", "resources", "quality")},
    } | fields
    return {name: value for name, value in form.items() if value is not None}


def test_the_office_reads_it_and_is_offered_no_change(signed_in, lead):
    page = signed_in(lead).get(URL)

    assert page.status_code == 200
    assert EDIT not in page.content.decode()
    assert signed_in(lead).get(EDIT).status_code == 403
    assert signed_in(lead).post(EDIT, filled()).status_code == 403


def test_the_page_says_what_is_in_force(signed_in, administrator):
    change_status_rules(by=None, version=0, bands={"cost_green": Decimal("7.5"), "stale_days": 7})

    page = signed_in(administrator).get(URL)

    assert page.context["preset"] == "Own numbers"
    assert page.context["rules"][1] == (
        "Cost",
        "Up to 7.5% over the approved budget",
        "More, up to 10% over",
        "More than 10% over",
    )
    assert "counts for 7 days" in page.content.decode()


def test_the_form_opens_with_what_is_in_force(signed_in, administrator):
    form = signed_in(administrator).get(EDIT).context["form"]

    assert form["preset"].value() == "default"
    assert (form["stale_days"].value(), form["version"].value()) == (14, 0)
    assert (form["axis_quality"].value(), form["used_quality"].value()) == (
        "Quality and compliance",
        True,
    )
    assert "used_cost" not in form.fields


def test_a_set_brings_its_numbers_whatever_stands_in_the_fields(signed_in, administrator):
    answer = signed_in(administrator).post(EDIT, filled(preset="federal", cost_green="nonsense"))

    assert answer.status_code == 302
    assert bands_of(organization().bands) == PRESETS["federal"].bands


def test_own_numbers_and_a_percent_sign(signed_in, administrator):
    typed = filled(preset="own", cost_green="2.5 %", cost_amber="8%", risk_amber="moderate")

    signed_in(administrator).post(EDIT, typed)

    assert bands_of(organization().bands) == Bands(
        cost_green=Decimal("2.5"), cost_amber=Decimal(8), risk_amber="moderate"
    )


def test_axes_are_named_and_switched_off(signed_in, administrator):
    typed = filled(axis_scope="Clinical readiness", used_resources=None)

    signed_in(administrator).post(EDIT, typed)

    axes = {one.key: one for one in axes_of(organization().axes)}
    assert (axes["scope"].name, axes["scope"].in_use) == ("Clinical readiness", True)
    assert not axes["resources"].in_use


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"preset": None}, {"preset"}),
        ({"preset": "own", "cost_green": ""}, {"cost_green"}),
        ({"preset": "own", "cost_green": "x"}, {"cost_green"}),
        ({"preset": "own", "cost_green": "12"}, {"cost_amber"}),
        ({"preset": "own", "schedule_days": "61"}, {"schedule_days"}),
        ({"stale_days": "0"}, {"stale_days"}),
        ({"stale_days": "91"}, {"stale_days"}),
        ({"risk_amber": "high", "risk_red": "high"}, {"risk_red"}),
        ({"axis_scope": ""}, {"axis_scope"}),
        ({"axis_scope": "Cost"}, {"axis_scope"}),
        ({"axis_scope": "x" * 31}, {"axis_scope"}),
        ({"axis_scope": "MRN 12345678"}, {"axis_scope"}),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(signed_in, administrator, fields, at):
    answer = signed_in(administrator).post(EDIT, filled(**fields))

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, at)
    assert not Organization.objects.exists()


def test_the_second_of_two_is_shown_both(signed_in, administrator):
    change_status_rules(by=administrator, version=0, bands={"stale_days": 7})

    answer = signed_in(administrator).post(EDIT, filled(stale_days="21"))

    assert answer.status_code == 409
    differences = answer.context["conflict"].differences
    assert [(d.label, d.yours, d.theirs) for d in differences] == [
        ("A reported color counts for, days", "21", "7")
    ]
    again = {**filled(stale_days="21"), "version": answer.context["form"]["version"].value()}
    assert signed_in(administrator).post(EDIT, again).status_code == 302
    assert bands_of(organization().bands).stale_days == 21


def test_all_projects_are_judged_anew_once_per_change(
    signed_in, administrator, django_capture_on_commit_callbacks
):
    client = signed_in(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(EDIT, filled(preset="federal"))
        client.post(EDIT, filled(preset="federal", version="1"))

    assert [job.key for job in Job.objects.filter(kind="snapshots.daily")] == ["rules 1"]
