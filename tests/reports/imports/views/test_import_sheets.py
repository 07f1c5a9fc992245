import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from projects.models import Milestone, Project
from reports.imports.models import ImportRun, ImportState
from reports.imports.services import runs
from reports.imports.words.sheets import WAITS
from risks.models import Risk
from tests.factories import UnitFactory
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


def test_the_others_wait_for_the_projects_and_are_checked_once_those_are_written(
    office, three, django_capture_on_commit_callbacks
):
    projects, milestones, risks = three
    for run in (milestones, risks):
        url = reverse("reports:import_columns", args=[run.pk])
        with django_capture_on_commit_callbacks(execute=True):
            office.post(url, chosen(office.get(url)))
        run.refresh_from_db()
        assert (run.state, run.job) == (ImportState.MAPPING, None)
        assert office.get(run.get_absolute_url()).context["sentence"] == WAITS

    url = reverse("reports:import_columns", args=[projects.pk])
    with django_capture_on_commit_callbacks(execute=True):
        office.post(url, chosen(office.get(url)))
    page = office.get(projects.get_absolute_url())
    assert [one.sheet for one in page.context["beside"]] == ["Milestones", "Risks"]
    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("reports:import_apply", args=[projects.pk]))

    milestones.refresh_from_db()
    risks.refresh_from_db()
    assert (milestones.state, milestones.report["counts"]["created"]) == (ImportState.READY, 1)
    assert [one["wrong"] for one in risks.report["problems"]] == ["No project has this code."]


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


def test_a_dry_run_says_that_new_projects_are_not_there_yet(lead, tmp_path, capsys):
    UnitFactory(name="Surgery")
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOK)

    with pytest.raises(SystemExit):
        call_command("import_table", path, "--as", lead.email, "--all-sheets", "--dry-run")

    said = capsys.readouterr()
    assert said.out.count("are refused in a dry run") == 2
    assert Project.objects.count() == 0
