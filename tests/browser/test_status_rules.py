"""Bands, axes and categories are changed by an administrator in a real browser, on a desk and a phone."""

from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.organization.axes import axes_of
from pmo.organization.bands import Bands, bands_of
from pmo.organization.models import Category, Organization
from tests.browser.checks import faults_by_mode, wait_until, words
from tests.factories import person

pytestmark = pytest.mark.browser


@pytest.fixture
def administrator(transactional_db):
    return person(Role.ADMINISTRATOR)


def test_own_numbers_show_once_they_are_chosen_and_mistakes_lead_to_their_field(
    visit, administrator
):
    page = visit(reverse("organization:status"), user=administrator)
    assert faults_by_mode(page) == {}
    page.click("main >> text=Change")
    assert not page.is_visible("[name=cost_green]")

    page.check("[name=preset][value=own]")
    page.fill("[name=cost_green]", "50 %")
    page.uncheck("[name=used_scope]")
    page.fill("[name=axis_quality]", "Care")
    assert faults_by_mode(page) == {}
    page.click("button:has-text('Save')")
    page.click(".summary a")
    wait_until(page, "document.activeElement.name === 'cost_amber'")
    assert faults_by_mode(page) == {}

    page.fill("[name=cost_green]", "2.5")
    page.click("button:has-text('Save')")
    page.wait_for_selector("h1:has-text('Status and colors')")

    saved = Organization.objects.get()
    assert bands_of(saved.bands) == Bands(cost_green=Decimal("2.5"))
    assert [one.name for one in axes_of(saved.axes) if one.in_use] == [
        "Schedule",
        "Cost",
        "Risk",
        "Resources",
        "Care",
    ]
    assert "Up to 2.5% over the approved budget" in words(page)


def test_categories_are_ordered_and_retired_without_scripts(visit, administrator):
    page = visit(reverse("organization:categories"), user=administrator, java_script_enabled=False)
    page.click("button:has-text('Move down: Health records')")
    page.click("button:has-text('Retire: Workforce')")

    first = Category.objects.order_by("position").values_list("code", flat=True)[:2]
    assert list(first) == ["telehealth", "ehr"]
    assert not Category.objects.get(code="workforce").is_active


def test_the_list_of_categories_has_no_fault(visit, administrator):
    Category.objects.filter(code="erp").update(is_active=False)

    page = visit(reverse("organization:categories"), user=administrator)

    assert faults_by_mode(page) == {}
