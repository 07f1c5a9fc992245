"""Make the set-up link and use it; hide the checklist, and show it again."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.services import create_administrator
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.organization.first_run import link
from pmo.organization.models import ONLY, Organization, Setup
from pmo.organization.services import change_organization

DEAD = "This set-up link does not work: it was used, has expired, or was not copied whole."


class DeadLinkError(RefusalError):
    """The token opens nothing, whyever: a stranger learns no more than that."""

    def __init__(self) -> None:
        super().__init__(DEAD)


@all_or_nothing
def make_link(*, by: User | None) -> str:
    """Make a link that replaces the one before, and return its token, which is not kept here."""
    token, now = secrets.token_urlsafe(link.TOKEN_BYTES), timezone.now()
    made, _ = Setup.objects.update_or_create(
        pk=ONLY,
        defaults={
            "token_hash": link.hash_of(token),
            "made_at": now,
            "expires_at": now + link.VALID_FOR,
            "used_at": None,
        },
    )
    audit.record(
        action="setup.link_made", target=made, by=by, after={"expires_at": made.expires_at}
    )
    return token


@all_or_nothing
def set_up(
    *,
    token: str,
    organization: Mapping[str, Any],
    administrator: Mapping[str, Any],
    leads_office: bool,
) -> User:
    """
    Use the link: save the organization and add its first administrator.

    Raises DeadLinkError, and ValidationError with which the link stays as it was.
    """
    _claim(token)
    user = create_administrator(by=None, leads_office=leads_office, **administrator)
    change_organization(by=user, version=None, **organization)
    return user


def _claim(token: str) -> None:
    """Take the link out of use; of many who do so at once, one goes on."""
    found = link.open_link()
    if found is None or not link.fits(found, token) or not link.is_needed():
        raise DeadLinkError
    # the row may have been used, or replaced by a new link, since it was read
    waiting = Setup.objects.filter(pk=ONLY, token_hash=found.token_hash, used_at=None)
    if not waiting.update(used_at=timezone.now()):
        raise DeadLinkError
    audit.record(action="setup.link_used", target=found, by=None)


@all_or_nothing
def show_checklist(*, by: User, shown: bool) -> Organization:
    """Hide "Your first summary" from everybody, or show it again."""
    hidden_at = None if shown else timezone.now()
    return change_organization(by=by, version=None, checklist_hidden_at=hidden_at)
