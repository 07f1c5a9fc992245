"""Who did what: the audit trail as its readers may see it."""

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
from reports.selectors.audit_events import documents_of, names_of, visible_events
from reports.words.changes import (
    EventLine,
    chain_faults,
    chain_words,
    document_name,
    event_line,
)

PAGE_SIZE = 50


@require_safe
@requires(Permission.AUDIT_VIEW)
def changes(request: PageRequest) -> TemplateResponse:
    events = visible_events(request.user)
    if action := request.GET.get("action", "").replace("\x00", ""):
        events = events.filter(action=action)
    page = _page(request, events)
    head = AuditEvent.objects.order_by("-sequence").values_list("sequence", "mac").first()
    is_checked = "verify" in request.GET
    context = {
        "title": "Changes",
        "crumbs": [],
        "page": page,
        "lines": _lines(page),
        "chain": chain_words(*head) if head else "",
        "mac": head[1] if head else "",
        "checked": chain_faults(audit.faults()) if is_checked else "",
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
        "chain": "",
    }
    return TemplateResponse(request, "reports/changes.html", context)


def _page(request: PageRequest, events: QuerySet[AuditEvent]) -> Page[AuditEvent]:
    return Paginator(events.order_by("-sequence"), PAGE_SIZE).get_page(request.GET.get("page"))


def _lines(page: Page[AuditEvent]) -> list[EventLine]:
    keys = {key for event in page for key in (event.target, event.scope)}
    documents = {key: document_name(*found) for key, found in documents_of(keys).items()}
    names = names_of(keys) | documents
    return [event_line(event, names) for event in page]
