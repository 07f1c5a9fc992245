"""Taking a change request back: who may, and what stays of the decision."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from projects.models import ChangeRequest
from projects.services import changes as services
from tests.factories.changes import asked, baselined, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return baselined()


@pytest.fixture
def manager(project):
    return member(project, Role.MANAGER)


@pytest.fixture
def sponsor(project):
    return member(project, Role.SPONSOR)


def test_is_for_who_raised_it(project):
    nurse = member(project, Role.CLINICAL_LEAD)
    services.withdraw_change(
        request=asked(project, raised_by=nurse), version=1, by=nurse, reason="Not needed"
    )

    assert ChangeRequest.objects.get().state == "withdrawn"
    event = json.loads(AuditEvent.objects.latest("sequence").body)
    assert event["after"]["withdrawal_reason"] == "Not needed"


def test_keeps_an_approval_and_its_words_beside_the_withdrawal(project, manager, sponsor):
    approved = asked(
        project,
        state="approved",
        decided_by=sponsor,
        decided_on=date(2026, 11, 2),
        decision_note="Go ahead",
    )

    services.withdraw_change(request=approved, version=1, by=manager, reason="No money")

    kept = ChangeRequest.objects.get()
    decision = (kept.decided_by, kept.decided_on, kept.decision_note)
    assert decision == (sponsor, date(2026, 11, 2), "Go ahead")
    withdrawal = (kept.withdrawn_by, kept.withdrawn_on, kept.withdrawal_reason)
    assert withdrawal == (manager, timezone.localdate(), "No money")
    with pytest.raises(RefusalError, match=f"CR-1 was withdrawn by {manager}"):
        services.implement_change(request=kept, version=None, by=manager)


def test_is_for_the_manager_too_but_for_nobody_else(project, manager, sponsor):
    request = asked(project)

    with pytest.raises(RefusalError, match="This is for who raised it, the project manager and"):
        services.withdraw_change(request=request, version=1, by=sponsor, reason="No")
    with pytest.raises(ValidationError):
        services.withdraw_change(request=request, version=1, by=manager, reason="")
    services.withdraw_change(request=request, version=1, by=manager, reason="No")

    assert ChangeRequest.objects.get().state == "withdrawn"
