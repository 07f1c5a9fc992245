"""Background work as people see it: how far it is, and what failed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.views.clock import clock_in_doubt
from pmo.common.background.jobs import retry
from pmo.common.models import Job, JobState
from pmo.common.page.htmx import render_page


def seen_by(user: User) -> QuerySet[Job]:
    """Return one's own jobs, or all of them for those who watch over the machine."""
    if can(user, Permission.JOB_VIEW).allowed:
        return Job.objects.all()
    return Job.objects.filter(requested_by=user)


@require_safe
@requires(Permission.JOB_VIEW)
def job_list(request: PageRequest) -> TemplateResponse:
    jobs = Job.objects.select_related("requested_by").order_by("-created_at", "-pk")
    page = Paginator(jobs, 25).get_page(request.GET.get("page"))
    failed = Job.objects.filter(state=JobState.FAILED).count()
    waiting = Job.objects.open().count()
    context = {
        "page": page,
        "failed": failed,
        "waiting": waiting,
        **clock_in_doubt(request.user),
    }
    return TemplateResponse(request, "accounts/job_list.html", context)


@require_safe
@requires(Permission.HOME_OPEN)
def job(request: PageRequest, pk: int) -> HttpResponse:
    """Show one job; htmx asks for it again until it is over."""
    found = get_object_or_404(seen_by(request.user), pk=pk)
    context = {
        "job": found,
        "title": found.result.get("title") or found.params.get("title") or "Background work",
        "result_url": found.result.get("url", ""),
        "result_label": found.result.get("label", "Open"),
        "message": found.error or found.message or found.get_state_display(),
    }
    return render_page(request, "accounts/job.html", context, partial="progress")


@require_POST
@requires(Permission.HOME_OPEN)
def job_retry(request: PageRequest, pk: int) -> HttpResponseRedirect:
    """Start a failed job again."""
    found = get_object_or_404(seen_by(request.user), pk=pk, state=JobState.FAILED)
    retry(job=found, by=request.user)
    messages.success(request, "It is waiting for a worker again.")
    return redirect("job", pk=pk)
