import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from pmo.common.records.writing import RefusalError
from projects.models import Milestone, Project
from reports.imports.models import ImportRun, ImportState, RowState
from reports.imports.services import mending, runs
from reports.imports.words.sheets import WAITS, WRITTEN_LATER
from risks.models import Risk
from tests.factories import ProjectFactory, UnitFactory
from tests.reports.imports.views.test_imports import chosen
from tests.reports.imports.workbooks import workbook

pytestmark = pytest.mark.django_db
BOOK = workbook(
    Notes="Prepared by the office",
    Milestones="Project code,Name,Baseline,Forecast\nN-1,Open,2026-12-04,2026-12-05",
    Risks="Project code,Title,Likelihood,Impact\nN-1,Fire,2,5\nN-9,Flood,1,4",
    Projects="Code,Name,Unit,Stage,Start\nN-1,New wing,Surgery,Planning,2026-01-05",
)


@pytest.fixture
def office(lead, signed_in):
    UnitFactory(name="Surgery")
    return signed_in(lead)


def upload(office, content=BOOK, **fields):
    file = SimpleUploadedFile("book.xlsx", content)
    return office.post("/imports/", {"file": file, "record": "project", "profile": ""} | fields)


@pytest.fixture
def three(office):
    """The imports of all three sheets, projects first."""
    response = upload(office)
    office.post(response["Location"], {
        "take_1": "on", "record_1": "milestone", "take_2": "on", "record_2": "risk",
        "take_3": "on", "record_3": "project", "record_0": "project",
    })  # fmt: skip
    return list(ImportRun.objects.order_by("pk"))


def test_the_sheets_are_listed_with_what_each_looks_like_and_the_likely_one_chosen(office):
    response = upload(office)

    assert response["Location"] == reverse(
        "reports:import_sheets", args=[ImportRun.objects.get().pk]
    )
    sheets = office.get(response["Location"]).context["form"].sheets
    assert [(one.take.label, one.take.value(), one.record.value(), one.look) for one in sheets] == [
        ("Notes", False, "project", "1 row. No table that Rounds knows"),
        ("Milestones", False, "milestone", "1 row, looks like milestones (4 known columns)"),
        ("Risks", False, "risk", "2 rows, looks like risks (4 known columns)"),
        ("Projects", True, "project", "1 row, looks like projects (5 known columns)"),
    ]


def test_a_workbook_with_one_table_leads_to_the_columns(office):
    content = workbook(Projects="Code,Name\nN-1,Wing", Notes="Prepared by the office")

    assert upload(office, content)["Location"].endswith("/columns/")


def test_each_chosen_sheet_is_an_import_projects_first(three):
    assert [(one.sheet, one.document["record"], one.follows) for one in three] == [
        ("Projects", "project", None),
        ("Milestones", "milestone", three[0]),
        ("Risks", "risk", three[0]),
    ]


def test_sheets_chosen_again_are_imported_once(office, three):
    url = reverse("reports:import_sheets", args=[three[0].pk])
    kinds = {f"record_{place}": kind for place, kind in enumerate(("project", "milestone", "risk", "project"))}  # fmt: skip

    office.post(url, kinds | {"take_1": "on", "take_3": "on"})

    assert [(one.sheet, one.state) for one in ImportRun.objects.order_by("pk")] == [
        ("Projects", ImportState.MAPPING),
        ("Milestones", ImportState.MAPPING),
        ("Risks", ImportState.DISCARDED),
    ]


def test_no_sheet_is_refused(office):
    response = upload(office)

    page = office.post(response["Location"], {f"record_{place}": "project" for place in range(4)})

    assert page.status_code == 422
    assert "Choose at least one sheet." in page.content.decode()
    assert ImportRun.objects.count() == 1


@pytest.fixture
def checks(office, django_capture_on_commit_callbacks):
    """Takes an import's columns as they are proposed, and has it checked with all that follows from it."""

    def check(run):
        url = reverse("reports:import_columns", args=[run.pk])
        with django_capture_on_commit_callbacks(execute=True):
            office.post(url, chosen(office.get(url)))
        run.refresh_from_db()
        return run

    return check


def found(run):
    """Return the state of an import, how many rows it would add, and what is said to those handed back."""
    run.refresh_from_db()
    back = run.rows.filter(state=RowState.REFUSED, check_number=run.checks).order_by("position")
    return run.state, run.report["counts"]["created"], [one.problems[0][3] for one in back]


def test_the_others_wait_for_the_projects_and_are_tried_with_them(office, three, checks):
    projects, milestones, risks = three
    for run in (milestones, risks):
        assert (checks(run).state, run.job) == (ImportState.MAPPING, None)
        assert office.get(run.get_absolute_url()).context["sentence"] == WAITS

    checks(projects)

    page = office.get(projects.get_absolute_url())
    assert [one.sheet for one in page.context["beside"]] == ["Milestones", "Risks"]
    assert found(milestones) == (ImportState.READY, 1, [])
    assert found(risks) == (ImportState.READY, 1, ["No project has this code."])
    assert (Project.objects.count(), Milestone.objects.count()) == (0, 0)


def test_the_others_are_written_after_the_projects(
    office, lead, three, checks, django_capture_on_commit_callbacks
):
    projects, milestones, risks = three
    checks(projects)
    page = office.get(milestones.get_absolute_url()).context
    assert (page["sentence"], page["can_press"], page["ready"]) == (WRITTEN_LATER, False, False)
    with pytest.raises(RefusalError, match="Write the projects of this workbook first"):
        runs.request_apply(run=milestones, by=lead)

    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("reports:import_apply", args=[projects.pk]))

    assert found(milestones) == (ImportState.READY, 1, [])
    assert found(risks) == (ImportState.READY, 1, ["No project has this code."])
    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("reports:import_apply", args=[milestones.pk]))
    assert Milestone.objects.get().project.code == "N-1"


def test_rows_hear_that_the_row_of_their_project_is_not_written(
    office, lead, django_capture_on_commit_callbacks, checks
):
    book = workbook(
        Projects="Code,Name,Unit,Stage\nN-1,Wing,Surgery,Planning\nN-2,Roof,Surgery,Vital",
        Risks="Project code,Title,Likelihood,Impact\nN-1,Fire,2,5\nroof,Flood,1,4",
    )
    response = upload(office, book)
    kinds = {"record_0": "project", "record_1": "risk"}
    office.post(response["Location"], {"take_0": "on", "take_1": "on", **kinds})
    projects, risks = ImportRun.objects.order_by("pk")
    checks(projects)
    back = "The row of this project, line 3 of “Projects”, is handed back."
    assert found(risks) == (ImportState.READY, 1, [back])

    with django_capture_on_commit_callbacks(execute=True):
        mending.mend_cells(run=projects, by=lead, cells={2: {"Stage": "Planning"}})
    assert found(risks) == (ImportState.READY, 2, [])
    checks_before = risks.checks
    with django_capture_on_commit_callbacks(execute=True):
        mending.mend_cells(run=projects, by=lead, cells={2: {"Stage": "Delivery"}})
    risks.refresh_from_db()
    assert risks.checks == checks_before  # nothing that its rows stand on

    with django_capture_on_commit_callbacks(execute=True):
        mending.leave_out(run=projects, by=lead, positions=[2])
    left = "The row of this project, line 3 of “Projects”, is left out."
    assert found(risks) == (ImportState.READY, 1, [left])

    with django_capture_on_commit_callbacks(execute=True):
        runs.discard(run=projects, by=lead)
    assert found(risks) == (ImportState.FAULTY, 0, ["No project has this code."] * 2)


def test_without_the_projects_nobody_waits(office, lead, three):
    projects, milestones, _ = three
    runs.discard(run=projects, by=lead)

    assert runs.request_check(run=milestones, by=lead).state == ImportState.CHECKING


def test_all_sheets_from_the_command_line(lead, tmp_path, capsys):
    UnitFactory(name="Surgery")
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOK)

    with pytest.raises(SystemExit) as ended:
        call_command("import_table", path, "--as", lead.email, "--all-sheets", "--refused", tmp_path / "back.csv")  # fmt: skip

    assert ended.value.code == 2
    assert (Project.objects.count(), Milestone.objects.count(), Risk.objects.count()) == (1, 1, 1)
    said = capsys.readouterr().out
    assert [
        said.index(f"Sheet “{name}”:") for name in ("Projects", "Milestones", "Risks")
    ] == sorted(said.index(f"Sheet “{name}”:") for name in ("Projects", "Milestones", "Risks"))
    assert "N-9,Flood" in (tmp_path / "back-Risks.csv").read_text("utf-8-sig")


def test_named_sheets_from_the_command_line(lead, tmp_path):
    UnitFactory(name="Surgery")
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOK)

    call_command("import_table", path, "--as", lead.email, "--sheet", "Milestones", "--sheet", "Projects")  # fmt: skip

    assert (Project.objects.count(), Milestone.objects.count(), Risk.objects.count()) == (1, 1, 0)
    with pytest.raises(CommandError, match="There is no sheet named “Nowhere” in the workbook"):
        call_command("import_table", path, "--as", lead.email, "--sheet", "Nowhere")


def test_a_dry_run_tries_rows_with_the_projects_of_the_same_workbook(lead, tmp_path, capsys):
    UnitFactory(name="Surgery")
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOK)

    with pytest.raises(SystemExit) as ended:
        call_command("import_table", path, "--as", lead.email, "--all-sheets", "--dry-run")

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out.count("Would import 1 rows: 1 created") == 3
    assert said.out.count("No project has this code.") == 1
    assert (Project.objects.count(), Milestone.objects.count(), Risk.objects.count()) == (0, 0, 0)


def test_the_command_line_writes_no_rows_before_projects_that_wait(lead, tmp_path, capsys):
    UnitFactory(name="Surgery")
    ProjectFactory(code="N-1", name="Something else entirely")
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOK)

    with pytest.raises(SystemExit) as ended:
        call_command("import_table", path, "--as", lead.email, "--all-sheets")

    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "--accept-warnings writes them." in said.err
    assert said.err.count("Write the projects of this workbook first") == 2
    assert (Milestone.objects.count(), Risk.objects.count()) == (0, 0)
