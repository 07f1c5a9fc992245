"""One mail against a server that misbehaves at each step: what becomes of it is said, and said right."""

import pytest
from django.core.mail import EmailMultiAlternatives

from pmo.common.background import jobs, mailing
from pmo.common.background.mailing import Outcome, hand_over, later
from tests.mail_server import DATA, DROP, HANG, HELLO, MAIL, QUIT, RCPT, WORDS, MailServer

ADDRESS = "eve@example.org"
# (where it goes wrong, how) -> what it means; `True` where the server has the mail
MEANINGS = [
    (HELLO, DROP, Outcome.LATER, False),
    (HELLO, HANG, Outcome.LATER, False),
    (HELLO, "421 closing", Outcome.AWAY, False),
    (MAIL, DROP, Outcome.LATER, False),
    (MAIL, HANG, Outcome.LATER, False),
    (MAIL, "451 busy", Outcome.LATER, False),
    (MAIL, "553 not you", Outcome.LATER, False),
    (RCPT, DROP, Outcome.LATER, False),
    (RCPT, HANG, Outcome.LATER, False),
    (RCPT, "450 greylisted", Outcome.LATER, False),
    (RCPT, "550 no such user", Outcome.REFUSED, False),
    (DATA, DROP, Outcome.LATER, False),
    (DATA, HANG, Outcome.LATER, False),
    (DATA, "451 busy", Outcome.LATER, False),
    (DATA, "554 no", Outcome.REFUSED, False),
    (WORDS, DROP, Outcome.UNCERTAIN, True),
    (WORDS, HANG, Outcome.UNCERTAIN, True),
    (WORDS, "452 full", Outcome.LATER, True),
    (WORDS, "554 spam", Outcome.REFUSED, True),
    (QUIT, DROP, Outcome.SENT, True),
    (QUIT, HANG, Outcome.SENT, True),
    (QUIT, "250 ok", Outcome.SENT, True),
]


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(mailing, "LOOKED_AT", 0.3)
    settings.EMAIL_TIMEOUT = 0.3
    settings.EMAIL_BACKEND = "pmo.common.background.mailing.MailBackend"
    with MailServer() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def message(to=ADDRESS):
    return EmailMultiAlternatives(subject="Subject", body="Words", to=[to])


@pytest.mark.parametrize(
    "meaning", MEANINGS, ids=[f"{step} {fault}" for step, fault, *_ in MEANINGS]
)
def test_each_step_at_which_a_server_fails_has_its_own_meaning(server, meaning):
    step, fault, outcome, is_taken = meaning
    server.faults = {step: fault}

    done = hand_over(message())

    assert done.outcome is outcome
    assert bool(done.reason) is (outcome is not Outcome.SENT)
    assert server.taken == ([ADDRESS] if is_taken else [])


def test_what_the_server_said_is_quoted_on_one_line(server):
    server.faults = {RCPT: "450-4.2.0 Greylisted,\r\n450 4.2.0 come  back\x01 in 300 s"}

    done = hand_over(message())

    assert done.reason == (
        "The mail server did not take the address yet: “450 4.2.0 Greylisted, 4.2.0 come back in 300 s”."
    )


def test_a_server_that_is_not_there_takes_no_mail_at_all(server, settings):
    settings.EMAIL_PORT = 1

    assert hand_over(message()) == (
        Outcome.AWAY,
        "The mail server did not take it (ConnectionRefusedError).",
    )


@pytest.mark.parametrize("address", ["a@b@c", "Ä <ä", "x" * 300 + "@example.org\n"])
def test_an_address_that_is_none_is_this_mails_own_fault(server, address):
    done = hand_over(message(to=address))

    assert done.outcome is Outcome.REFUSED
    assert server.taken == []


def test_pauses_grow_so_that_greylisting_is_outlived():
    pauses = [later("Later.", attempt).after for attempt in range(1, jobs.MAX_ATTEMPTS)]

    assert pauses == list(mailing.PAUSES)
    assert pauses == sorted(pauses)
    assert sum(one.total_seconds() for one in pauses) > 2 * 3600
