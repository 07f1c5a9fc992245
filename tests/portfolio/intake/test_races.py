"""Writers who meet at a request: an emergency is paid once, and a ground is verified as it was read."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.records import audit
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import ContingencyDraw, MandatoryGround, ProjectRequest
from portfolio.intake.services import grounds
from portfolio.intake.services.cycles import draw_contingency
from portfolio.intake.services.triage import decide_request
from tests.factories import person
from tests.factories.intake import CycleFactory, RequestFactory, submitted
from tests.projects.test_services_status_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_emergency_that_three_decide_at_once_is_paid_once(lead):
    cycle, sent = CycleFactory(), submitted(title="Chiller broke")

    outcomes = race(
        3,
        lambda _: decide_request(
            request=sent,
            version=None,
            by=lead,
            outcome=TriageOutcome.EMERGENCY,
            reason="No cooling.",
            cycle=cycle,
            amount=Decimal(310_000),
        ),
    )

    assert outcomes.count("won") == 1
    assert ContingencyDraw.objects.get().amount == 310_000
    assert ProjectRequest.objects.get().state == "emergency"
    assert audit.faults() == []


def test_of_draws_for_one_request_from_two_cycles_at_once_one_stays(lead):
    one, other, sent = CycleFactory(), CycleFactory(), RequestFactory()

    outcomes = race(
        2,
        lambda number: draw_contingency(
            cycle=(one, other)[number], by=lead, amount=Decimal(5), reason="Pump.", request=sent
        ),
    )

    assert outcomes.count("won") == 1
    assert ContingencyDraw.objects.count() == 1


def test_a_ground_that_changes_while_it_is_verified_is_verified_as_it_was_read_or_not_at_all(lead):
    giver = person(Role.PMO_ANALYST)
    bites = timezone.localdate() + timedelta(days=60)
    ground = grounds.give_ground(
        request=submitted(), by=giver, kind="safety", citation="Finding 7", bites_on=bites
    )
    acts = (
        lambda: grounds.verify_ground(ground=ground, version=1, by=lead),
        lambda: grounds.change_ground(ground=ground, version=None, by=giver, citation="Other"),
    )

    race(2, lambda number: acts[number]())

    left = MandatoryGround.objects.get()
    assert (left.is_verified, left.citation) in {(False, "Other"), (True, "Finding 7")}
