"""Every page of the demo on a phone; a file of its own, so that another process walks the wide ones meanwhile."""

import pytest
from django.urls import reverse

from pmo.accounts.models import User
from reports.demo.organization import accounts
from tests.browser.test_every_page import look_at, walked

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(1200),  # every page; a quarter of it on a machine at rest
    pytest.mark.django_db(transaction=True),
]


def test_no_page_of_the_demo_has_a_fault_on_a_phone(visit, live_server, client):
    found = walked(visit, live_server.url, "phone", client=client)

    for role, email in {account.role: account.email for account in accounts()}.items():
        page = visit("/sign-in/", user=User.objects.get(email=email), mode="phone")
        found |= look_at(page, live_server.url, reverse("home"), role)
        page.context.close()

    assert found == {}
