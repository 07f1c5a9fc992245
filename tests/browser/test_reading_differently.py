"""A file that is not read as meant, in a real browser: another sheet, another encoding, rows put right."""

import io

import pytest
from django.urls import reverse
from openpyxl import Workbook

from tests.browser.checks import faults, faults_by_mode, words

pytestmark = pytest.mark.browser
HEAD = ["Code", "Name", "Stage", "Budget", "Comment"]


def two_sheets():
    book = Workbook()
    for title, code in (("Closed 2025", "OLD-1"), ("Open 2026", "NEW-1")):
        sheet = book.create_sheet(title)
        sheet.append(HEAD)
        sheet.append([code, "Ward", "Delivery", 5_000, "As planned"])
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


DOUBTED = (
    "Code,Name,Stage,Budget,Comment\n"
    "P-1,Göğüs cerrahisi,Delivery,5000,As planned\n"
    "P-2,İstanbul şubesi,Delivery,7000,Waits for tender, again\n"
    f"P-3,Lab,Delivery,9000,{'The team met and went through the list. ' * 12}\n"
).encode("cp1254")


def uploaded(page, name, data):
    page.set_input_files("#id_file", {"name": name, "mimeType": "", "buffer": data})
    page.click("text=Read the file")
    page.wait_for_selector("text=Which column is which?")


def test_another_sheet_is_chosen_and_its_rows_stand_on_the_page(visit, lead):
    page = visit(reverse("reports:import_list"), user=lead)
    page.set_input_files("#id_file", {"name": "two.xlsx", "mimeType": "", "buffer": two_sheets()})
    page.click("text=Read the file")
    page.wait_for_selector("text=Which sheets do you want to import?")
    assert faults(page) == {}
    page.click("text=Go on with these sheets")
    page.wait_for_selector("text=Which column is which?")
    assert "OLD-1" in words(page)

    # open already, because there is a choice
    shown = page.locator("#how_sheet option").all_inner_texts()
    assert shown[1:] == [
        "Closed 2025: 2 rows, 5 known columns",
        "Open 2026: 2 rows, 5 known columns",
    ]
    page.select_option("#how_sheet", "Open 2026")
    page.click("text=Read again")
    page.wait_for_selector("text=NEW-1")

    assert "OLD-1" not in words(page)
    assert faults(page) == {}


def test_a_doubted_encoding_is_chosen_by_its_words_in_any_light_or_width(visit, lead):
    page = visit(reverse("reports:import_list"), user=lead)
    uploaded(page, "list.csv", DOUBTED)
    assert "line 3" in words(page, "section[aria-labelledby=how]")

    assert faults_by_mode(page) == {}

    page.select_option("#how_encoding", "cp1254")
    page.click("text=Read again")
    page.wait_for_selector("text=Göğüs cerrahisi")

    assert page.input_value("#how_encoding") == "cp1254"
