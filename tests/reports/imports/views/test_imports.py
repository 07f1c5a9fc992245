import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from pmo.accounts.models import Unit
from pmo.accounts.roles import Role
from pmo.common.models import Job
from pmo.common.tabular.limits import DEFAULT
from projects.models import Project
from reports.imports.models import ImportProfile, ImportRun, ImportState
from reports.imports.services import runs, work
from reports.imports.services.asking import accept_all
from reports.models import Freeze
from tests.factories import PortfolioFactory, UnitFactory, person

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
LIST = "/imports/"
TEXT = """Code,Name,Unit,RAG,Start,Budget
N-1,New wing,Surgery,Red,25/02/2026,1.5m
N-2,Scanner,Surgery,Greenish,01/02/2026,250
"""


def upload(client, text=TEXT, **fields):
    file = SimpleUploadedFile("projects.csv", text.encode())
    return client.post(LIST, {"file": file, "record": "project", "profile": ""} | fields)


def chosen(response, **changes):
    """Return what the columns page would send unchanged but for a stage, with changes."""
    form = response.context["form"]
    data = {"stage": "planning"}
    for field in form:
        value = field.value()
        if value not in (None, False, ""):
            data[field.html_name] = getattr(value, "pk", value)
    return data | changes


@pytest.fixture
def office(lead, signed_in):
    UnitFactory(name="Surgery")
    return signed_in(lead)


@pytest.fixture
def run(office):
    upload(office)
    return ImportRun.objects.get()


def columns_of(run):
    return reverse("reports:import_columns", args=[run.pk])


def test_upload_leads_to_the_columns_with_guesses(office):
    response = upload(office)

    run = ImportRun.objects.get()
    assert response["Location"] == columns_of(run)
    page = office.get(response["Location"])
    fields = {f.html_name: f.value() for f in page.context["form"].column_fields if f.value()}
    assert fields == {
        "to_code": "Code",
        "to_name": "Name",
        "to_unit": "Unit",
        "to_start_date": "Start",
        "to_approved_budget": "Budget",
        "to_color": "RAG",
    }
    assert [f.label for f in page.context["form"].word_fields] == ["“Greenish”"]
    assert page.context["facts"][:2] == [("Records", "2 in rows"), ("Columns", "6")]
    assert page.context["rows"][0] == ["N-1", "New wing", "Surgery", "Red", "25/02/2026", "1.5m"]


def test_from_columns_to_written_rows(office, run, django_capture_on_commit_callbacks):
    page = office.get(columns_of(run))

    with django_capture_on_commit_callbacks(execute=True):
        response = office.post(columns_of(run), chosen(page, word_0="green", save_as="Ours"))

    run.refresh_from_db()
    assert response["Location"] == run.get_absolute_url()
    assert (run.state, run.report["counts"]["created"]) == (ImportState.READY, 2)
    assert Project.objects.count() == 0
    detail = office.get(run.get_absolute_url())
    assert detail.context["ready"] is True
    assert [row.outcome for row in detail.context["page"]] == ["created", "created"]

    with django_capture_on_commit_callbacks(execute=True):
        accept_all(run, run.created_by)
        office.post(reverse("reports:import_apply", args=[run.pk]))

    assert sorted(Project.objects.values_list("code", "name")) == [
        ("N-1", "New wing"),
        ("N-2", "Scanner"),
    ]
    assert ImportProfile.objects.get().name == "Ours"
    assert office.get(run.get_absolute_url()).context["applied"] is True

    again = upload(office, profile="Ours")
    page = office.get(again["Location"])
    assert page.context["form"].word_fields == []


def test_rows_that_name_no_unit_go_into_the_chosen_one(office, django_capture_on_commit_callbacks):
    main, surgery = UnitFactory(name="Main site"), Unit.objects.get(name="Surgery")
    upload(office, "Code,Name,Unit\nN-1,New wing,Surgery\nN-2,Scanner,\n")
    run = ImportRun.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(office.get(columns_of(run)), unit=main.pk))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("reports:import_apply", args=[run.pk]))

    assert list(Project.objects.order_by("code").values_list("unit", flat=True)) == [
        surgery.pk,
        main.pk,
    ]


def test_chosen_unit_is_kept_with_the_mapping_until_it_is_taken_out(office):
    main = UnitFactory(name="Main site")
    upload(office, "Code,Name\nN-1,New wing\n")
    run = ImportRun.objects.get()

    office.post(columns_of(run), chosen(office.get(columns_of(run)), unit=main.pk))
    page = office.get(columns_of(run))
    assert page.context["form"]["unit"].value() == main.pk
    office.post(columns_of(run), chosen(page, unit=""))

    run.refresh_from_db()
    assert run.document.get("constants", {}) == {}


def test_unit_of_somebody_else_is_not_offered(run, signed_in):
    own = UnitFactory(name="Annex")
    analyst = person(Role.PMO_LEAD, unit=own)
    ImportRun.objects.filter(pk=run.pk).update(created_by=analyst)

    page = signed_in(analyst).get(columns_of(run))

    assert [unit.name for unit in page.context["form"].fields["unit"].queryset] == ["Annex"]


def test_both_date_orders_are_asked_about(office, django_capture_on_commit_callbacks):
    upload(office, "Code,Name,Unit,Start\n1,A,Surgery,03/04/2026\n")
    run = ImportRun.objects.get()
    page = office.get(columns_of(run))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page))

    detail = office.get(run.get_absolute_url())

    assert "can be read day first or month first." in detail.content.decode()
    assert detail.context["ready"] is False


def test_problems_are_shown_with_line_and_column(office, django_capture_on_commit_callbacks):
    upload(office, "Code,Name,Unit,Start\n1,A,Surgery,2026-02-31\n2,B,,2026-02-01\n")
    run = ImportRun.objects.get()
    page = office.get(columns_of(run))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page))

    detail = office.get(run.get_absolute_url())

    assert [(p["line"], p["column"], p["wrong"]) for p in detail.context["report"]["problems"]] == [
        (2, "D", "Start is no date of the calendar."),
        (3, "", "A new project needs a unit."),
    ]
    assert Project.objects.count() == 0
    assert office.post(reverse("reports:import_apply", args=[run.pk])).status_code == 302
    assert Project.objects.count() == 0


def test_form_keeps_what_was_chosen_when_something_is_missing(office, run):
    page = office.get(columns_of(run))

    response = office.post(columns_of(run), chosen(page, to_name="", as_of="2026-03-31"))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"to_name", "portfolio"}
    assert response.context["form"]["as_of"].value() == "2026-03-31"


def test_dated_file_is_frozen_in_its_portfolio(office, run, django_capture_on_commit_callbacks):
    portfolio = PortfolioFactory()
    page = office.get(columns_of(run))
    data = chosen(page, as_of="2026-03-31", portfolio=portfolio.pk)

    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), data)
    run.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        accept_all(run, run.created_by)
        office.post(reverse("reports:import_apply", args=[run.pk]))

    assert [(str(f.date), f.rows) for f in Freeze.objects.filter(portfolio=portfolio)] == [
        ("2026-03-31", 2)
    ]


def test_file_read_another_way(office):
    upload(office, "Name,A,B\nStart,2026-01-01,2026-01-02\n")
    run = ImportRun.objects.get()

    office.post(reverse("reports:import_reading", args=[run.pk]), {"records_in": "columns"})

    page = office.get(columns_of(run))
    assert page.context["headers"] == ("Name", "Start")
    assert [f.value() for f in page.context["form"].column_fields if f.value()] == ["Name", "Start"]


def test_file_that_is_no_table_is_refused_at_its_field(office):
    response = upload(office, "%PDF-1.7")

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "file": ["This is a PDF file. Save the table as CSV or Excel (.xlsx) and upload that."]
    }
    assert not ImportRun.objects.exists()


def test_discarded_import_forgets_the_file(office, run):
    office.post(reverse("reports:import_discard", args=[run.pk]))

    run.refresh_from_db()
    assert (run.state, bytes(run.content)) == (ImportState.DISCARDED, b"")
    assert office.get(columns_of(run))["Location"] == run.get_absolute_url()


def test_running_import_shows_how_far_it_is_and_reloads_at_its_end(office, run):
    run.job = Job.objects.create(kind="imports.check", key="x", done=3, total=9, state="running")
    run.state = ImportState.CHECKING
    run.save()

    part = office.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert 'value="3" max="9"' in part.content.decode()

    ImportRun.objects.update(state=ImportState.READY)
    done = office.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"


def test_failed_job_says_why_and_lets_the_columns_be_changed(office, run):
    run.job = Job.objects.create(kind="imports.check", key="x", state="failed", error="It broke.")
    run.state = ImportState.CHECKING
    run.save()

    page = office.get(run.get_absolute_url())

    assert "It broke." in page.content.decode()
    assert page.context["may_change"] is True


def test_imports_of_others_do_not_exist(run, signed_in):
    other = signed_in(person(Role.PMO_LEAD))

    for name in ("import_detail", "import_columns"):
        assert other.get(reverse(f"reports:{name}", args=[run.pk])).status_code == 404
    for name in ("import_apply", "import_discard", "import_reading"):
        assert other.post(reverse(f"reports:{name}", args=[run.pk])).status_code == 404
    assert list(other.get(LIST).context["page"]) == []


@pytest.mark.parametrize("role", [Role.STAFF, Role.EXECUTIVE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_the_office_imports(signed_in, role):
    assert signed_in(person(role)).get(LIST).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_however_many(office, count, django_assert_num_queries):
    for _ in range(count):
        upload(office)
    office.get(LIST)

    with django_assert_num_queries(6):
        office.get(LIST)


def test_packaged_profile_reads_its_file_in_the_browser(office, django_capture_on_commit_callbacks):
    UnitFactory(name="Department of Health and Social Care")
    lines = (ROOT / "examples/nhs/projects.csv").read_text("utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if line.startswith(("As of", "2013", "2015")))
    portfolio = PortfolioFactory()
    response = upload(office, text, profile="nhs_example")
    page = office.get(response["Location"])
    run = ImportRun.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page, portfolio=portfolio.pk))

    run.refresh_from_db()
    assert (run.state, run.report["total"]) == (ImportState.READY, 56)
    assert run.report["counts"] == {"created": 44, "updated": 12, "unchanged": 0}


def test_file_that_is_too_large_is_refused_before_it_is_read(office):
    file = SimpleUploadedFile("big.csv", b"a,b\n" * (DEFAULT.size // 4 + 1))

    response = office.post(LIST, {"file": file, "record": "project", "profile": ""})

    assert response.context["form"].errors == {"file": ["The file is larger than 20 MB. Split it."]}


def test_milestones_have_no_portfolio_to_choose(office):
    response = upload(office, "Project,Milestone,Date\nP-1,Open,2026-12-04\n", record="milestone")

    form = office.get(response["Location"]).context["form"]
    assert [f.html_name for f in form.where_fields] == ["project", "save_as"]


def test_filter_needs_its_values_and_is_kept(office, run, django_capture_on_commit_callbacks):
    page = office.get(columns_of(run))
    refused = office.post(columns_of(run), chosen(page, keep_column="Unit"))
    assert refused.context["form"].errors == {"keep_values": ["Say which values to take."]}

    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page, keep_column="Unit", keep_values="Radiology\n"))

    run.refresh_from_db()
    assert run.document["keep"] == {"column": "Unit", "in": ["radiology"]}
    assert (run.state, run.report["left_out"]) == (ImportState.FAULTY, 2)
    assert (
        "No rows to import were found. Check the header line and the columns."
        in office.get(run.get_absolute_url()).content.decode()
    )


def test_name_of_a_packaged_profile_is_refused_above_the_form(office, run):
    page = office.get(columns_of(run))

    response = office.post(columns_of(run), chosen(page, save_as="nhs_2014"))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "This name belongs to a profile that comes with Rounds; choose another."
    ]


def test_reading_refusals_are_told(office, run):
    reading = reverse("reports:import_reading", args=[run.pk])

    for data, sentence in (
        (
            {"header": "-1"},
            "Nothing was read again. The header line must be a number of 1 or more.",
        ),
        ({"header": "99"}, "The header row lies below the end of the table."),
    ):
        page = office.post(reading, data, follow=True)
        assert [str(m) for m in page.context["messages"]] == [sentence]


def test_file_that_cannot_be_read_any_more_leads_back(office, run):
    ImportRun.objects.update(content=b"%PDF")

    page = office.get(columns_of(run), follow=True)

    assert page.redirect_chain[-1][0] == LIST
    assert "This is a PDF file." in str(next(iter(page.context["messages"])))


def test_import_being_written_is_not_discarded(office, run):
    job = Job.objects.create(kind="imports.apply", key="x", state="running")
    ImportRun.objects.update(state=ImportState.APPLYING, job=job)

    response = office.post(reverse("reports:import_discard", args=[run.pk]))

    assert response["Location"] == run.get_absolute_url()
    run.refresh_from_db()
    assert run.state == ImportState.APPLYING


def test_workbook_says_its_sheet(office):
    book = Workbook()
    book.active.title = "List"
    for cells in (["Code", "Name"], ["1", "A"]):
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    data = {
        "file": SimpleUploadedFile("list.xlsx", file.getvalue()),
        "record": "project",
        "profile": "",
    }

    page = office.get(office.post(LIST, data)["Location"])

    assert ("Sheet", "List") in page.context["facts"]


BAD = """Code,Name,Unit,RAG,Start,Budget
N-1,New wing,Surgery,Red,25/02/2026,1.5m
N-2,Scanner,Nowhere,Green,01/02/2026,250
N-3,=Robot,,Green,13/02/2026,99
"""


@pytest.fixture
def partly(office, django_capture_on_commit_callbacks):
    """An import of which two rows were handed back."""
    upload(office, BAD)
    run = ImportRun.objects.get()
    page = office.get(columns_of(run))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page))
    run.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        runs.request_apply(run=run, by=run.created_by, answers={"units": {"nowhere": "leave"}})
    run.refresh_from_db()
    return run


def test_rows_are_handed_back_in_the_shape_of_the_file_and_only_they_are_new_when_sent_again(
    office, partly
):
    assert (partly.state, partly.report["handed_back"]) == (ImportState.APPLIED, 2)
    url = reverse("reports:import_handed_back", args=[partly.pk, "csv"])
    lines = b"".join(office.get(url).streaming_content).decode("utf-8-sig").splitlines()

    assert lines[0] == "Code,Name,Unit,RAG,Start,Budget,Line,What is wrong"
    assert [line.split(",")[6] for line in lines[1:]] == ["3", "4"]
    assert "A new project needs a unit." in lines[2]
    mended = "\n".join(lines).replace("Nowhere", "Surgery").replace("Robot,,", "Robot,Surgery,")
    again = upload(office, mended)
    run = ImportRun.objects.latest("pk")
    assert run.document["fields"] == partly.document["fields"]
    assert again["Location"] == columns_of(run)
    work.finish_check(run, work.check(run))
    assert run.report["counts"] == {"created": 2, "updated": 0, "unchanged": 0}


def test_handed_back_rows_come_as_a_workbook_and_problems_as_a_list(office, partly):
    url = reverse("reports:import_handed_back", args=[partly.pk, "xlsx"])
    book = load_workbook(io.BytesIO(b"".join(office.get(url).streaming_content)))
    sheet = list(book.active.values)
    assert [row[0] for row in sheet[1:3]] == ["N-2", "N-3"]
    assert sheet[0][-2:] == ("Line", "What is wrong")

    problems = office.get(reverse("reports:import_problems", args=[partly.pk]))
    text = b"".join(problems.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "Line,Column,Field,What is wrong,What would be right"
    assert office.get(url.replace("xlsx", "pdf")).status_code == 404
