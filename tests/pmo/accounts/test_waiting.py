from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts import words
from pmo.accounts.roles import Role
from pmo.common.page import waiting
from pmo.common.page.waiting import WaitingItem, finds_waiting
from tests.factories import person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setattr(waiting, "_finders", {})


def items(count, due):
    return [WaitingItem(text=f"Vote {n}", url="/x/", about="Board", due=due) for n in range(count)]


def test_the_page_shows_all_and_the_panel_the_first_five(client):
    late = timezone.localdate() - timedelta(days=3)
    finds_waiting("votes", order=1)(lambda _person, _today: items(7, late))
    client.force_login(person(Role.STAFF))

    whole = client.get(reverse("waiting")).content.decode()
    panel = client.get(reverse("waiting"), headers={"HX-Request": "true"}).content.decode()

    assert [whole.count("Vote "), panel.count("Vote ")] == [7, 5]
    assert "7 things wait for you, 7 overdue" in panel
    assert "And 2 more" in panel
    assert "<html" not in panel


def test_nothing_waits(client):
    client.force_login(person(Role.STAFF))

    assert "Nothing waits for you" in client.get(reverse("waiting")).content.decode()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "Nothing waits for you"),
        (items(1, None), "1 thing waits for you"),
        (items(1, TODAY), "1 thing waits for you"),
        (items(2, date(2026, 11, 29)), "2 things wait for you, 2 overdue"),
    ],
)
def test_the_title_counts_what_waits_and_what_is_overdue(found, said):
    assert words.waiting_title(found, today=TODAY) == said


@pytest.mark.parametrize(
    ("role", "page"), [(Role.STAFF, "/projects/mine/"), (Role.EXECUTIVE, "/portfolio/")]
)
def test_the_page_where_somebody_starts_asks_for_it(client, role, page):
    client.force_login(person(role))

    assert f'hx-get="{reverse("waiting")}"' in client.get(page).content.decode()
