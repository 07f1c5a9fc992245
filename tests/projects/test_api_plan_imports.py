"""Schedule files over the API: the same way as on the pages, for those who may change the plan."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from projects.domain.exchange import read_mspdi
from projects.models import PlanImport, Task
from tests.factories import MemberFactory, ProjectFactory, person
from tests.projects.test_services_plan_imports import SMALL, imported

pytestmark = pytest.mark.django_db(transaction=True)


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def upload(client, project, content=SMALL, name="plan.xml"):
    return client.post(
        "/api/v1/plan-imports/upload/",
        {"project": project.pk, "file": SimpleUploadedFile(name, content)},
        format="multipart",
    )


def test_from_upload_to_undo(manager, project):
    client = api(manager)

    answer = upload(client, project)
    assert answer.status_code == 202, answer.data
    address = f"/api/v1/plan-imports/{answer.data['id']}"
    report = client.get(f"{address}/").data
    assert (report["state"], report["counts"]["added"], report["trouble"]) == ("checked", 4, "")
    assert {loss["fate"] for loss in report["losses"]} == {"changed", "kept"}
    assert Task.objects.count() == 0

    assert client.post(f"{address}/check/").status_code == 202
    assert client.post(f"{address}/apply/", {}, format="json").status_code == 202
    assert client.get(f"{address}/").data["state"] == "applied"
    assert Task.objects.count() == 4

    assert client.post(f"{address}/undo/").data["state"] == "undone"
    assert Task.objects.count() == 0
    again = client.post(f"{address}/undo/")
    assert (again.status_code, again.data["detail"]) == (
        409,
        "Only a file that was written can be undone.",
    )


def test_what_is_no_schedule_is_refused(manager, project):
    client = api(manager)

    assert upload(client, project, b"hello").status_code == 409
    assert upload(client, project, name="219-09-9999.xml").status_code == 400
    assert client.post("/api/v1/plan-imports/upload/", {}, format="multipart").status_code == 400
    assert PlanImport.objects.count() == 0


def test_a_file_can_be_discarded(manager, project):
    client = api(manager)
    number = upload(client, project).data["id"]

    assert client.post(f"/api/v1/plan-imports/{number}/discard/").data["state"] == "discarded"
    assert client.post(f"/api/v1/plan-imports/{number}/apply/", {}).status_code in {409, 415}


def test_readers_see_and_change_nothing_strangers_see_nothing(manager, project):
    run = imported(project, manager)
    reader = person(Role.STAFF)
    MemberFactory(project=project, user=reader, role=Role.READER)
    address = f"/api/v1/plan-imports/{run.pk}"

    assert api(reader).get(f"{address}/").status_code == 200
    for name in ("check", "apply", "discard", "undo"):
        assert api(reader).post(f"{address}/{name}/", {}, format="json").status_code == 403
        stranger = api(person(Role.STAFF)).post(f"{address}/{name}/", {}, format="json")
        assert stranger.status_code == 404
    assert upload(api(reader), project).status_code == 403
    assert upload(api(person(Role.STAFF)), project).status_code == 400
    assert Task.objects.count() == 4


def test_the_plan_goes_out_to_those_who_may_see_the_project(manager, project):
    imported(project, manager)

    answer = api(manager).get(f"/api/v1/projects/{project.pk}/plan-file/")

    assert answer["Content-Type"] == "application/xml"
    assert len(read_mspdi(answer.content).tasks) == 4
    hidden = ProjectFactory(is_confidential=True)
    assert api(person(Role.EXECUTIVE)).get(f"/api/v1/projects/{hidden.pk}/plan-file/").status_code == 404  # fmt: skip
