"""Every list of the API is searched as the pages are, and takes a filter once."""

import pytest
from django.db import DatabaseError, models, transaction

from pmo.accounts.models import Membership
from pmo.accounts.roles import Role
from pmo.api_urls import RESOURCES
from portfolio.intake.models import ProjectRequest
from tests.factories import person
from tests.test_api_rules import api, scene

pytestmark = pytest.mark.django_db
WRITTEN, ASKED = "ÉCLAIRAGE  du Bloc №４", "eclairage du bloc no4"


@pytest.fixture
def reader():
    found = person(Role.PMO_LEAD)
    Membership.objects.create(user=found, role=Role.ADMINISTRATOR)
    return found


def written(model):
    """Write the words into the first column of its own that a search looks at; return the record's id."""
    column = next(name for name in model.searched if "__" not in name)
    rows = models.QuerySet(model)
    longest = model._meta.get_field(column).max_length
    for pk in rows.order_by("-pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                if rows.filter(pk=pk).update(**{column: WRITTEN[:longest]}):
                    return pk
        except DatabaseError:
            continue
    return None


def test_every_list_finds_its_records_whatever_capitals_accents_and_width(reader):
    scene()
    ProjectRequest.objects.update(requester=reader)
    client, missed, found = api(reader), {}, 0

    for name, resource in RESOURCES.items():
        model = resource.queryset.model
        if not hasattr(model, "searched"):
            continue
        pk = written(model)
        answer = client.get(f"/api/v1/{name}/", {"search": ASKED, "page_size": 200})
        ids = [one["id"] for one in answer.data.get("results", [])]
        found += pk in ids
        if pk not in ids:
            missed[name] = (pk, ids, answer.status_code)

    assert missed == {}
    assert found > 15


def test_every_list_refuses_a_filter_that_is_given_twice(reader):
    client, taken = api(reader), []

    for name, resource in RESOURCES.items():
        known = [*(getattr(resource, "filterset_fields", ()) or ()), "page_size"]
        answer = client.get(f"/api/v1/{name}/?{known[0]}=1&{known[0]}=2")
        if answer.status_code != 400 or "Give this filter once" not in str(answer.data):
            taken.append((name, known[0], answer.status_code))

    assert taken == []
