"""The library of templates: files in and out, versions, who may."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.models import ProjectTemplate, TemplateVersion
from projects.project_templates.services import library
from tests.factories import person
from tests.projects.project_templates.test_packs import SMALL, TELEHEALTH

pytestmark = pytest.mark.django_db


@pytest.fixture
def telehealth():
    return ProjectTemplate.objects.select_related("current").get(code="telehealth")


def test_the_six_templates_are_there_from_the_start():
    found = ProjectTemplate.objects.order_by("code").values_list(
        "code", "current__number", "origin"
    )

    assert list(found) == [
        (code, 1, "shipped")
        for code in (
            "compliance_overhaul", "ehr_rollout", "facility_occupied", "telehealth", "vaccine_rollout",
            "value_based_care",
        )
    ]  # fmt: skip


def test_a_new_file_adds_a_template_with_one_event_for_each_step(lead):
    before = AuditEvent.objects.count()

    taken = library.import_pack(text=SMALL, by=lead)

    assert (taken.template.name, taken.version.number) == ("A small one", 1)
    assert taken.template.current == taken.version
    actions = AuditEvent.objects.order_by("sequence").values_list("action", flat=True)[before:]
    assert list(actions) == ["template.created", "template.published"]


def test_an_exported_file_comes_back_with_no_change(lead, telehealth):
    exported = written(telehealth.current.document)
    before = AuditEvent.objects.count()

    taken = library.import_pack(text=exported, by=lead)

    assert (taken.template, taken.version) == (telehealth, None)
    assert (TemplateVersion.objects.filter(template=telehealth).count(), AuditEvent.objects.count()) == (1, before)  # fmt: skip


def test_a_changed_file_is_the_next_version_and_the_first_stays(lead, telehealth):
    first = telehealth.current.document
    text = written(first).replace("Fixes made", "Fixes made and tested")

    taken = library.import_pack(text=text, by=lead, note="Tested too")

    telehealth.refresh_from_db()
    assert (taken.version.number, telehealth.current) == (2, taken.version)
    assert telehealth.versions.get(number=1).document == first


def test_an_unsound_file_says_everything_and_leaves_no_trace(lead):
    before = (ProjectTemplate.objects.count(), AuditEvent.objects.count())

    with pytest.raises(library.PackError) as refusal:
        library.import_pack(text=SMALL.replace("score: 6", "score: 7"), by=lead)

    assert [(fault.line, fault.sentence) for fault in refusal.value.faults] == [
        (21, "Risk R1: the score is 6, consequence times likelihood.")
    ]
    assert (ProjectTemplate.objects.count(), AuditEvent.objects.count()) == before


def test_a_file_that_names_a_patient_is_refused(lead):
    with pytest.raises(ValidationError, match="medical record number"):
        library.import_pack(text=SMALL.replace("Look weekly", "See MRN 00482913"), by=lead)


def test_a_retired_template_is_not_offered(lead, telehealth, signed_in):
    library.offer_template(template=telehealth, is_offered=False, version=None, by=lead)

    assert telehealth not in ProjectTemplate.objects.offered()
    page = signed_in(person(Role.EXECUTIVE)).get(reverse("templates:template_list"))
    assert telehealth.name not in page.content.decode()


def test_the_list_says_what_each_brings(signed_in):
    page = signed_in(person(Role.EXECUTIVE)).get(reverse("templates:template_list"))

    rows = {row["template"].code: row for row in page.context["rows"]}
    assert rows["telehealth"]["brings"] == (
        "30 tasks, 6 milestones, 7 risks, 14 roles, 6 measures, 10 obligations"
    )
    assert rows["telehealth"]["lasts"] == "172 working days, go-live on day 104"
    assert {row["start_url"] for row in rows.values()} == {""}


def test_the_office_may_start_from_the_list(signed_in, lead, telehealth):
    page = signed_in(lead).get(reverse("templates:template_list"))

    assert reverse("starts:start_new", args=[telehealth.pk]) in page.content.decode()


@pytest.mark.parametrize("templates", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    signed_in, templates, django_assert_num_queries, lead
):
    ProjectTemplate.objects.exclude(
        pk__in=ProjectTemplate.objects.order_by("pk").values("pk")[:templates]
    ).update(is_offered=False)
    client = signed_in(person(Role.EXECUTIVE))
    client.get(reverse("templates:template_list"))

    with django_assert_num_queries(5):
        page = client.get(reverse("templates:template_list"))

    assert len(page.context["rows"]) == templates


def test_the_page_of_a_template_shows_its_tables(signed_in, telehealth):
    page = signed_in(person(Role.EXECUTIVE)).get(telehealth.get_absolute_url())

    tables = {table.section.name: table for table in page.context["tables"]}
    assert tables["tasks"].columns[-1] == "Last day"
    assert tables["tasks"].rows[-1][-1] == "172"
    assert tables["budget_lines"].rows[0] == [
        "Platform subscription first year",
        "Operating",
        "25%",
    ]


def test_a_version_is_handed_out_as_its_file(signed_in, telehealth):
    url = reverse("templates:version_file", args=[telehealth.pk, 1])

    answer = signed_in(person(Role.EXECUTIVE)).get(url)

    assert answer.content.decode() == written(telehealth.current.document)
    assert answer["Content-Disposition"] == 'attachment; filename="telehealth-v1.yaml"'


def upload(client, text):
    file = SimpleUploadedFile("pack.yaml", text.encode())
    return client.post(reverse("templates:template_import"), {"file": file})


def test_a_file_comes_in_by_the_page(signed_in, lead):
    answer = upload(signed_in(lead), SMALL)

    assert answer.status_code == 302
    assert ProjectTemplate.objects.get(code="small").current.number == 1


def test_doubtful_words_of_a_file_are_asked_about_and_kept_for_a_reason(signed_in, lead):
    client, text = signed_in(lead), SMALL.replace("Look weekly", "Look at visit 20481913")

    asked = upload(client, text).content.decode()
    assert "This may be" in asked
    assert 'name="patient_data_reason"' in asked

    why = {"patient_data_reason": "The number of a visit by the architects"}
    file = SimpleUploadedFile("small.yaml", text.encode())
    taken = client.post(reverse("templates:template_import"), {"file": file} | why)
    assert taken.status_code == 302
    assert ProjectTemplate.objects.filter(code="small").exists()


def test_the_page_lists_all_faults_with_their_lines(signed_in, lead):
    broken = TELEHEALTH.replace("after: [T12, DB]", "after: [T12, DX]")

    answer = upload(signed_in(lead), broken)

    assert answer.status_code == 422
    assert len(answer.context["faults"]) == 2
    assert "DX, which is not in this template" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.AUDITOR, Role.STAFF])
def test_only_the_office_reads_files_in(signed_in, role):
    assert upload(signed_in(person(role)), SMALL).status_code == 403


def edit(client, template, text, version):
    url = reverse("templates:template_edit", args=[template.pk])
    return client.post(url, {"edited": version.pk, "pack": text, "note": "Better"})


def test_a_template_is_edited_in_place_and_published_as_a_version(signed_in, lead, telehealth):
    first = telehealth.current
    text = written(first.document).replace("Fixes made", "Fixes made and tested")

    answer = edit(signed_in(lead), telehealth, text, first)

    telehealth.refresh_from_db()
    assert answer.status_code == 302
    assert (telehealth.current.number, telehealth.current.note) == (2, "Better")
    again = edit(signed_in(lead), telehealth, text, first)
    assert "Another version was published meanwhile" in again.context["form"].errors["pack"][0]


def test_what_is_wrong_in_an_edit_is_said_with_its_line(signed_in, lead, telehealth):
    text = written(telehealth.current.document).replace("days: 8, ", "days: 9, ", 1)

    answer = edit(signed_in(lead), telehealth, text, telehealth.current)

    assert answer.status_code == 422
    assert [fault.sentence for fault in answer.context["faults"]] != []


def test_an_edit_keeps_the_code(signed_in, lead, telehealth):
    text = written(telehealth.current.document).replace('"telehealth"', '"another"', 1)

    answer = edit(signed_in(lead), telehealth, text, telehealth.current)

    assert "The code is another template’s." in answer.context["form"].errors["pack"][0]
