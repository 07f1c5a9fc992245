"""Who did what: the audit trail as its readers may see it."""

import json
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from projects.models import Project
from reports.selectors.audit_events import visible_events

PAGE_SIZE = 50


class EventLine(NamedTuple):
    """One event in words: the fields with what they were and what they became."""

    event: AuditEvent
    what: str
    fields: list[tuple[str, Any, Any]]


@require_safe
@requires(Permission.AUDIT_VIEW)
def changes(request: PageRequest) -> TemplateResponse:
    events = visible_events(request.user)
    if action := request.GET.get("action", "").replace("\x00", ""):
        events = events.filter(action=action)
    page = _page(request, events)
    head = AuditEvent.objects.order_by("-sequence").values_list("sequence", "mac").first()
    context = {
        "title": "Changes",
        "crumbs": [],
        "page": page,
        "lines": _lines(page),
        "head": head,
        "faults": audit.faults() if "verify" in request.GET else None,
    }
    return TemplateResponse(request, "reports/changes.html", context)


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_changes(request: PageRequest, project: Project) -> TemplateResponse:
    events = AuditEvent.objects.select_related("by").filter(scope=audit.target_of(project))
    page = _page(request, events)
    context = {
        "title": "Changes",
        "crumbs": [
            Breadcrumb("Projects", reverse("projects:project_list")),
            Breadcrumb(project.name, project.get_absolute_url()),
        ],
        "page": page,
        "lines": _lines(page),
        "head": None,
        "faults": None,
    }
    return TemplateResponse(request, "reports/changes.html", context)


def _page(request: PageRequest, events: QuerySet[AuditEvent]) -> Page[AuditEvent]:
    return Paginator(events.order_by("-sequence"), PAGE_SIZE).get_page(request.GET.get("page"))


def _lines(page: Page[AuditEvent]) -> list[EventLine]:
    lines = []
    for event in page:
        before, after = _values(event)
        fields = [
            (_words(name), before.get(name), after.get(name))
            for name in sorted(before.keys() | after.keys())
            if before.get(name) not in (None, "", {}) or after.get(name) not in (None, "", {})
        ]
        lines.append(EventLine(event, _words(event.action), fields))
    return lines


def _values(event: AuditEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the event's text; an altered one may hold anything, and the page must still open."""
    try:
        body = json.loads(event.body)
        return dict(body["before"]), dict(body["after"])
    except (ValueError, KeyError, TypeError):
        return {}, {}


def _words(name: str) -> str:
    return name.replace(".", ": ", 1).replace("_", " ").removesuffix(" id").capitalize()
