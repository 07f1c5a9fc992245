"""A call under a key is done once and answered alike, at every address of the API that adds."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from pmo.api_urls import RESOURCES
from pmo.common.api import once
from pmo.common.api.once import HEADER, OTHER_BODY, REPLAYED, DoneOnce
from pmo.common.models import AuditEvent, Submission
from risks.models import Risk
from tests.factories import ProjectFactory, person
from tests.projects.test_services_status_races import race
from tests.test_api_rules import SCHEMA, api, body_for, scene, writer_of

pytestmark = pytest.mark.django_db
ADDING = sorted(name for name, one in RESOURCES.items() if hasattr(one, "create"))


def key():
    return {HEADER: str(uuid4())}


def risk(project, title="Vendor slips"):
    return {"project": project.pk, "title": title, "likelihood": 2, "impact": 2}


def post(client, body, headers, address="/api/v1/risks/"):
    return client.post(address, body, format="json", headers=headers)


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_resource_heeds_the_key(name):
    assert issubclass(RESOURCES[name], DoneOnce)


@pytest.mark.parametrize("name", ADDING)
def test_what_is_sent_twice_under_a_key_is_added_once(name):
    records = scene()
    client, body, headers = api(writer_of(name)), body_for(name, records), key()
    if name in {"freezes", "variance-reports"}:
        body = {"scope": "hospital", "date": "2026-11-15"} if name == "variance-reports" else {}
    model = RESOURCES[name].queryset.model

    first = post(client, body, headers, f"/api/v1/{name}/")
    between = (model._default_manager.count(), AuditEvent.objects.count())
    second = post(client, body, headers, f"/api/v1/{name}/")

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert (model._default_manager.count(), AuditEvent.objects.count()) == between
    if first.status_code < 400:
        assert second[REPLAYED] == "true"
    assert REPLAYED not in first


def test_actions_heed_it_too():
    records = scene()
    client, headers = api(person(Role.PMO_LEAD)), key()
    body = {"project": records["projects"].pk, "version": 0, "overall": "green"}

    first = post(client, body, headers, "/api/v1/status-updates/draft/")
    second = post(client, body, headers, "/api/v1/status-updates/draft/")

    assert first.status_code == 200, first.data
    assert (second.status_code, second.content) == (200, first.content)


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

    def test_deletes_once_and_answers_alike(self, client):
        records = scene()
        address, headers = f"/api/v1/alignments/{records['alignments'].pk}/", key()

        answers = [client.delete(address, headers=headers) for _ in range(2)]

        assert [(one.status_code, one.content) for one in answers] == [(204, b"")] * 2
        assert client.delete(address, headers=key()).status_code == 404


def test_the_description_names_it_at_every_post():
    import yaml  # noqa: PLC0415 - only here

    paths = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))["paths"]
    posts = {path: one["post"] for path, one in paths.items() if "post" in one}
    bare = [
        path
        for path, one in posts.items()
        if HEADER not in {p["name"] for p in one.get("parameters", [])}
    ]

    assert posts
    assert bare == []


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
