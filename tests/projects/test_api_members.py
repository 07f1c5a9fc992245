"""Who is named on a project, over the API."""

import pytest
from rest_framework.test import APIClient

from projects.models import ProjectMember
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_naming_somebody_answers_with_what_was_kept(lead, project):
    user = UserFactory(name="Ada Hill")
    client = APIClient()
    client.force_authenticate(lead)

    answer = client.post(
        "/api/v1/members/",
        {"project": project.pk, "user": user.pk, "role": "sponsor"},
        format="json",
    )

    kept = ProjectMember.objects.get(user=user)
    assert answer.status_code == 201
    assert answer.data == {
        "id": kept.pk,
        "project": project.pk,
        "user": user.pk,
        "name": "Ada Hill",
        "role": "sponsor",
    }
