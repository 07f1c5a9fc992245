"""
For whom a page was drawn, and which: a signed note that its forms take along.

What is sent after the session ended belongs to that person by the note alone, so it opens nothing: it
only lets words be kept for the person who reads them after signing in.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

FIELD, FORM_FIELD = "unsent_note", "unsent_form"
HEADER = "Unsent-Note"
SALT = "pmo.accounts.page_notes"
LONGEST = 1500
VALID_SECONDS = 30 * 24 * 60 * 60  # a page that was left open; words are kept no longer either


class PageNote(NamedTuple):
    """The person for whom a page was drawn, and its address with its query."""

    person: int
    address: str

    @property
    def path(self) -> str:
        return self.address.partition("?")[0]


def note_for(request: HttpRequest) -> str:
    """Return the note of the page that is drawn; a form that comes back stays on its page."""
    sent = sent_note(request)
    is_own = sent is not None and sent.person == request.user.pk
    address = sent.address if sent and is_own else request.get_full_path()
    if len(address) > LONGEST // 2:
        address = request.path
    return signing.dumps([request.user.pk, address], salt=SALT)


def sent_note(request: HttpRequest) -> PageNote | None:
    """Return the note that came with a form; None without one that is ours and not too old."""
    if request.method != "POST":
        return None
    return _read(request.POST.get(FIELD, ""), VALID_SECONDS)


def shown_note(request: HttpRequest) -> PageNote | None:
    """Return the note of the page that asks for what is kept; None unless drawn in a session's time."""
    return _read(request.headers.get(HEADER, ""), settings.SESSION_COOKIE_AGE)


def _read(text: str, seconds: int) -> PageNote | None:
    if not text or len(text) > LONGEST:
        return None
    try:
        held: Any = signing.loads(text, salt=SALT, max_age=seconds)
    except signing.BadSignature:
        return None
    return PageNote(*held)


def sent_form(request: HttpRequest) -> str:
    """Return the path that the form's own button sends to: what saves it meanwhile may be another one."""
    return request.POST.get(FORM_FIELD, "") or request.path
