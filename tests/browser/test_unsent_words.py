"""Words that were typed and not saved, in a real browser: kept, offered again, and nobody else's."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from pmo.accounts.models import UnsentWords
from pmo.accounts.roles import Role
from pmo.accounts.services import keep_words
from projects.models import StatusUpdate
from risks.models import Risk
from risks.services import change_risk
from tests.browser.checks import faults, faults_by_mode, wait_until, words
from tests.factories import MemberFactory, ProjectFactory, RiskFactory, TaskFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "as-long-as-needed"
STATE = "document.querySelector('#draft-state').textContent"
OFFER = "document.querySelector('form .notice--amber')"
NHS = "NHS number 943 476 5919"
SHOTS = os.environ.get("SHOTS")  # a folder for pictures to look at


@pytest.fixture
def manager(transactional_db):
    user = person(Role.STAFF, name="Maya Okafor")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def project(manager):
    project = ProjectFactory(name="Emergency department expansion")
    MemberFactory(project=project, user=manager)
    return project


@pytest.fixture
def url(project):
    return reverse("risks:risk_new", args=[project.pk])


def end_sessions():
    Session.objects.all().delete()


def sign_in(page, user):
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def kept(page):
    wait_until(page, f"/Kept at/.test({STATE})", seconds=15)


def offer(page):
    wait_until(page, f"{OFFER} !== null", seconds=15)
    return words(page, "form .notice--amber")


def storage(page):
    return page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]")


def picture(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def test_a_risk_that_was_typed_when_the_session_ended_is_there_after_the_sign_in(
    visit, url, manager
):
    page = visit(url, user=manager)
    page.fill("#id_title", "Crane comes late")
    page.fill("#id_description", "The hall waits.\nSo do we.")
    kept(page)
    end_sessions()
    page.fill("#id_response", "Hire another")
    page.get_by_role("button", name="Add risk").click()
    page.wait_for_url("**/sign-in/**")
    assert storage(page) == [[], []]
    sign_in(page, manager)
    page.wait_for_url("**" + url)

    assert "that were not saved are kept. They are not in the form yet." in offer(page)
    assert page.input_value("#id_title") == ""
    page.get_by_role("button", name="Put them back").click()
    assert page.input_value("#id_title") == "Crane comes late"
    assert page.input_value("#id_description") == "The hall waits.\nSo do we."
    assert page.input_value("#id_response") == "Hire another"
    assert "They are back in the form." in words(page, "form .notice--amber")
    assert not Risk.objects.exists()


def test_the_offer_is_sound_and_can_be_thrown_away(visit, url, manager):
    keep_words(by=manager, address=url, form=url, typed={"title": ["Crane comes late"]})
    page = visit(url, user=manager)
    offer(page)
    picture(page, "offer")
    assert faults_by_mode(page) == {}

    page.get_by_role("button", name="Discard them").click()
    wait_until(page, f"{OFFER} === null")

    wait_until(page, "document.activeElement.id === 'id_title'")
    assert not UnsentWords.objects.exists()


def test_words_are_put_back_and_said_where_they_are(visit, url, manager):
    keep_words(
        by=manager, address=url, form=url, typed={"title": ["Crane"], "kind": ["opportunity"]}
    )
    page = visit(url, user=manager)
    offer(page)

    page.get_by_role("button", name="Put them back").click()

    assert page.input_value("#id_title") == "Crane"
    assert page.evaluate(
        "document.querySelector('[name=kind]:checked, select[name=kind]').value"
    ) == ("opportunity")
    assert faults(page) == {}
    picture(page, "put-back")


def test_who_does_not_take_the_offer_and_types_on_loses_neither(visit, url, manager):
    keep_words(by=manager, address=url, form=url, typed={"title": ["Crane"], "response": ["Hire"]})
    page = visit(url, user=manager)
    offer(page)

    page.fill("#id_title", "Lorry")
    kept(page)

    typed = UnsentWords.objects.get().typed
    assert (typed["title"], typed["response"]) == (["Lorry"], ["Hire"])


def test_words_put_back_save_over_nobody_who_saved_meanwhile(visit, project, manager):
    risk = RiskFactory(project=project, title="Crane")
    url = reverse("risks:risk_edit", args=[risk.pk])
    typed = {"title": ["Crane comes late"], "version": [str(risk.version)]}
    keep_words(by=manager, address=url, form=url, typed=typed)
    other = person(Role.PMO_LEAD, name="Sam Lee")
    change_risk(risk=risk, version=risk.version, by=other, title="Crane is here")
    page = visit(url, user=manager)
    offer(page)

    page.get_by_role("button", name="Put them back").click()
    page.get_by_role("button", name="Save risk").click()
    wait_until(page, "document.querySelector('.conflict') !== null")

    assert "Sam Lee saved" in words(page) and "Crane is here" in words(page)
    assert page.input_value("#id_title") == "Crane comes late"
    assert Risk.objects.get().title == "Crane is here"


def test_a_save_leaves_nothing_on_offer(visit, project, manager):
    url = reverse("projects:milestone_new", args=[project.pk])
    page = visit(url, user=manager)
    page.fill("#id_name", "Steel")
    kept(page)
    page.fill("#id_forecast_date", "2027-03-01")
    page.get_by_role("button", name="Add milestone").click()
    page.wait_for_url("**/milestones/")

    assert not UnsentWords.objects.exists()


def test_leaving_the_page_keeps_the_last_words_too(visit, url, manager):
    page = visit(url, user=manager)
    page.fill("#id_title", "Crane")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(page.url.replace(url, reverse("projects:my_projects")))
    page.goto(page.url.replace(reverse("projects:my_projects"), url))

    offer(page)
    assert UnsentWords.objects.get().typed["title"] == ["Crane"]


def test_a_number_of_a_patient_is_named_beside_and_stays_in_the_page_only(visit, url, manager):
    page = visit(url, user=manager)
    page.fill("#id_title", "Crane")
    page.fill("#id_description", NHS)
    kept(page)

    assert "Cause and effect: not kept, because it looks like an NHS number." in words(page, ".bar")
    assert page.input_value("#id_description") == NHS
    assert "description" not in UnsentWords.objects.get().typed
    picture(page, "refused")
    end_sessions()
    page.get_by_role("button", name="Add risk").click()
    wait_until(page, "document.querySelector('textarea[readonly]') !== null")
    assert page.input_value("textarea[readonly]") == NHS
    assert faults(page) == {}
    picture(page, "to-copy")


def test_the_open_page_goes_on_after_a_sign_in_in_another_tab(visit, url, manager):
    page = visit(url, user=manager)
    page.fill("#id_title", "Crane")
    kept(page)
    end_sessions()
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.fill("#id_response", "Hire")
    wait_until(page, f"/You are signed out/.test({STATE})", seconds=15)
    assert "Kept at" in words(page, "#draft-state")
    picture(page, "signed-out")
    assert faults(page) == {}
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value, manager)
    opened.value.wait_for_url("**/projects/mine/")

    page.fill("#id_description", "It rains")
    wait_until(page, f"!/signed out/.test({STATE})", seconds=15)

    typed = UnsentWords.objects.get().typed
    assert [typed[name] for name in ("title", "response", "description")] == [
        ["Crane"],
        ["Hire"],
        ["It rains"],
    ]


def test_what_is_typed_after_the_session_ended_waits_for_the_next_sign_in(visit, url, manager):
    page = visit(url, user=manager)
    end_sessions()
    page.fill("#id_title", "Crane")
    wait_until(page, f"/Kept at/.test({STATE})", seconds=15)
    assert "You are signed out" in words(page, "#draft-state")

    assert UnsentWords.objects.get().typed["title"] == ["Crane"]


def test_without_a_connection_the_words_stay_and_nothing_is_sent_into_the_void(visit, url, manager):
    page = visit(url, user=manager)
    page.route("**/unsent/**", lambda route: route.abort())
    page.fill("#id_title", "Crane")
    wait_until(page, f"/no connection/.test({STATE})", seconds=15)

    page.get_by_role("button", name="Add risk").click()
    page.wait_for_timeout(500)

    assert page.url.endswith(url)
    assert page.input_value("#id_title") == "Crane"
    page.unroute("**/unsent/**")
    page.fill("#id_title", "Crane 2")
    kept(page)


def test_the_newest_words_of_the_status_form_are_there_after_the_sign_in(visit, project, manager):
    url = reverse("projects:status_form", args=[project.pk])
    page = visit(url, user=manager)
    page.fill("#id_done", "Poured the slab")
    wait_until(page, f"/Draft saved/.test({STATE})", seconds=15)
    end_sessions()
    page.fill("#id_done", "Poured the slab and the walls")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/sign-in/**")
    sign_in(page, manager)
    page.wait_for_url("**" + url)

    offer(page)
    picture(page, "status")
    page.get_by_role("button", name="Put them back").click()
    assert page.input_value("#id_done") == "Poured the slab and the walls"
    wait_until(page, f"/Draft saved/.test({STATE})", seconds=15)
    page.get_by_role("button", name="Save draft").click()
    wait_until(page, "document.querySelector('.toast') !== null")

    assert StatusUpdate.objects.drafts().get().done == "Poured the slab and the walls"
    assert not UnsentWords.objects.exists()


def test_a_form_in_a_row_of_the_plan_offers_its_words_when_it_is_opened(visit, project, manager):
    task = TaskFactory(project=project, name="Pour")
    url = reverse("projects:project_plan", args=[project.pk])
    row = reverse("projects:task_row", args=[task.pk])
    page = visit(url, user=manager)
    page.locator(f"#row-{task.pk} [hx-get*='{row}']").first.click()
    wait_until(page, f"document.querySelector('#task-{task.pk}') !== null")
    page.fill(f"#task-{task.pk} [name=name]", "Pour the slab")
    page.wait_for_timeout(2500)
    end_sessions()
    page.get_by_role("button", name="Save row").click()
    wait_until(
        page, "/You are signed out/.test(document.querySelector('form .unsent')?.textContent)"
    )
    assert page.input_value(f"#task-{task.pk} [name=name]") == "Pour the slab"
    picture(page, "row-signed-out")
    page.goto(page.url)
    sign_in(page, manager)
    page.wait_for_url("**" + url + "**")

    wait_until(page, "document.querySelector('#main > .notice--amber') !== null")
    picture(page, "row-elsewhere")
    assert "Open the row in which you typed them" in words(page)
    page.locator(f"#row-{task.pk} [hx-get*='{row}']").first.click()
    wait_until(page, f"document.querySelector('#task-{task.pk} .notice') !== null")
    assert page.locator("#main > .notice--amber").count() == 0
    picture(page, "row-offer")
    assert faults(page) == {}
    page.get_by_role("button", name="Put them back").click()
    assert page.input_value(f"#task-{task.pk} [name=name]") == "Pour the slab"


def test_nothing_stays_in_the_browser_and_nothing_is_shown_to_the_next_person(
    visit, url, project, manager
):
    other = person(Role.PMO_LEAD, name="Sam Lee")
    other.set_password(PASSWORD)
    other.save()
    page = visit(url, user=manager)
    page.fill("#id_title", "Crane comes late")
    kept(page)
    assert "Crane" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("details.user summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    assert storage(page) == [[], []]
    page.goto(page.url.split("/sign-")[0] + url)
    sign_in(page, other)
    page.wait_for_url("**" + url)
    page.wait_for_timeout(1000)

    assert page.locator("form .notice").count() == 0
    assert "Crane" not in page.content()
    assert UnsentWords.objects.get().person == manager
