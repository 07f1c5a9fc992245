"""What the console says to whoever starts an installation that nobody can administer yet."""

from django.conf import settings
from django.utils import timezone

from pmo.common.page import formats
from pmo.organization.first_run import link, services


def link_to_print(base_url: str, *, anew: bool = False) -> link.SetupLink:
    """Return the link that is open and kept, else a new one; `anew` ends the one before."""
    found, token = link.open_link(), link.kept_token()
    if anew or found is None or not link.fits(found, token):
        token = services.make_link(by=None)
        found = link.open_link()
    assert found is not None  # noqa: S101 - narrows the type: it was made just now
    address = link.address_of(token, base_url)
    link.keep(address)
    return link.SetupLink(address=address, expires_at=found.expires_at)


def lines_of(found: link.SetupLink) -> list[str]:
    until = timezone.localtime(found.expires_at)
    return [
        f"Set up Rounds here. The link works once, until {formats.moment(until)} ({until:%Z}):",
        f"  {found.address}",
    ]


def greeting(base_url: str) -> list[str]:
    """Return what a start adds to its welcome."""
    if not link.is_needed():
        return []
    return ["", *lines_of(link_to_print(base_url or settings.BASE_URL))]
