import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pmo.accounts.models import Unit
from pmo.accounts.roles import Role
from projects.models import MonthForecast, Project
from reports.imports.services import runs
from reports.models import Freeze
from risks.models import Risk
from tests.factories import PortfolioFactory, ProjectFactory, UnitFactory, person

pytestmark = pytest.mark.django_db
TEXT = "Code,Name,Unit,Start\nP-1,Wing,Surgery,2026-01-05\n"


@pytest.fixture
def ours(lead):
    UnitFactory(name="Surgery")
    fields = {"code": "Code", "name": "Name", "unit": "Unit", "start_date": "Start"}
    document = {"name": "Ours", "record": "project", "fields": fields}
    runs.save_profile(name="Ours", document=document, by=lead)
    return lead


def told(path: Path, by, **options) -> str:
    out = io.StringIO()
    call_command("import_table", path, profile="Ours", email=by.email, stdout=out, **options)
    return out.getvalue()


def test_file_is_imported_and_frozen(ours, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(TEXT)
    PortfolioFactory(code="ALL")

    said = told(path, ours, portfolio="all", as_of="2026-03-31", complete=True)

    assert "Imported 1 rows: 1 created, 0 updated, 0 unchanged." in said
    assert Project.objects.get().code == "P-1"
    assert str(Freeze.objects.get().date) == "2026-03-31"


def test_all_rows_belong_to_the_project_that_is_named(lead, tmp_path):
    project = ProjectFactory(code="B-1")
    path, out = tmp_path / "risks.csv", io.StringIO()
    path.write_text("Risk ID,Description,Probability,Impact\nR1,Fire,High,Low\n")
    options = {"record": "risk", "email": lead.email, "stdout": out}

    call_command("import_table", path, project="b-1", **options)
    call_command("import_table", path, project="B-1", **options)

    assert "1 created, 0 updated, 0 unchanged" in out.getvalue()
    assert "0 created, 0 updated, 1 unchanged" in out.getvalue()
    assert "“Probability”: read “High” as 4." in out.getvalue()
    assert Risk.objects.get().project == project
    with pytest.raises(CommandError, match="There is no project with the code X-1"):
        call_command("import_table", path, project="X-1", **options)
    with pytest.raises(CommandError, match="Only rows of a register belong to a project"):
        call_command("import_table", path, project="B-1", **options | {"record": "project"})
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_table", path, **options)


def test_dry_run_writes_nothing(ours, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(TEXT)

    assert "Would import 1 rows: 1 created" in told(path, ours, dry_run=True)
    assert not Project.objects.exists()


def test_good_rows_are_written_and_problems_told_by_line_and_column(ours, tmp_path):
    path, refused = tmp_path / "projects.csv", tmp_path / "back.csv"
    path.write_text(TEXT + "P-2,Robot,Nowhere,2026-02-31\n,,,\nP-3,Scanner,Nowhere,2026-02-01\n")
    out = io.StringIO()

    with pytest.raises(SystemExit) as left:
        call_command(
            "import_table", path, profile="Ours", email=ours.email, refused=refused, stdout=out
        )

    assert left.value.code == 2
    said = out.getvalue().splitlines()
    assert said[:2] == [
        "Line 3, column D: Start is no date of the calendar. A date such as 2026-12-04 or 4 Dec 2026.",
        "Line 5, column C: There is no unit of this name. A unit that is in Rounds. Check the file again to add new ones.",
    ]
    assert said[-1].startswith("2 rows handed back. Import ")
    assert list(Project.objects.values_list("code", flat=True)) == ["P-1"]
    assert [line.split(",")[0] for line in refused.read_text("utf-8-sig").splitlines()] == ["Code", "P-2", "P-3"]  # fmt: skip


def test_file_without_a_good_row_imports_nothing(ours, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(TEXT.replace("Surgery", "Nowhere"))

    with pytest.raises(CommandError, match="Nothing was imported"):
        told(path, ours)
    assert not Project.objects.exists()


def test_columns_are_guessed_told_as_json_and_undone_by_number(ours, tmp_path):
    path, out = tmp_path / "projects.csv", io.StringIO()
    path.write_text(TEXT)
    call_command("import_table", path, email=ours.email, report="json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["state"], said["counts"]["created"]) == ("applied", 1)

    out = io.StringIO()
    call_command("import_table", undo=said["run"], email=ours.email, report="json", stdout=out)

    assert json.loads(out.getvalue()) == {"run": said["run"], "undone": 1, "kept": 0}
    assert not Project.objects.exists()
    with pytest.raises(CommandError, match="no import 999"):
        call_command("import_table", undo=999, email=ours.email)


def test_warning_keeps_all_from_being_written_until_it_is_accepted(ours, tmp_path):
    ProjectFactory(code="P-1", name="Badge readers")
    file = tmp_path / "table.csv"
    file.write_text(TEXT, encoding="utf-8")

    with pytest.raises(CommandError, match=r"1 warning waits .* --accept-warnings"):
        told(file, ours)
    assert Project.objects.get().name == "Badge readers"

    said = told(file, ours, accept_warnings=True)

    assert "Warning: 1 row whose code belongs to something of quite another name (line 2)" in said
    assert Project.objects.get().name == "Wing"


def test_administrator_without_an_office_role_is_told_how(ours, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(TEXT)

    with pytest.raises(CommandError, match="An administrator imports under the name of"):
        told(path, person(Role.ADMINISTRATOR))


def test_names_that_rounds_does_not_know_are_added_when_asked_to(ours, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(TEXT + "P-2,Robot,Nowhere,2026-02-01\n")

    said = told(path, ours, add_names=True, stage="planning")

    assert "Imported 2 rows: 2 created" in said
    assert sorted(Unit.objects.values_list("name", flat=True)) == ["Nowhere", "Surgery"]
    assert set(Project.objects.values_list("stage", flat=True)) == {"planning"}


def test_open_question_is_told(ours, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text("Code,Name,Unit,Start\nP-1,Wing,Surgery,03/04/2026\n")
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_table", path, profile="Ours", email=ours.email, stdout=out)

    assert "“Start”: day first or month first?" in out.getvalue()


def test_refusals(ours, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(TEXT)

    with pytest.raises(CommandError, match="There is no file"):
        told(tmp_path / "none.csv", ours)
    with pytest.raises(CommandError, match="This needs one of these roles"):
        told(path, person(Role.STAFF))
    with pytest.raises(CommandError, match="no portfolio with the code X"):
        told(path, ours, portfolio="X")
    with pytest.raises(CommandError, match="Nobody signs in as nobody@"):
        call_command("import_table", path, profile="Ours", email="nobody@example.org")
    with pytest.raises(CommandError, match="There is no profile “Nope”"):
        call_command("import_table", path, profile="Nope", email=ours.email)


def test_first_of_the_months_without_a_year_is_said(lead, tmp_path):
    today = timezone.localdate()
    ProjectFactory(code="P-1")
    path, out = tmp_path / "months.csv", io.StringIO()
    path.write_text("Project code,Jan,Feb,Dec\nP-1,1,2,3\n")
    options = {"record": "month_forecast", "email": lead.email, "stdout": out}

    with pytest.raises(CommandError):
        call_command("import_table", path, dry_run=True, **options)
    assert "Left out as months without a year: Jan, Feb, Dec." in out.getvalue()
    call_command("import_table", path, "--months-from", f"{today.year + 1}-01", **options)

    months = MonthForecast.objects.order_by("month").values_list("month", flat=True)
    assert [f"{month:%Y-%m}" for month in months] == [
        f"{today.year + 1}-{number:02}" for number in (1, 2, 12)
    ]
