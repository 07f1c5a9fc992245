"""Addresses of pages by the names of their URLs, resolved once for all records of a kind."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme

STAND_IN = 9_007_199_254_740_993  # no record is called this, so it marks the place of the id


def address_of(name: str, pk: int | None = None) -> str:
    """
    Return what `reverse` does for a page with one id in its address, or with none.

    A list asks for the address of every row, and `reverse` searches anew each time. Raises
    NoReverseMatch where no app has a page of this name.
    """
    urls = get_urlconf() or settings.ROOT_URLCONF
    before, after = _around_id(name, urls, get_script_prefix(), has_id=pk is not None)
    return before if pk is None else f"{before}{pk:d}{after}"


@lru_cache(maxsize=512)
def _around_id(name: str, urls: str, prefix: str, *, has_id: bool) -> tuple[str, str]:
    del prefix  # part of the key: reverse puts it before the address by itself
    found = reverse(name, urlconf=urls, args=[STAND_IN] if has_id else [])
    before, _, after = found.partition(str(STAND_IN))
    return before, after


def page_before(request: HttpRequest) -> str:
    """Return the address of the page that a form or a fragment stood on; "" when it is none of ours."""
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(shown, allowed_hosts={request.get_host()}):
        return ""
    found = urlsplit(shown)
    return f"{found.path}?{found.query}" if found.query else found.path
