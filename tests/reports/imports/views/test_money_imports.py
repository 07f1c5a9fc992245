"""Money comes in on the pages and from the command line: samples, the control total, the reconciled table."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.models import BudgetLine, CostEntry, MonthForecast
from reports.imports.models import ImportRun, ImportState
from reports.imports.words.ledger import reconciled
from tests.factories import BudgetLineFactory, ProjectFactory, person
from tests.reports.imports.services.test_cost_rows import LEDGER
from tests.reports.imports.views.test_import_names import sample
from tests.reports.imports.views.test_imports import LIST, chosen, columns_of

pytestmark = pytest.mark.django_db
MONEY = ("budget_line", "commitment", "cost", "month_forecast")


@pytest.fixture
def office(lead, signed_in):
    for code in ("P-1", "P-2"):
        BudgetLineFactory(project=ProjectFactory(code=code), category="Works")
    return signed_in(lead)


def sent(office, run, commit, **changes):
    """Send the columns as they are found, and return the import as it was checked."""
    page = office.get(columns_of(run))
    with commit(execute=True):
        response = office.post(columns_of(run), chosen(page, **changes))
    assert response.status_code == 302
    run.refresh_from_db()
    return run


def uploaded(office, kind, content, name="sample.xlsx"):
    file = SimpleUploadedFile(name, content)
    office.post(LIST, {"file": file, "record": kind, "profile": ""})
    return ImportRun.objects.order_by("pk").last()


def test_samples_import_without_a_question_one_after_the_other(
    office, django_capture_on_commit_callbacks
):
    for kind in MONEY:
        run = uploaded(office, kind, sample(office, kind))
        run = sent(office, run, django_capture_on_commit_callbacks)
        report = run.report
        assert (kind, report["problems"], report["questions"], report["asked"]) == (
            kind,
            [],
            [],
            [],
        )
        assert report["warnings"] == []
        with django_capture_on_commit_callbacks(execute=True):
            office.post(reverse("reports:import_apply", args=[run.pk]))
        run.refresh_from_db()
        assert (run.state, run.report["counts"]["unchanged"]) == (ImportState.APPLIED, 0)
        again = sent(office, uploaded(office, kind, sample(office, kind)), django_capture_on_commit_callbacks)  # fmt: skip
        assert again.report["counts"]["unchanged"] == run.report["counts"]["created"]

    assert BudgetLine.objects.exclude(cost_center="").count() == 6
    assert CostEntry.objects.exclude(line=None).count() == 10
    assert MonthForecast.objects.count() == 6


def test_control_total_is_asked_for_a_ledger_only(office, django_capture_on_commit_callbacks):
    run = uploaded(office, "cost", LEDGER.encode(), "ledger.csv")
    run = sent(office, run, django_capture_on_commit_callbacks, control="725.25")
    assert reconciled(run).is_even
    assert office.get(columns_of(run)).context["form"]["control"].value() == 725.25

    run = sent(office, run, django_capture_on_commit_callbacks, control="")
    assert "control" not in run.document.get("answers", {})
    orders = uploaded(office, "commitment", sample(office, "commitment"))
    assert "control" not in office.get(columns_of(orders)).context["form"].fields


def test_what_a_ledger_adds_up_to_stands_once(office, django_capture_on_commit_callbacks):
    run = uploaded(office, "cost", LEDGER.encode(), "ledger.csv")
    run = sent(office, run, django_capture_on_commit_callbacks)

    page = office.get(run.get_absolute_url()).content.decode()

    assert page.count("add up to") == 1
    assert "What the file adds up to" not in page


def test_leaving_rows_out_swaps_the_table_too(office, django_capture_on_commit_callbacks):
    text = LEDGER + "P-9,2026-03-02,1,Build,Acme,X,1999,1\n"
    run = uploaded(office, "cost", text.encode(), "ledger.csv")
    run = sent(office, run, django_capture_on_commit_callbacks)

    page = office.post(
        reverse("reports:import_leave", args=[run.pk]),
        {"problem": "No project has this code."},
        headers={"HX-Request": "true"},
    ).content.decode()

    assert '<div id="ledger" hx-swap-oob="true">' in page
    assert "Would stand" in page


def test_total_of_the_file_is_proposed_as_control_total(
    office, lead, tmp_path, django_capture_on_commit_callbacks
):
    content = (LEDGER + "Total,,730.25,,,,,\n").encode()
    run = uploaded(office, "cost", content, "ledger.csv")

    control = office.get(columns_of(run)).context["form"]["control"]
    assert str(control.value()) == "730.25"
    assert control.help_text.startswith("Proposed: the total in line 5 of the file.")
    run = sent(office, run, django_capture_on_commit_callbacks)
    assert reconciled(run).control.endswith("The control total is $730.25: $5 missing.")
    run = sent(office, run, django_capture_on_commit_callbacks, control="")
    assert not office.get(columns_of(run)).context["form"]["control"].value()

    path, out = tmp_path / "ledger.csv", io.StringIO()
    path.write_bytes(content)
    call_command("import_table", path, record="cost", email=lead.email, stdout=out, dry_run=True)
    assert "The control total is $730.25: $5 missing." in out.getvalue()


def test_total_of_a_part_proposes_nothing(office):
    text = LEDGER.replace("P-2,", "Total,,800.25,,,,,\nP-2,")
    run = uploaded(office, "cost", text.encode(), "ledger.csv")

    assert office.get(columns_of(run)).context["form"]["control"].value() is None


@pytest.mark.parametrize(
    "totals",
    [
        "Subtotal,,800.25,,,,,\nTotal,,725.25,,,,,\n",  # of parts, and of all
        "Total,,,,,,,\n",
    ],
)
def test_totals_that_say_nothing_of_the_whole_propose_nothing(office, totals):
    run = uploaded(office, "cost", (LEDGER + totals).encode(), "ledger.csv")

    assert office.get(columns_of(run)).context["form"]["control"].value() is None


def test_total_of_debit_and_credit_is_their_difference(office):
    text = (
        "Project code,Posting date,Debit,Credit,Document\n"
        "P-1,2026-03-02,100,,1\nP-1,2026-03-03,50,,2\nP-2,2026-03-04,,30,3\nTotal,,150,30,\n"
    )
    run = uploaded(office, "cost", text.encode(), "ledger.csv")

    assert office.get(columns_of(run)).context["form"]["control"].value() == 120


def test_nobody_without_the_permission_sees_samples_or_imports(office, client, lead):
    run = uploaded(office, "cost", LEDGER.encode(), "ledger.csv")
    client.force_login(person(Role.STAFF))

    for kind in MONEY:
        assert client.get(reverse("reports:import_sample", args=[kind])).status_code == 403
    assert client.get(run.get_absolute_url()).status_code in {403, 404}
    file = SimpleUploadedFile("x.csv", LEDGER.encode())
    assert client.post(LIST, {"file": file, "record": "cost"}).status_code == 403


def test_command_line_tells_the_same(office, lead, tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER)

    def told(**options):
        out = io.StringIO()
        call_command("import_table", path, record="cost", email=lead.email, stdout=out, **options)
        return out.getvalue()

    said = told(dry_run=True, control_total="800")
    assert "The control total is $800: $74.75 missing." in said
    assert "P-1: stands $0, in this file $800.25, would stand $800.25" in said
    assert "3 rows are booked on no budget line" in said
    assert not CostEntry.objects.exists()

    said = told()
    assert "Imported 3 rows: 3 created" in said
    assert "All projects: stood before $0, in this file $725.25, stands now $725.25" in said
    report = json.loads(told(report="json"))
    assert (report["counts"]["unchanged"], report["ledger"]["total"]) == (3, "725.25")
