"""What becomes of the words of a form whose answer is no success."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone

from pmo.accounts import services, words
from pmo.accounts.models import User
from pmo.accounts.page_notes import PageNote, sent_form, sent_note
from pmo.common.page.addresses import address_of
from pmo.common.page.errors import WithoutTokenResponse
from pmo.common.records import doubts
from pmo.common.records.writing import RefusalError

# the record was removed, or the writer may not open it any more
GONE = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)


class UnsentWordsMiddleware:
    """Keep the words of a form that was not saved, and let go of those of one that was."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_keeping(request):
            return _kept_after_session(request, self.get_response(request))
        note = sent_note(request)
        if note is None:
            return self.get_response(request)
        if request.user.is_authenticated and request.user.pk != note.person:
            return _of_another(request, note)
        return _settled(request, note, self.get_response(request))


class _Shown(NamedTuple):
    """A field whose words are not kept, on the page that says so."""

    name: str
    why: str
    text: str


class _Kept(NamedTuple):
    """What became of the words of a form: whether they are kept, and those that are not."""

    is_kept: bool
    shown: list[_Shown]

    @property
    def is_whole(self) -> bool:
        return self.is_kept and not self.shown

    def page(self, request: HttpRequest, why: str, note: PageNote, status: int) -> HttpResponse:
        """Say it on a page of its own, which shows the words that would be lost."""
        said = words.unsaved(why, is_kept=self.is_kept, is_whole=self.is_whole)
        back = "" if why == "gone" else note.address
        # whoever sits there now is not who typed
        shown = [] if why == "another" else self.shown
        context = {"said": said, "shown": shown, "back": back}
        return render(request, "unsent.html", context, status=status)


def _is_keeping(request: HttpRequest) -> bool:
    """Say whether a request answers for itself: what keeps words, and the API."""
    return request.path.startswith((address_of("unsent"), "/api/"))


def _is_htmx(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _leads_to_sign_in(response: HttpResponse) -> bool:
    sign_in = resolve_url(settings.LOGIN_URL)
    where = response.headers.get("Location", "")
    return response.status_code == HTTPStatus.FOUND and where.startswith(sign_in)


def _is_saved(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether a form was taken; a page that goes back with a red message did not take it."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return False
    said = getattr(messages.get_messages(request), "_queued_messages", ())
    return not any(message.level >= messages.ERROR for message in said)


def _settled(request: HttpRequest, note: PageNote, response: HttpResponse) -> HttpResponse:
    """Let go of the words when they were saved; else keep them, and say so where nothing else does."""
    if _leads_to_sign_in(response):
        return _kept_until_sign_in(request, note, response)
    if request.user.is_authenticated and _is_saved(request, response):
        if sent_form(request) == request.path:  # else it was kept elsewhere while it was typed
            _ended(request.user, note, request.path)
        return response
    is_gone = response.status_code in GONE and not isinstance(response, WithoutTokenResponse)
    if is_gone and not _is_htmx(request):
        # no page would ever offer them
        return _nothing_kept(request).page(request, "gone", note, response.status_code)
    kept = _kept(request, note)
    if isinstance(response, WithoutTokenResponse):
        return kept.page(request, "expired", note, response.status_code)
    if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
        return kept.page(request, "broken", note, response.status_code)
    return response


def _ended(writer: User, note: PageNote, form: str) -> None:
    try:
        services.end_words(by=writer, address=note.path, form=form)
    except (RefusalError, Error):  # what they belong to is saved: that is not undone
        log.warning("The words of a form that was saved are still kept.", exc_info=True)


def _kept_after_session(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep what is typed on after the session ended, for whom the page was drawn; the page says so."""
    note = sent_note(request) if request.path == address_of("unsent") else None
    if note is None or not _leads_to_sign_in(response):
        return response
    kept = _kept(request, note, form=request.GET.get("form", ""))
    refused = {one.name: one.why for one in kept.shown}
    said = words.words_kept(timezone.now()) if kept.is_kept else ""
    return JsonResponse({"said": said, "refused": refused}, status=HTTPStatus.UNAUTHORIZED)


def _kept_until_sign_in(
    request: HttpRequest, note: PageNote, response: HttpResponse
) -> HttpResponse:
    kept = _kept(request, note)
    if kept.is_whole:
        return redirect_to_login(note.address)
    if _is_htmx(request):
        return response  # the words stand in the page still
    return kept.page(request, "expired", note, HTTPStatus.FORBIDDEN)


def _of_another(request: HttpRequest, note: PageNote) -> HttpResponse:
    """Refuse a page that stayed open while somebody else signed in: it would act as that person."""
    kept = _kept(request, note)
    if _is_htmx(request):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    return kept.page(request, "another", note, HTTPStatus.FORBIDDEN)


def _kept(request: HttpRequest, note: PageNote, *, form: str = "") -> _Kept:
    """Keep what the form held for the person whom its page was drawn for; `form` where it says it apart."""
    typed = _typed(request)
    try:
        writer = User.objects.filter(pk=note.person, is_active=True).first()
        if writer is not None:
            with doubts.answered(request.POST.get(doubts.FIELD, "")):
                refused = services.keep_words(
                    by=writer, address=note.path, form=form or sent_form(request), typed=typed
                ).refused
            return _Kept(is_kept=True, shown=_shown(typed, refused))
    except (RefusalError, Error):
        log.warning("The words of a form that was not saved could not be kept.", exc_info=True)
    return _nothing_kept(request)


def _nothing_kept(request: HttpRequest) -> _Kept:
    typed = _typed(request)
    return _Kept(is_kept=False, shown=_shown(typed, dict.fromkeys(typed, "")))


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST}


def _shown(typed: dict[str, list[str]], refused: dict[str, str]) -> list[_Shown]:
    left_out = services.NOT_TYPED | {"version", "revision"}
    return [
        _Shown(name.replace("_", " ").capitalize(), why, "\n".join(typed[name]))
        for name, why in refused.items()
        if name not in left_out and any(typed[name])
    ]
