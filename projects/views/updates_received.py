"""The office's week: whose update came in, who is to be reminded."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import RefusalError
from projects.forms.updates_received import ReceivedFilter
from projects.models import Project
from projects.selectors.status import due_now
from projects.selectors.updates_received import (
    PAGE_SIZE,
    left_out,
    received_counts,
    received_rows,
    reporting_projects,
)
from projects.services import reminders
from projects.words import updates_received as words


@require_safe
@requires(Permission.STATUS_CHASE)
def updates_received(request: PageRequest) -> TemplateResponse:
    now = timezone.now()
    due = due_now(now)
    form = ReceivedFilter(request.GET)
    everything = reporting_projects(request.user, week=due.week)
    narrowed = form.narrow(everything)
    counts = received_counts(narrowed)
    whole = counts if not form.is_narrow() else received_counts(everything)
    page = Paginator(form.apply(narrowed), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "page": page,
        "rows": received_rows(list(page), now=now),
        "counts": whole,
        "due": due,
        "lede": words.received_lede(whole, due),
        "form": form,
        "fields": [form["disputed"], form["q"]],
        "segments": form.segments(counts),
        "open": whole.missing + whole.draft - whole.unreachable,
        "unreached": words.unreached(whole.unreachable),
        "sub": words.received_sub(due),
        "url": reverse("projects:updates_received"),
        "footnote_total": whole.total + whole.hidden,
        "as_of": formats.moment(due.now),
        "here": request.get_full_path(),
    }
    return render_page(request, "projects/updates_received.html", context, partial="table")


def _back(request: PageRequest) -> HttpResponse:
    """Go back to the list as it was filtered."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("projects:updates_received")
    return HttpResponseRedirect(back)


@require_POST
@requires(Permission.STATUS_CHASE, Project)
def status_remind(request: PageRequest, project: Project) -> HttpResponse:
    try:
        jobs = reminders.remind_managers(project=project, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        old = all(job.is_finished for job in jobs)
        messages.success(request, words.reminded(project, len(jobs), before=old))
    return _back(request)


@require_POST
@requires(Permission.STATUS_CHASE)
def status_remind_all(request: PageRequest) -> HttpResponse:
    reminders.remind_all(by=request.user)
    names = left_out(request.user, now=timezone.now())
    messages.success(request, words.reminders_queued(names))
    return _back(request)
