"""Who forgot the password gets a link by the one way mails go, and nobody learns which addresses exist."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.background.mailing import UNCERTAIN
from pmo.common.models import AuditEvent, Job, JobState
from tests.factories import UserFactory, person
from tests.fakes import AwayMail, RefusingMail, VanishingMail

pytestmark = pytest.mark.django_db
URL = reverse("password_reset")
ADDRESS = "ada@example.org"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BASE_URL = "https://rounds.example.org"


@pytest.fixture
def ada():
    user = person(Role.STAFF, name="Ada <b>Lind</b>", email=ADDRESS)
    user.set_password("correct horse battery")
    user.save()
    return user


def ask(client, address=ADDRESS, **more):
    response = client.post(URL, {"email": address}, **more)
    assert response["Location"] == reverse("password_reset_done")


def run_last():
    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def link_in(text):
    return re.search(r"https?://\S+/password/reset/[^\s\"]+", text)[0]


def test_request_sends_nothing_and_worker_sends_one_link_that_works_once(client, ada):
    ask(client, address="ADA@example.org")
    assert mail.outbox == []

    assert run_last().state == JobState.DONE

    (message,) = mail.outbox
    html = str(message.alternatives[0][0])
    assert (message.to, message.subject) == ([ADDRESS], "Choose a new password for Rounds")
    assert link_in(html) == link_in(message.body)
    assert "for 3 days" in message.body
    assert "Ada <b>Lind</b>" in message.body
    assert "<b>Lind" not in html
    assert AuditEvent.objects.get().action == "person.password_link_sent"
    path = link_in(message.body).removeprefix("https://rounds.example.org")
    form = client.get(path)["Location"]
    words = {"new_password1": "an otter in a boat", "new_password2": "an otter in a boat"}
    assert client.post(form, words).status_code == 302
    ada.refresh_from_db()
    assert ada.check_password("an otter in a boat")
    assert "Location" not in client.get(path)


@pytest.mark.usefixtures("ada")
def test_link_leads_to_our_own_address_whatever_the_request_says(client, settings):
    settings.ALLOWED_HOSTS = ["*"]

    ask(client, headers={"host": "evil.example.net", "x-forwarded-host": "evil.example.net"})
    run_last()

    message = mail.outbox[0]
    assert link_in(message.body).startswith("https://rounds.example.org/password/reset/")
    assert "evil" not in f"{message.body}{message.alternatives[0][0]}"


@pytest.mark.usefixtures("ada")
def test_known_and_unknown_addresses_cost_the_same(client):
    UserFactory(email="gone@example.org", is_active=False)
    sent = []
    for address in (ADDRESS, "gone@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as caught:
            ask(client, address=address)
        sent.append([re.sub(r"'[^']*'|\d+|NULL", "?", one["sql"]) for one in caught])

    assert sent[0] == sent[1] == sent[2]
    assert Job.objects.count() == 3
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["nobody@example.org", "gone@example.org"])
def test_nothing_is_kept_of_an_address_that_nobody_signs_in_with(client, address):
    UserFactory(email="gone@example.org", is_active=False)

    ask(client, address=address)
    job = Job.objects.get()
    assert address not in f"{job.key} {job.params}"
    assert jobs.run(job.pk)

    assert (Job.objects.count(), mail.outbox) == (0, [])


def test_somebody_without_a_password_who_was_not_invited_gets_no_mail(client):
    UserFactory(email=ADDRESS, password="!", invited_at=None)

    ask(client)

    assert (run_last().result["sent"], mail.outbox) == (0, [])


def test_somebody_who_was_invited_and_lost_the_link_gets_one(client):
    UserFactory(email=ADDRESS, password="!", invited_at=timezone.now())

    ask(client)

    assert (run_last().result, len(mail.outbox)) == ({"sent": 1}, 1)


@pytest.mark.usefixtures("ada")
def test_a_second_click_sends_no_second_mail(client, time_machine):
    time_machine.move_to("2026-11-20T10:00:05Z", tick=False)
    ask(client)
    run_last()
    ask(client)
    run_last()
    assert (Job.objects.count(), len(mail.outbox)) == (1, 1)
    time_machine.move_to("2026-11-20T10:01:05Z", tick=False)

    ask(client)
    run_last()

    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("ada")
def test_a_mail_that_went_out_before_the_worker_died_is_not_sent_again(client):
    ask(client)
    run_last()
    Job.objects.update(state=JobState.QUEUED, due_at=timezone.now())

    run_last()

    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("backend", "state", "sentence"),
    [
        (AwayMail, JobState.QUEUED, ""),
        (RefusingMail, JobState.FAILED, "The mail server does not accept this address"),
        (VanishingMail, JobState.FAILED, UNCERTAIN),
    ],
)
def test_what_became_of_the_mail_stands_in_its_job(client, settings, backend, state, sentence):
    ask(client)
    settings.EMAIL_BACKEND = f"tests.fakes.{backend.__name__}"

    job = run_last()

    assert job.state == state
    assert job.error.startswith(sentence)
    assert not AuditEvent.objects.exists()
