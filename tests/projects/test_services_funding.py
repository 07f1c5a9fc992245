import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.models import FundingSource
from projects.services import funding as services
from tests.factories import BudgetLineFactory, FundingSourceFactory

pytestmark = pytest.mark.django_db


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_a_source_is_created_and_changed(lead):
    source = services.create_source(
        by=lead, code="GR-1", name="HRSA grant", kind="grant", expires_on=date(2027, 9, 30)
    )
    services.change_source(source=source, version=1, by=lead, amount=Decimal("5.00"))

    saved = FundingSource.objects.get()
    assert (saved.amount, saved.expires_on, saved.version) == (5, date(2027, 9, 30), 2)
    assert actions() == ["funding_source.created", "funding_source.changed"]
    body = json.loads(AuditEvent.objects.latest("sequence").body)
    assert (body["before"], body["after"]) == ({"amount": None}, {"amount": "5.00"})


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"amount": Decimal(-1)}, "The amount cannot be negative."),
        (
            {"available_from": date(2027, 1, 2), "expires_on": date(2027, 1, 1)},
            "The money expires before it is available.",
        ),
        ({"code": ""}, "This field cannot be blank."),
    ],
)
def test_a_source_that_makes_no_sense_leaves_no_trace(lead, fields, problem):
    with pytest.raises(ValidationError, match=problem):
        services.create_source(by=lead, **{"code": "GR-1", "name": "HRSA grant"} | fields)

    assert not FundingSource.objects.exists()
    assert actions() == []


def test_a_source_is_not_overwritten_unseen(lead):
    source = FundingSourceFactory(name="HRSA grant")
    services.change_source(source=source, version=1, by=lead, name="HRSA award")

    with pytest.raises(EditConflictError):
        services.change_source(source=source, version=1, by=lead, name="Grant of HRSA")

    assert FundingSource.objects.get().name == "HRSA award"


def test_a_source_that_lines_draw_on_stays(lead):
    source = FundingSourceFactory()
    BudgetLineFactory(funding_source=source)

    with pytest.raises(RefusalError, match="Budget lines draw on this source"):
        services.remove_source(source=source, by=lead)

    assert FundingSource.objects.exists()
    assert actions() == []


def test_a_source_that_nothing_draws_on_goes(lead):
    services.remove_source(source=FundingSourceFactory(), by=lead)

    assert not FundingSource.objects.exists()
    assert actions() == ["funding_source.removed"]
