"""A hospital's own list of projects in a real browser: from the file to the portfolio in three sendings."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from pmo.accounts.models import Unit, User
from portfolio.models import Portfolio
from projects.models import Project
from reports.imports.models import ImportRun
from reports.models import Snapshot
from reports.models.snapshots import LIVE
from tests.browser.checks import faults, faults_by_mode, words

pytestmark = pytest.mark.browser
FILE = Path(__file__).resolve().parents[1] / "cases" / "projects12.xlsx"


def counted(page):
    """Count what is sent from now on."""
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    return sent


def to_the_check(page):
    page.set_input_files("#id_file", str(FILE))
    page.click("text=Read the file")
    page.wait_for_selector("text=Which column is which?")
    page.select_option("#id_stage", "delivery")
    page.fill("#id_new_portfolio", "All projects")
    page.click("text=Check the rows")
    page.wait_for_selector("text=All 12 rows are ready")


def test_twelve_projects_come_in_with_three_sendings(visit, lead):
    page = visit(reverse("reports:import_list"), user=lead)
    sent = counted(page)
    assert faults(page) == {}

    to_the_check(page)
    assert "Say first what becomes of 7 people and 8 units not in Rounds." in words(page)
    assert "The file does not say what help 3 red projects need" in words(page)
    assert "11,700,000" in words(page, "section[aria-labelledby=sums]")
    assert faults(page) == {}
    page.check("#f-people input[value=add]")
    page.check("#f-units input[value=add]")
    page.click("text=Write all 12 rows")
    page.wait_for_selector("text=All 12 rows are written")
    assert faults(page) == {}

    assert len(sent) == 3
    added = words(page, "section[aria-labelledby=added]")
    assert "Anna Reid" in added
    assert "Radiology" in added
    assert (Project.objects.count(), Unit.objects.count(), User.objects.count()) == (12, 8, 8)
    rows = Snapshot.objects.filter(date=LIVE)
    assert sum(row.approved_budget for row in rows) == Decimal(11_700_000)
    page.click("text=Open the portfolio “All projects”")
    assert "New MRI scanner" in words(page)
    page.goto(page.url.partition("/portfolios/")[0] + reverse("reports:dashboard"))
    assert "Imported from projects12.xlsx" in words(page)
    page.click("text=Theatre ventilation")
    page.wait_for_selector("text=Imported status")
    assert f"On hold until theatre is free. Imported from projects12.xlsx by {lead}." in words(page)
    assert faults(page) == {}


def test_names_without_an_answer_come_back_with_what_was_chosen(visit, lead):
    page = visit(reverse("reports:import_list"), user=lead)
    to_the_check(page)

    page.check("#f-people input[value=add]")
    page.select_option("select:below(:text('Mary Cole'))", "leave")
    page.click("text=Write all 12 rows")
    page.wait_for_selector("text=Fix 1 thing before you write the rows")

    assert "Choose what to do with the units." in words(page)
    assert page.is_checked("#f-people input[value=add]")
    assert Project.objects.count() == 0
    assert faults(page) == {}


@pytest.mark.parametrize("place", ["columns", "check", "written"])
def test_pages_of_an_import_have_no_faults_in_any_light_or_width(visit, lead, place):
    page = visit(reverse("reports:import_list"), user=lead)
    to_the_check(page)
    if place == "columns":
        page.click("text=Change the columns")
    elif place == "written":
        page.check("#f-people input[value=add]")
        page.check("#f-units input[value=add]")
        page.click("text=Write all 12 rows")
        page.wait_for_selector("text=All 12 rows are written")

    assert faults_by_mode(page) == {}


def test_the_way_is_there_without_scripts(visit, lead):
    page = visit(reverse("reports:import_list"), user=lead, java_script_enabled=False)

    to_the_check(page)
    page.check("#f-people input[value=leave]")
    page.check("#f-units input[value=add]")
    page.click("text=Write all 12 rows")

    assert "All 12 rows are written" in words(page)
    assert Portfolio.objects.get().entries.count() == 12
    assert ImportRun.objects.get().report["added"]["person"] == []
