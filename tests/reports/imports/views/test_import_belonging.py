"""A file that names no project or belongs elsewhere: what is said about it beside the columns."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from reports.imports.models import ImportProfile, ImportRun, ImportState
from reports.imports.services.asking import accept_all
from risks.models import Issue, Risk
from tests.factories import ProjectFactory, person
from tests.reports.imports.domain.test_import_cases import CASES
from tests.reports.imports.views.test_imports import chosen, columns_of, upload

pytestmark = pytest.mark.django_db
LOG = (CASES / "09_risk_log_of_one_project.csv").read_text()


@pytest.fixture
def office(lead, signed_in):
    return signed_in(lead)


@pytest.fixture
def run(office):
    ProjectFactory(code="B-1", name="Boiler house")
    upload(office, LOG, record="risk")
    return ImportRun.objects.get()


@pytest.mark.parametrize("said", ["b-1", "Boiler House", "B-1"])
def test_all_rows_belong_to_the_project_that_is_typed(
    office, run, said, django_capture_on_commit_callbacks
):
    page = office.get(columns_of(run))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page, stage="", project=said, save_as="Our log"))

    run.refresh_from_db()
    assert run.document["constants"] == {"project": "B-1"}
    assert (run.state, run.report["counts"]["created"]) == (ImportState.READY, 3)
    assert ImportProfile.objects.get().document["constants"] == {"project": "B-1"}
    assert office.get(columns_of(run)).context["form"]["project"].value() == "B-1"


def test_file_that_names_no_project_at_all_is_asked_about(office, run):
    response = office.post(columns_of(run), chosen(office.get(columns_of(run)), stage=""))

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "to_project": [
            "Choose the column that holds the project code, or the project that all rows belong to."
        ]
    }


def test_project_that_nobody_knows_or_may_see_is_refused(office, run):
    ProjectFactory(code="S-1", name="Boiler house")
    page = office.get(columns_of(run))
    for said in ("X-9", "Boiler house"):  # two have this name
        response = office.post(columns_of(run), chosen(page, stage="", project=said))
        assert response.context["form"].errors == {
            "project": ["No project has this code or name. Choose one from the list."]
        }


def test_project_is_taken_out_again(office, run):
    page = office.get(columns_of(run))
    office.post(columns_of(run), chosen(page, stage="", project="B-1"))
    page = office.get(columns_of(run))
    office.post(columns_of(run), chosen(page, stage="", project="", to_project="Owner"))

    run.refresh_from_db()
    assert "constants" not in run.document


def test_list_of_projects_has_no_such_question(office):
    upload(office)

    form = office.get(columns_of(ImportRun.objects.get())).context["form"]

    assert "project" not in form.fields


def test_projects_are_offered_as_one_types(signed_in):
    ProjectFactory(code="B-1", name="Boiler house")
    ProjectFactory(code="W-1", name="Ward")
    ProjectFactory(code="B-2", name="Boiler secret", is_confidential=True)
    url = reverse("reports:import_projects")

    def offered(role, words):
        page = signed_in(person(role)).get(url, {"project": words})
        return [project.code for project in page.context["projects"]]

    assert offered(Role.PMO_LEAD, "boiler") == ["B-1", "B-2"]
    assert offered(Role.PMO_LEAD, "") == []
    assert offered(Role.PMO_ANALYST, "boiler") == ["B-1"]
    assert signed_in(person(Role.STAFF)).get(url, {"project": "b"}).status_code == 403


@pytest.mark.parametrize("amount", [1, 3])
def test_projects_are_offered_in_the_same_statements(office, amount, django_assert_num_queries):
    for number in range(amount):
        ProjectFactory(name=f"Boiler {number}")
    url = reverse("reports:import_projects")
    office.get(url, {"project": "boiler"})

    with django_assert_num_queries(4):
        office.get(url, {"project": "boiler"})


def test_log_of_both_goes_from_the_page_into_its_registers(
    office, django_capture_on_commit_callbacks
):
    ProjectFactory(code="EHR-01")
    upload(office, (CASES / "12_issue_raid_log.csv").read_text(), record="raid")
    run = ImportRun.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(office.get(columns_of(run)), stage=""))
    page = office.get(run.get_absolute_url()).content.decode()
    assert "1 row is an assumption; Rounds keeps none yet." in page
    assert "is the only rating of 1 row about a risk" in page

    lines = office.get(run.get_absolute_url()).context["lines"]
    assert [(cell.label, cell.new) for cell in lines[0].cells] == [
        ("Reference", "1"),
        ("Status", "Open"),
        ("Owner", "Grace Okonkwo"),
    ]

    run.refresh_from_db()
    accept_all(run, run.created_by)
    with django_capture_on_commit_callbacks(execute=True):
        office.post(
            reverse("reports:import_apply", args=[run.pk]),
            {"people": "leave", "name_0": ""},
        )

    assert list(Risk.objects.values_list("title", "external_id")) == [("Late interface", "1")]
    assert list(Issue.objects.values_list("title", "external_id")) == [("Printer queue fails", "3")]


def test_plan_of_one_project_is_led_to_its_own_import(office):
    upload(office, "Task Name,Duration,Predecessors,Finish\nDig,3 days,,2026-12-04\n")
    upload(office, LOG, record="risk")
    plan, log = ImportRun.objects.order_by("pk")

    page = office.get(columns_of(plan))

    assert "under Import a schedule. Save it as an Excel workbook" in page.context["plan"]
    assert reverse("projects:project_list") in page.content.decode()
    assert office.get(columns_of(log)).context["plan"] == ""
