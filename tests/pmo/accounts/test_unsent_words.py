"""What is typed and not saved is kept for its writer, offered again, and ends with the save."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmo.accounts import page_notes, services, tasks, words
from pmo.accounts.models import UnsentWords
from pmo.accounts.roles import Role
from pmo.accounts.services import unsent
from pmo.common.models import AuditEvent
from pmo.common.records import doubts
from pmo.common.records.writing import RefusalError
from projects.models import Project, StatusUpdate
from risks.models import Risk
from tests.factories import person
from tests.pmo.accounts.unsent import (
    keep,
    kept_of,
    note_in,
    offered,
    opened,
    sent,
    valid,
)

pytestmark = pytest.mark.django_db
NHS = "NHS number 943 476 5919 was read out"
DOUBTFUL = "Patient Ann Miller waits"
REASON = "Ann Miller is the architect"


@pytest.fixture
def address(project):
    return reverse("risks:risk_new", args=[project.pk])


@pytest.fixture
def desk(signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def note(desk, address):
    return opened(desk, address)


def test_what_is_typed_is_kept_and_offered_on_its_page_alone(desk, address, note, manager):
    answer = keep(desk, note, address, title="Crane", csrfmiddlewaretoken="x", once="y", version=3)

    assert answer.json()["refused"] == {}
    assert answer.json()["said"].startswith("Kept at ")
    assert offered(desk, address) == {address: {"title": ["Crane"], "version": ["3"]}}
    assert offered(desk, reverse("projects:my_projects")) == {}
    assert not AuditEvent.objects.filter(by=manager).exists()


def test_the_same_form_has_one_row_and_its_newest_words(desk, address, note, manager):
    keep(desk, note, address, title="Cr")
    keep(desk, note, address, title="Crane\r\nlate")

    assert kept_of(manager) == {address: {"title": ["Crane\nlate"]}}


def test_words_of_a_page_with_a_query_are_offered_whatever_the_query(desk, address, manager):
    keep(desk, opened(desk, f"{address}?from=list"), address, title="Crane")

    assert offered(desk, address) == {address: {"title": ["Crane"]}}


def test_the_sentence_says_the_time_of_today_and_the_day_of_others():
    now = timezone.now()

    today, older = words.words_offered(now), words.words_offered(now - timedelta(days=3))

    local = timezone.localtime(now)
    assert today == (
        f"Words of {local:%H:%M} that were not saved are kept. They are not in the form yet."
    )
    assert f"{local - timedelta(days=3):%Y}, {local:%H:%M}" in older


def test_another_person_sees_nothing_of_it(desk, address, note, manager, lead):
    keep(desk, note, address, title="Crane")
    other = Client()
    other.force_login(lead)

    assert offered(other, address) == {}
    # with the writer's own note neither: it opens nothing
    told = other.get(reverse("unsent"), headers={page_notes.HEADER: note})
    assert told.json() == {"forms": []}
    assert keep(other, note, address, title="Mine").status_code == 409
    other.post(f"{reverse('unsent_discard')}?form={address}", {page_notes.FIELD: note})
    assert kept_of(manager) == {address: {"title": ["Crane"]}}


def test_words_of_a_page_that_the_writer_may_not_see_any_more_are_not_shown(desk, note, address):
    keep(desk, note, address, title="Crane")
    Project.objects.get().members.all().delete()

    page = desk.get(address)

    # the page of the refusal carries no note, and without one nothing is handed out
    assert page.status_code in {403, 404}
    assert note_in(page) == ""
    assert desk.get(reverse("unsent")).json() == {"forms": []}


def test_a_note_that_is_forged_or_too_old_opens_and_keeps_nothing(desk, note, address, monkeypatch):
    keep(desk, note, address, title="Crane")

    assert keep(desk, f"{note}x", address, title="Mine").status_code == 409
    monkeypatch.setattr(page_notes, "VALID_SECONDS", -1)
    assert keep(desk, note, address, title="Mine").status_code == 409
    assert offered(desk, address) == {address: {"title": ["Crane"]}}


def test_a_number_of_a_patient_is_not_kept_and_the_words_before_it_stay(desk, note, address):
    keep(desk, note, address, title="Crane", description="As before")

    answer = keep(desk, note, address, title="Crane 2", description=f"As before {NHS}")

    assert answer.json()["refused"] == {
        "description": "not kept, because it looks like an NHS number."
    }
    assert offered(desk, address) == {address: {"title": ["Crane 2"], "description": ["As before"]}}


def test_doubtful_words_are_kept_with_the_reason_that_saves_them(desk, note, address):
    refused = keep(desk, note, address, description=DOUBTFUL).json()["refused"]
    assert refused == {"description": "not kept, because it may be a patient by name."}

    with_reason = {"description": DOUBTFUL, doubts.FIELD: REASON}
    assert keep(desk, note, address, **with_reason).json()["refused"] == {}
    assert offered(desk, address)[address]["description"] == [DOUBTFUL]


def test_what_no_database_can_keep_is_said(desk, note, address):
    answer = keep(desk, note, address, title="Crane", description="a\x00b")

    assert "invisible control character" in answer.json()["refused"]["description"]
    assert offered(desk, address) == {address: {"title": ["Crane"]}}


def test_passwords_and_tokens_are_never_kept(desk, note, address):
    values = {"new_password1": "s3cret", "token": "abc", "title": "Crane", "1x": "odd"}

    keep(desk, note, address, **values)

    assert offered(desk, address) == {address: {"title": ["Crane"]}}


def test_too_much_is_refused_in_a_sentence(desk, note, address, monkeypatch):
    monkeypatch.setattr(unsent, "LARGEST", 50)

    answer = keep(desk, note, address, title="x" * 60)

    assert (answer.status_code, answer.json()["problem"]) == (422, words.TOO_MUCH_TO_KEEP)
    assert keep(desk, note, "/" + "x" * 300, title="x").status_code == 422


def test_the_oldest_make_room(manager, monkeypatch):
    monkeypatch.setattr(unsent, "MOST_FORMS", 2)
    for number in range(4):
        services.keep_words(by=manager, address="/a/", form=f"/{number}/", typed={"a": ["b"]})

    assert sorted(kept_of(manager)) == ["/2/", "/3/"]


def test_a_save_ends_it_and_a_refused_one_keeps_the_newest(desk, note, address, manager):
    keep(desk, note, address, title="Cr")

    refused = desk.post(address, sent(note, address, title="Crane"))
    assert refused.status_code == 422
    assert kept_of(manager)[address]["title"] == ["Crane"]

    values = {"title": "Crane", **valid(desk.get(address).context["form"], without="title")}
    answer = desk.post(address, sent(note, address, **values))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Risk.objects.exists()
    assert kept_of(manager) == {}


def test_a_page_that_goes_back_with_a_red_message_did_not_save(signed_in):
    administrator = person(Role.ADMINISTRATOR)
    desk = signed_in(administrator)
    note = opened(desk, reverse("accounts:person_list"))
    where = reverse("accounts:role_grant", args=[administrator.pk])

    answer = desk.post(where, sent(note, where, role="none of them"))

    assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["error"]
    assert kept_of(administrator) == {where: {"role": ["none of them"]}}


def test_what_is_saved_beside_the_form_ends_nothing(desk, note, address, manager, project):
    form = reverse("projects:status_form", args=[project.pk])
    note = opened(desk, form)
    keep(desk, note, form, done="Kept")

    url = reverse("projects:status_draft", args=[project.pk])
    assert desk.post(url, sent(note, form, done="New", version=0)).status_code == 200

    assert StatusUpdate.objects.drafts().get().done == "New"
    assert kept_of(manager) == {form: {"done": ["Kept"]}}


def test_words_are_thrown_away_by_hand(desk, note, address, manager):
    keep(desk, note, address, title="Crane")

    desk.post(f"{reverse('unsent_discard')}?form={address}", {page_notes.FIELD: note})

    assert kept_of(manager) == {}


def test_they_end_after_a_month(manager):
    now = timezone.localtime().replace(hour=4)
    for days in (29, 31):
        services.keep_words(by=manager, address="/a/", form=f"/{days}/", typed={"a": ["b"]})
        UnsentWords.objects.filter(form=f"/{days}/").update(at=now - timedelta(days=days))

    tasks.forgotten_words(now.replace(hour=1))
    assert UnsentWords.objects.count() == 2
    tasks.forgotten_words(now)
    assert list(kept_of(manager)) == ["/29/"]


def test_what_should_have_ended_is_not_offered_while_the_clock_stands(desk, note, address):
    keep(desk, note, address, title="Crane")
    UnsentWords.objects.update(at=timezone.now() - timedelta(days=31))

    assert offered(desk, address) == {}


def test_who_is_deactivated_leaves_none(desk, note, address, manager, lead):
    keep(desk, note, address, title="Crane")

    services.set_active(user=manager, is_active=False, by=lead)

    assert UnsentWords.objects.count() == 0
    Client().post(address, sent(note, address, title="Later"))
    assert UnsentWords.objects.count() == 0


def test_asking_and_keeping_cost_few_statements(desk, note, address, django_assert_num_queries):
    keep(desk, note, address, title="Crane")

    with django_assert_num_queries(4):  # session, person, roles, words
        desk.get(reverse("unsent"), headers={page_notes.HEADER: note})


def test_keeping_refuses_what_is_no_page_of_ours(manager):
    with pytest.raises(RefusalError):
        services.keep_words(by=manager, address="x" * 301, form="/a/", typed={})
