"""A form that was drawn once has one effect, however often its button is pressed."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from pmo.common.page.addresses import page_before
from pmo.common.records import once
from pmo.common.records.writing import adding_nothing, refusing_clashes

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

FIELD = "once"
LONGEST_KEY = 64
# what a form sends of itself, and what the page notes of words that were not saved
NOT_SAID = {FIELD, "csrfmiddlewaretoken", "unsent_note", "unsent_form"}
TWICE = (
    "Your first click did this. The second did nothing more. What was shown only once cannot be"
    " shown again: remove it and make another."
)
SAID_OTHERWISE = (
    "This form was sent already, as it stood before, and that was saved. What it says now was not"
    " added. Send it again to add it as one more."
)


def fresh_key() -> str:
    """Return the key of one form as it is drawn."""
    return str(uuid4())


def sent_freely(view: View) -> View:
    """
    Let a form be sent any number of times.

    For those that stay open once they are saved, and those that sign somebody in or out: the answer
    to each click must carry the cookie of the new session.
    """
    view.sent_freely = True  # type: ignore[attr-defined]  # read below
    return view


def looks_first(look: Callable[..., AbstractContextManager[None]]) -> Callable[[View], View]:
    """
    Run the view inside `look(request, **kwargs)`, which is entered before the transaction begins.

    For what takes long and writes nothing, such as reading a file: on SQLite nobody else may write while
    a form's transaction is open.
    """

    def decorate(view: View) -> View:
        view.looks_first = look  # type: ignore[attr-defined]  # read below
        return view

    return decorate


def look_before(
    view: Callable[..., Any], request: HttpRequest, kwargs: Mapping[str, Any]
) -> AbstractContextManager[None]:
    """Return what the view wants to be run inside."""
    look = getattr(view, "looks_first", None)
    return look(request, **kwargs) if look else nullcontext()


def form_sent(request: HttpRequest, view: Callable[..., Any]) -> once.Sent | None:
    """Return what was sent by its key; None where any number of times is right, or nobody can say."""
    if request.method != "POST" or getattr(view, "csrf_exempt", False):  # the API has its header
        return None
    key = request.POST.get(FIELD, "")
    if not 0 < len(key) <= LONGEST_KEY or getattr(view, "sent_freely", False):
        return None
    user: Any = request.user
    if not user.is_authenticated and hasattr(view, "required_permission"):
        return None  # on the way to the sign-in; the page is sent again from there
    return once.sent(key, by=user.pk, to=request.path, body=_said(request))


def _said(request: HttpRequest) -> bytes:
    said = [pair for pair in sorted(request.POST.lists()) if pair[0] not in NOT_SAID]
    return once.digest(said, request.FILES)


def do_once(
    one: once.Sent, request: HttpRequest, act: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """
    Answer with `act()` the first time, and with where that led to from then on.

    Whoever comes second tries too and takes it back: what is refused by then (the code is taken, the
    record is gone) was done by the first click. A key whose form says something else by now adds
    nothing, and the form comes back with its words. Raises what `act` raises.
    """
    is_second = False
    try:
        with refusing_clashes(), transaction.atomic():
            response = act()
            if is_done(request, response) and not transaction.get_rollback():
                if once.is_first(one, _answer(request, response)):
                    return response
                is_second = True
                transaction.set_rollback(True)
    except Exception:
        if answer := _answer_before(one, request):
            return answer
        raise
    if answer := _answer_before(one, request):
        return answer
    if not is_second:
        return response
    _unsay(request)
    _wind_back(request)
    with adding_nothing(SAID_OTHERWISE):
        return act()


def is_done(request: HttpRequest, response: HttpResponseBase) -> bool:
    """
    Say whether a view did what it was asked.

    A form that comes back with errors did not, nor a button that leads back with an error's message.
    """
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return False
    said = _last_said(request)
    if said and said[0] >= messages.ERROR:
        return False
    form = (getattr(response, "context_data", None) or {}).get("form")
    return not getattr(form, "errors", None)


def _answer(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any]:
    return {"location": response.headers.get("Location", ""), "said": _last_said(request)}


def _last_said(request: HttpRequest) -> tuple[int, str] | None:
    """Return the level and words of what the view had to say, which stays there to be read."""
    storage: Any = get_messages(request)
    if not storage.added_new:
        return None
    last = list(storage)[-1]
    storage.used = False
    return last.level, str(last.message)


def _say(request: HttpRequest, level: int, said: str) -> None:
    """Say what the first answer said, unless that waits to be read already."""
    storage: Any = get_messages(request)
    waits = said in {str(one) for one in storage}
    storage.used = False
    if not waits:
        messages.add_message(request, level, said)


def _answer_before(one: once.Sent, request: HttpRequest) -> HttpResponseBase | None:
    """Return what the same form led to before; None where it is new, or says something else."""
    earlier = once.before(one)
    if earlier is None or earlier.body != one.body:
        return None
    _unsay(request)
    return _again(request, earlier.answer)


def _unsay(request: Any) -> None:
    """Take back the messages of an attempt that did not count."""
    request._messages = default_storage(request)


def _wind_back(request: HttpRequest) -> None:
    """Let the files be read from their start by the next attempt."""
    for _name, several in request.FILES.lists():
        for file in several:
            file.seek(0)


def _again(request: HttpRequest, answer: Any) -> HttpResponseBase:
    """Lead to where the first answer led: that one went with the page which the second click left."""
    location = answer["location"]
    if "HX-Request" in request.headers:
        whole = HttpResponse()
        name, value = ("HX-Redirect", location) if location else ("HX-Refresh", "true")
        whole.headers[name] = value
        return whole
    if answer["said"]:
        _say(request, *answer["said"])
    elif not location:
        messages.info(request, TWICE)
    return HttpResponseRedirect(
        location or page_before(request) or request.path, status=HTTPStatus.SEE_OTHER
    )
