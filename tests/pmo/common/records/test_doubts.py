"""Words that may identify a patient ask for a reason: in forms, over the API and in imports."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pmo.accounts.models import PeopleFile, Unit, User
from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import AuditEvent, JobState
from pmo.common.records import doubts
from pmo.common.records.fields import no_patient_data
from pmo.common.records.writing import RefusalError
from projects.models import PlanImport, Project, Task
from reports.imports.models import ImportRun
from reports.imports.services import runs
from risks.models import Risk
from tests.factories import UnitFactory, person
from tests.projects.domain.exchange.files import mspdi, task
from tests.reports.imports.views.test_imports import chosen, columns_of
from tests.risks.views.test_risk_pages import TYPED

pytestmark = pytest.mark.django_db
DOUBTFUL = "The wing was born on 1 June 2024"
SURE = "MRN 00482913 waits"
WHY = "It is the day the wing opened."


def after_of(action: str) -> dict[str, str]:
    event = AuditEvent.objects.filter(action=action).latest("sequence")
    after: dict[str, str] = json.loads(event.body)["after"]
    return after


def test_a_form_asks_why_and_keeps_the_answer_on_the_trail(signed_in, manager, project):
    client, new = signed_in(manager), reverse("risks:risk_new", args=[project.pk])
    asked = client.post(new, TYPED | {"title": DOUBTFUL})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "This may be a date of birth. Take it out, or say why it is no patient&#x27;s" in page
    assert page.count('name="patient_data_reason"') == 1
    assert DOUBTFUL in page

    saved = client.post(new, TYPED | {"title": DOUBTFUL, "patient_data_reason": WHY})
    assert saved.status_code == 302
    assert Risk.objects.get().title == DOUBTFUL
    assert after_of("risk.created")["kept_because"] == WHY


def test_the_question_stands_below_the_words_it_is_about(signed_in, manager, project):
    new = reverse("risks:risk_new", args=[project.pk])
    page = signed_in(manager).post(new, TYPED | {"title": DOUBTFUL}).content.decode()
    places = [
        page.index(f'{part}"')
        for part in ('id="id_title_error', 'name="title', 'for="id_patient_data_reason')
    ]
    assert places == sorted(places)
    assert page.count("Why do these words identify no patient?") == 1
    after = page.index('class="field', places[-1])
    assert page.index('name="patient_data_reason"') < after


def test_an_answer_is_kept_while_something_else_is_at_fault(signed_in, manager, project):
    new = reverse("risks:risk_new", args=[project.pk])
    wrong = TYPED | {"title": DOUBTFUL, "likelihood": "9", "patient_data_reason": WHY}
    page = signed_in(manager).post(new, wrong).content.decode()
    assert f'value="{WHY}"' in page
    assert "This may be" not in page


@pytest.mark.parametrize("reason", ["no", "x" * 201, "Born on 1 June 2024 is the wing"])
def test_an_answer_must_say_something_and_repeat_nothing(reason):
    with doubts.answered(reason), pytest.raises(ValidationError) as caught:
        no_patient_data(DOUBTFUL)
    assert "10 to 200 letters" in caught.value.messages[0]


def test_what_is_certain_is_refused_whatever_is_said(signed_in, manager, project):
    new = reverse("risks:risk_new", args=[project.pk])
    page = signed_in(manager).post(new, TYPED | {"title": SURE, "patient_data_reason": WHY})
    assert page.status_code == 422
    assert "This looks like a medical record number" in page.content.decode()
    assert not Risk.objects.exists()


def test_a_reason_where_nothing_is_doubtful_is_not_kept(signed_in, manager, project):
    new = reverse("risks:risk_new", args=[project.pk])
    signed_in(manager).post(new, TYPED | {"patient_data_reason": WHY})
    assert "kept_because" not in after_of("risk.created")


def test_the_api_takes_the_reason_in_a_header(client, manager, project):
    client.force_login(manager)
    body = {"project": project.pk, "title": DOUBTFUL, "likelihood": 2, "impact": 2}
    post = {"path": "/api/v1/risks/", "data": body, "content_type": "application/json"}
    asked = client.post(**post)
    assert asked.status_code == 400
    assert "header Patient-Data-Reason" in asked.json()["title"][0]
    saved = client.post(**post, headers={"Patient-Data-Reason": WHY})
    assert saved.status_code == 201, saved.content
    assert after_of("risk.created")["kept_because"] == WHY


def test_a_table_asks_before_it_is_written(signed_in, lead):
    UnitFactory(name="Surgery")
    client = signed_in(lead)
    text = f"Code,Name,Unit\nN-1,{DOUBTFUL},Surgery\n"
    file = SimpleUploadedFile("projects.csv", text.encode())
    client.post("/imports/", {"file": file, "record": "project", "profile": ""})
    run = ImportRun.objects.get()
    client.post(columns_of(run), chosen(client.get(columns_of(run))))
    jobs.run(ImportRun.objects.get().job_id)
    run = ImportRun.objects.get()
    assert run.report["problems"] == []
    assert run.report["doubts"] == ["a date of birth"]
    assert 'name="patient_data_reason"' in client.get(run.get_absolute_url()).content.decode()

    apply = reverse("reports:import_apply", args=[run.pk])
    client.post(apply, {"patient_data_reason": WHY})
    jobs.run(ImportRun.objects.get().job_id)
    assert Project.objects.get().name == DOUBTFUL
    assert after_of("project.created")["kept_because"] == WHY


def test_a_table_without_an_answer_is_not_written(signed_in, lead):
    UnitFactory(name="Surgery")
    client = signed_in(lead)
    file = SimpleUploadedFile("p.csv", f"Code,Name,Unit\nN-1,{DOUBTFUL},Surgery\n".encode())
    client.post("/imports/", {"file": file, "record": "project", "profile": ""})
    run = ImportRun.objects.get()
    client.post(columns_of(run), chosen(client.get(columns_of(run))))
    jobs.run(ImportRun.objects.get().job_id)
    with pytest.raises(RefusalError, match="may identify a patient"):
        runs.request_apply(run=ImportRun.objects.get(), by=lead)
    assert runs.apply(run=ImportRun.objects.get(), by=lead).report["handed_back"] == 1
    assert not Project.objects.exists()


def test_a_schedule_file_asks_before_it_is_written(signed_in, manager, project):
    client = signed_in(manager)
    content = mspdi(task(1, "Born on 1 June 2024", hours=16))
    listed = reverse("projects:plan_import_list", args=[project.pk])
    client.post(listed, {"file": SimpleUploadedFile("plan.xml", content)})
    run = PlanImport.objects.get()
    if run.job_id:
        jobs.run(run.job_id)
    assert PlanImport.objects.get().counts["doubts"] == ["a date of birth"]
    assert 'name="patient_data_reason"' in client.get(run.get_absolute_url()).content.decode()
    apply = reverse("projects:plan_import_apply", args=[run.pk])
    client.post(apply)
    assert not Task.objects.exists()
    client.post(apply, {"patient_data_reason": WHY})
    jobs.run(PlanImport.objects.get().job_id)
    assert Task.objects.get().name == "Born on 1 June 2024"
    assert after_of("plan_import.applied")["kept_because"] == WHY


def test_a_list_of_units_asks_before_it_is_written(signed_in):
    client: Client = signed_in(person(Role.ADMINISTRATOR))
    file = SimpleUploadedFile("units.csv", f"name,kind\n{DOUBTFUL},Department\n".encode())
    client.post("/people/files/", {"kind": "units", "file": file})
    record = PeopleFile.objects.get()
    assert 'name="patient_data_reason"' in client.get(record.get_absolute_url()).content.decode()
    write = reverse("accounts:people_file_write", args=[record.pk])
    client.post(write, {"patient_data_reason": WHY})
    jobs.run(PeopleFile.objects.get().job_id)
    assert PeopleFile.objects.get().job.state == JobState.DONE
    assert Unit.objects.filter(name=DOUBTFUL).exists()
    assert User.objects.count() == 1
