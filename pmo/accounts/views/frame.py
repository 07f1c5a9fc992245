"""The doors: where each person starts, the office's desk, the parts page, and the health check."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.db import Error
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import HttpRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts import checklist
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import Role
from pmo.accounts.views.clock import clock_in_doubt
from pmo.common.background.schedule import last_tick
from pmo.common.background.standing import known_standing
from pmo.common.page import component_examples
from pmo.common.page.checklist import is_over

# a tick comes each minute; after this long the clock is late
CLOCK_LATE_SECONDS = 300
log = logging.getLogger(__name__)


@require_safe
@requires(Permission.HOME_OPEN)
def home(request: PageRequest) -> HttpResponseRedirect:
    """Send each to what that person comes for."""
    roles = {held.role for held in request.user.held}
    if roles <= {Role.STAFF}:
        return redirect("projects:my_projects")
    if roles <= {Role.STAFF, Role.ADMINISTRATOR}:
        return redirect("office" if checklist.is_open(request.user) else "accounts:person_list")
    return redirect("reports:dashboard")


# URL name, label, what it is for, icon
DOORS = (
    (
        "reports:import_list",
        "Import a spreadsheet",
        "Read Excel or CSV, and see what becomes of every row first.",
        "upload",
    ),
    (
        "projects:updates_received",
        "Updates received",
        "Who reported this week; remind the rest.",
        "send",
    ),
    (
        "projects:change_list",
        "Change requests",
        "What waits for a decision, whose, and since when.",
        "gavel",
    ),
    (
        "projects:tolerance_list",
        "Tolerances",
        "How large a change each level may approve.",
        "sliders-horizontal",
    ),
    (
        "reports:report_list",
        "Summaries and variance reports",
        "Review, issue, send.",
        "file-text",
    ),
    (
        "reports:subscription_list",
        "Subscriptions",
        "Who gets the weekly summary by mail.",
        "mail",
    ),
    (
        "portfolio:portfolio_list",
        "Portfolios",
        "What is looked at and decided on together.",
        "layers",
    ),
    ("portfolio:objective_list", "Objectives", "The strategy that projects serve.", "target"),
    ("projects:program_list", "Programs", "Projects that share a purpose.", "folder"),
    (
        "projects:calendar_list",
        "Calendars",
        "The days on which plans count work.",
        "calendar",
    ),
    (
        "projects:funding_source_list",
        "Funding sources",
        "Where money comes from, and what will lapse.",
        "wallet",
    ),
    ("accounts:person_list", "People and units", "Who may sign in, with which roles.", "users"),
    (
        "organization:settings",
        "Organization",
        "Name, currency, fiscal year, time zone and the week’s rhythm.",
        "building-2",
    ),
    (
        "organization:status",
        "Status and colors",
        "Where amber and red begin, and what updates are asked about.",
        "sliders-horizontal",
    ),
    ("organization:categories", "Categories", "What kinds of projects there are.", "layers"),
    ("jobs", "Background work", "What runs, waits or failed.", "clock"),
    ("changes", "Changes", "Who did what, and proof that nothing was altered.", "shield-alert"),
    ("components", "Parts of the interface", "Every part once, with real words.", "layers"),
)


# what a door needs; the others are open to whoever works in the office
NEEDED = {
    "accounts:person_list": Permission.ACCOUNT_LIST,
    "jobs": Permission.JOB_VIEW,
    "changes": Permission.AUDIT_VIEW,
    "components": Permission.COMPONENT_VIEW,
}


@require_safe
@requires(Permission.OFFICE_OPEN)
def office(request: PageRequest) -> TemplateResponse:
    """Show the steps to the first summary while they are open, and the doors of this reader."""
    user = request.user
    doors = [
        door
        for door in DOORS
        # the parts are for who builds Rounds: a hospital's office has no use for them
        if (settings.DEBUG or door[0] != "components")
        and can(user, NEEDED.get(door[0], Permission.IMPORT_RUN)).allowed
    ]
    found = checklist.open_checklist(user)
    context = {
        "doors": doors,
        "checklist": found,
        "is_hidden": found is None and checklist.is_hidden() and not is_over(),
        "today": timezone.localdate(),
        **clock_in_doubt(user),
    }
    return TemplateResponse(request, "accounts/office.html", context)


@require_safe
@requires(Permission.COMPONENT_VIEW)
def components(request: PageRequest) -> TemplateResponse:
    return TemplateResponse(
        request, "components/components_page.html", component_examples.context()
    )


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers with the tables that belong to this version."""
    del request
    try:
        tables = known_standing().sentence
        ticked = None if tables else last_tick()
    except Error:
        log.exception("The database does not answer.")
        tables, ticked = "The database does not answer.", None
    if tables:
        return JsonResponse({"database": tables}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    age = None if ticked is None else round((timezone.now() - ticked).total_seconds())
    clock = "not yet" if age is None else "late" if age > CLOCK_LATE_SECONDS else "on time"
    body = {"database": "ok", "clock": clock, "seconds_since_tick": age}
    return JsonResponse(body | {"example": settings.EXAMPLE})
