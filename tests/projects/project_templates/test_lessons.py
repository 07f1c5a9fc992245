"""Lessons: recorded by the project's people, found by the next project, leaking nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from portfolio.governance.models import ProjectGate
from projects.project_templates.models import Lesson, ProjectTemplate
from projects.project_templates.services.lessons import record_lesson
from tests.factories import MemberFactory, MilestoneFactory, ProjectFactory, person

pytestmark = pytest.mark.django_db
URL = "/templates/lessons/"
SAID = {
    "title": "Licenses took twice as long",
    "what_happened": "Credentialing began after the contract.",
    "next_time": "Start credentialing with the business case.",
}


def lesson_of(project, **fields):
    return record_lesson(project=project, by=None, **{**SAID, **fields})


@pytest.fixture
def reader(signed_in):
    return signed_in(person(Role.EXECUTIVE))


def titles(page):
    return [lesson.title for lesson in page.context["page"]]


def test_a_lesson_is_recorded_with_one_event():
    project = ProjectFactory()
    before = AuditEvent.objects.count()

    lesson = lesson_of(project)

    assert (lesson.project, lesson.recorded_on) == (project, timezone.localdate())
    assert AuditEvent.objects.count() == before + 1


def test_a_lesson_says_what_happened_and_what_to_do():
    with pytest.raises(ValidationError):
        lesson_of(ProjectFactory(), next_time="")


def test_a_lesson_names_no_patient():
    with pytest.raises(ValidationError, match="medical record number"):
        lesson_of(ProjectFactory(), what_happened="MRN 00482913 was lost in conversion.")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 302), (Role.SPONSOR, 302), (Role.CLINICAL_LEAD, 302), (Role.TEAM_MEMBER, 302), (Role.READER, 403)],
)  # fmt: skip
def test_the_people_of_a_project_record_its_lessons(signed_in, role, status):
    member = MemberFactory(role=role)
    url = reverse("templates:lesson_new", args=[member.project.pk])

    answer = signed_in(member.user).post(
        url, {**SAID, "category": "plan", "moment": "", "recorded_on": timezone.localdate()}
    )

    assert answer.status_code == status
    assert Lesson.objects.count() == (1 if status == 302 else 0)


def test_the_form_offers_the_gates_of_the_project(signed_in, lead):
    project = ProjectFactory()
    MilestoneFactory(project=project, name="Go or no-go", kind="gate")

    page = signed_in(lead).get(reverse("templates:lesson_new", args=[project.pk]))

    choices = [value for value, _ in page.context["form"].fields["moment"].choices]
    assert choices == ["", "Go or no-go"]


def test_a_gate_that_is_passed_without_a_lesson_is_named(signed_in, lead):
    project = ProjectFactory()
    MilestoneFactory(project=project, name="Go or no-go", kind="gate", actual_date="2026-01-05")
    url = reverse("templates:project_lessons", args=[project.pk])

    assert "Go or no-go is passed, and no lesson is recorded at it." in str(signed_in(lead).get(url).content.decode())  # fmt: skip

    lesson_of(project, moment="Go or no-go")

    assert signed_in(lead).get(url).context["without"] == ""


def test_lessons_are_found_by_words_and_template(reader):
    template = ProjectTemplate.objects.get(code="telehealth")
    lesson_of(ProjectFactory(), template=template)
    lesson_of(ProjectFactory(), title="Dust reached the ward", what_happened="A barrier failed.")

    assert titles(reader.get(URL, {"q": "licenses"})) == [SAID["title"]]
    assert titles(reader.get(URL, {"template": template.pk})) == [SAID["title"]]
    assert titles(reader.get(URL, {"category": "money"})) == []
    assert len(titles(reader.get(URL))) == 2


def test_lessons_of_a_confidential_project_do_not_leak(reader, signed_in):
    template = ProjectTemplate.objects.get(code="telehealth")
    hidden = ProjectFactory(is_confidential=True)
    lesson_of(hidden, template=template)

    for url in (URL, f"{URL}?q=credentialing", template.get_absolute_url()):
        page = reader.get(url).content.decode()
        assert SAID["title"] not in page
        assert hidden.name not in page
    assert reader.get(URL).context["total"] == 0
    assert reader.get(reverse("templates:project_lessons", args=[hidden.pk])).status_code == 404
    lead_page = signed_in(person(Role.PMO_LEAD)).get(URL)
    assert titles(lead_page) == [SAID["title"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(reader, rows, django_assert_num_queries):
    for _ in range(rows):
        lesson_of(ProjectFactory(), template=ProjectTemplate.objects.get(code="telehealth"))
    reader.get(URL)

    with django_assert_num_queries(7):
        reader.get(URL)


def test_a_lesson_is_changed_and_removed(signed_in, lead):
    lesson = lesson_of(ProjectFactory())
    client = signed_in(lead)

    answer = client.post(
        reverse("templates:lesson_edit", args=[lesson.pk]),
        {**SAID, "title": "Start earlier", "category": "people", "moment": "", "version": 1,
         "recorded_on": timezone.localdate()},
    )  # fmt: skip
    assert answer.status_code == 302
    assert Lesson.objects.get().title == "Start earlier"

    client.post(reverse("templates:lesson_remove", args=[lesson.pk]))
    assert Lesson.objects.count() == 0


def test_a_gate_asks_what_was_learned_at_it(signed_in, lead):
    project = ProjectFactory()
    lesson_of(project, moment="Go or no-go")
    lesson_of(project, title="Another", moment="")
    asked = reverse("templates:project_lessons", args=[project.pk]) + "?moment=Go+or+no-go"

    panel = signed_in(lead).get(asked, headers={"HX-Request": "true"})

    assert SAID["title"] in panel.content.decode()
    assert "Another" not in panel.content.decode()
    assert f'{reverse("templates:lesson_new", args=[project.pk])}?moment=Go+or+no-go' in panel.content.decode()  # fmt: skip
    nothing = signed_in(lead).get(asked.replace("no-go", "not"), headers={"HX-Request": "true"})
    assert "next project of this kind about Go or not?" in nothing.content.decode()


def test_the_form_begins_with_the_gate_that_asked(signed_in, lead):
    project = ProjectFactory()
    MilestoneFactory(project=project, name="Go or no-go", kind="gate")
    url = reverse("templates:lesson_new", args=[project.pk])

    page = signed_in(lead).get(f"{url}?moment=Go+or+no-go")

    assert page.context["form"]["moment"].value() == "Go or no-go"


@pytest.mark.parametrize(
    ("stage", "asks"), [("planning", False), ("delivery", True), ("closing", True)]
)
def test_lessons_are_asked_for_before_a_project_closes_and_stop_nothing(
    signed_in, lead, stage, asks
):
    project = ProjectFactory(stage=stage)
    url = reverse("projects:project_stage", args=[project.pk])

    page = signed_in(lead).get(url).content.decode()

    assert (reverse("templates:project_lessons", args=[project.pk]) in page) == asks
    assert 'name="stage"' in page


def test_the_page_of_a_gate_asks_for_its_lessons(signed_in, lead):
    gate = ProjectGate.objects.create(project=ProjectFactory(), code="G1", name="Go or no-go")

    page = signed_in(lead).get(gate.get_absolute_url()).content.decode()

    assert f'{reverse("templates:project_lessons", args=[gate.project_id])}?moment=Go+or+no-go' in page  # fmt: skip
