"""A number, a date or a choice outside its bounds answers 400 with the field's name, at every address."""

import math
from typing import NamedTuple

import pytest
from rest_framework import serializers

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.bounds import bounds_of
from pmo.organization.desk.endpoints import OrganizationInput
from pmo.organization.desk.status_api import CategoryChange, StatusRulesInput
from pmo.organization.models import Category, Organization
from projects.models import ChangeRequest, StatusUpdate, TaskLink, Tolerance
from projects.serializers.changes import AssessInput, BaselineInput, ToleranceInput
from projects.serializers.status import UpdateInput
from projects.serializers.tasks import LinkInput
from tests.factories import person
from tests.test_api_rules import KEPT, WRITABLE, api, body_for, writer_of

pytestmark = pytest.mark.django_db
DAYS = ["0026-11-20", "0001-01-01", "1899-12-31", "9999-12-31"]


class Address(NamedTuple):
    """Where something is sent that no resource's own list of fields names."""

    path: str
    shape: type[serializers.Serializer]
    model: type
    method: str = "post"
    body: dict = {}
    role: Role = Role.PMO_LEAD


def addresses(records):
    project = records["projects"].pk
    change = records["change-requests"]
    office = Role.ADMINISTRATOR
    return [
        Address(
            "status-updates/draft/",
            UpdateInput,
            StatusUpdate,
            body={"project": project, "version": 0},
        ),
        Address(
            "status-updates/publish/",
            UpdateInput,
            StatusUpdate,
            body={
                "project": project,
                "version": 0,
                "overall": "green",
                "overall_note": "On the way.",
            },
        ),
        Address(
            "tolerances/",
            ToleranceInput,
            Tolerance,
            body={"level": "manager", "cost_percent": "5", "days": 5, "version": 0},
        ),
        Address(
            f"change-requests/{change.pk}/assess/",
            AssessInput,
            ChangeRequest,
            body={"version": change.version},
        ),
        Address(
            "baselines/",
            BaselineInput,
            ChangeRequest,
            body=body_for("baselines", records),
        ),
        Address("task-links/", LinkInput, TaskLink, body=body_for("task-links", records)),
        Address(
            "organization/1/", OrganizationInput, Organization, "patch", {"version": 0}, office
        ),
        Address("status-rules/1/", StatusRulesInput, Organization, "patch", {"version": 0}, office),
        Address(
            f"categories/{records['categories'].pk}/",
            CategoryChange,
            Category,
            "patch",
            {"version": 1},
            office,
        ),
    ]


def column_of(model, name):
    return next((f for f in model._meta.concrete_fields if f.name == name), None)


def outside(field, model, name):
    """Return what lies outside of the bounds of a field: far, and just beyond."""
    if isinstance(field, serializers.DateField):
        return DAYS
    if isinstance(field, serializers.ChoiceField):
        return ["no such", 99]
    if not isinstance(field, serializers.IntegerField | serializers.DecimalField):
        return []
    far = [10**15, -(10**15)]
    column = column_of(model, name)
    bounds = bounds_of(column) if column is not None else None
    if bounds is None or name == "version":
        return far
    least, most = bounds
    return [*far, math.floor(least) - 1, math.floor(most) + 1]


def checked(send, url, body, *, serializer, model):
    """Send each value at its field; return what was sent, and what is not as it should be."""
    sent, wrong = 0, []
    for name, field in serializer.fields.items():
        if field.read_only or name == "version":
            continue
        for value in outside(field, model, name):
            answer = send(url, body | {name: value}, format="json")
            sent += 1
            if answer.status_code != 400 or set(answer.data) != {name}:
                wrong.append((name, value, answer.status_code, answer.data))
    return sent, wrong


BOUNDED = {
    name
    for name, one in WRITABLE.items()
    if any(
        outside(field, one.queryset.model, key)
        for key, field in one.input_class(context={"is_edit": False}).fields.items()
    )
}


@pytest.mark.parametrize("name", sorted(BOUNDED))
def test_what_is_added_keeps_to_its_bounds(name, records):
    client, resource = api(writer_of(name)), WRITABLE[name]
    body = body_for(name, records)
    before = AuditEvent.objects.count()
    serializer = resource.input_class(context={"is_edit": False})

    sent, wrong = checked(
        client.post,
        f"/api/v1/{name}/",
        body,
        serializer=serializer,
        model=resource.queryset.model,
    )

    assert wrong == []
    assert sent > 1
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", sorted(BOUNDED - KEPT))
def test_what_is_changed_keeps_to_its_bounds(name, records):
    client, resource = api(writer_of(name)), WRITABLE[name]
    before = AuditEvent.objects.count()
    context = {"is_edit": True, "fixed": resource.fixed}
    url, body = f"/api/v1/{name}/{records[name].pk}/", {"version": records[name].version}

    _, wrong = checked(
        client.patch,
        url,
        body,
        serializer=resource.input_class(context=context),
        model=resource.queryset.model,
    )

    assert wrong == []
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("number", range(9))
def test_so_does_what_is_sent_to_an_address_of_its_own(number, records):
    one = addresses(records)[number]
    client, before = api(person(one.role)), AuditEvent.objects.count()
    serializer = one.shape(context={"is_edit": one.method == "patch"})

    sent, wrong = checked(
        getattr(client, one.method),
        f"/api/v1/{one.path}",
        one.body,
        serializer=serializer,
        model=one.model,
    )

    assert wrong == []
    assert sent > 0
    assert AuditEvent.objects.count() == before


def test_the_walk_meets_what_has_bounds(records):
    assert {"tasks", "budget-lines", "risks", "milestones", "units", "cost-entries"} <= BOUNDED
    assert len(addresses(records)) == 9
