"""The letterhead: today's for what is open, its own for what is issued, the first for what kept none."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps

from pmo.accounts.roles import Role
from pmo.organization.letterhead import KEY, for_content, letterhead_now, letterhead_of
from pmo.organization.models import Organization
from pmo.organization.services import change_organization
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed():
    change_organization(by=None, version=None, name="Lakeside", time_zone="Asia/Kolkata")
    kept = for_content()[KEY]
    change_organization(
        by=None, version=1, name="Hill", currency_after=True, time_zone="America/New_York"
    )
    return kept


def said(letterhead):
    return (letterhead.name, letterhead.money, letterhead.money.after, str(letterhead.zone))


def test_a_document_keeps_what_it_was_issued_under(renamed):
    assert said(letterhead_of(renamed)) == ("Lakeside", "$", False, "Asia/Kolkata")
    assert said(letterhead_now()) == ("Hill", "$", True, "America/New_York")


def test_a_document_that_kept_none_has_the_first_that_was_saved(renamed):
    assert said(letterhead_of(None)) == ("Lakeside", "$", False, "Asia/Kolkata")


def test_without_a_row_the_environment_says_it():
    assert letterhead_of(None).name == "St. Brigid Health"
    assert Organization.objects.count() == 0


def test_a_time_is_said_as_it_was_in_the_document_s_zone(renamed):
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)

    assert f"{letterhead_of(renamed).local(noon):%H:%M}" == "17:30"


def test_the_upgrade_keeps_what_the_environment_of_release_0_1_said(settings):
    """The two steps of the upgrade, then a new name: old documents have the old one."""
    steps = [
        import_module(f"pmo.organization.migrations.{name}")
        for name in ("0002_settings_of_release_0_1", "0004_what_the_organization_said_at_first")
    ]
    settings.ORGANIZATION_NAME, settings.TIME_ZONE = "Lakeside", "America/Chicago"
    person(Role.ADMINISTRATOR)

    for step in steps:
        step.keep(apps, None)
    Organization._base_manager.filter(pk=1).update(name="Hill", currency_after=True)

    assert said(letterhead_of(None)) == ("Lakeside", "$", False, "America/Chicago")


def test_an_empty_database_gets_no_row_from_the_upgrade():
    import_module("pmo.organization.migrations.0002_settings_of_release_0_1").keep(apps, None)

    assert Organization.objects.count() == 0
