"""What one key does to calls of the API: in turn, with other bodies and people, and at once."""

import pytest
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from pmo.common.api import once
from pmo.common.api.once import HEADER, OTHER_BODY, REPLAYED
from pmo.common.models import Submission
from risks.models import Risk
from tests.factories import ProjectFactory, person
from tests.projects.test_services_status_races import race
from tests.test_api_once import key, post, risk
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db


class TestOneKey:
    @pytest.fixture
    def client(self, lead):
        return api(lead)

    @pytest.fixture
    def project(self):
        return ProjectFactory()

    def test_with_another_body_is_refused_with_a_sentence(self, client, project):
        headers = key()
        post(client, risk(project), headers)

        answer = post(client, risk(project, "Strike"), headers)

        assert (answer.status_code, answer.json()) == (422, {"detail": OTHER_BODY})
        assert Risk.objects.count() == 1

    def test_whose_fields_come_in_another_order_is_the_same(self, client, project):
        headers = key()
        post(client, risk(project), headers)

        assert post(client, dict(reversed(risk(project).items())), headers)[REPLAYED] == "true"

    def test_is_free_again_after_a_refusal(self, client, project):
        headers = key()
        assert post(client, risk(project) | {"likelihood": 9}, headers).status_code == 400
        assert not Submission.objects.exists()

        assert post(client, risk(project), headers).status_code == 201

    def test_of_another_person_is_another_key(self, client, project):
        headers = key()
        first = post(client, risk(project), headers)

        second = post(api(person(Role.PMO_LEAD)), risk(project), headers)

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.data["id"] != second.data["id"]

    def test_at_another_address_is_another_key(self, client, project):
        headers = key()
        post(client, risk(project), headers)

        answer = post(client, {"project": project.pk, "title": "I"}, headers, "/api/v1/issues/")

        assert answer.status_code == 201
        assert REPLAYED not in answer

    def test_none_is_no_protection(self, client, project):
        assert [post(client, risk(project), {}).status_code for _ in range(2)] == [201, 201]
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("said", ["", "x" * 201, "two words", "caf\x7f"])
    def test_that_is_none_is_refused(self, client, project, said):
        answer = post(client, risk(project), {HEADER: said})

        assert answer.status_code == 400
        assert HEADER in answer.json()["detail"]
        assert not Risk.objects.exists()

    def test_whose_answer_was_too_long_to_keep_says_so(self, client, project, monkeypatch):
        monkeypatch.setattr(once, "LONGEST_ANSWER", 10)
        headers = key()
        post(client, risk(project), headers)

        answer = post(client, risk(project), headers)

        assert (answer.status_code, answer.json()) == (409, {"detail": once.TOO_LONG})
        assert Risk.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [1, 2])
def test_of_many_calls_at_once_each_key_has_one_effect(keys, lead, project):
    senders, headers = 16, [key() for _ in range(keys)]
    codes = []

    def send(number):
        client = APIClient()
        client.force_authenticate(lead)
        codes.append(post(client, risk(project), headers[number % keys]).status_code)

    assert race(senders, send) == ["won"] * senders
    assert codes == [201] * senders
    assert Risk.objects.count() == keys
