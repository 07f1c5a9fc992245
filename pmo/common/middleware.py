"""Middleware of ten lines each, one job each."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url

from pmo.common.page import once
from pmo.common.page.addresses import page_before
from pmo.common.records import doubts
from pmo.common.records.writing import BrokenRuleError, RefusalError, refusal_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class HtmxLoginMiddleware:
    """Send the whole window to the sign-in page: htmx would swap that page into a table cell."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if (
            request.headers.get("HX-Request")
            and response.status_code == HTTPStatus.FOUND
            and response.headers.get("Location", "").startswith(login)
        ):
            away = HttpResponse(status=401)
            # back to the page: the address of a fragment would show a table cell alone
            here = page_before(request)
            away.headers["HX-Redirect"] = f"{login}?{urlencode({'next': here})}" if here else login
            return away
        return response


class PrivateResponseMiddleware:
    """Keep pages with project data out of shared caches and out of the back button after sign-out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        return response


class DoubtsMiddleware:
    """Take along why doubtful words are nobody's: a form's field, or the API's header."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        by_header = request.path.startswith("/api/")
        if by_header:
            reason = request.headers.get(doubts.HEADER, "")
        else:
            reason = request.POST.get(doubts.FIELD, "") if request.method == "POST" else ""
        with doubts.answered(reason, by_header=by_header):
            return self.get_response(request)


class RefusalMiddleware:
    """Say a refusal that a page has no place of its own for, on a page with the way back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or _is_said(response):
            return response
        # Django's own is an empty page; a sign-in leads there, back to what a button had sent
        page = render(request, "405.html", status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refused(request, error)


def refused(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Answer what a service refused, or the database; the rest stays a fault."""
    refusal: Exception | None = error
    if isinstance(error, ValidationError) and request.method == "POST":
        sentence = " ".join(error.messages)
    elif refusal := error if isinstance(error, RefusalError) else refusal_of(error):
        sentence = str(refusal)
    else:
        return None
    # htmx would swap a 409 into the page; from a 503 it keeps the page and says so
    status = HTTPStatus.CONFLICT
    if _is_htmx(request):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    elif isinstance(refusal, BrokenRuleError | ValidationError):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"sentence": sentence, "back": page_before(request)}
    return render(request, "409.html", context, status=status)


class OnceMiddleware:
    """Let a form that is sent twice have one effect; see `pmo.common.page.once`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> HttpResponseBase | None:
        """Run the view inside the transaction that ends with its key; None leaves that to Django."""
        sent = once.form_sent(request, view)
        if sent is None:
            return None
        try:
            with once.look_before(view, request, kwargs):
                return once.do_once(sent, request, lambda: view(request, *args, **kwargs))
        except Exception as error:
            # nobody else looks at what is raised here
            if answer := refused(request, error):
                return answer
            raise


def _is_said(response: HttpResponse) -> bool:
    return response.streaming or bool(response.content)


def _is_htmx(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers
