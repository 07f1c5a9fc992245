"""A project from a template in a real browser: under a minute, by keyboard, on a phone; and the library."""

import os
import re
import time
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.starts.models import StartItem
from projects.models import Project
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.services.lessons import record_lesson
from projects.project_templates.services.library import import_pack
from tests.browser.checks import faults, faults_by_mode, wait_for_panels, words
from tests.factories import UnitFactory, person
from tests.portfolio.starts.test_adopting import many_changes
from tests.portfolio.starts.test_starting import started

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
SHOTS = os.environ.get("SHOTS", "")  # a folder for whoever looks at the pages
A_MINUTE = 60


@pytest.fixture
def office(db):
    return person(Role.PMO_LEAD, name="Grace Okonkwo")


def test_a_project_is_started_in_under_a_minute_on_a_phone(visit, office):
    UnitFactory(name="Lakeside Clinics")
    person(Role.STAFF, name="Hiroshi Tanaka", email="h@example.org")
    day = timezone.localdate() + timedelta(days=400)
    phone = visit(reverse("templates:template_list"), user=office, mode="phone", has_touch=True)
    began = time.monotonic()

    phone.get_by_role("link", name="Start a project from Telehealth service").tap()
    phone.get_by_label("Name", exact=True).fill("Video visits")
    phone.get_by_label("Unit", exact=True).select_option(label="Lakeside Clinics")
    phone.get_by_label("Go-live", exact=True).fill(day.isoformat())
    phone.locator("#id_manager").fill("h@example.org")
    phone.get_by_text("Size, budget and more").tap()
    phone.locator("#id_size_clinics").fill("6")
    phone.locator("#id_size_clinics").press("Tab")
    phone.wait_for_timeout(300)  # the dates are asked for a moment after the last key
    wait_for_panels(phone)
    assert "goes live" in words(phone, "#start-dates")
    assert not faults(phone)
    phone.get_by_role("button", name="Start the project").tap()
    phone.wait_for_url(re.compile(r"/starts/projects/\d+/$"))

    assert time.monotonic() - began < A_MINUTE
    project = Project.objects.get()
    assert project.template_start.sizes["clinics"] == 6
    assert "13 roles to fill, 18 examples to confirm." in words(phone)
    assert not faults(phone)


def test_an_example_is_confirmed_and_another_changed_by_keyboard(visit, office):
    project = started("telehealth", office)
    page = visit(reverse("starts:project_confirm", args=[project.pk]), user=office)

    page.get_by_role("button", name="Confirm No-show rate").press("Enter")
    page.wait_for_load_state()
    page.get_by_role("link", name="Change Third next available appointment").press("Enter")
    page.get_by_label("Target").fill("8")
    page.get_by_role("button", name="Save and confirm").press("Enter")
    page.wait_for_url("**/confirm/")

    rows = StartItem.objects.filter(project=project, section="measures", state="confirmed")
    assert {row.name: row.said["target"] for row in rows} == {
        "No-show rate": 9,
        "Third next available appointment": 8,
    }


def test_a_template_is_edited_and_what_is_wrong_is_said_with_its_line(visit, office):
    template = ProjectTemplate.objects.get(code="telehealth")
    page = visit(template.get_absolute_url(), user=office)
    page.get_by_role("link", name="Edit").press("Enter")
    field = page.get_by_label("Content")
    text = field.input_value()

    field.fill(text.replace("share: 0.07}", "share: 0.09}", 1))
    page.get_by_role("button", name="Publish a new version").press("Enter")
    page.wait_for_selector("#h-faults")
    assert "The shares of the budget add up to 1.02, not to 1." in words(page)
    assert not faults(page)
    page.get_by_label("Content").fill(text.replace("Fixes made", "Fixes made and tested"))
    page.get_by_label("What is new?").fill("Fixes are tested")
    page.get_by_role("button", name="Publish a new version").press("Enter")
    page.wait_for_url(re.compile(r"/templates/\d+/$"))

    template.refresh_from_db()
    assert (template.current.number, template.current.note) == (2, "Fixes are tested")


def test_a_line_of_a_later_version_is_taken_over_by_keyboard(visit, office):
    project = started("telehealth", office)
    later(office)
    page = visit(reverse("starts:project_start", args=[project.pk]), user=office)

    page.get_by_role("link", name="See what changed").press("Enter")
    page.wait_for_url("**/adopt/")
    page.get_by_role("button", name="Take over Clinic has no quiet room").press("Enter")
    page.wait_for_selector("text=Taken over.")

    assert project.risks.filter(external_id="R8").count() == 1


def later(office):
    template = ProjectTemplate.objects.get(code="telehealth")
    document = dict(template.document)
    del document["length_working_days"], document["go_live_day"]
    many_changes(document)
    import_pack(text=written(document), by=office)


def scene(office):
    """Fill the pages and return their addresses by a name."""
    template = ProjectTemplate.objects.get(code="telehealth")
    project = started("telehealth", office, manager=person(Role.STAFF, name="Hiroshi Tanaka"))
    closed = started("vaccine_rollout", office)
    Project.objects.filter(pk=closed.pk).update(
        stage="closed", actual_finish_date=closed.forecast_finish_date
    )
    for title in ("Begin credentialing with the case", "Sit beside people at their first sign-in"):
        record_lesson(
            project=project,
            by=office,
            title=title,
            what_happened="Licenses took seven weeks longer than training.",
            next_time="Start credentialing when the money is decided, beside the contract.",
        )
    later(office)
    item = StartItem.objects.filter(project=project, section="measures").in_order()[0]
    role = StartItem.objects.filter(project=project, section="roles").in_order()[2]
    named = {
        "templates": ("templates:template_list", ()),
        "template": ("templates:template_detail", (template.pk,)),
        "edit": ("templates:template_edit", (template.pk,)),
        "file": ("templates:template_import", ()),
        "lessons": ("templates:lesson_list", ()),
        "project-lessons": ("templates:project_lessons", (project.pk,)),
        "lesson": ("templates:lesson_new", (project.pk,)),
        "new": ("starts:start_new", (template.pk,)),
        "start": ("starts:project_start", (project.pk,)),
        "confirm": ("starts:project_confirm", (project.pk,)),
        "change": ("starts:item_change", (item.pk,)),
        "fill": ("starts:role_fill", (role.pk,)),
        "adopt": ("starts:project_adopt", (project.pk,)),
        "finished": ("starts:finished_list", ()),
        "make": ("starts:template_make", (closed.pk,)),
    }
    return {name: reverse(route, args=args) for name, (route, args) in named.items()}


def test_the_pages_are_sound_in_every_look(visit, live_server, office):
    found = {}
    pages = scene(office)
    page = visit(pages["templates"], user=office)
    for name, url in pages.items():
        status = page.goto(live_server.url + url).status
        if (wrong := faults_by_mode(page)) or status != HTTPStatus.OK:
            found[name] = (status, wrong)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    assert found == {}
