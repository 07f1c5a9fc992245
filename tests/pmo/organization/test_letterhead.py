"""The letterhead: today's for what is open, its own for what is issued, the first for what kept none."""

from datetime import UTC, datetime

import pytest

from pmo.organization.letterhead import KEY, for_content, letterhead_now, letterhead_of
from pmo.organization.models import Organization
from pmo.organization.services import change_organization

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
