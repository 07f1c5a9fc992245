"""What the frame around every page needs: places to go, who is signed in, attributions."""

from typing import Any, NamedTuple

from django.core.cache import cache
from django.http import HttpRequest

from pmo.accounts import words
from pmo.accounts.models import User
from pmo.accounts.page_notes import note_for
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import Role
from pmo.common.models import Attribution
from pmo.common.page.addresses import address_of
from pmo.organization.current import organization


class MenuPlace(NamedTuple):
    label: str
    url: str
    current: bool


class Breadcrumb(NamedTuple):
    """One step of the path above a page's title."""

    label: str
    url: str


class MenuLink(NamedTuple):
    label: str
    url: str
    icon: str


MY_PROJECTS = "projects:my_projects"
PLACES: tuple[tuple[str, str, Permission], ...] = (
    ("My projects", MY_PROJECTS, Permission.PROJECT_LIST),
    ("Portfolio", "reports:dashboard", Permission.DASHBOARD_VIEW),
    ("Projects", "projects:project_list", Permission.PROJECT_LIST),
    ("Requests", "intake:my_requests", Permission.REQUEST_SUBMIT),
    ("Risks", "risks:risk_list", Permission.PROJECT_LIST),
    ("Milestones", "projects:milestone_list", Permission.PROJECT_LIST),
    ("Budget", "reports:budget", Permission.PROJECT_LIST),
    ("Decisions", "governance:decision_list", Permission.DECISION_LIST),
    ("Reports", "reports:report_list", Permission.SUMMARY_VIEW),
    ("Office", "office", Permission.OFFICE_OPEN),
    ("People", "accounts:person_list", Permission.ACCOUNT_CHANGE),
)
ATTRIBUTIONS_KEY = "attributions"


def attributions() -> list[str]:
    known: list[str] | None = cache.get(ATTRIBUTIONS_KEY)
    if known is None:
        known = list(Attribution.objects.order_by("pk").values_list("text", flat=True))
        cache.set(ATTRIBUTIONS_KEY, known, 60)
    return known


def places_for(user: User, here: str) -> list[MenuPlace]:
    """Return the places this user may open; the longest address that fits `here` is current."""
    runs_projects = {held.role for held in user.held} <= {Role.STAFF}
    open_places = [
        (label, address_of(name))
        for label, name, needed in PLACES
        if can(user, needed).allowed and (runs_projects or name != MY_PROJECTS)
    ]
    best = max((url for _, url in open_places if here.startswith(url)), key=len, default="")
    return [MenuPlace(label, url, url == best) for label, url in open_places]


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return only places this user may open; the list is short because tables need the width."""
    frame: dict[str, Any] = {
        "organization_name": organization().name,
        "nav": [],
        "find_url": "",
        "account_links": [],
        "attributions": attributions(),
        "unsent_note": "",
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame
    frame["nav"] = places_for(user, request.path)
    frame["find_url"] = address_of("find")
    frame["unsent_note"] = note_for(request)
    settings_link = MenuLink("Organization", address_of("organization:settings"), "building-2")
    frame["account_links"] = [
        MenuLink(words.WHAT_WAITS, address_of("waiting"), "clock"),
        *([settings_link] if can(user, Permission.ORGANIZATION_VIEW).allowed else []),
        MenuLink("API tokens", address_of("accounts:token_list"), "lock"),
        MenuLink("Change password", address_of("password_change"), "settings"),
    ]
    return frame
