"""Let every request see the organization's own time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pmo.common.local_time import in_local_time

GetResponse = Callable[[HttpRequest], HttpResponse]


class LocalTimeMiddleware:
    """Activate the organization's time zone for the length of a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with in_local_time():
            return self.get_response(request)
