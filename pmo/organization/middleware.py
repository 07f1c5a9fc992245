"""Let every request see the organization's own time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from pmo.common.local.local_time import in_local_time
from pmo.organization.current import hold, organization, zone
from pmo.organization.models import Organization

GetResponse = Callable[[HttpRequest], HttpResponseBase]


# these name no local time, and must answer while the database does not
TIMELESS = "/health/"


class LocalTimeMiddleware:
    """Activate the organization's time zone for the length of a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(TIMELESS):
            return self.get_response(request)
        with in_local_time():
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not isinstance(
                response, FileResponse
            ):
                rows: Any = response.streaming_content
                response.streaming_content = _as_asked(rows, organization())
            return response


def _as_asked(rows: Iterable[bytes], one: Organization) -> Iterator[bytes]:
    """Make what is sent in pieces under the settings of its request, which has ended by then."""
    hold(one)
    with timezone.override(zone()):
        yield from rows
