"""Outside systems that misbehave, for tests of what we do then."""

from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend

from pmo.common.background.mailing import MaybeSentError


class WorkerKilled(BaseException):
    """The process ends in the middle; nothing in it can catch this."""


class DeadlyMail(BaseEmailBackend):
    """The worker is killed while it speaks to the mail server."""

    def send_messages(self, email_messages):
        raise WorkerKilled


class AwayMail(BaseEmailBackend):
    """The mail server does not answer."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("nobody there")


class RefusingMail(BaseEmailBackend):
    """The mail server knows no such address."""

    def send_messages(self, email_messages):
        raise SMTPRecipientsRefused({email_messages[0].to[0]: (550, b"no such user")})


class VanishingMail(BaseEmailBackend):
    """The mail server hangs up after it got the words, before it answers."""

    def send_messages(self, email_messages):
        raise MaybeSentError


class NestedMail(BaseEmailBackend):
    """Another worker tries the same mails while this one is sending; see `attempt`."""

    attempt = staticmethod(lambda: None)
    sent = []

    def send_messages(self, email_messages):
        NestedMail.sent += email_messages
        NestedMail.attempt()
        return len(email_messages)
