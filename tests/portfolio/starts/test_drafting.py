"""A template from a finished project: what it did, as long as it took, and nobody's name."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from portfolio.starts.domain.names import is_person, names_in, without_names
from portfolio.starts.services.drafting import draft_of
from portfolio.starts.services.publishing import publish_from_project
from projects.models import Project, Task, TaskLink
from projects.project_templates.domain.checking import read_pack
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.models import ProjectTemplate
from projects.services.stakeholders import change_stakeholder, create_stakeholder
from tests.factories import (
    BudgetLineFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    RiskFactory,
    TaskFactory,
    person,
)
from tests.factories.communication import GroupFactory, ItemFactory
from tests.portfolio.starts.test_starting import started

pytestmark = pytest.mark.django_db


def closed(project):
    Project.objects.filter(pk=project.pk).update(
        stage="closed", actual_finish_date=project.forecast_finish_date or timezone.localdate()
    )
    return Project.objects.get(pk=project.pk)


@pytest.fixture
def finished(lead):
    return closed(started("telehealth", lead, total=Decimal(912_345)))


def row_of(document, section, **fields):
    (key, value) = fields.popitem()
    return next(row for row in document[section] if row[key] == value)


def test_the_draft_of_a_started_project_is_its_template_again(finished):
    document = draft_of(finished)
    before = finished.template_start.from_version.document

    assert read_pack(written(document)).faults == []
    same = ("tasks", "roles", "stakeholders", "risks", "measures", "obligations", "training", "adoption", "anchored")  # fmt: skip
    for section in same:
        left_out = {"region"}
        assert [{k: v for k, v in row.items() if k not in left_out} for row in document[section]] == [
            row for row in before[section] if not row.get("region")
        ], section  # fmt: skip
    assert [row["audience"] for row in document["communication"]] == [
        row["audience"] for row in before["communication"]
    ]
    shares = {row["name"]: row["share"] for row in document["budget"]["lines"]}
    assert shares == pytest.approx({row["name"]: row["share"] for row in before["budget"]["lines"]}, abs=1e-4)  # fmt: skip
    assert document["budget"]["illustrative_total"] == 910_000


def test_a_task_takes_the_days_it_took(finished):
    task = Task.objects.get(project=finished, external_id="T25")
    Task.objects.filter(pk=task.pk).update(
        actual_start=task.start,
        actual_finish=task.finish + timedelta(days=14),
        percent_complete=100,
    )

    assert row_of(draft_of(finished), "tasks", id="T25")["days"] == 18


def test_an_overlap_is_written_as_ss_with_a_lag(finished):
    link = TaskLink.objects.get(
        project=finished, predecessor__external_id="T24", successor__external_id="T25"
    )
    TaskLink.objects.filter(pk=link.pk).update(lag=-2)

    document = draft_of(finished)

    assert row_of(document, "tasks", id="T25")["after"] == ["T24:SS+3"]
    assert read_pack(written(document)).faults == []


def test_no_draft_names_anybody(finished):
    manager = person(Role.STAFF, name="Hiroshi Tanaka")
    doctor = person(Role.STAFF, name="Owen Price, MD")
    MemberFactory(project=finished, user=manager)
    risk = finished.risks.get(external_id="R6")
    type(risk).objects.filter(pk=risk.pk).update(response="Ask Hiroshi Tanaka, then Dr. Price", owner=manager)  # fmt: skip
    Task.objects.filter(project=finished, external_id="T25").update(name="Fixes by owen price tested")  # fmt: skip
    payers = finished.stakeholders.get(name="Payers")
    change_stakeholder(stakeholder=payers, version=None, by=None, name="Hiroshi Tanaka", position="Payer relations")  # fmt: skip

    document = draft_of(finished)

    text = written(document)
    assert [name for name in ("Tanaka", "tanaka", "Price", "price,") if name in text] == []
    assert row_of(document, "risks", id="R6")["action"] == (
        "Ask the person responsible, then the person responsible"
    )
    assert row_of(document, "risks", id="R6")["owner"] == "pm"
    assert row_of(document, "stakeholders", category="payers")["group"] == "Payer relations"
    assert doctor.name not in text


def test_nobody_is_named_who_has_no_account_either(finished, lead):
    payers = finished.stakeholders.get(name="Payers")
    change_stakeholder(stakeholder=payers, version=None, by=None, name="Maria Lopez", position="Head of contracts")  # fmt: skip
    board = GroupFactory(name="Prof. Ines Ruiz", category="board")
    create_stakeholder(project=finished, by=None, group=board, name="The dean")
    ItemFactory(project=finished, group=board, category="", message="Ring Ms Okafor, okafor@payer.example, ext. 4471")  # fmt: skip
    risk = finished.risks.get(external_id="R6")
    type(risk).objects.filter(pk=risk.pk).update(response="maria lopez signs; Mr. Chen Wu pays")

    document = draft_of(finished)

    text = written(document)
    names = ("Lopez", "lopez", "Ruiz", "Okafor", "okafor", "4471", "Chen", "Wu")
    assert [name for name in names if name in text] == []
    assert row_of(document, "risks", id="R6")["action"] == (
        "the person responsible signs; the person responsible pays"
    )
    assert row_of(document, "stakeholders", category="payers")["group"] == "Head of contracts"
    assert row_of(document, "stakeholders", category="board")["group"] == "Board"
    for typed in ("Maria Lopez", "Dr. Unknown", "ask@payer.example"):
        wanted = written(document | {"name": f"Visits, {typed}"})
        with pytest.raises(RefusalError, match=f"It names {typed}"):
            publish_from_project(project=finished, text=wanted, by=lead)


def test_who_is_a_person_is_told_by_position_title_or_degree():
    people = [("Maria Lopez", "Buyer"), ("Dr. Price", ""), ("Owen Price, MD", "")]
    others = [("Payers", ""), ("Payers", "payers"), ("Drug committee", ""), ("Sr. nurses", "")]

    assert [one for one in people if not is_person(*one)] == []
    assert [one for one in others if is_person(*one)] == []


def test_only_whole_names_are_put_aside():
    people = ["Owen Price, MD", "Ann Lee", "Cher"]

    assert names_in(["Price negotiated by Ann Leeds", "owen  price"], people) == []
    assert without_names({"a": ["Dr Price asked", "Price list of Ann Lee"]}, people) == {
        "a": ["the person responsible asked", "Price list of the person responsible"]
    }


def test_a_plan_of_other_shape_becomes_a_template_that_is_sound_but_for_what_it_lacks():
    project = ProjectFactory()
    phase = TaskFactory(project=project, name="Build", is_summary=True, position=1)
    TaskFactory(project=project, parent=phase, name="Walls", duration=10, position=2)
    TaskFactory(project=project, parent=phase, name="Pipes", duration=4, position=3)
    BudgetLineFactory(project=project, amount=Decimal(300))
    RiskFactory(project=project)

    document = draft_of(closed(project))

    assert [(row["id"], row["after"]) for row in document["tasks"]] == [
        ("BEGIN", []), ("T01", ["BEGIN"]), ("T02", ["BEGIN"]), ("GL", ["T01", "T02"]),
    ]  # fmt: skip
    assert {fault.sentence for fault in read_pack(written(document)).faults} == {
        "Stakeholders: the file lists none. A template needs them.",
        "Measures: the file lists none. A template needs them.",
    }


def test_milestones_alone_make_a_plan_with_the_work_between():
    project = ProjectFactory(start_date="2026-01-05")
    for name, kind, day in (
        ("Money", "gate", "2026-01-16"),
        ("Open", "go_live", "2026-02-13"),
        ("Over", "gate", "2026-03-13"),
    ):
        MilestoneFactory(project=project, name=name, kind=kind, actual_date=day)

    tasks = draft_of(closed(Project.objects.get(pk=project.pk)))["tasks"]

    assert [(row["name"], row["days"], row["after"]) for row in tasks] == [
        ("Work toward: Money", 9, []),
        ("Money", 0, ["T01"]),
        ("Work toward: Open", 20, ["M01"]),
        ("Open", 0, ["T02"]),
        ("Work toward: Over", 20, ["GL"]),
        ("Over", 0, ["T03"]),
    ]


def test_the_template_is_published_once_and_edited_afterwards(finished, lead):
    text = written(draft_of(finished))

    taken = publish_from_project(project=finished, text=text, by=lead)

    assert (taken.template.origin, taken.version.number) == ("project", 1)
    assert AuditEvent.objects.filter(action="template.created").count() == 1
    assert started(taken.template.code, lead).tasks.filter(is_summary=False).count() == 36
    with pytest.raises(RefusalError, match="here already"):
        publish_from_project(project=finished, text=text, by=lead)


def test_nothing_is_made_from_a_confidential_or_a_running_project(finished, lead):
    text = written(draft_of(finished))
    Project.objects.filter(pk=finished.pk).update(is_confidential=True)
    with pytest.raises(RefusalError, match="confidential"):
        publish_from_project(project=Project.objects.get(pk=finished.pk), text=text, by=lead)
    Project.objects.filter(pk=finished.pk).update(is_confidential=False, stage="delivery")
    with pytest.raises(RefusalError, match="not closed yet"):
        publish_from_project(project=Project.objects.get(pk=finished.pk), text=text, by=lead)


def test_a_name_that_is_typed_in_is_refused(finished, lead):
    person(Role.STAFF, name="Hiroshi Tanaka")
    text = written(draft_of(finished)).replace("Fixes made", "Hiroshi Tanaka mends it")

    with pytest.raises(RefusalError, match="It names Hiroshi Tanaka"):
        publish_from_project(project=finished, text=text, by=lead)

    assert not ProjectTemplate.objects.filter(origin="project").exists()


# pages


def make_url(project):
    return reverse("starts:template_make", args=[project.pk])


def test_the_office_reads_the_draft_and_publishes_it(finished, lead, signed_in):
    client = signed_in(lead)
    listed = client.get(reverse("starts:finished_list"))
    assert f'href="{make_url(finished)}"' in listed.content.decode()

    page = client.get(make_url(finished))
    assert page.context["faults"] == []
    sent = {"pack": page.context["form"]["pack"].value(), "note": ""}
    answer = client.post(make_url(finished), sent)

    made = ProjectTemplate.objects.get(origin="project")
    assert answer["Location"] == made.get_absolute_url()
    again = client.post(make_url(finished), sent)
    assert again.status_code == 422
    assert ProjectTemplate.objects.filter(origin="project").count() == 1


def test_who_does_not_edit_templates_makes_none(finished, signed_in):
    member = MemberFactory(project=finished)

    assert signed_in(member.user).get(make_url(finished)).status_code == 403
    assert signed_in(member.user).get(reverse("starts:finished_list")).status_code == 403


def test_confidential_projects_are_not_offered(finished, lead, signed_in):
    Project.objects.filter(pk=finished.pk).update(is_confidential=True)
    client = signed_in(lead)

    assert list(client.get(reverse("starts:finished_list")).context["page"]) == []
    refused = client.get(make_url(finished), follow=True)
    assert "This project is confidential" in refused.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(lead, signed_in, rows, django_assert_num_queries):
    for _ in range(rows):
        closed(ProjectFactory())
    client = signed_in(lead)
    client.get(reverse("starts:finished_list"))

    with django_assert_num_queries(5):
        page = client.get(reverse("starts:finished_list"))

    assert len(page.context["page"]) == rows


def test_a_template_is_drafted_and_published_over_the_api(finished, lead, signed_in):
    client, url = signed_in(lead), "/api/v1/starts/template-draft/"
    draft = client.get(url, {"project": finished.pk})
    sent = {"project": finished.pk, "pack": draft.json()["pack"], "note": "First"}
    made = client.post("/api/v1/starts/template/", sent, content_type="application/json")
    broken = client.post(
        "/api/v1/starts/template/", sent | {"pack": "code: x"}, content_type="application/json"
    )
    Project.objects.filter(pk=finished.pk).update(stage="delivery")
    running = client.get(url, {"project": finished.pk})

    assert draft.json()["faults"] == []
    assert (made.status_code, made.json()["number"]) == (201, 1)
    assert ProjectTemplate.objects.get(pk=made.json()["template"]).origin == "project"
    assert (broken.status_code, running.status_code) == (422, 409)
    assert client.get(url, {"project": 987654321}).status_code == 400
    member = MemberFactory(project=finished)
    assert signed_in(member.user).get(url, {"project": finished.pk}).status_code == 403
