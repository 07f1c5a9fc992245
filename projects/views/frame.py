"""What the pages of one project share: the way back, the tabs, what this reader may do."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.addresses import address_of
from pmo.common.records.writing import BrokenRuleError, RefusalError
from projects.models import Project
from projects.words import frame as words

PAGE_SIZE = 25


class Crumb(NamedTuple):
    label: str
    url: str


class Tab(NamedTuple):
    label: str
    url: str
    current: bool


class Action(NamedTuple):
    label: str
    url: str
    icon: str
    primary: bool = False
    method: str = "get"


class Panel(NamedTuple):
    """A part of the project's page that another app draws at its own address."""

    key: str
    label: str
    url: str


TABS = (
    ("Overview", "projects:project_detail"),
    ("Plan", "projects:project_plan"),
    ("Milestones", "projects:project_milestones"),
    ("Money", "projects:project_money"),
    ("Forecast", "reports:project_forecast"),
    (words.BASELINES_AND_CHANGES, "projects:project_baselines"),
    (words.RISKS_AND_ISSUES, "risks:project_panel"),
    (words.COMMUNICATION, "communication:project_communication"),
    ("Decisions", "governance:project_panel"),
    ("Gates", "governance:project_gates"),
    ("People", "projects:project_people"),
)
PANELS = (
    ("health", "Health", "reports:project_panel"),
    ("risks", words.RISKS_AND_ISSUES, "risks:project_panel"),
    ("communication", words.COMMUNICATION, "communication:project_panel"),
    ("decisions", "Decisions", "governance:project_panel"),
    ("objectives", "Objectives", "portfolio:project_panel"),
    ("request", "Request", "intake:project_panel"),
    ("start", words.FROM_THE_TEMPLATE, "starts:project_start"),
    ("lessons", "Lessons", "templates:project_lessons"),
    ("gates", "Gates", "governance:project_gates"),
)


def lessons_panel(project: Project, moment: str = "") -> Panel | None:
    """Return the part that asks what the project learned, at a gate or as a whole; None without that app."""
    url = address("templates:project_lessons", project.pk)
    if not url:
        return None
    query = f"?{urlencode({'moment': moment})}" if moment else ""
    return Panel("lessons", "Lessons", url + query)


def address(name: str, pk: int | None = None) -> str:
    """Return the address of a page, or "" where the app that owns it is not installed."""
    try:
        return address_of(name, pk)
    except NoReverseMatch:
        return ""


def crumbs(project: Project | None = None) -> list[Crumb]:
    """Return the way back to the list, and to the project when a page lies below it."""
    way = [Crumb("Projects", address_of("projects:project_list"))]
    return [*way, Crumb(str(project), project.get_absolute_url())] if project else way


def tabs(project: Project, current: str) -> list[Tab]:
    """Return the pages of one project; `current` is the URL name of this one."""
    found = [(label, name, address(name, project.pk)) for label, name in TABS]
    return [Tab(label, url, name == current) for label, name, url in found if url]


def panels(project: Project) -> list[Panel]:
    found = [Panel(key, label, address(name, project.pk)) for key, label, name in PANELS]
    return [panel for panel in found if panel.url]


def may(user: User, permission: Permission, project: Project) -> bool:
    return can(user, permission, project).allowed


def actions_for(
    user: User, project: Project, offered: Mapping[Permission, Callable[[], Action]]
) -> list[Action]:
    """Return the buttons this reader may press, in the order offered."""
    return [make() for permission, make in offered.items() if may(user, permission, project)]


def confirm_page(
    request: HttpRequest, *, act: Callable[[], None], done: str, back: str, **page: Any
) -> HttpResponse:
    """
    Ask before `act` takes something away; a refusal is shown on the same page with status 409.

    A rule of the database that was broken has status 422. `page`: title, text (what will happen), submit and crumbs.
    """
    problem, status = "", 200
    if request.method == "POST":
        try:
            act()
        except RefusalError as refusal:
            problem = str(refusal)
            status = 422 if isinstance(refusal, BrokenRuleError) else 409
        else:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    context = {"problem": problem, "back": back, **page}
    return TemplateResponse(request, "projects/confirm.html", context, status=status)
