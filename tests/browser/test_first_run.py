"""From a set-up link to the list of steps, in a real browser: script or none, keyboard, phone, dark."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.organization.first_run import link, services
from pmo.organization.models import Organization, Setup
from portfolio.models import PortfolioProject
from reports.models import Freeze
from tests.browser.checks import faults, faults_by_mode, wait_until, words
from tests.factories import PortfolioFactory, ProjectFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "corridor lamp seven"
TYPED = {
    "Name of the organization": "Lakeside Health",
    "Full name": "Grace Okonkwo",
    "Work email": "grace@lakeside.example",
    "Password": PASSWORD,
}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def token():
    return services.make_link(by=None)


def address(token=""):
    return f"{reverse('setup')}#{token}"


def fill(page, **changes):
    for label, text in (TYPED | changes).items():
        page.get_by_label(label, exact=True).fill(text)


def send(page):
    page.get_by_role("button", name="Set up Rounds").click()
    page.wait_for_load_state()


def test_the_link_opens_one_form_that_leads_to_the_steps(visit, token):
    page = visit(address(token))
    assert faults_by_mode(page) == {}
    assert not page.get_by_label("Set-up link", exact=True).is_visible()

    fill(page)
    page.get_by_label("Time zone").select_option("America/Chicago")
    send(page)

    page.wait_for_url("**/office/#main")
    assert faults_by_mode(page) == {}
    assert "1 of 7 done" in words(page)
    assert "Lakeside Health. Money in $" in words(page)
    assert User.objects.get().email == "grace@lakeside.example"
    assert Organization.objects.get().time_zone == "America/Chicago"


def test_the_token_reaches_the_server_in_the_form_alone(visit, token):
    page = visit("/sign-in/")
    asked = []
    page.on("request", lambda request: asked.append((request.url, request.headers)))

    page.goto(page.url.replace("/sign-in/", address(token)))
    fill(page)
    send(page)
    page.wait_for_url("**/office/#main")

    sent = [url.partition("#")[0] + str(headers) for url, headers in asked]
    assert len(sent) > 5
    assert [line for line in sent if token in line] == []


def test_a_form_with_faults_comes_back_and_can_be_sent_again(visit, token):
    page = visit(address(token))
    fill(page, Password="short")
    send(page)
    wait_until(page, "document.activeElement.className === 'summary'")
    assert faults(page) == {}
    assert page.get_by_label("Full name").input_value() == "Grace Okonkwo"
    assert page.get_by_label("Password").input_value() == ""

    page.get_by_label("Password").fill(PASSWORD)
    send(page)

    page.wait_for_url("**/office/#main")


def test_the_keyboard_is_enough(visit, token):
    page = visit(address(token))
    page.get_by_label("Name of the organization").focus()
    for text in ("Lakeside Health", "", "", "", "", None, "Grace Okonkwo", "g@lakeside.example"):
        if text is None:  # hours, minutes and half of the day, and the picker
            for _ in range(3):
                page.keyboard.press("Tab")
        else:
            page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    page.wait_for_url("**/office/#main")
    held = User.objects.get().memberships.values_list("role", flat=True)
    assert sorted(held) == ["administrator", "pmo_lead", "staff"]


def test_without_a_script_there_is_a_field_to_paste_the_link_into(visit, token, live_server):
    page = visit(address(token), java_script_enabled=False)

    page.get_by_label("Set-up link", exact=True).fill(live_server.url + address(token))
    fill(page)
    send(page)

    page.wait_for_url("**/office/#main")


@pytest.mark.parametrize("mode", ["light", "small phone"])
def test_a_link_that_was_not_copied_whole_can_be_pasted(visit, token, live_server, mode):
    page = visit(address("half-of-it"), mode=mode)
    fill(page)
    send(page)
    assert services.DEAD in words(page)
    assert faults(page) == {}

    page.get_by_label("Set-up link", exact=True).fill(live_server.url + address(token))
    page.get_by_label("Password").fill(PASSWORD)
    send(page)

    page.wait_for_url("**/office/#main")


def test_a_browser_says_the_time_zone_where_nobody_did(visit, token):
    page = visit(address(token), timezone_id="America/Denver")

    assert page.get_by_label("Time zone").input_value() == "America/Denver"


@pytest.mark.parametrize("path", ["/setup/", "/sign-in/"])
def test_pages_of_an_installation_without_a_link_have_no_faults(visit, token, path):
    Setup.objects.update(expires_at=timezone.now())

    page = visit(path)

    assert "manage.py rounds setup-link" in words(page)
    assert faults_by_mode(page) == {}


@pytest.mark.parametrize("steps", ["none", "most"])
def test_the_steps_have_no_faults_at_their_beginning_and_their_end(visit, steps):
    lead = person(Role.PMO_LEAD, name="Grace Okonkwo")
    if steps == "most":
        person(Role.STAFF)
        PortfolioProject.objects.create(
            portfolio=PortfolioFactory(), project=ProjectFactory(), added_on=date(2026, 11, 1)
        )
        Freeze.objects.create(date=date(2026, 11, 22), frozen_at=timezone.now(), rows=1)

    page = visit(reverse("office"), user=lead)

    assert ("0 of 7 done" if steps == "none" else "5 of 7 done") in words(page)
    assert faults_by_mode(page) == {}


def test_the_list_is_hidden_and_found_again(visit):
    page = visit(reverse("office"), user=person(Role.PMO_LEAD))

    page.get_by_role("button", name="Hide this list").click()
    assert "Your first summary is" not in words(page)
    page.get_by_role("button", name="Show the list").click()

    assert "Your first summary is" in words(page)
    assert link.is_needed()
