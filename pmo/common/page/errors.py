"""What is answered where no view is reached: an address, a request or a form that cannot be taken."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views import defaults

API = "/api/"
NOT_HERE = "There is nothing at this address, or it is not open to you."
NO_SLASH = "Addresses of the API end with a slash."
NOT_UNDERSTOOD = "The server could not understand this request."
BROKEN = "Something broke on our side, and what was sent may not be saved. It is logged."


class WithoutTokenResponse(HttpResponse):
    """The answer to a form that was sent without its token; a type, so that it can be told from others."""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was sent without its token: an expired session, mostly."""
    page = render_to_string("403_csrf.html", {"reason": reason}, request)
    return WithoutTokenResponse(page, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an unknown address; the API answers programs, which read no pages."""
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    if request.method not in {"GET", "HEAD"} and not request.path.endswith("/"):
        # as 404 this would be sent on to the slash, and arrive there as a GET without its body
        return _told(NO_SLASH, HTTPStatus.BAD_REQUEST)
    return _told(NOT_HERE, HTTPStatus.NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return _told(NOT_UNDERSTOOD, HTTPStatus.BAD_REQUEST)
    return defaults.bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponseBase:
    if request.path.startswith(API):
        return _told(BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR)
    return defaults.server_error(request)


def _told(sentence: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"detail": sentence}, status=status)
