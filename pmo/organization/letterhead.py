"""Under which name, in which currency and time zone a document was issued; that never changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pmo.common.local.currency import Currency
from pmo.organization.current import organization
from pmo.organization.models import Organization

KEY = "letterhead"  # of a document's content


class Letterhead(NamedTuple):
    """Who says it, how amounts are written, in which zone times are said."""

    name: str
    money: Currency
    zone: ZoneInfo

    def local(self, at: datetime) -> datetime:
        """Return a time as it was in the document's zone."""
        return at.astimezone(self.zone)


def said_by(one: Organization) -> dict[str, Any]:
    """Return what a document keeps of these settings."""
    return {
        "name": one.name,
        "currency": one.currency,
        "currency_after": one.currency_after,
        "time_zone": one.time_zone,
    }


def for_content() -> dict[str, Any]:
    """Return today's letterhead as a part of a document's content."""
    return {KEY: said_by(organization())}


def letterhead_now() -> Letterhead:
    """Return the letterhead of what is not issued yet."""
    return _read({})


def letterhead_of(kept: Mapping[str, Any] | None) -> Letterhead:
    """Return the letterhead that a document kept; one that kept none has the organization's first."""
    return _read(kept or organization().at_first)


def _read(kept: Mapping[str, Any]) -> Letterhead:
    said = said_by(organization()) | dict(kept)
    return Letterhead(
        name=said["name"],
        money=Currency(said["currency"], after=said["currency_after"]),
        zone=ZoneInfo(said["time_zone"]),
    )
