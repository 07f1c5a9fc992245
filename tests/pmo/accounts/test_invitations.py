"""Somebody is invited by mail or by a link, chooses a password, and is in."""

import logging
import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from urllib.parse import urlparse

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from pmo.accounts import services
from pmo.accounts.invitation_links import link_for, tokens
from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.accounts.words import standing
from pmo.common.background import jobs
from pmo.common.background.mailing import UNCERTAIN, MaybeSentError
from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.records.writing import RefusalError
from tests.factories import UserFactory, person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR, name="Grace Okonkwo", email="grace@example.org")


@pytest.fixture
def _mail(settings):
    settings.EMAIL_URL = "smtp://mail.example.org"
    settings.BASE_URL = "https://rounds.example.org"


@pytest.fixture
def ada():
    return person(Role.STAFF, name="Ada", email="ada@example.org")


class RefusingBackend(EmailBackend):
    """A mail server that knows no such address."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({"ada@example.org": (550, b"unknown")})


class GreyBackend(EmailBackend):
    """A mail server that takes an address only at the second try."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({"ada@example.org": (450, b"later")})


class GoneBackend(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages):
        raise SMTPServerDisconnected


class VanishingBackend(EmailBackend):
    """A mail server that hangs up after it got the words, before it answers."""

    def send_messages(self, messages):
        raise MaybeSentError


def run_last():
    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def link_in(text):
    return re.search(r"https://\S+/invitation/\S+", text)[0]


@pytest.mark.usefixtures("_mail")
def test_adding_a_person_queues_one_invitation_and_sends_nothing_itself(signed_in, administrator):
    response = signed_in(administrator).post(
        reverse("accounts:person_new"),
        {"name": "Ada", "email": "ada@example.org", "title": "", "unit": ""},
    )

    user = User.objects.get(email="ada@example.org")
    assert response["Location"] == reverse("accounts:person_edit", args=[user.pk])
    assert mail.outbox == []
    assert user.invitation == Job.objects.get()
    run_last()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


@pytest.mark.usefixtures("_mail")
def test_the_mail_says_who_invites_until_when_and_leads_to_our_own_address(ada, administrator):
    services.invite(user=ada, by=administrator)
    assert run_last().state == JobState.DONE

    message = mail.outbox[0]
    html = str(message.alternatives[0][0])
    day = timezone.localdate() + timedelta(days=7)
    assert message.subject == (
        f"Grace Okonkwo invited you to Rounds. Choose a password by {day.day} {day:%b}"
    )
    assert link_in(message.body).startswith("https://rounds.example.org/invitation/")
    assert "https://rounds.example.org/invitation/" in html
    for text in (message.body, html):
        assert f"{day.day} {day:%b %Y}" in text
        assert "ada@example.org" in text
        assert "reset" not in text
    assert actions() == ["person.invited", "person.invitation_sent"]


@pytest.mark.usefixtures("_mail")
def test_a_worker_that_comes_twice_sends_one_mail(ada, administrator):
    job = services.invite(user=ada, by=administrator)
    jobs.run(job.pk)
    Job.objects.update(state=JobState.QUEUED, lease_until=None)

    jobs.run(job.pk)

    assert len(mail.outbox) == 1
    job.refresh_from_db()
    assert job.result == {"sent": 0, "reason": "Sent."}


@pytest.mark.usefixtures("_mail")
def test_a_second_click_sends_no_second_mail_and_a_later_one_does(ada, administrator):
    first = services.invite(user=ada, by=administrator)
    assert services.invite(user=ada, by=administrator) == first
    run_last()
    with pytest.raises(RefusalError, match="a moment ago"):
        services.invite(user=ada, by=administrator)
    User.objects.filter(pk=ada.pk).update(invited_at=timezone.now() - timedelta(hours=1))

    services.invite(user=ada, by=administrator)
    run_last()

    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("_mail")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": None}, "has no address"),
        ({"is_active": False}, "is deactivated"),
        ({"last_login": timezone.now()}, "has signed in already"),
    ],
)
def test_whom_an_invitation_would_not_help_gets_none(ada, administrator, change, sentence):
    queued = services.invite(user=ada, by=administrator)
    User.objects.filter(pk=ada.pk).update(**change)

    with pytest.raises(RefusalError, match=sentence):
        services.invite(user=ada, by=administrator)
    with pytest.raises(RefusalError, match=sentence):
        services.hand_over_link(user=ada, by=administrator)
    jobs.run(queued.pk)

    assert mail.outbox == []
    queued.refresh_from_db()
    assert queued.result["sent"] == 0
    assert sentence in queued.result["reason"]


def test_without_mail_nothing_is_queued_and_the_page_offers_a_link(signed_in, ada, administrator):
    with pytest.raises(RefusalError, match="This installation sends no email"):
        services.invite(user=ada, by=administrator)

    page = signed_in(administrator).get(ada.get_absolute_url()).content.decode()

    assert Job.objects.count() == 0
    assert "Show an invitation link" in page
    assert "Send invitation" not in page


def test_the_link_is_shown_once_and_kept_nowhere(signed_in, ada, administrator, settings, caplog):
    settings.BASE_URL = "https://rounds.example.org"
    client = signed_in(administrator)
    with caplog.at_level(logging.DEBUG):
        shown = client.post(
            reverse("accounts:person_link", args=[ada.pk]), headers={"host": "localhost"}
        )

    link = shown.context["link"]
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert link.startswith("https://rounds.example.org/invitation/")
    assert shown["Cache-Control"] == "no-store"
    assert token not in client.get(ada.get_absolute_url()).content.decode()
    assert token not in caplog.text
    assert actions() == ["person.link_shown"]
    assert token not in AuditEvent.objects.get().body
    ada.refresh_from_db()
    assert token not in {str(value) for value in vars(ada).values()}
    assert client.get(reverse("accounts:person_link", args=[ada.pk])).status_code == 405


def test_the_link_lets_the_person_choose_a_password_and_in(client, ada, administrator):
    link = urlparse(services.hand_over_link(user=ada, by=administrator)).path

    opened = client.get(link, follow=True)
    done = client.post(
        opened.request["PATH_INFO"], {"new_password1": PASSWORD, "new_password2": PASSWORD}
    )

    ada.refresh_from_db()
    assert "Welcome to Rounds, Ada" in opened.content.decode()
    assert "Grace Okonkwo invited you." in opened.content.decode()
    assert done["Location"] == reverse("home")
    assert client.get(reverse("accounts:token_list")).status_code == 200
    assert ada.check_password(PASSWORD)
    assert actions() == ["person.link_shown", "person.joined"]
    assert "no longer works" in client.get(link, follow=True).content.decode()


def test_a_weak_password_keeps_the_page(client, ada, administrator):
    link = urlparse(services.hand_over_link(user=ada, by=administrator)).path
    opened = client.get(link, follow=True)

    answer = client.post(
        opened.request["PATH_INFO"], {"new_password1": "short", "new_password2": "short"}
    )

    assert answer.context["form"].errors
    ada.refresh_from_db()
    assert not ada.has_usable_password()


def test_two_who_open_the_same_link_do_not_both_choose(ada, administrator):
    services.hand_over_link(user=ada, by=administrator)
    second = User.objects.get(pk=ada.pk)
    services.accept_invitation(user=ada, password=PASSWORD)

    with pytest.raises(RefusalError, match="used already"):
        services.accept_invitation(user=second, password="another one entirely")


def test_a_link_lasts_through_the_day_that_was_said_and_no_longer(ada, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    token = tokens.make_token(ada)

    time_machine.move_to(now + timedelta(days=7, hours=23), tick=False)
    assert tokens.check_token(ada, token)
    time_machine.move_to(now + timedelta(days=8, minutes=1), tick=False)
    assert not tokens.check_token(ada, token)


@pytest.mark.parametrize(
    "change", [{"password": "!other"}, {"email": "b@example.org"}, {"last_login": timezone.now()}]
)
def test_a_link_ends_with_what_it_was_made_for(ada, change):
    token = tokens.make_token(ada)
    User.objects.filter(pk=ada.pk).update(**change)

    assert not tokens.check_token(User.objects.get(pk=ada.pk), token)


def test_a_link_of_another_or_of_somebody_deactivated_opens_nothing(client, ada):
    other = UserFactory()
    path = urlparse(link_for(ada)).path
    User.objects.filter(pk=ada.pk).update(is_active=False)

    assert not tokens.check_token(other, tokens.make_token(ada))
    assert "no longer works" in client.get(path, follow=True).content.decode()


@pytest.mark.usefixtures("_mail")
@pytest.mark.parametrize(
    "answer",
    [
        ("RefusingBackend", 1, "The mail server does not accept this address: “550 unknown”."),
        ("GreyBackend", 5, "The mail server did not take the address yet: “450 later”."),
        ("VanishingBackend", 1, UNCERTAIN),
        ("GoneBackend", 5, "The mail server did not take it (SMTPServerDisconnected)."),
    ],
)
def test_a_mail_that_failed_is_said_and_a_link_offered(
    signed_in, ada, administrator, settings, answer
):
    backend, attempts, sentence = answer
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    job = services.invite(user=ada, by=administrator)
    for _ in range(5):
        Job.objects.update(due_at=timezone.now())
        jobs.run(job.pk)

    job.refresh_from_db()
    client = signed_in(administrator)
    page = client.get(ada.get_absolute_url()).content.decode()
    assert (job.state, job.attempts, job.error) == (JobState.FAILED, attempts, sentence)
    assert sentence in page
    assert "Show an invitation link" in page
    assert "but the mail failed" in client.get(reverse("accounts:person_list")).content.decode()
    assert actions() == ["person.invited"]


def test_a_lost_invitation_is_replaced_by_forgot_your_password(client, ada, administrator):
    services.hand_over_link(user=ada, by=administrator)

    client.post(reverse("password_reset"), {"email": "ada@example.org"})
    run_last()

    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


def test_the_list_says_how_somebody_stands():
    now = timezone.now()
    on = timezone.localtime(now - timedelta(days=2)).date()
    said = {
        "Deactivated": {"is_active": False},
        "Cannot sign in yet: no address": {"email": None},
        "Never invited": {},
        "Not signed in yet": {"password": "md5$a$b"},
        f"Invited {on.day} {on:%b}, not signed in yet": {"invited_at": now - timedelta(days=2)},
    }

    found = {sentence: standing(UserFactory(**fields)) for sentence, fields in said.items()}

    assert {sentence for sentence, words in found.items() if sentence != words} == set()
    old = UserFactory(invited_at=now - timedelta(days=8))
    assert standing(old).endswith("the link is too old")
    assert standing(UserFactory(last_login=now)).startswith("Last signed in ")
