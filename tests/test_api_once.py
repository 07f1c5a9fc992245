"""A call under a key is done once and answered alike, at every address of the API that adds."""

from uuid import uuid4

import pytest

from pmo.accounts.roles import Role
from pmo.api_urls import RESOURCES
from pmo.common.api.once import HEADER, REPLAYED, DoneOnce
from pmo.common.models import AuditEvent
from tests.factories import person
from tests.test_api_rules import SCHEMA, api, body_for, writer_of

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
def test_what_is_sent_twice_under_a_key_is_added_once(name, records):
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


def test_actions_heed_it_too(records):
    client, headers = api(person(Role.PMO_LEAD)), key()
    body = {"project": records["projects"].pk, "version": 0, "overall": "green"}

    first = post(client, body, headers, "/api/v1/status-updates/draft/")
    second = post(client, body, headers, "/api/v1/status-updates/draft/")

    assert first.status_code == 200, first.data
    assert (second.status_code, second.content) == (200, first.content)


def test_a_call_that_deletes_is_done_once_and_answered_alike(lead, records):
    client = api(lead)
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
