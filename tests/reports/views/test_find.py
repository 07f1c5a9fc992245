"""Find answers with what the reader may open, and with nothing else."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from reports.services.snapshots import refresh
from tests.factories import ProjectFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def towers():
    projects = [
        ProjectFactory(code="CAP-1", name="North tower"),
        ProjectFactory(code="CAP-2", name="Tower of silence", is_confidential=True),
        ProjectFactory(code="IT-1", name="Telehealth"),
    ]
    refresh([project.pk for project in projects])
    return projects


def labels(response):
    return [hit.label for hit in response.context["results"]]


def test_it_finds_by_name_and_code_whatever_the_capitals(signed_in, lead, towers):
    client = signed_in(lead)

    assert labels(client.get(reverse("find"), {"q": "TOWER"})) == [
        "North tower",
        "Tower of silence",
    ]
    assert labels(client.get(reverse("find"), {"q": "it-1"})) == ["Telehealth"]


def test_it_hides_confidential_projects(signed_in, towers):
    response = signed_in(person(Role.EXECUTIVE)).get(reverse("find"), {"q": "tower"})

    assert labels(response) == ["North tower"]


def test_a_hidden_name_answers_like_a_name_that_does_not_exist(signed_in, towers):
    client = signed_in(person(Role.EXECUTIVE))

    hidden = client.get(reverse("find"), {"q": "silence"}).content.decode()
    absent = client.get(reverse("find"), {"q": "nowhere"}).content.decode()

    assert hidden.replace("silence", "") == absent.replace("nowhere", "")


def test_it_finds_pages(signed_in, lead):
    assert "Office" in labels(signed_in(lead).get(reverse("find"), {"q": "off"}))


@pytest.mark.parametrize("typed", ["", "a", "\x00\x00", "%", "' OR 1=1 --", "x" * 5000])
def test_odd_input_is_answered_quietly(signed_in, lead, towers, typed):
    response = signed_in(lead).get(reverse("find"), {"q": typed})

    assert response.status_code == 200
    assert labels(response) == []
