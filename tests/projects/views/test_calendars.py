"""The office keeps the days on which plans count work."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.domain.plan.days_off import Days
from projects.models import WorkCalendar
from projects.selectors.planning import days_of
from projects.services.calendars import create_calendar
from projects.words.calendars import week_words
from tests.factories import CalendarFactory, ProjectFactory, TaskFactory, person

pytestmark = pytest.mark.django_db
LIST = "/projects/calendars/"
BODY = {"name": "Clinic", "worked": ["0", "1", "2"], "days": "2026-12-24 to 2026-12-26 Feast"}


def text(response):
    return " ".join(response.content.decode().split())


def url(name, record):
    return reverse(f"projects:{name}", args=[record.pk])


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [
        ("1111100", "Monday to Friday"),
        ("1111111", "Every day"),
        ("1010100", "Monday, Wednesday, Friday"),
        ("0000011", "Saturday, Sunday"),
    ],
)
def test_a_week_in_words(weekdays, words):
    assert week_words(weekdays) == words


def test_lists_week_and_coming_days(signed_in, lead):
    today = timezone.localdate()
    days = [Days(today + timedelta(n), today + timedelta(n), False, f"Day {n}") for n in (-2, 1)]
    create_calendar(by=lead, name="Clinic", is_default=True, days=days)

    page = text(signed_in(lead).get(LIST))

    assert "The default of every project" in page
    assert "Day 1" in page and "Day -2" not in page


def test_a_project_that_the_reader_may_not_see_is_not_counted(signed_in, lead):
    calendar, other = CalendarFactory(name="A"), CalendarFactory(name="B")
    both = ProjectFactory(calendar=calendar)
    TaskFactory.create_batch(2, project=both, calendar=calendar)
    TaskFactory(calendar=calendar)
    ProjectFactory(calendar=calendar, is_confidential=True)
    TaskFactory(calendar=calendar, project__is_confidential=True)
    counted = {}

    for reader in (person(Role.PMO_ANALYST), lead):
        rows = signed_in(reader).get(LIST).context["rows"]
        counted[reader] = {row["calendar"]: row["uses"] for row in rows}

    assert list(counted.values()) == [{calendar: 2, other: 0}, {calendar: 4, other: 0}]


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_for_any_number(signed_in, lead, number, django_assert_num_queries):
    for _ in range(number):
        TaskFactory(calendar=CalendarFactory())
    client = signed_in(lead)
    client.get(LIST)

    with django_assert_num_queries(8):
        client.get(LIST)


def test_is_empty_in_words(signed_in, lead):
    assert "No calendars yet" in text(signed_in(lead).get(LIST))


def test_is_for_the_office(signed_in):
    assert signed_in(person(Role.EXECUTIVE)).get(LIST).status_code == 403


def test_asks_as_often_for_three_as_for_one(
    signed_in, lead, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(lead)
    CalendarFactory()
    client.get(LIST)
    with django_assert_max_num_queries(8) as first:
        client.get(LIST)
    CalendarFactory()
    CalendarFactory()
    with django_assert_num_queries(len(first)):
        client.get(LIST)


def test_creates_changes_and_removes(signed_in, lead):
    client = signed_in(lead)

    assert client.post(f"{LIST}new/", BODY)["Location"] == LIST
    calendar = WorkCalendar.objects.get()
    assert (calendar.name, calendar.weekdays) == ("Clinic", "1110000")
    assert days_of(calendar) == [Days(date(2026, 12, 24), date(2026, 12, 26), False, "Feast")]

    opened = client.get(url("calendar_edit", calendar))
    assert "2026-12-24 to 2026-12-26 Feast" in text(opened)
    client.post(url("calendar_edit", calendar), BODY | {"worked": ["0"], "days": "", "version": 1})
    calendar.refresh_from_db()
    assert (calendar.weekdays, days_of(calendar)) == ("1000000", [])

    assert "Remove the calendar “Clinic”?" in text(client.get(url("calendar_remove", calendar)))
    client.post(url("calendar_remove", calendar))
    assert not WorkCalendar.objects.exists()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"days": "Christmas"}, "Line 1, “Christmas”, cannot be read"),
        ({"worked": []}, "Choose at least one working day of the week."),
    ],
)
def test_what_cannot_be_read_comes_back_as_typed(signed_in, lead, said, message):
    response = signed_in(lead).post(f"{LIST}new/", BODY | said)

    assert response.status_code == 422
    assert message in text(response)
    assert "Clinic" in text(response)


def test_two_editors_see_both(signed_in, lead):
    calendar = CalendarFactory(version=2)

    response = signed_in(lead).post(url("calendar_edit", calendar), BODY | {"version": 1})

    assert response.status_code == 409
    assert "Working days of the week</th> <td>Monday, Tuesday, Wednesday</td>" in text(response)
