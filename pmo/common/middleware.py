"""Middleware of ten lines each, one job each."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

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
            away.headers["HX-Redirect"] = login
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
