"""The trail tells nobody of a request that is kept from the reader."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from portfolio.intake.services.items import create_item
from portfolio.intake.services.requests import create_request
from reports.selectors.audit_events import visible_events
from tests.factories import person
from tests.factories.intake import submitted

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
