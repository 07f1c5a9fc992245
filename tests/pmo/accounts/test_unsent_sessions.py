"""A form that is sent after its session ended, or in somebody else's, loses no word and saves nothing."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from pmo.accounts import middleware, page_notes, services
from pmo.accounts.models import UnsentWords
from projects.models import StatusUpdate
from risks.models import Risk
from tests.factories import RiskFactory, TaskFactory
from tests.pmo.accounts.unsent import (
    PASSWORD,
    end_sessions,
    keep,
    kept_of,
    note_in,
    offered,
    opened,
    sent,
    valid,
)

pytestmark = pytest.mark.django_db
NHS = "NHS number 943 476 5919"


@pytest.fixture
def address(project):
    return reverse("risks:risk_new", args=[project.pk])


@pytest.fixture
def desk(signed_in, manager):
    manager.set_password(PASSWORD)
    manager.save()
    return signed_in(manager)


@pytest.fixture
def note(desk, address):
    return opened(desk, address)


def sign_in(client, person, way):
    """Sign in on the page that the answer led to, and follow to where that leads."""
    where = parse_qs(urlsplit(way).query)
    return client.post(
        reverse("login"),
        {"username": person.email, "password": PASSWORD, "next": where["next"][0]},
        follow=True,
    )


def test_a_save_after_the_end_of_the_session_is_offered_after_the_sign_in(
    desk, address, note, manager
):
    end_sessions()

    answer = desk.post(address, sent(note, address, title="Crane", description="Too few"))

    assert answer["Location"] == f"{reverse('login')}?next={address}"
    assert not Risk.objects.exists()
    page = sign_in(desk, manager, answer["Location"])
    assert page.redirect_chain[-1][0] == address
    assert offered(desk, address) == {address: {"title": ["Crane"], "description": ["Too few"]}}


def test_the_page_comes_back_with_its_query(desk, address, manager):
    note = opened(desk, f"{address}?from=list")
    end_sessions()

    answer = desk.post(f"{address}?from=list", sent(note, address, title="Crane"))

    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [f"{address}?from=list"]


def test_the_other_person_who_signs_in_sees_nothing_of_it(desk, address, note, manager, lead):
    lead.set_password(PASSWORD)
    lead.save()
    end_sessions()
    answer = desk.post(address, sent(note, address, title="Crane"))

    page = sign_in(desk, lead, answer["Location"])

    assert page.status_code == 200
    assert "Crane" not in page.content.decode()
    assert offered(desk, address) == {}
    assert kept_of(manager) == {address: {"title": ["Crane"]}}


def test_the_newest_words_of_the_status_form_are_kept_with_a_save_and_with_its_own_keeping(
    desk, manager, project
):
    address = reverse("projects:status_form", args=[project.pk])
    note = opened(desk, address)
    end_sessions()

    by_itself = desk.post(
        reverse("projects:status_draft", args=[project.pk]),
        sent(note, address, done="Poured", version=0),
        headers={"HX-Request": "true"},
    )
    assert by_itself.status_code == 401
    assert kept_of(manager)[address]["done"] == ["Poured"]
    by_hand = desk.post(address, sent(note, address, done="Poured all", version=0))

    assert by_hand["Location"].endswith(f"?next={address}")
    assert not StatusUpdate.objects.exists()
    assert kept_of(manager) == {address: {"done": ["Poured all"], "version": ["0"]}}


def test_a_form_that_is_sent_to_another_address_leads_back_to_its_page(desk, manager, project):
    page = reverse("projects:project_plan", args=[project.pk])
    note = opened(desk, page)
    where = reverse("projects:task_add", args=[project.pk])
    end_sessions()

    answer = desk.post(f"{where}?x=1", sent(note, where, name="Pour"))

    assert answer["Location"] == f"{reverse('login')}?next={page}"
    assert kept_of(manager) == {where: {"name": ["Pour"]}}


def test_a_form_in_a_row_keeps_its_words_when_htmx_is_sent_to_sign_in(desk, manager, project):
    task = TaskFactory(project=project)
    note = opened(desk, reverse("projects:project_plan", args=[project.pk]))
    where = reverse("projects:task_row", args=[task.pk])
    end_sessions()

    answer = desk.post(where, sent(note, where, name="Pour"), headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"].partition("?")[0]) == (401, reverse("login"))
    assert kept_of(manager) == {where: {"name": ["Pour"]}}


def test_words_that_must_not_be_kept_are_shown_to_be_copied(desk, address, note, manager):
    end_sessions()

    answer = desk.post(address, sent(note, address, title="Crane", description=NHS))

    said = answer.content.decode()
    assert answer.status_code == 403
    assert "Your session expired" in said and "copy those" in said
    assert "looks like an NHS number" in said and NHS in said and "Crane" not in said
    assert "no-store" in answer["Cache-Control"]
    assert kept_of(manager) == {address: {"title": ["Crane"]}}


def test_where_nothing_can_be_kept_the_words_are_shown(desk, address, note, manager, monkeypatch):
    def broken(**_):
        raise DatabaseError

    end_sessions()
    monkeypatch.setattr(middleware.services, "keep_words", broken)

    answer = desk.post(address, sent(note, address, title="Crane <b>"))

    assert "Nothing was saved or kept" in answer.content.decode()
    assert "Crane &lt;b&gt;" in answer.content.decode()


def test_a_stranger_without_a_note_or_with_a_forged_one_keeps_nothing(desk, address, note):
    end_sessions()

    for values in ({"title": "x"}, sent(f"{note}x", address, title="x")):
        assert desk.post(address, values).status_code == 302
    assert not UnsentWords.objects.exists()


def test_a_form_whose_token_turned_keeps_its_words_and_says_so(address, note, manager):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)

    answer = strict.post(address, sent(note, address, title="Crane"))

    said = answer.content.decode()
    assert answer.status_code == 403
    assert "Your session expired" in said and "What you typed is kept" in said
    assert f'href="{address}"' in said
    assert kept_of(manager) == {address: {"title": ["Crane"]}}


def test_a_form_without_a_note_whose_token_turned_says_what_it_did(address, manager):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)

    assert "The form was not saved" in strict.post(address, {"title": "x"}).content.decode()


def test_a_page_left_open_does_not_act_as_the_person_who_signed_in_later(
    desk, address, note, manager, lead
):
    desk.force_login(lead)

    answer = desk.post(address, sent(note, address, title="Crane", description=NHS))

    said = answer.content.decode()
    assert answer.status_code == 403
    assert "Another person signed in in this browser" in said
    assert "Crane" not in said and NHS not in said
    assert not Risk.objects.exists()
    assert kept_of(manager) == {address: {"title": ["Crane"]}} and kept_of(lead) == {}
    by_htmx = desk.post(address, sent(note, address, title="Crane"), headers={"HX-Request": "true"})
    assert (by_htmx.status_code, by_htmx.content) == (401, b"")


def test_a_fault_of_the_server_keeps_the_words_and_says_so(
    desk, address, note, manager, monkeypatch
):
    def broken(**_):
        raise ZeroDivisionError

    monkeypatch.setattr("risks.services.create_risk", broken)
    desk.raise_request_exception = False
    values = {"title": "Crane", **valid(desk.get(address).context["form"], without="title")}

    answer = desk.post(address, sent(note, address, **values))

    said = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in said and "What you typed is kept" in said
    assert kept_of(manager)[address]["title"] == ["Crane"]


@pytest.mark.parametrize("what", ["removed", "closed"])
def test_words_for_what_is_gone_are_shown_to_be_copied(desk, manager, project, what):
    risk = RiskFactory(project=project)
    address = reverse("risks:risk_edit", args=[risk.pk])
    note = opened(desk, address)
    if what == "removed":
        risk.delete()
    else:
        project.members.all().delete()

    answer = desk.post(address, sent(note, address, title="Crane"))

    said = answer.content.decode()
    assert answer.status_code in {403, 404}
    assert "removed, or is not open to you any more" in said and ">Crane</textarea>" in said
    assert kept_of(manager) == {}


def test_a_save_stays_a_save_when_its_words_cannot_end(desk, address, note, monkeypatch):
    def broken(**_):
        raise DatabaseError

    monkeypatch.setattr(middleware.services, "end_words", broken)
    values = {"title": "Crane", **valid(desk.get(address).context["form"], without="title")}

    assert desk.post(address, sent(note, address, **values)).status_code == 302
    assert Risk.objects.exists()


def test_a_form_that_comes_back_with_faults_stays_on_its_page(desk, manager, project):
    page = reverse("projects:project_plan", args=[project.pk])
    where = reverse("projects:task_add", args=[project.pk])

    back = desk.post(where, sent(opened(desk, page), where, name=""))
    note = note_in(back)

    assert page_notes._read(note, 60).address == page


def test_a_sign_in_leads_to_the_page_of_a_button_not_to_where_it_sends(client, project):
    where = reverse("projects:plan_reschedule", args=[project.pk])
    page = reverse("projects:project_plan", args=[project.pk])

    away = client.post(where, headers={"Referer": f"http://testserver{page}?a=1"})

    assert parse_qs(urlsplit(away["Location"]).query)["next"] == [f"{page}?a=1"]
    foreign = client.post(where, headers={"Referer": "https://elsewhere.example/x"})
    assert parse_qs(urlsplit(foreign["Location"]).query)["next"] == [where]


def test_htmx_is_sent_to_sign_in_with_the_page_it_was_on(client, project):
    page = reverse("projects:project_plan", args=[project.pk])

    away = client.get(
        page, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}?a=1"}
    )

    assert parse_qs(urlsplit(away["HX-Redirect"]).query)["next"] == [f"{page}?a=1"]


def test_pages_before_the_sign_in_carry_no_note(client):
    for name in ("login", "password_reset"):
        assert note_in(client.get(reverse(name))) == ""
    assert {page_notes.FIELD, page_notes.FORM_FIELD, "csrfmiddlewaretoken"} <= services.NOT_TYPED


def test_what_is_typed_on_after_the_session_ended_is_kept_for_its_writer(
    desk, address, note, manager
):
    end_sessions()

    answer = keep(desk, note, address, title="Crane", description=f"{NHS} waits")

    assert answer.status_code == 401
    assert answer.json()["said"].startswith("Kept at ")
    assert list(answer.json()["refused"]) == ["Description"]
    assert kept_of(manager) == {address: {"title": ["Crane"]}}


@pytest.mark.parametrize("forged", ["", "x", "1:another:note"])
def test_without_a_note_of_ours_nothing_is_kept_for_a_stranger(client, address, forged):
    answer = keep(client, forged, address, title="Crane")

    assert answer.status_code == 302
    assert not UnsentWords.objects.exists()
