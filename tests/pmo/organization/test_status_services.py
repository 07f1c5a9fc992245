"""Bands and axes are saved by one service, whole or not at all, and said to whoever listens."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.common.background.events import _listeners
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError
from pmo.organization.axes import DEFAULTS, axes_of
from pmo.organization.bands import Bands, bands_of
from pmo.organization.current import organization
from pmo.organization.models import Organization
from pmo.organization.services import STATUS_RULES, change_organization
from pmo.organization.status_services import change_status_rules

pytestmark = pytest.mark.django_db
WITHOUT_SCOPE = [one._replace(in_use=one.key != "scope") for one in DEFAULTS]


@pytest.fixture
def said(monkeypatch):
    heard = []
    monkeypatch.setitem(_listeners, STATUS_RULES, [heard.append])
    return heard


def test_bands_are_laid_over_those_in_force(said, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        change_status_rules(by=None, version=0, bands={"stale_days": 7})
        change_status_rules(by=None, version=1, bands={"cost_amber": Decimal(20)})

    assert bands_of(organization().bands) == Bands(stale_days=7, cost_amber=Decimal(20))
    assert said == [{1}, {1}]
    assert [e.action for e in AuditEvent.objects.order_by("sequence")] == [
        "organization.created",
        "organization.changed",
    ]


def test_axes_alone_leave_the_bands(said, django_capture_on_commit_callbacks):
    change_status_rules(by=None, version=0, bands={"stale_days": 7})
    with django_capture_on_commit_callbacks(execute=True):
        change_status_rules(by=None, version=1, axes=WITHOUT_SCOPE)

    assert list(axes_of(organization().axes)) == WITHOUT_SCOPE
    assert bands_of(organization().bands).stale_days == 7
    assert said == [{1}]


def test_another_setting_asks_nobody_to_count_again(said, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        change_organization(by=None, version=None, name="Lakeside")
        change_status_rules(by=None, version=1, bands={"stale_days": 14}, axes=list(DEFAULTS))

    assert said == []
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("rules", "at"),
    [
        ({"bands": {"stale_days": 0}}, {"stale_days"}),
        ({"bands": {"cost_green": Decimal(50)}}, {"cost_amber"}),
        ({"axes": [one._replace(in_use=False) for one in DEFAULTS]}, {"axis_schedule", "axis_cost"}),
        ({"axes": [one._replace(name="Same") for one in DEFAULTS]}, {
            "axis_cost", "axis_scope", "axis_risk", "axis_resources", "axis_quality",
        }),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_field(rules, at):
    with pytest.raises(ValidationError) as refused:
        change_status_rules(by=None, version=0, **rules)

    assert set(refused.value.error_dict) == at
    assert not Organization.objects.exists()


def test_the_second_of_two_first_savers_is_told():
    change_status_rules(by=None, version=0, bands={"stale_days": 7})

    with pytest.raises(EditConflictError):
        change_status_rules(by=None, version=0, bands={"stale_days": 21})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bands", {"stale_days": 0}),
        ("bands", {"nonsense": 1}),
        ("axes", ["x"]),
        ("axes", [{"key": "scope", "name": "MRN 12345678", "in_use": True}]),
    ],
)
def test_no_other_way_writes_what_no_page_could_work_with(field, value):
    with pytest.raises(ValidationError) as refused:
        change_organization(by=None, version=None, **{field: value})

    assert set(refused.value.error_dict) == {field}
