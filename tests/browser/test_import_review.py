"""A list of three hundred projects with forty bad rows, taken to a written portfolio without leaving its page."""

import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portfolio.models import Portfolio
from projects.models import Project
from reports.imports.models import ImportRun, RowState
from reports.imports.services import pacing, runs, work
from tests.browser.checks import faults, faults_by_mode, wait_for_panels, wait_until, words
from tests.factories import UnitFactory
from tests.reports.imports.services.mixed import EACH, FAULTS, ROWS, table
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.browser
BAD = EACH * len(FAULTS)


@pytest.fixture
def units(db):
    return [UnitFactory(name=name) for name in ("Surgery", "Radiology")]


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Nobody waits beside these imports: what is left for others to write in would only take time."""
    for name in ("PAUSE", "MOST_PAUSE"):
        monkeypatch.setattr(pacing, name, 0)


def checked(lead: Any, *, rows: int = ROWS, each: int = EACH) -> ImportRun:
    """Return a run whose table is checked."""
    content = table(rows=rows, each=each).encode()
    run = runs.start_import(file_name="project-register.csv", content=content, by=lead)
    document = run.document | {"answers": {"stage": "delivery"}}
    run = runs.map_columns(run=run, by=lead, document=document)
    return work.finish_check(run, work.check(run))


def send_table(page: Any) -> None:
    """Upload the table, with one name that nobody knows, and have it checked."""
    text = table().replace("P-299,Project 299,Surgery", "P-299,Project 299,Oncology")
    file = {"name": "project-register.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.set_input_files("#id_file", file)
    page.click("text=Read the file")
    page.wait_for_selector("text=Which column is which?")
    page.select_option("#id_stage", "delivery")
    page.fill("#id_new_portfolio", "All projects")
    page.click("text=Check the rows")
    page.wait_for_selector("text=260 of 300 rows are ready.")


def test_three_hundred_rows_with_forty_bad_ones_are_written_without_leaving_the_page(
    visit, lead, units
):
    known = "Code,Name,Unit,Budget\nP-300,Project 300,Radiology,25000\n"
    runs.apply(run=started(known, lead), by=lead)
    page = visit(reverse("reports:import_list"), user=lead)
    send_table(page)
    assert len(page.query_selector_all(".kinds li")) == len(FAULTS)
    here = page.url

    # a word of theirs, in all five rows at once
    page.get_by_label("Fast lane").select_option("Strategic")
    page.wait_for_selector("text=265 of 300 rows are ready.")
    # a whole kind is left out
    kind = "Leave out the rows where: Approved budget is a percentage."
    page.get_by_role("button", name=kind).click()
    page.wait_for_selector("#said:has-text('5 rows are left out.')")
    # one row is mended in its place, first with another wrong day
    page.get_by_role("link", name="See 5 rows where: Start is no date of the calendar.").click()
    page.wait_for_selector("#rows-list:has-text('1–5'), #rows-list:has-text('5 in all')")
    page.click("#fix-11")
    page.wait_for_selector("#mend-11")
    wait_until(page, "document.activeElement.name === 'start_date'")
    page.keyboard.type("30/02/2026")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Row 12 is checked again and still refused.")
    wait_until(page, "document.activeElement.name === 'start_date'")
    page.fill("#mend_11_start_date", "28/02/2026")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=266 of 300 rows are ready.")
    # Escape closes, and Fix has the focus again
    page.click("#fix-12")
    wait_until(page, "document.activeElement.closest('#mend-12') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector("#mend-12", state="detached")
    wait_until(page, "document.activeElement.id === 'fix-12'")
    assert page.url.partition("?")[0].partition("#")[0] == here.partition("?")[0]
    assert faults(page) == {}

    # written with open questions: error summaries lead to them
    page.click("#write-button")
    page.wait_for_selector("text=Fix 1 thing before you write the rows")
    page.click(".summary a:has-text('Is this amount really that far')")
    page.get_by_label("Write all the same").check()
    page.wait_for_selector("text=Every warning is answered")
    wait_until(page, "document.activeElement.value === 'write'")
    page.check("#f-units input[value=add]")
    # the rows are written while the request waits, which takes a busy machine its time
    page.click("#write-button", no_wait_after=True)
    page.wait_for_selector("text=266 rows are written", timeout=90_000)
    assert faults(page) == {}
    assert Project.objects.count() == 266
    assert Portfolio.objects.get().entries.count() == 266
    with page.expect_download() as coming:
        page.click("text=Download as Excel")
    book = load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    assert book.active.max_row == 1 + ROWS - 266


@pytest.mark.parametrize("place", ["check", "open", "writing", "written", "undo", "undone"])
def test_pages_of_an_import_have_no_faults_in_any_light_or_width(visit, lead, units, place):
    run = checked(lead, rows=60, each=2)
    path = run.get_absolute_url()
    if place == "open":
        path += "?open=5&show=refused"
    elif place == "writing":
        runs.request_apply(run=run, by=lead)
        ImportRun.objects.update(state="applying", applied_at=None)
    elif place in {"written", "undo", "undone"}:
        runs.apply(run=run, by=lead)
    if place == "undo":
        path = reverse("reports:import_undo", args=[run.pk])
    if place == "undone":
        runs.undoing.undo(run=run, by=lead)
    page = visit(path, user=lead)

    assert faults_by_mode(page) == {}


def test_rows_are_mended_left_out_written_and_undone_without_scripts(visit, lead, units):
    run = checked(lead, rows=24, each=1)
    page = visit(run.get_absolute_url(), user=lead, java_script_enabled=False)

    page.click("#fix-3")
    page.fill("#mend_3_start_date", "28/02/2026")
    page.click("text=Save and check the row")
    assert "Row 4 is ready." in words(page, "body")
    page.get_by_label("Fast lane").select_option("Strategic")
    page.get_by_role("button", name="Use this for “Fast lane”").click()
    assert "18 of 24 rows are ready." in words(page)
    page.get_by_role("link", name="See 1 row where: Name is 201 characters long.").click()
    page.get_by_role(
        "button", name="Leave out the rows where: Name is 201 characters long."
    ).click()
    page.click("#write-button")
    assert "18 rows are written" in words(page)
    assert run.rows.filter(state=RowState.LEFT_OUT).count() == 1

    page.click("text=Undo the import…")
    page.fill("#id_word", "undo")
    page.click("button:has-text('Undo the import')")
    assert "18 rows taken back" in words(page)
    assert Project.objects.count() == 0


def test_question_of_names_keeps_its_answer_while_a_row_is_mended(visit, lead, units):
    page = visit(reverse("reports:import_list"), user=lead)
    send_table(page)

    page.check("#f-units input[value=add]")
    page.get_by_label("Fast lane").select_option("Strategic")
    page.wait_for_selector("text=265 of 300 rows are ready.")
    wait_for_panels(page)

    assert page.is_checked("#f-units input[value=add]")
