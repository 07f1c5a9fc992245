"""The doors: where each person starts, the office's desk and the parts page."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts import checklist, words
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import Role
from pmo.accounts.views.clock import clock_in_doubt
from pmo.common.page import component_examples
from pmo.common.page.checklist import is_over


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
        words.IMPORT_SPREADSHEET,
        words.IMPORT_NOTE,
        "upload",
    ),
    (
        "projects:updates_received",
        words.UPDATES_RECEIVED,
        words.UPDATES_NOTE,
        "send",
    ),
    (
        "projects:change_list",
        words.CHANGE_REQUESTS,
        words.CHANGES_NOTE,
        "gavel",
    ),
    (
        "communication:item_list",
        words.COMMUNICATION,
        words.COMMUNICATION_NOTE,
        "message-square",
    ),
    (
        "projects:tolerance_list",
        "Tolerances",
        words.TOLERANCES_NOTE,
        "sliders-horizontal",
    ),
    (
        "reports:report_list",
        words.SUMMARIES_AND_REPORTS,
        words.DOCUMENTS_NOTE,
        "file-text",
    ),
    (
        "reports:subscription_list",
        "Subscriptions",
        words.SUBSCRIPTIONS_NOTE,
        "mail",
    ),
    (
        "portfolio:portfolio_list",
        "Portfolios",
        words.PORTFOLIOS_NOTE,
        "layers",
    ),
    ("governance:committee_list", "Committees", words.COMMITTEES_NOTE, "users"),
    ("governance:decision_list", "Decisions", words.DECISIONS_NOTE, "gavel"),
    ("governance:review_list", "Gate reviews", words.GATE_REVIEWS_NOTE, "flag"),
    ("governance:gate_set_list", "Gate sets", words.GATE_SETS_NOTE, "clipboard-list"),
    ("portfolio:objective_list", "Objectives", words.OBJECTIVES_NOTE, "target"),
    ("intake:request_list", "Requests", words.REQUESTS_NOTE, "inbox"),
    ("intake:cycle_list", words.CAPITAL_CYCLES, words.CAPITAL_NOTE, "dollar-sign"),
    ("intake:replacement_list", words.REPLACEMENTS, words.REPLACEMENTS_NOTE, "refresh-cw"),
    ("projects:program_list", "Programs", words.PROGRAMS_NOTE, "folder"),
    ("templates:template_list", "Templates", words.TEMPLATES_NOTE, "layers"),
    ("templates:lesson_list", "Lessons", words.LESSONS_NOTE, "history"),
    (
        "projects:calendar_list",
        "Calendars",
        words.CALENDARS_NOTE,
        "calendar",
    ),
    (
        "projects:funding_source_list",
        words.FUNDING_SOURCES,
        words.FUNDING_NOTE,
        "wallet",
    ),
    ("accounts:person_list", words.PEOPLE_AND_UNITS, words.PEOPLE_NOTE, "users"),
    (
        "organization:settings",
        "Organization",
        words.SETTINGS_NOTE,
        "building-2",
    ),
    (
        "organization:status",
        words.STATUS_AND_COLORS,
        words.STATUS_NOTE,
        "sliders-horizontal",
    ),
    ("organization:categories", "Categories", words.CATEGORIES_NOTE, "layers"),
    ("jobs", words.BACKGROUND_WORK, words.JOBS_NOTE, "clock"),
    ("changes", "Changes", words.TRAIL_NOTE, "shield-alert"),
    ("components", words.COMPONENTS, words.COMPONENTS_NOTE, "layers"),
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
