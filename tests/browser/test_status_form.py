"""The status form in a real browser: saved while typed, by keyboard alone, and without JavaScript."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import StatusUpdate
from projects.services.status import publish_update, save_draft
from tests.browser.checks import faults, faults_by_mode, wait_until
from tests.factories import MemberFactory, MilestoneFactory, ProjectFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATE = "document.querySelector('#draft-state').textContent"


@pytest.fixture
def manager(transactional_db):
    return person(Role.STAFF, name="Maya Okafor")


@pytest.fixture
def project(manager):
    project = ProjectFactory(name="Emergency department expansion")
    MemberFactory(project=project, user=manager)
    soon = timezone.localdate() + timedelta(days=30)
    MilestoneFactory.create_batch(2, project=project, forecast_date=soon)
    publish_update(
        project=project,
        by=manager,
        week=StatusUpdate._meta.get_field("week").to_python("2026-01-05"),
        overall="amber",
        overall_note="Permit review is late.",
        done="Poured the slab.",
    )
    return project


@pytest.fixture
def url(project):
    return reverse("projects:status_form", args=[project.pk])


def draft():
    return StatusUpdate.objects.drafts().get()


def saved(page):
    wait_until(page, f"/Draft saved/.test({STATE})", seconds=15)


def test_form_and_its_error_page_are_sound(visit, url, manager):
    page = visit(url, user=manager)
    assert faults_by_mode(page) == {}

    page.locator("#f-overall label.ragopt--red").click()
    page.get_by_role("button", name="Publish update").click()
    page.wait_for_url("**" + url)

    wait_until(page, "document.activeElement.className === 'summary'")
    assert faults_by_mode(page) == {}


def test_pages_around_the_form_are_sound(visit, project, manager):
    update = StatusUpdate.objects.get()
    office = person(Role.PMO_LEAD)

    for path, user in (
        (reverse("projects:my_projects"), manager),
        (update.get_absolute_url(), manager),
        (reverse("projects:updates_received"), office),
    ):
        assert faults_by_mode(visit(path, user=user)) == {}, path


def test_what_is_typed_saves_itself(visit, url, manager):
    page = visit(url, user=manager)

    page.fill("#id_done", "Closed 11 findings")
    saved(page)
    page.fill("#id_next_steps", "Resubmit")
    wait_until(page, "document.querySelector('#id_version').value === '2'", seconds=15)

    assert (draft().done, draft().next_steps, draft().version) == (
        "Closed 11 findings",
        "Resubmit",
        2,
    )
    assert page.input_value("#id_done") == "Closed 11 findings"
    page.evaluate("scrollTo(0, 0)")  # what the sticky bar half covers counts as too small a target
    assert faults(page) == {}


def test_publishing_in_the_middle_of_a_save_waits_for_it(visit, url, manager):
    page = visit(url, user=manager)
    page.route("**/status/draft/", lambda route: (page.wait_for_timeout(400), route.continue_()))

    page.fill("#id_overall_note", "Permit is in.")
    wait_until(page, "document.querySelector('#status-form.htmx-request') !== null", seconds=15)
    page.get_by_role("button", name="Publish update").click()
    page.wait_for_url("**/projects/updates/*/")

    update = StatusUpdate.objects.newest_first().first()
    assert (update.overall_note, update.is_published) == ("Permit is in.", True)
    assert StatusUpdate.objects.count() == 2


def test_somebody_elses_draft_is_shown_beside_and_nothing_is_lost(visit, url, project, manager):
    page = visit(url, user=manager)
    other = person(Role.STAFF, name="Sam Lee")
    save_draft(project=project, by=other, version=0, overall_note="Theirs")

    page.fill("#id_overall_note", "Mine")
    wait_until(page, "document.querySelector('#draft-conflict .conflict') !== null", seconds=15)

    assert "Sam Lee saved" in page.inner_text("#draft-conflict")
    assert page.input_value("#id_overall_note") == "Mine"
    page.fill("#id_done", "More")
    page.wait_for_timeout(2600)  # longer than the autosave waits: it must not save over Sam
    assert draft().overall_note == "Theirs"
    page.get_by_role("button", name="Save draft").click()
    wait_until(page, "document.querySelector('#draft-conflict .conflict') === null")
    assert (draft().overall_note, draft().done) == ("Mine", "More")


def test_session_that_ran_out_takes_no_text_away(visit, url, manager):
    manager.set_password("as-long-as-needed")
    manager.save()
    page = visit(url, user=manager)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.fill("#id_done", "Closed 11 findings")
    wait_until(page, f"/You are signed out/.test({STATE})", seconds=15)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    other = opened.value
    other.fill("[name=username]", manager.email)
    other.fill("[name=password]", "as-long-as-needed")
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/projects/mine/")
    page.fill("#id_next_steps", "Resubmit")
    saved(page)

    assert (draft().done, draft().next_steps) == ("Closed 11 findings", "Resubmit")


def test_color_better_than_the_data_asks_for_a_sentence(visit, url, project, manager):
    MilestoneFactory(project=project, name="Steel")  # long overdue: the data says amber
    page = visit(url, user=manager)
    hint = page.locator("#f-schedule ~ .judge__gap")

    assert not hint.is_visible()
    page.locator("#f-schedule label.ragopt--green").click()
    assert hint.is_visible()
    page.locator("#f-schedule label.ragopt--red").click()
    assert not hint.is_visible()


def test_last_weeks_text_is_copied_by_one_button(visit, url, manager):
    page = visit(url, user=manager)

    page.get_by_text("What you wrote last time").click()
    page.get_by_role("button", name="Copy last week's text").click()

    assert page.input_value("#id_done") == "Poured the slab."


def test_keyboard_alone_is_enough(visit, url, manager):
    page = visit(url, user=manager)

    page.focus("#f-overall input:checked")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("Permit is in.")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Publish update":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/updates/*/")

    update = StatusUpdate.objects.newest_first().first()
    assert (update.overall, update.overall_note) == ("green", "Permit is in.")


def test_no_field_hides_behind_the_bar(visit, url, manager):
    page = visit(url, user=manager, mode="small phone")
    page.focus("#f-overall input:checked")
    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """(() => {
              const at = document.activeElement, bar = document.querySelector('.bar');
              if (bar.contains(at) || at === document.body) return null;
              const box = at.getBoundingClientRect();
              return box.top >= bar.getBoundingClientRect().top ? at.id || at.textContent : '';
            })()"""
        )
        if covered is None:
            break
        if covered:
            hidden.append(covered)

    assert hidden == []


def test_without_javascript_everything_still_works(visit, url, manager):
    page = visit(url, user=manager, java_script_enabled=False)

    page.fill("#id_done", "Closed 11 findings")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**" + url)
    assert page.input_value("#id_done") == "Closed 11 findings"
    page.get_by_role("button", name="Publish update").click()
    page.wait_for_url("**/projects/updates/*/")
    assert page.get_by_text("Closed 11 findings").is_visible()
    page.get_by_role("button", name="Correct this update").click()
    page.wait_for_url("**" + url)

    assert draft().revision == 2
