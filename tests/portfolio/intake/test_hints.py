"""Rule 1e: what may be asked for twice, and that a hint tells nobody of anything confidential."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.intake.models import MandatoryGround, ProjectRequest
from portfolio.intake.selectors.hints import hints_for, likeness_from, likeness_of
from portfolio.intake.selectors.settings import rules
from tests.factories import MemberFactory, ProjectFactory, person
from tests.factories.intake import RequestFactory

pytestmark = pytest.mark.django_db


def hints(reader, title="Barcode scanners", **said):
    found = hints_for(
        reader, likeness_from(title, **said), rules=rules(), today=timezone.localdate()
    )
    return {hint.label: hint.because for hint in found}


def declined(title, days):
    return RequestFactory(
        title=title,
        state="declined",
        decision_reason="Carts.",
        decided_on=timezone.localdate() - timedelta(days=days),
    )


def test_1e_a_title_that_is_alike_is_hinted_at_and_another_is_not(lead):
    RequestFactory(title="Barcode scanners for ward 5")
    RequestFactory(title="Atrium roof")

    assert hints(lead) == {"Barcode scanners for ward 5": ("title",)}


def test_1e_the_same_system_is_hinted_at_whatever_its_title(lead):
    RequestFactory(title="Atrium roof", systems="EPIC\nPyxis")

    assert hints(lead, systems=frozenset({"epic"})) == {"Atrium roof": ("system",)}


def test_1e_the_same_obligation_is_hinted_at(lead):
    other = RequestFactory(title="Atrium roof")
    MandatoryGround.objects.create(
        request=other,
        kind="regulation",
        citation="42 CFR 482.41 (b)",
        bites_on=timezone.localdate(),
        given_by=lead,
    )

    assert hints(lead, citation="42 CFR §482.41 (b)") == {"Atrium roof": ("obligation",)}
    assert likeness_of(ProjectRequest.objects.get()).obligation == "42cfr48241b"


def test_1e_open_ones_and_those_declined_within_24_months_count(lead):
    declined("Barcode scanners, declined lately", 700)
    declined("Barcode scanners, declined long ago", 740)
    RequestFactory(title="Barcode scanners, withdrawn", state="withdrawn")
    RequestFactory(title="Barcode scanners, accepted", state="case")

    assert set(hints(lead)) == {
        "Barcode scanners, declined lately",
        "Barcode scanners, accepted",
    }


def test_1e_running_projects_count_and_ended_ones_do_not(lead):
    ProjectFactory(name="Barcode scanners")
    ProjectFactory(name="Barcode scanners once", stage="closed")

    assert hints(lead) == {"Barcode scanners": ("title",)}


def test_1e_a_hint_never_reveals_what_is_confidential(lead):
    hidden = RequestFactory(title="Barcode scanners", is_confidential=True, systems="Epic")
    project = ProjectFactory(name="Barcode scanners north", is_confidential=True)
    analyst, staff = person(Role.PMO_ANALYST), person(Role.STAFF)
    epic = frozenset({"epic"})

    assert hints(analyst, systems=epic) == hints(staff, systems=epic) == {}
    assert set(hints(lead, systems=epic)) == {"Barcode scanners", "Barcode scanners north"}
    assert set(hints(hidden.requester)) == {"Barcode scanners"}
    MemberFactory(project=project, user=staff)
    assert set(hints(staff)) == {"Barcode scanners north"}


def test_1e_the_limit_is_a_setting(lead):
    from portfolio.intake.services.cycles import change_rules  # noqa: PLC0415 - one test needs it

    RequestFactory(title="Barcode scanners for ward 5")
    change_rules(by=lead, version=None, similarity_percent=90)

    assert hints(lead) == {}


def test_hints_over_500_open_requests_cost_as_few_statements_as_over_one(lead):
    RequestFactory(title="Barcode scanners")
    asker, unit = person(Role.STAFF), ProjectRequest.objects.get().unit

    def cost():
        with CaptureQueriesContext(connection) as seen:
            hints(lead)
        return len(seen)

    hints(lead)
    one = cost()
    ProjectRequest.objects.bulk_create(
        ProjectRequest(
            title=f"Infusion pumps {number}",
            requester=asker,
            unit=unit,
            state="triage",
            submitted_on=timezone.localdate(),
        )
        for number in range(500)
    )

    assert cost() == one
    assert set(hints(lead)) == {"Barcode scanners"}


def test_1e_capitals_and_accents_make_nothing_another_thing(lead):
    RequestFactory(title="ÉCLAIRAGE du bloc opératoire", systems="Ärzteportal")

    assert hints(lead, title="eclairage du bloc operatoire") == {
        "ÉCLAIRAGE du bloc opératoire": ("title",)
    }
    assert hints(lead, title="Atrium", systems=("arzteportal",)) == {
        "ÉCLAIRAGE du bloc opératoire": ("system",)
    }
