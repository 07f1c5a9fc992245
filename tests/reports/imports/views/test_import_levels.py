"""A sheet of programs, projects and milestones goes in with one upload: each under what it lies below."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from projects.models import Milestone, Program, Project
from reports.imports.models import ImportRun
from tests.factories import UnitFactory
from tests.reports.imports.views.test_imports import chosen

pytestmark = pytest.mark.django_db
TEXT = """Level,Name,Code,Unit,Stage,Start,Finish
1,Digital care,,,,,
2,Records roll-out,EHR-1,Surgery,Delivery,2026-01-05,2026-12-01
3,Go-live ward A,,,,,2026-06-01
3,Go-live ward B,,,,,2026-08-01
2,New wing,,Surgery,Delivery,2026-03-01,2027-12-01
3,Roof,,,,,2026-11-01
"""
STEPPED = """Program,Project,Milestone,Code,Unit,Stage,Start,Finish
Digital care,,,,,,,
,Records roll-out,,EHR-1,Surgery,Delivery,2026-01-05,2026-12-01
,,Go-live ward A,,,,,2026-06-01
,,Go-live ward B,,,,,2026-08-01
,New wing,,,Surgery,Delivery,2026-03-01,2027-12-01
,,Roof,,,,,2026-11-01
"""
TYPED = """Type,Name,Code,Unit,Stage,Start,Finish
Program,Digital care,,,,,
Project,Records roll-out,EHR-1,Surgery,Delivery,2026-01-05,2026-12-01
Milestone,Go-live ward A,,,,,2026-06-01
Milestone,Go-live ward B,,,,,2026-08-01
Project,New wing,,Surgery,Delivery,2026-03-01,2027-12-01
Milestone,Roof,,,,,2026-11-01
"""
IN = [("Go-live ward A", "EHR-1"), ("Go-live ward B", "EHR-1"), ("Roof", None)]


@pytest.fixture
def office(lead, signed_in):
    UnitFactory(name="Surgery")
    return signed_in(lead)


def milestones():
    wing = Project.objects.get(name="New wing").code
    found = Milestone.objects.order_by("pk").values_list("name", "project__code")
    return [(name, None if code == wing else code) for name, code in found]


def test_levels_are_chosen_like_sheets_and_written_projects_first(
    office, django_capture_on_commit_callbacks
):
    file = SimpleUploadedFile("portfolio.csv", TEXT.encode())
    response = office.post("/imports/", {"file": file, "record": "project", "profile": ""})

    page = office.get(response["Location"])
    assert page.context["title"] == "Which levels do you want to import?"
    assert [
        (one.take.label, one.take.value(), one.look) for one in page.context["form"].sheets
    ] == [
        ("Level 1", False, "1 row: the program that the projects below name"),
        ("Level 2", True, "2 rows, looks like projects (7 known columns)"),
        ("Level 3", True, "3 rows, looks like milestones (4 known columns)"),
    ]
    office.post(response["Location"], {
        "take_1": "on", "take_2": "on",
        "record_0": "project", "record_1": "project", "record_2": "milestone",
    })  # fmt: skip
    projects, below = ImportRun.objects.order_by("pk")
    for run in (below, projects):
        url = reverse("reports:import_columns", args=[run.pk])
        assert {"sheet", "encoding"} <= set(office.get(url).context["reading"].fields)
        with django_capture_on_commit_callbacks(execute=True):
            office.post(url, chosen(office.get(url)))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("reports:import_apply", args=[projects.pk]), {"programs": "add"})
    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("reports:import_apply", args=[below.pk]))

    assert {one.program.name for one in Project.objects.all()} == {"Digital care"}
    assert milestones() == IN


@pytest.mark.parametrize("text", [TEXT, STEPPED, TYPED])
def test_the_command_line_takes_all_levels(office, lead, tmp_path, text):
    path = tmp_path / "portfolio.csv"
    path.write_text(text)

    call_command("import_table", path, "--as", lead.email, "--all-sheets", "--add-names")

    assert Program.objects.get().projects.count() == 2
    assert milestones() == IN


def test_without_a_word_about_levels_only_projects_become_projects(office, lead, tmp_path):
    path = tmp_path / "portfolio.csv"
    path.write_text(TEXT)

    call_command("import_table", path, "--as", lead.email, "--add-names")

    assert sorted(Project.objects.values_list("name", flat=True)) == [
        "New wing",
        "Records roll-out",
    ]
