"""
Hand one mail to the mail server, and say what became of it.

A server answers each step. Refused for now (4xx: greylisting, a full disk) means later, refused for
good (5xx) means a person must look. A connection that breaks after the words of the mail were handed
over says nothing: the mail may have arrived, so that it is sent again only when a person says so.
"""

import logging
import smtplib
from datetime import timedelta
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from pmo.common.background import jobs
from pmo.common.records.writing import RefusalError

GO_AHEAD = 354  # what a server answers to DATA alone
PERMANENT = 500  # from this code on a mail server refuses for good
# how long the whole mail may be looked at: gateways search it for viruses before they answer
LOOKED_AT = 60
LONGEST = 200
HANDING_OVER = "handing_over"  # noted on a job
# between the attempts at a job: greylisting ends after minutes, an outage after hours
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))

UNCERTAIN = (
    "The connection broke after the mail was handed over; it may have arrived. It is not sent again"
    " by itself."
)
INTERRUPTED = "The worker stopped while the mail was handed over; it may have arrived."
NOT_YET = "The mail server did not take the address yet"
NO_SUCH_ADDRESS = "The mail server does not accept this address"
NO_ADDRESS = "This is no address that mail can be sent to."
UNWRITTEN = "Rounds could not write this mail. It is logged."

log = logging.getLogger(__name__)


class MaybeSentError(smtplib.SMTPException):
    """The connection broke between the words of a mail and the answer to them."""


class Outcome(Enum):
    SENT = "sent"
    LATER = "later"  # this mail was not taken now
    AWAY = "away"  # no mail is taken now
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class HandedOver(NamedTuple):
    outcome: Outcome
    reason: str = ""


class _Watched:
    """Knows whether the server had begun to take a mail when the connection broke."""

    takes_words = False  # the server said: go ahead
    is_out = False  # at least a part of the words has left

    def getreply(self) -> tuple[int, bytes]:
        self.takes_words = False
        code, text = super().getreply()  # type: ignore[misc]  # beside smtplib.SMTP
        self.takes_words = code == GO_AHEAD
        return code, text

    def send(self, words: Any) -> None:
        if self.takes_words:
            self.is_out = True
            self.sock.settimeout(LOOKED_AT)  # type: ignore[attr-defined]  # the same
        super().send(words)  # type: ignore[misc]  # the same

    def data(self, words: Any) -> tuple[int, bytes]:
        self.is_out = False
        try:
            return super().data(words)  # type: ignore[misc,no-any-return]  # the same
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
            if self.is_out:
                raise MaybeSentError(UNCERTAIN) from error
            raise


class WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class WatchedSMTPOverTLS(_Watched, smtplib.SMTP_SSL):
    pass


class MailBackend(EmailBackend):
    """Django's own, on a connection that knows how far it came."""

    @cached_property
    def connection_class(self) -> type[smtplib.SMTP]:
        return WatchedSMTPOverTLS if self.use_ssl else WatchedSMTP


def hand_over(message: EmailMultiAlternatives) -> HandedOver:
    """Send one mail now; whatever goes wrong with it is its own outcome, and no other's."""
    try:
        message.send()
    except MaybeSentError:
        log.warning("A mail may have been sent: the connection broke.", exc_info=True)
        return HandedOver(Outcome.UNCERTAIN, UNCERTAIN)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("A mail was not handed over (%s).", type(error).__name__, exc_info=True)
        return _not_taken(error)
    except ValueError:
        log.warning("A mail was not handed over: its address is none.", exc_info=True)
        return HandedOver(Outcome.REFUSED, NO_ADDRESS)
    except Exception:
        log.exception("A mail could not be written.")
        return HandedOver(Outcome.REFUSED, UNWRITTEN)
    return HandedOver(Outcome.SENT)


def _not_taken(error: Exception) -> HandedOver:
    """Say what a refusal means: of this address, of this mail, or of the server as a whole."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (PERMANENT, b""))
        if code < PERMANENT:
            return HandedOver(Outcome.LATER, f"{NOT_YET}{_answered(code, text)}.")
        return HandedOver(Outcome.REFUSED, f"{NO_SUCH_ADDRESS}{_answered(code, text)}.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return HandedOver(Outcome.REFUSED, f"{NO_SUCH_ADDRESS}.")
    if isinstance(error, smtplib.SMTPDataError):
        is_final = error.smtp_code >= PERMANENT
        said = _answered(error.smtp_code, error.smtp_error)
        return HandedOver(
            Outcome.REFUSED if is_final else Outcome.LATER,
            f"The mail server did not take it{said}.",
        )
    sentence = f"The mail server did not take it ({type(error).__name__})."
    is_of_this_mail = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPServerDisconnected)
    return HandedOver(Outcome.LATER if is_of_this_mail else Outcome.AWAY, sentence)


def _answered(code: int, text: bytes | str) -> str:
    """Quote what the server said, on one line and not at length."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    said = "".join(one if one.isprintable() else " " for one in f"{code} {plain}")
    return f": “{' '.join(said.split())[:LONGEST]}”"


def later(sentence: str, attempts: int) -> jobs.LaterError:
    """Return the error that lets a job come back to mail after a pause; longer each time."""
    return jobs.LaterError(sentence, after=PAUSES[min(attempts, len(PAUSES)) - 1])


def send_once(message: EmailMultiAlternatives, *, run: jobs.Run) -> None:
    """
    Send the one mail of a job: raises LaterError where it is tried again, RefusalError where it is not.

    A mail that may have arrived is refused as well: it goes again when a person asks for it. So the job
    says before that it is about to, and whoever takes it over from a dead worker finds that.
    """
    if run.noted.get(HANDING_OVER):
        raise RefusalError(INTERRUPTED)
    run.note(**{HANDING_OVER: True})
    done = hand_over(message)
    if done.outcome in {Outcome.LATER, Outcome.AWAY}:
        run.note()
        raise later(done.reason, run.job.attempts)
    if done.outcome is not Outcome.SENT:
        raise RefusalError(done.reason)
