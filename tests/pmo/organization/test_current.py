"""The settings in force: the environment's until a row is saved, then the row's, at once."""

from datetime import datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from pmo.common.background import schedule
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError
from pmo.organization.current import categories, forget, organization
from pmo.organization.middleware import LocalTimeMiddleware
from pmo.organization.models import Category, Organization
from pmo.organization.services import change_organization

pytestmark = pytest.mark.django_db


def test_without_a_row_the_environment_holds(settings):
    settings.ORGANIZATION_NAME, settings.CURRENCY = "Lakeside", "£"
    forget()

    now = organization()

    assert (now.name, now.currency, Organization.objects.count()) == ("Lakeside", "£", 0)


def test_a_saved_change_is_in_force_at_once_and_in_the_trail():
    change_organization(by=None, version=None, name="Lakeside", time_zone="America/New_York")
    change_organization(by=None, version=1, name="Lakeside Health")

    assert organization().name == "Lakeside Health"
    assert organization().time_zone == "America/New_York"
    assert list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True)) == [
        "organization.created",
        "organization.changed",
    ]


def test_the_second_of_two_who_save_is_told():
    change_organization(by=None, version=None, name="Lakeside")
    change_organization(by=None, version=1, name="Lakeside Health")

    with pytest.raises(EditConflictError):
        change_organization(by=None, version=1, name="Lakeside Hospital")


def test_it_is_read_once_for_as_long_as_it_is_held(django_assert_num_queries):
    forget()

    with django_assert_num_queries(1):
        organization()
        organization()


def test_a_tick_runs_in_the_organization_s_time(monkeypatch):
    ours = timezone.get_current_timezone()
    other = next(z for z in ("Pacific/Auckland", "Asia/Kolkata") if z != str(ours))
    change_organization(by=None, version=None, time_zone=other)
    seen = []
    monkeypatch.setattr(schedule, "_duties", [seen.append])

    schedule.tick()

    [now] = seen
    assert isinstance(now, datetime)
    assert str(now.tzinfo) == other
    assert timezone.get_current_timezone() == ours


def test_a_page_is_served_in_the_organization_s_time():
    change_organization(by=None, version=None, time_zone="Asia/Kolkata")
    outside = timezone.get_current_timezone_name()

    def page(_request):
        return timezone.get_current_timezone_name()

    assert LocalTimeMiddleware(page)(RequestFactory().get("/projects/")) == "Asia/Kolkata"
    assert timezone.get_current_timezone_name() == outside


def test_an_empty_installation_has_the_twelve_categories():
    assert Category.objects.count() == 12


def test_settings_and_categories_come_together(django_assert_num_queries):
    saved = change_organization(by=None, version=None, name="Lakeside", bands={"stale_days": 7})
    Category.objects.filter(code="ehr").update(name="Digital", is_active=False)
    forget()

    with django_assert_num_queries(1):
        now, first = organization(), categories()[0]

    assert {f.attname: getattr(now, f.attname) for f in Organization._meta.concrete_fields} == {
        f.attname: getattr(saved, f.attname) for f in Organization._meta.concrete_fields
    }
    assert (first.code, first.name, first.is_active, first.version) == ("ehr", "Digital", False, 1)
    assert first == Category.objects.get(code="ehr")


def test_without_any_category_the_settings_are_there_all_the_same():
    Category.objects.all().delete()
    change_organization(by=None, version=None, name="Lakeside")

    assert (organization().name, list(categories())) == ("Lakeside", [])
