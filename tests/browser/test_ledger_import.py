"""A ledger from its file to booked costs: what stands, what the file has and what comes of it, in every mode."""

from typing import Any

import pytest

from projects.models import CostEntry
from reports.imports.models import ImportRun
from reports.imports.services import pacing, runs, work
from tests.browser.checks import faults_by_mode, words
from tests.factories import BudgetLineFactory, CostEntryFactory, ProjectFactory

pytestmark = pytest.mark.browser
LEDGER = (
    "WBS Element,Cost Center,Posting Date,Amount in local currency,Cost element name,Vendor name,Text,"
    "Document Number,Line item,Project to date\n"
    "P-1,7010,2026-03-02,120000.50,Build,Harbor Builders,Claim 1,1900000123,1,125000.50\n"
    "P-1,7010,2026-03-09,5000-,Build,Harbor Builders,Credit note,1900000124,1,125000.50\n"
    ",7020,2026-03-16,8400,Fees,Smith and Partners,Design fee,1900000125,1,8400\n"
    "P-9,,2026-03-16,1,Fees,Smith and Partners,Not ours,1900000126,1,\n"
)


@pytest.fixture(autouse=True)
def _scene(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAUSE", "MOST_PAUSE"):
        monkeypatch.setattr(pacing, name, 0)
    for number in (1, 2):
        project = ProjectFactory(code=f"P-{number}")
        for category in ("Build", "Fees"):
            BudgetLineFactory(project=project, category=category, cost_center=f"70{number}0")
    CostEntryFactory(project__code="P-1", project=project, amount=900)


def checked(lead: Any) -> ImportRun:
    run = runs.start_import(file_name="ledger.csv", content=LEDGER.encode(), by=lead, record="cost")
    document = run.document | {"answers": {"control": "123401.50"}}
    run = runs.map_columns(run=run, by=lead, document=document)
    return work.finish_check(run, work.check(run))


def test_ledger_goes_from_its_file_to_booked_costs(visit: Any, lead: Any) -> None:
    page = visit("/imports/", user=lead)
    file = {"name": "ledger.csv", "mimeType": "text/csv", "buffer": LEDGER.encode()}
    page.set_input_files("#id_file", file)
    page.select_option("#id_record", "cost")
    page.click("text=Read the file")
    page.wait_for_selector("text=Which column is which?")
    page.fill("#id_control", "123401.50")
    page.click("text=Check the rows")
    page.wait_for_selector("text=3 of 4 rows are ready.")
    assert "as its control total says" in words(page, "#ledger")
    page.click("#write-button")
    page.wait_for_selector("text=Stands now")
    assert CostEntry.objects.exclude(source_id="").count() == 3
    assert page.troubles == []


def test_pages_have_no_fault(visit: Any, lead: Any) -> None:
    run = checked(lead)
    page = visit(run.get_absolute_url(), user=lead)
    assert page.locator("#ledger tbody tr").count() == 2
    assert faults_by_mode(page) == {}
    run = runs.apply(run=run, by=lead)
    page = visit(run.get_absolute_url(), user=lead)
    assert faults_by_mode(page) == {}
