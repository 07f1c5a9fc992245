"""Exports of other programs, made up here: each is known by its headers and goes in without a question."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from pmo.accounts.roles import Role
from pmo.common.tabular import Hints, read
from projects.models import Milestone, Project
from reports.imports import profiles
from reports.imports.domain import records
from reports.imports.forms.foreign_words import unknown_words
from reports.imports.models import ImportState
from reports.imports.selectors import open_warnings
from reports.imports.services import runs, work
from reports.imports.words.losses import looks_like
from risks.models import Issue
from tests.factories import ProjectFactory, UnitFactory, person

pytestmark = pytest.mark.django_db
EXPORTS = Path(__file__).resolve().parents[2] / "cases" / "exports"
WARD = {"name": "Ward fit-out", "stage": "delivery"}
# file -> the product, what the first row comes to, and some columns that stay behind
PROJECTS = {
    "project_online_projects.csv": ("Microsoft Project Online", {"name": "New ward", "stage": "planning", "manager": "Carmen Ortega", "forecast_finish_date": date(2026, 11, 30), "baseline_finish_date": date(2026, 10, 30)}, {"ProjectId", "ProjectWork", "ProjectType", "ProjectCPI"}),
    "smartsheet_projects.csv": ("Smartsheet", {"name": "New ward", "stage": "delivery", "manager": "Carmen Ortega", "baseline_finish_date": date(2026, 10, 30)}, {"Priority", "Modified By"}),
    "jira_projects.csv": ("Jira", WARD | {"code": "CAP-1", "manager": "Tom Baker", "forecast_finish_date": date(2026, 11, 30), "start_date": date(2026, 1, 5)}, {"Sprint", "Sprint (2)", "Labels", "Priority"}),
    "asana_projects.csv": ("Asana", WARD | {"manager": "Carmen Ortega", "summary": "Walls"}, {"Tags", "Blocking (Dependencies)"}),
    "monday_projects.csv": ("monday.com", WARD | {"manager": "Carmen Ortega", "forecast_finish_date": date(2026, 11, 30)}, {"Priority", "Files"}),
    "monday_board.csv": ("monday.com", WARD | {"code": "1000000001", "manager": "Carmen Ortega", "start_date": date(2026, 1, 5), "forecast_finish_date": date(2026, 11, 30)}, {"Subitems", "Tags", "Last updated"}),
    "openproject_default_view.csv": ("OpenProject", WARD | {"code": "11", "manager": "Tom Baker", "forecast_finish_date": date(2026, 11, 30)}, {"Priority", "Work", "Budget", "Updated on"}),
    "openproject_projects.csv": ("OpenProject", WARD | {"code": "11", "manager": "Carmen Ortega"}, {"Type", "Priority", "Created on"}),
    "redmine_projects.csv": ("Redmine", WARD | {"code": "21", "manager": "Tom Baker", "start_date": date(2026, 1, 5)}, {"Tracker", "Spent time", "Author"}),
}  # fmt: skip
MILESTONES = {
    "project_online_tasks.json": ("Microsoft Project Online", {"Handover": (date(2026, 11, 30), None), "Contract signed": (date(2026, 1, 5), date(2026, 1, 5))}, {"TaskId", "TaskWork"}),
    "planner_tasks.csv": ("Microsoft Planner", {"Fit out": (date(2026, 6, 30), None), "Order beds": (date(2026, 5, 31), None), "Tender": (date(2026, 2, 28), date(2026, 2, 27))}, {"Bucket Name", "Priority", "Labels"}),
    "planner_tasks_2020.csv": ("Microsoft Planner", {"Fit out": (date(2026, 6, 7), None), "Order beds": (date(2026, 5, 4), None), "Tender": (date(2026, 3, 1), date(2026, 3, 2))}, {"Progress", "Late", "Start Date"}),
    "planner_premium_tasks.csv": ("Project for the web", {"Handover": (date(2026, 11, 30), None)}, {"Priority", "Comment", "Completed", "Checklist Items", "Goal"}),
    "project_for_the_web_tasks.csv": ("Project for the web", {"Handover": (date(2026, 11, 30), None)}, {"Effort", "Outline number"}),
    "smartsheet_project_sheet.csv": ("Smartsheet", {"Handover": (date(2026, 11, 30), None)}, {"Start Date", "Variance", "Schedule Health", "Total Float"}),
    "smartsheet_tasks.csv": ("Smartsheet", {"Handover": (date(2026, 11, 30), None)}, {"Predecessors", "Comments"}),
}  # fmt: skip


def as_workbook(data):
    """Return the same cells as an XLSX file, which is what the product hands out."""
    book = Workbook()
    for line in csv.reader(io.StringIO(data.decode())):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def content_of(name, form):
    data = (EXPORTS / name).read_bytes()
    return as_workbook(data) if form == "xlsx" else data


def imported(content, by, *, record="project", **constants):
    """Import a file as the page does when nothing is changed there but the unit or the project of all rows."""
    run = runs.start_import(file_name="export", content=content, by=by, record=record)
    document = run.document | {
        "constants": {**(run.document.get("constants") or {}), **constants},
        "answers": {"stage": "planning"} if "unit" in constants else {},
    }
    run = runs.map_columns(run=run, by=by, document=document)
    run = work.finish_check(run, work.check(run))
    assert (run.report["problems"], run.report["questions"], run.report["unknown"]) == ([], [], [])
    assert open_warnings(run) == set()
    run = runs.apply(run=run, by=by)
    assert run.state == ImportState.APPLIED
    return run


def records_of(name, old="", new=""):
    """Read an export by its product's profile; a header may be called otherwise there."""
    text = (EXPORTS / name).read_text()
    if old:
        assert f",{old}," in text
        text = text.replace(f",{old},", f",{new},")
    table = read(text.encode(), Hints(record="project"))
    profile = profiles.recognized(table, "project", is_said=False)
    return records(table, profile), profile


def said(run):
    return looks_like(work.profile_from_dict(run.document))


@pytest.fixture
def office(lead):
    UnitFactory(name="Surgery")
    for name in ("Carmen Ortega", "Tom Baker"):
        person(Role.STAFF, name=name, email=f"{name.lower().replace(' ', '.')}@example.org")
    return lead


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", PROJECTS)
def test_a_list_of_projects_goes_in_without_a_question(office, name, form):
    product, first, behind = PROJECTS[name]
    if product == "monday.com":
        form = "xlsx"  # it has no other

    run = imported(content_of(name, form), office, unit="Surgery")

    project = Project.objects.with_names().order_by("pk").first()
    found = {key: getattr(project, "manager_name" if key == "manager" else key) for key in first}
    assert found == first
    assert said(run) == f"This looks like an export of {product}. Its rows are taken as projects."
    losses = {one["header"]: one["why"] for one in run.report["not_taken"]}
    assert behind <= losses.keys()
    assert "No field of Rounds was chosen for it." not in losses.values()


@pytest.mark.parametrize("form", ["as it is", "xlsx"])
@pytest.mark.parametrize("name", MILESTONES)
def test_tasks_become_milestones_without_a_question(office, name, form):
    if form == "xlsx" and name.endswith("json"):
        form = "as it is"
    product, wanted, behind = MILESTONES[name]
    ProjectFactory(code="N-1", name="New ward")
    constants = {} if name.startswith("project_online") else {"project": "N-1"}

    run = imported(content_of(name, form), office, **constants)

    found = {one.name: (one.forecast_date, one.actual_date) for one in Milestone.objects.all()}
    assert found == wanted
    assert said(run) == f"This looks like an export of {product}. Its rows are taken as milestones."
    losses = {one["header"]: one["why"] for one in run.report["not_taken"]}
    assert behind <= losses.keys()
    assert "No field of Rounds was chosen for it." not in losses.values()


def test_the_subitems_of_a_board_are_no_projects(office):
    run = imported(content_of("monday_board.csv", "xlsx"), office, unit="Surgery")

    found = dict(Project.objects.values_list("name", "stage"))
    assert found == {"Ward fit-out": "delivery", "Lab move": "delivery", "Portal": "closing"}
    assert run.report["left_out"] == 5
    assert "Left out as rows of another table: line 6, 7, 8, 10, 11." in run.report["notes"]


def test_the_row_of_timesheets_is_no_project(office):
    run = imported(content_of("project_online_projects.csv", "csv"), office, unit="Surgery")

    assert set(Project.objects.values_list("name", flat=True)) == {"New ward", "Portal"}
    assert run.report["left_out"] == 1


def test_the_totals_below_a_work_package_are_not_its_own_progress():
    found, profile = records_of("openproject_default_view.csv")

    assert profile.product == "OpenProject"
    assert (found.problems, found.cautions, found.questions) == ((), (), ())
    assert {
        row.values["name"]: (row.values["stage"], row.values.get("percent_complete"))
        for row in found.rows
    } == {
        "Ward fit-out": ("delivery", 45),
        "Portal": ("on_hold", 10),
        "Lab move": ("proposal", None),
        "Bed tower": ("cancelled", None),
    }


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("openproject_projects.csv", "Accountable", "Responsible"),
        ("openproject_projects.csv", "% Complete", "% done"),
        ("openproject_projects.csv", "% Complete", "Progress (%)"),
        ("openproject_projects.csv", "Finish date", "Due date"),
        ("monday_projects.csv", "Person", "Owner"),
        ("smartsheet_tasks.csv", "Finish", "Finish Date"),
    ],
)
def test_another_name_of_a_column_means_the_same(name, old, new):
    found, _ = records_of(name)

    again, profile = records_of(name, old, new)

    assert profile.product
    assert [row.values for row in again.rows] == [row.values for row in found.rows]


def test_words_of_subitems_are_not_asked_about():
    table = read(content_of("monday_board.csv", "xlsx"), Hints(record="project"))
    profile = profiles.recognized(table, "project", is_said=False)

    assert unknown_words(table, profile, "stage", ()) == []
    assert unknown_words(table, replace(profile, not_rows=None), "stage", ()) == ["Status"]


def test_issues_become_milestones_where_that_is_chosen(office):
    ProjectFactory(code="CAP")
    content = (EXPORTS / "jira_projects.csv").read_bytes()

    run = runs.start_import(file_name="jira.csv", content=content, by=office, record="milestone")

    assert run.document["record"] == "milestone"
    assert run.document["fields"]["name"]["from"] == ["Summary"]


@pytest.mark.parametrize(
    ("name", "code", "reference", "behind"),
    [
        ("jira_projects.csv", "CAP", "CAP-1", {"Sprint", "Priority", "Project lead"}),
        ("redmine_projects.csv", "CAP", "21", {"Start date", "% Done"}),
    ],
)
def test_issues_become_issues_where_that_is_chosen(office, name, code, reference, behind):
    content = (EXPORTS / name).read_bytes()
    ProjectFactory(code=code, name="Capital")

    run = imported(content, office, record="issue")

    issue = Issue.objects.order_by("pk").first()
    assert (issue.project.code, issue.external_id) == (code, reference)
    assert run.report["handed_back"] == 0
    losses = {one["header"]: one["why"] for one in run.report["not_taken"]}
    assert behind <= losses.keys()
    assert "No field of Rounds was chosen for it." not in losses.values()


def test_a_second_import_of_an_export_changes_nothing(office):
    content = (EXPORTS / "jira_projects.csv").read_bytes()
    imported(content, office, unit="Surgery")

    run = imported(content, office, unit="Surgery")

    assert run.report["counts"] == {"created": 0, "updated": 0, "unchanged": 2}


def test_a_plan_in_xml_is_led_to_its_own_import(office):
    content = b'<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><Name>x</Name></Project>'

    with pytest.raises(runs.RefusalError, match="Open that project’s page Plan"):
        runs.start_import(file_name="plan.xml", content=content, by=office)


def test_a_last_name_first_is_the_person(office):
    content = (
        (EXPORTS / "openproject_projects.csv")
        .read_text()
        .replace("Carmen Ortega", '"Ortega, Carmen"')
    )

    imported(content.encode(), office, unit="Surgery")

    assert {one.manager_name for one in Project.objects.with_names()} == {"Carmen Ortega"}


def test_a_product_that_is_named_is_read_without_the_columns_that_a_file_lacks(office):
    content = b"Issue key,Issue id,Issue Type,Project key,Summary\nCAP-1,1,Epic,CAP,Portal\n"

    run = runs.start_import(
        file_name="jira.csv", content=content, by=office, profile="jira_projects"
    )

    assert run.document["fields"].keys() == {"code", "name"}


def test_a_file_that_is_read_another_way_is_no_export_any_more(office):
    content = (EXPORTS / "jira_projects.csv").read_bytes()
    run = runs.start_import(file_name="jira.csv", content=content, by=office)

    run = runs.read_again(run=run, by=office, source={"header": 2, "records_in": "rows"})

    assert said(run) == ""


def test_an_export_without_a_profile_for_the_rows_that_were_chosen_is_guessed(office):
    content = (EXPORTS / "asana_projects.csv").read_bytes()

    run = runs.start_import(file_name="asana.csv", content=content, by=office, record="risk")

    assert (run.document["record"], said(run)) == ("risk", "")


def test_what_the_rows_are_can_be_said_later(office):
    content = (EXPORTS / "asana_projects.csv").read_bytes()
    run = runs.start_import(file_name="asana.csv", content=content, by=office)

    run = runs.read_again(run=run, by=office, source={}, record="milestone")

    assert said(run) == "This looks like an export of Asana. Its rows are taken as milestones."
    assert run.document["fields"]["project"]["from"] == ["Projects"]
    run = runs.read_again(run=run, by=office, source={}, record="milestone")
    assert run.document["fields"]["project"]["from"] == ["Projects"]
