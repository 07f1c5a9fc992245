"""The pages on which people, units and roles come in many at once, in every look and without JavaScript."""

from typing import Any
from urllib.parse import urlparse

import pytest
from django.urls import reverse

from pmo.accounts import services
from pmo.accounts.invitation_links import link_for
from pmo.accounts.lists import ListKind
from pmo.accounts.models import User
from pmo.accounts.roles import Role
from portfolio.models import Portfolio
from tests.browser.checks import faults, faults_by_mode, words
from tests.factories import PortfolioFactory, ProjectFactory, UserFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = "name,email,role\nAda Byron,ada@example.org,Executive\nLi,li@,\nJo Brandt,,\n"


@pytest.fixture
def administrator() -> User:
    return person(Role.ADMINISTRATOR, name="Devon Clarke")


def test_a_link_is_shown_opened_and_leads_in(visit: Any, administrator: User) -> None:
    user = person(Role.STAFF, name="Ada Byron", email="ada@example.org")
    page = visit(user.get_absolute_url(), user=administrator, mode="phone")

    page.click("text=Show an invitation link")
    page.wait_for_load_state()
    link = page.input_value("#link")
    assert faults(page) == {}

    guest = visit(urlparse(link).path, mode="phone")
    assert "Welcome to Rounds, Ada Byron" in words(guest)
    assert faults(guest) == {}
    for name in ("new_password1", "new_password2"):
        guest.fill(f"[name={name}]", "correct horse battery")
    guest.click("text=Save password and sign in")
    guest.wait_for_load_state()
    assert guest.locator("summary[aria-label='Account of Ada Byron']").count() == 1


def test_a_role_is_added_to_several_without_javascript(visit: Any, administrator: User) -> None:
    for name in ("Ada", "Li"):
        UserFactory(name=name)
    page = visit("/people/", user=administrator, mode="phone", java_script_enabled=False)

    for name in ("Ada", "Li"):
        page.check(f"label:has-text('Select {name}') input")
    page.select_option("#id_role", "auditor")
    page.select_option("#id_unit", "everywhere")
    page.click("text=Add role")

    assert "Done for 2 of 2 people" in words(page)
    assert set(User.objects.filter(memberships__role="auditor").values_list("name", flat=True)) == {
        *("Ada", "Li")
    }


def test_a_list_is_answered_and_written(visit: Any, administrator: User) -> None:
    UserFactory(name="Jo Brandt", email="jo@example.org")
    record = services.stage_file(
        kind=ListKind.PEOPLE, file_name="staff.csv", content=PEOPLE.encode(), by=administrator
    )
    page = visit(record.get_absolute_url(), user=administrator)

    page.select_option("#line-4", "new")
    page.click("text=Take the answers")
    page.wait_for_load_state()
    assert "2 new people, 0 changed, 0 unchanged, 1 refused" in words(page)
    page.click("text=Write 2 rows")
    page.wait_for_load_state()

    assert "Written: 2 new people" in words(page)
    assert "Download the refused rows" in words(page)
    assert User.objects.filter(name="Jo Brandt").count() == 2


def test_all_that_match_join_a_portfolio(visit: Any, lead: User) -> None:
    for name in ("Scanner one", "Scanner two", "Wing"):
        ProjectFactory(name=name)
    portfolio: Portfolio = PortfolioFactory(name="Imaging")
    page = visit(reverse("portfolio:portfolio_choose", args=[portfolio.pk]), user=lead)

    page.fill("[name=q]", "scanner")
    page.wait_for_selector("text=All 2 that match")
    page.check("#everything")
    page.click("text=Add to Imaging")
    page.wait_for_load_state()

    assert "2 projects added, from today on." in words(page, "body")
    assert portfolio.entries.count() == 2


def test_the_pages_have_no_fault(visit: Any, administrator: User, lead: User) -> None:
    UserFactory(name="Jo Brandt", email=None, title="Facilities")
    record = services.stage_file(
        kind=ListKind.PEOPLE, file_name="staff.csv", content=PEOPLE.encode(), by=administrator
    )
    ProjectFactory()
    portfolio = PortfolioFactory()
    paths = [
        ("/people/", administrator),
        ("/people/files/", administrator),
        (record.get_absolute_url(), administrator),
        (reverse("portfolio:portfolio_choose", args=[portfolio.pk]), lead),
        (urlparse(link_for(UserFactory())).path, None),
        ("/invitation/x/y/", None),
    ]

    found = {path: faults_by_mode(visit(path, user=user)) for path, user in paths}

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
