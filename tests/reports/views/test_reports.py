import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from reports.models import Subscription, scope_of
from reports.services.summaries import (
    compile_summary,
    issue_summary,
    request_summary,
    review_summary,
)
from tests.factories import PortfolioFactory, UserFactory, person
from tests.reports.documents import BEFORE, SUNDAY, freeze, key

pytestmark = pytest.mark.django_db
URL = "/reports/"


def test_with_nothing_made_yet_the_page_says_what_comes(signed_in, lead):
    page = signed_in(lead).get(URL).content.decode()

    assert "No summary yet" in page and "No variance report yet" in page


def test_the_office_sees_how_far_the_newest_week_is(signed_in, lead, portfolio):
    draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    review_summary(summary=draft, version=1, by=lead, comments={})
    issue_summary(summary=draft, version=None, by=lead)
    other = PortfolioFactory()
    compile_summary(scope=scope_of(other), day=SUNDAY, by=None)
    compile_summary(scope=scope_of(portfolio), day=BEFORE, by=None)

    response = signed_in(lead).get(URL)

    assert response.context["newest_title"] == "Summaries of 15 Nov 2026: 1 of 2 issued"
    assert [one.date for one in response.context["earlier"]] == [BEFORE]
    reader = signed_in(person(Role.EXECUTIVE)).get(URL)
    assert reader.context["newest_title"] == "Summaries of 15 Nov 2026"
    assert reader.context["earlier"] == []


def test_work_that_runs_is_shown_to_who_may_start_it(signed_in, lead, portfolio):
    request_summary(scope=scope_of(portfolio), day=SUNDAY, by=lead)

    assert len(signed_in(lead).get(URL).context["running"]) == 1
    assert signed_in(person(Role.EXECUTIVE)).get(URL).context["running"] == []


@pytest.mark.parametrize("amount", [1, 3])
def test_the_page_costs_the_same_queries_for_any_number_of_reports(
    signed_in, lead, amount, django_assert_num_queries
):
    freeze(SUNDAY)
    for _ in range(amount):
        compile_summary(scope=scope_of(PortfolioFactory()), day=SUNDAY, by=None)
    client = signed_in(lead)
    client.get(URL)

    with django_assert_num_queries(7):
        client.get(URL)


def test_a_subscriber_is_added_by_address_and_removed(signed_in, lead, portfolio):
    reader = person(Role.EXECUTIVE, email="eve@example.org")
    client = signed_in(lead)

    client.post(
        reverse("reports:subscription_new"),
        {"scopes": [key(portfolio)], "documents": ["summary"], "address": "Eve@Example.org"},
    )
    (subscription,) = Subscription.objects.all()
    page = client.get(reverse("reports:subscription_list")).content.decode()
    client.post(reverse("reports:subscription_remove", args=[subscription.pk]))

    assert subscription.user == reader
    assert "eve@example.org" in page and "Capital" in page
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nobody@example.org", "Nobody signs in here"),
        ("plain@example.org", "may not open summaries"),
    ],
)
def test_a_subscriber_must_be_somebody_who_may_read(signed_in, lead, portfolio, address, words):
    UserFactory(email="plain@example.org")

    response = signed_in(lead).post(
        reverse("reports:subscription_new"),
        {"scopes": [key(portfolio)], "documents": ["summary"], "address": address},
    )

    assert response.status_code == 422
    assert words in response.content.decode() and address in response.content.decode()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("amount", [1, 3])
def test_the_subscriptions_cost_the_same_queries_for_any_number(
    signed_in, lead, portfolio, amount, django_assert_num_queries
):
    for _ in range(amount):
        Subscription.objects.create(portfolio=portfolio, user=UserFactory())
    client = signed_in(lead)
    client.get(reverse("reports:subscription_list"))

    with django_assert_num_queries(5):
        client.get(reverse("reports:subscription_list"))


def test_an_executive_changes_no_subscription(signed_in, portfolio):
    client = signed_in(person(Role.EXECUTIVE))

    assert client.get(reverse("reports:subscription_list")).status_code == 403
    assert client.post(reverse("reports:subscription_new")).status_code == 403
    assert client.post(reverse("reports:subscription_remove", args=[1])).status_code == 403
