"""Every form of committees, gates, intake and starts holds what it writes in the one order, the trail last."""

import pytest
from django.db import connection, transaction
from django.urls import reverse

from pmo.accounts.models import Membership
from pmo.accounts.roles import Role
from pmo.common.page.once import FIELD
from tests.factories import person
from tests.portfolio.governance import sent
from tests.portfolio.intake import sent as intake_sent
from tests.portfolio.locks import TRAIL, followed_locks
from tests.portfolio.starts import sent as starts_sent
from tests.portfolio.starts.test_starting import started

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite holds the whole database."
    ),
    pytest.mark.django_db,
]
FORMS = {**sent.THERE, **intake_sent.THERE, **starts_sent.THERE}


@pytest.fixture
def everybody():
    person(Role.STAFF, name="Li Wei", email="li.wei@example.org")
    found = person(Role.PMO_LEAD)
    Membership.objects.create(user=found, role=Role.ADMINISTRATOR)
    return found


@pytest.mark.timeout(600)  # the first of a run may build the database
def test_every_form_holds_in_the_one_order(client, everybody, settings):
    settings.EMAIL_URL = "smtp://mail.example.org"
    client.force_login(everybody)
    records = {"started": started(starts_sent.CODE, None)}
    faults, unheard = {}, []

    for name, there in FORMS.items():
        with transaction.atomic():
            keys, data = there(records, everybody)
            with followed_locks() as order:
                client.post(reverse(name, args=keys), data | {FIELD: "a key of its own"})
            if order.faults:
                faults[name] = order.faults
            if TRAIL not in order.holding:
                unheard.append(name)
            transaction.set_rollback(True)

    assert faults == {}
    assert unheard == []
