"""The organization's page: facts for the office, a form for the administrator."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.organization import locks
from pmo.organization.models import Organization
from pmo.organization.services import change_organization
from tests.factories import BudgetLineFactory, person

pytestmark = pytest.mark.django_db
PAGE, EDIT = "/organization/", "/organization/edit/"


@pytest.fixture
def administrator(db):
    return person(Role.ADMINISTRATOR, name="Ada")


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def form_of(response):
    """Return what the browser would send of the form as it came."""
    form = response.context["form"]
    return {
        field.html_name: "" if field.value() is None else str(field.value())
        for field in form
        if not field.field.disabled
    }


@pytest.fixture
def sent(signed_in, administrator):
    """Return a function that opens the form, changes some fields and sends it."""

    def send(**changes):
        client = signed_in(administrator)
        return client.post(EDIT, form_of(client.get(EDIT)) | changes)

    return send


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PMO_LEAD, Role.PMO_ANALYST])
def test_office_and_administrator_read_the_settings(signed_in, role):
    change_organization(by=None, version=None, name="Lakeside Health", currency="CHF")

    response = signed_in(person(role)).get(PAGE)

    text = text_of(response)
    assert response.status_code == 200
    for words in (
        "Lakeside Health",
        "Swiss franc (CHF)",
        "CHF\u00a09,500 · CHF\u00a0670K",
        "Starts in July",
        "This year is FY",
        "Updates are due Friday 17:00; the week is frozen at the end of Sunday;",
        "the summary is drafted Monday 06:00.",
        "Dates from 1 Jan 1990 to 30 years from today",
    ):
        assert " ".join(words.split()) in text.replace("\u00a0", " "), words
    assert ("Edit settings" in text) == (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.AUDITOR, Role.STAFF])
def test_others_do_not(signed_in, role):
    assert signed_in(person(role)).get(PAGE).status_code == 403


@pytest.mark.parametrize("role", [Role.PMO_LEAD, Role.PMO_ANALYST])
def test_the_office_does_not_change_them(signed_in, role):
    client = signed_in(person(role))

    assert client.get(EDIT).status_code == 403
    assert client.post(EDIT, {"name": "Hill"}).status_code == 403
    assert Organization.objects.count() == 0


@pytest.mark.parametrize("is_saved", [False, True])
def test_the_page_costs_the_same_at_any_time(
    signed_in, administrator, django_assert_max_num_queries, is_saved
):
    client = signed_in(administrator)
    if is_saved:
        change_organization(by=None, version=None, name="Lakeside")
    client.get(PAGE)

    with django_assert_max_num_queries(3):  # settings, session, person
        client.get(PAGE)


def test_what_is_saved_is_on_the_next_page_and_in_the_trail(sent, client, administrator):
    response = sent(
        name="Lakeside Health",
        currency="another",
        another="kr",
        currency_after="True",
        fiscal_year_start_month="1",
        time_zone="Pacific/Auckland",
        due_weekday="3",
        freeze_weekday="5",
        compile_weekday="6",
        compile_time="07:30",
    )

    assert (response.status_code, response["Location"]) == (302, PAGE)
    text = text_of(client.get(PAGE))
    for words in (
        "Lakeside Health",
        "9,500\u00a0kr · 670K\u00a0kr",
        "Starts in January",
        "Pacific, Auckland",
        "Updates are due Thursday 17:00; the week is frozen at the end of Saturday;",
        "the summary is drafted Sunday 07:30.",
    ):
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ")
    event = AuditEvent.objects.get(action="organization.created")
    assert event.by == administrator


def test_a_form_sent_unchanged_changes_nothing(sent):
    change_organization(by=None, version=None, name="Lakeside", currency="kr")
    before = AuditEvent.objects.count()

    assert sent().status_code == 302
    assert AuditEvent.objects.count() == before
    assert Organization.objects.get().currency == "kr"


@pytest.mark.parametrize(
    ("fields", "at", "sentence"),
    [
        ({"name": ""}, "name", "Fill this in."),
        ({"currency": "another", "another": ""}, "another", "Enter the sign or code"),
        ({"currency": "another", "another": "5"}, "another", "letters and currency signs only"),
        ({"currency": "another", "another": "k"}, "another", "shortens amounts"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose one of the list."),
        ({"due_time": "noon"}, "due_time", "Enter a time, for example 17:00."),
        ({"remind_time": "18:00"}, "remind_time", "before updates are due at 17:00"),
        ({"freeze_weekday": "3"}, "freeze_weekday", "Updates are due on Friday."),
        ({"compile_weekday": "6"}, "compile_weekday", "on a day after it"),
        ({"earliest_date": "2999-01-01"}, "earliest_date", "Choose a day of the past"),
        ({"years_ahead": "0"}, "years_ahead", "1"),
        ({"name": "MRN 12345678"}, "name", "Rounds keeps nothing of a patient"),
    ],
)
def test_what_makes_no_sense_comes_back_with_a_sentence_and_all_that_was_typed(
    sent, fields, at, sentence
):
    response = sent(**fields, compile_time="08:15")

    form = response.context["form"]
    assert response.status_code == 422
    assert set(form.errors) == {at}
    assert sentence in str(form.errors[at])
    assert form["compile_time"].value() == "08:15"
    assert Organization.objects.count() == 0


def test_the_second_of_two_who_edit_sees_both(signed_in, sent, administrator):
    change_organization(by=None, version=None, name="Lakeside")
    client = signed_in(administrator)
    mine = form_of(client.get(EDIT)) | {"name": "Hill", "currency_after": "True"}
    change_organization(by=administrator, version=1, name="Valley")

    response = client.post(EDIT, mine)

    conflict = response.context["conflict"]
    assert response.status_code == 409
    assert {(one.label, one.yours, one.theirs) for one in conflict.differences} == {
        ("Name of the organization", "Hill", "Valley"),
        (
            "Where it stands",
            "After the amount: 9,500\u00a0$ · 670K\u00a0$ · 3.3M\u00a0$ · −50K\u00a0$",
            "Before the amount: $9,500 · $670K · $3.3M · −$50K",
        ),
    }
    again = client.post(EDIT, form_of(response))
    assert again.status_code == 302
    assert Organization.objects.get().name == "Hill"


def test_with_amounts_currency_and_fiscal_year_are_shown_and_not_offered(signed_in, administrator):
    change_organization(by=None, version=None, currency="kr")
    BudgetLineFactory()
    client = signed_in(administrator)

    response = client.get(EDIT)
    answer = client.post(EDIT, form_of(response) | {"name": "Hill"})

    form = response.context["form"]
    assert {name for name, field in form.fields.items() if field.disabled} == locks.LOCKED
    assert all(sentence in response.content.decode() for sentence in locks.SENTENCES.values())
    assert answer.status_code == 302
    one = Organization.objects.get()
    assert (one.name, one.currency, one.fiscal_year_start_month) == ("Hill", "kr", 7)


def test_an_amount_recorded_after_the_form_was_opened_is_said_at_the_field(
    signed_in, administrator
):
    client = signed_in(administrator)
    mine = form_of(client.get(EDIT)) | {"currency": "£"}
    BudgetLineFactory()

    response = client.post(EDIT, mine)

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {"currency": [locks.SENTENCES["currency"]]}
    assert form["currency"].value() == "£"
    assert Organization.objects.count() == 0


def test_the_form_says_what_time_it_is_there(signed_in, administrator, monkeypatch):
    change_organization(by=None, version=None, time_zone="Asia/Kolkata")
    noon = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr(timezone, "localtime", lambda *_args: noon)

    text = text_of(signed_in(administrator).get(EDIT))

    assert "It is 17:30 there now, Friday 20 Nov." in text
    assert "July (this year is then FY2026/27)" in text
    assert "January (this year is then FY2026)" in text


def test_a_zone_of_an_old_name_is_kept_on_the_list(sent):
    change_organization(by=None, version=None, time_zone="US/Eastern")

    assert sent(name="Hill").status_code == 302
    assert Organization.objects.get().time_zone == "US/Eastern"


def test_the_administrator_finds_it_in_the_own_menu_and_the_office_behind_a_door(
    signed_in, administrator, lead
):
    assert f'href="{PAGE}"' in signed_in(administrator).get("/people/").content.decode()
    assert signed_in(lead).get("/office/").content.decode().count(f'href="{PAGE}"') == 2
    nobody = signed_in(person(Role.EXECUTIVE)).get("/portfolio/").content.decode()
    assert f'href="{PAGE}"' not in nobody
