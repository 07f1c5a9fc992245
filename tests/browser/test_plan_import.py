"""A schedule file in a real browser: uploaded, its report read, written, and undone."""

import pytest
from django.urls import reverse

from projects.models import PlanImport, Task
from tests.browser.checks import faults, faults_by_mode, words
from tests.projects.domain.exchange.files import link, mspdi, task
from tests.projects.test_services_plan_imports import imported

pytestmark = pytest.mark.browser
SCHEDULE = mspdi(
    task(1, "North wing")
    + task(2, "Excavate", level=2, hours=36, more="<Deadline>2026-05-01T17:00:00</Deadline>")
    + task(3, "Pour", level=2, hours=16, more=link(2))
    + task(4, "Handover", hours=0, more=link(3)),
    header="<StartDate>2026-03-02T08:00:00</StartDate>",
)


def choose(page, content):
    page.set_input_files(
        "#id_file", {"name": "north wing.xml", "mimeType": "text/xml", "buffer": content}
    )
    page.click("text=Read the file")


def test_a_schedule_is_uploaded_read_about_written_and_undone(visit, manager, project):
    page = visit(reverse("projects:project_plan", args=[project.pk]), user=manager)

    page.click("text=Import a schedule")
    choose(page, SCHEDULE)
    page.wait_for_selector("text=4 rows can be written")
    report = words(page)
    assert "Deadlines" in page.inner_text("section[aria-labelledby=fate-lost]")
    assert "2 Excavate" in page.inner_text("section[aria-labelledby=fate-lost]")
    assert "Durations" in page.inner_text("section[aria-labelledby=fate-changed]")
    assert "Links between tasks" in page.inner_text("section[aria-labelledby=fate-kept]")
    assert "Nothing is written yet." in report
    assert Task.objects.count() == 0
    assert faults(page) == {}

    page.click("text=Write all 4 rows")
    page.wait_for_selector("text=4 rows are written")
    page.click("text=Open the plan")
    page.wait_for_selector("text=Excavate")
    assert Task.objects.count() == 4
    assert faults(page) == {}

    page.goto(page.url.partition("/projects/")[0] + PlanImport.objects.get().get_absolute_url())
    page.click("text=Undo the import")
    page.click("button:has-text('Undo the import')")
    page.wait_for_selector("text=Import undone.")
    assert Task.objects.count() == 0
    assert faults(page) == {}


def test_what_is_no_schedule_is_refused_at_the_field(visit, manager, project):
    page = visit(reverse("projects:plan_import_list", args=[project.pk]), user=manager)

    choose(page, b"not a schedule")
    page.wait_for_selector("text=This is no schedule that Rounds reads.")

    assert PlanImport.objects.count() == 0
    assert faults(page) == {}


def test_the_report_has_no_faults_in_any_light_or_width(visit, manager, project):
    imported(project, manager)
    Task.objects.filter(name="Dig").update(percent_complete=20)
    page = visit(reverse("projects:plan_import_list", args=[project.pk]), user=manager)
    choose(page, SCHEDULE.replace(b"<UID>2<", b"<UID>77<").replace(b"UID>2</Pre", b"UID>77</Pre"))
    page.wait_for_selector("text=Work with progress would go")

    assert faults_by_mode(page) == {}


def test_the_way_is_there_without_scripts(visit, manager, project):
    page = visit(
        reverse("projects:plan_import_list", args=[project.pk]),
        user=manager,
        java_script_enabled=False,
    )

    choose(page, SCHEDULE)
    page.click("text=Write all 4 rows")
    page.click("text=Undo the import")
    page.click("button:has-text('Undo the import')")

    assert "Undone: the plan is as it was before this file." in words(page)
