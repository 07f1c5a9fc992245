"""Whatever is sent in a body, every address of the API answers it with a refusal or takes it."""

import json

import pytest
from django.db import transaction
from rest_framework.relations import PrimaryKeyRelatedField
from rest_framework.utils.encoders import JSONEncoder

from tests.test_api_rules import WRITABLE, api, body_for, writer_of

pytestmark = pytest.mark.django_db
BAD = [
    "\x00",
    "\ud800",
    "x" * 3_000,
    2**63,
    2**64,
    -1,
    1e400,
    "NaN",
    "Infinity",
    [],
    {},
    None,
    True,
]


@pytest.mark.parametrize("name", sorted(WRITABLE))
def test_odd_values_in_bodies_are_refused_quietly(name, records):
    client = api(writer_of(name))
    serializer = WRITABLE[name].input_class(context={"is_edit": False, "request": None})

    whole = body_for(name, records)
    for field in serializer.fields:
        for value in BAD:
            with transaction.atomic():
                assert sent_raw(client, name, whole | {field: value}) in {201, 400, 403}, (
                    field,
                    value,
                )
                transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(WRITABLE))
def test_names_of_fields_that_no_text_has_are_refused_quietly(name, records):
    client = api(writer_of(name))

    assert sent_raw(client, name, body_for(name, records) | {"\ud800": 1}) == 400


@pytest.mark.parametrize("name", sorted(WRITABLE))
def test_no_part_of_a_number_is_an_id(name, records):
    client = api(writer_of(name))
    body = body_for(name, records)
    fields = WRITABLE[name].input_class(context={"is_edit": False, "request": None}).fields
    for field, shape in fields.items():
        if isinstance(shape, PrimaryKeyRelatedField) and isinstance(body.get(field), int):
            answer = client.post(
                f"/api/v1/{name}/", body | {field: body[field] + 0.5}, format="json"
            )
            assert (answer.status_code, set(answer.data)) == (400, {field})


def sent_raw(client, name, body):
    """Send what a client in Python cannot: half a character, and a number without an end."""
    raw = json.dumps(body, cls=JSONEncoder).replace(": Infinity", ": 1e400")
    url = f"/api/v1/{name}/"
    return client.generic("POST", url, raw.encode(), content_type="application/json").status_code


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"name": "\\ud800"}',
        b'{"code": NaN}',
        b'{"code": 1e999}',
        b"[]",
        b"null",
        b'"x"',
        b"\xff",
        b"[" * 200_000,
        b'{"name": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ],
)
def test_odd_bodies_are_refused_quietly(lead, raw):
    answer = api(lead).generic("POST", "/api/v1/programs/", raw, content_type="application/json")

    assert answer.status_code == 400
