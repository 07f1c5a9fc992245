"""The trail tells nobody of a request that is kept from the reader."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.records import audit
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.services.cycles import draw_contingency
from portfolio.intake.services.items import create_item
from portfolio.intake.services.requests import create_request
from portfolio.intake.services.triage import decide_request
from reports.selectors.audit_events import visible_events
from tests.factories import person
from tests.factories.intake import CycleFactory, submitted

pytestmark = pytest.mark.django_db


def test_a_confidential_request_and_anothers_draft_are_not_in_the_trail(signed_in, lead):
    nurse = person(Role.STAFF)
    hidden = submitted(by=nurse, title="Merger of two", is_confidential=True)
    create_item(request=hidden, by=lead, name="Advisers", unit_cost=1)
    open_one = submitted(title="Scanners")
    draft = create_request(by=nurse, title="A wish")

    def scopes(user):
        return {event.scope.rpartition(":")[2] for event in visible_events(user)}

    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        reader = person(role)
        seen = scopes(reader)
        assert str(hidden.pk) not in seen
        assert str(draft.pk) not in seen
        page = signed_in(reader).get(reverse("changes")).content.decode()
        assert "Merger" not in page
    assert str(open_one.pk) in scopes(person(Role.AUDITOR))
    assert str(hidden.pk) in scopes(lead)
    assert str(draft.pk) not in scopes(lead)


def test_the_draw_for_a_confidential_emergency_is_in_the_trail_without_its_words(signed_in, lead):
    cycle = CycleFactory()
    hidden = submitted(title="Leak", is_confidential=True)
    decide_request(
        request=hidden,
        version=None,
        by=lead,
        outcome=TriageOutcome.EMERGENCY,
        reason="Asbestos in theatre 4.",
        cycle=cycle,
        amount=Decimal(310_000),
    )
    auditor = person(Role.AUDITOR)

    (drawn,) = visible_events(auditor).filter(action="contingency.drawn")
    after = json.loads(drawn.body)["after"]
    assert after["amount"] == "310000"
    assert not {"reason", "request_id"} & set(after)
    assert "Asbestos" not in "".join(event.body for event in visible_events(auditor))
    assert "Asbestos" in "".join(event.body for event in visible_events(lead))
    for path in (reverse("changes"), "/api/v1/audit-events/"):
        assert "Asbestos" not in signed_in(auditor).get(path).content.decode()
    assert audit.faults() == []


def test_a_draw_for_no_request_says_in_the_trail_what_it_is_for(lead):
    draw_contingency(cycle=CycleFactory(), by=lead, amount=Decimal(5), reason="Pump.")

    (drawn,) = visible_events(person(Role.AUDITOR)).filter(action="contingency.drawn")
    assert json.loads(drawn.body)["after"]["reason"] == "Pump."
