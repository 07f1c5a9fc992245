"""A hospital's own first list of projects, as it stands in its spreadsheet, into an empty Rounds."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pmo.accounts.roles import Role
from portfolio.models import Portfolio
from projects.models import Project, StatusUpdate
from reports.imports.models import ImportState
from reports.imports.services import runs, work
from reports.models import Snapshot
from reports.models.snapshots import LIVE

pytestmark = pytest.mark.django_db
FILE = Path(__file__).resolve().parents[3] / "cases" / "projects12.xlsx"


def uploaded(by):
    return runs.start_import(file_name=FILE.name, content=FILE.read_bytes(), by=by)


def ready(by, **answers):
    run = uploaded(by)
    document = run.document | {
        "answers": {"stage": "delivery", "portfolio": "All projects"} | answers
    }
    run = runs.map_columns(run=run, by=by, document=document)
    return work.finish_check(run, work.check(run))


def written(by, **answers):
    run = ready(by, **answers)
    add = {sort: {} for sort in ("person", "unit")}
    for one in run.report["unknown"]:
        add[one["sort"]][one["key"]] = "add"
    runs.request_apply(run=run, by=by, answers={"people": add["person"], "units": add["unit"]})
    run.refresh_from_db()
    return runs.apply(run=run, by=by)


def test_every_column_of_the_file_finds_its_field(lead):
    run = uploaded(lead)

    assert run.document["fields"] == {
        "code": "No.",
        "name": "Project",
        "unit": "Department",
        "manager": "Project manager",
        "sponsor": "Sponsor",
        "color": "Status",
        "start_date": "Start date",
        "baseline_finish": "Planned end",
        "forecast_finish": "Expected end",
        "approved_budget": "Budget",
        "spent": "Spent to date",
        "forecast_cost": "Forecast",
        "summary": "Comment",
    }


def test_check_says_what_the_file_adds_up_to_and_what_is_missing(lead):
    run = ready(lead)

    assert run.state == ImportState.READY
    assert run.report["counts"] == {"created": 12, "updated": 0, "unchanged": 0}
    assert run.report["sums"] == [
        ["Approved budget", "11,700,000"],
        ["Forecast cost", "12,090,000"],
        ["Spent", "4,680,000"],
        ["Declared color", "3 Red, 3 Amber, 6 Green"],
    ]
    assert run.report["warnings"] == [
        "The file does not say what help 3 red projects need; their next updates ask for it."
    ]
    assert Counter(one["sort"] for one in run.report["unknown"]) == {"person": 7, "unit": 8}
    assert Project.objects.count() == 0


def test_figures_of_the_portfolio_are_those_of_the_file(lead, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        written(lead)

    portfolio = Portfolio.objects.get()
    assert (portfolio.name, portfolio.code) == ("All projects", "ALL-PROJECTS")
    rows = Snapshot.objects.filter(date=LIVE, project__portfolio_entries__portfolio=portfolio)
    assert Counter(row.overall for row in rows) == {"green": 6, "amber": 3, "red": 3}
    assert sum(row.approved_budget for row in rows) == Decimal(11_700_000)
    assert sum(row.spent for row in rows) == Decimal(4_680_000)
    assert sum(row.forecast_cost for row in rows) == Decimal(12_090_000)
    assert {(row.is_stale, row.update_due, row.stage) for row in rows} == {
        (False, False, "delivery")
    }
    assert {row.published_rating for row in rows} == {"Imported from projects12.xlsx"}
    ventilation = rows.get(code="P-05")
    assert (ventilation.overall, ventilation.note) == ("green", "On hold until theatre is free")
    assert (str(ventilation.baseline_finish), str(ventilation.forecast_finish)) == (
        "2027-05-28",
        "2027-06-15",
    )
    assert (ventilation.manager_name, ventilation.sponsor_name) == ("Tom Baker", "Dr. Grant")


def test_status_is_the_importers_and_of_this_week(lead):
    written(lead)

    updates = StatusUpdate.objects.all()
    assert {(one.author, one.published_rating) for one in updates} == {
        (lead, "Imported from projects12.xlsx")
    }
    assert updates.filter(overall="red", help_needed="").count() == 3
    assert Project.objects.get(code="P-01").members.get(role=Role.MANAGER).user.email is None


def test_same_words_out_of_another_file_change_nothing(lead):
    written(lead)
    before = list(StatusUpdate.objects.order_by("pk").values())

    run = runs.start_import(file_name="copy.xlsx", content=FILE.read_bytes(), by=lead)
    run = runs.apply(run=run, by=lead)

    assert run.report["counts"] == {"created": 0, "updated": 0, "unchanged": 12}
    assert list(StatusUpdate.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("proposal", "12 projects arrive in the stage Proposal: no weekly update is due until the stage changes."),
        ("on_hold", "12 projects arrive in the stage On hold: no weekly update is due until the stage changes."),
        ("cancelled", "12 projects arrive in the stage Cancelled: no weekly update is due, and no summary shows them."),
    ],
)  # fmt: skip
def test_stage_that_never_reports_is_said_before_writing(lead, stage, said):
    assert ready(lead, stage=stage).report["warnings"][0] == said


def test_stage_for_all_moves_no_project_that_is_here(lead):
    written(lead)

    written(lead, stage="on_hold")

    assert set(Project.objects.values_list("stage", flat=True)) == {"delivery"}


def test_portfolio_is_made_once(lead):
    written(lead)
    run = written(lead, portfolio="ALL Projects")

    assert Portfolio.objects.count() == 1
    assert run.portfolio == Portfolio.objects.get()
    assert run.portfolio.entries.count() == 12
