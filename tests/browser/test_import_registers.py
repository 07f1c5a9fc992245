"""A risk log of one project in a real browser: its project is found as one types, its words are read."""

from pathlib import Path

import pytest
from django.urls import reverse

from risks.models import Risk
from tests.browser.checks import faults, wait_until, words
from tests.factories import ProjectFactory

pytestmark = pytest.mark.browser
FILE = Path(__file__).resolve().parents[1] / "cases" / "imports" / "09_risk_log_of_one_project.csv"


def test_log_that_names_no_project_goes_into_the_one_that_is_chosen(visit, lead):
    ProjectFactory(code="B-1", name="Boiler house")
    ProjectFactory(code="W-1", name="Ward")
    page = visit(reverse("reports:import_list"), user=lead)
    page.set_input_files("#id_file", str(FILE))
    page.select_option("#id_record", "risk")
    page.click("text=Read the file")
    page.wait_for_selector("text=Which column is which?")
    assert faults(page) == {}

    page.click("button:has-text('Check the rows')")
    page.wait_for_selector("#error-summary, .summary")
    assert "or the project that all rows belong to" in words(page)
    page.type("#id_project", "boil")
    wait_until(page, "document.querySelectorAll('#project-choices option').length === 1")
    assert page.get_attribute("#project-choices option", "value") == "B-1"
    page.fill("#id_project", "B-1")
    page.click("button:has-text('Check the rows')")
    page.wait_for_selector("text=All 3 rows are ready")
    assert "“Probability”: read “High” as 4, “Low” as 2, “Medium” as 3." in words(page)
    assert faults(page) == {}

    page.check("#f-people input[value=leave]")
    page.click("text=Write all 3 rows")
    page.wait_for_selector("text=All 3 rows are written")

    found = Risk.objects.order_by("external_id").values_list("external_id", "score", "state")
    assert list(found) == [("R1", 12, "open"), ("R2", 8, "open"), ("R3", 12, "closed")]
