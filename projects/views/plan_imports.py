"""A schedule file for a project's plan: upload, report, writing, undoing; and the plan as such a file."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.editing import add_refusal
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import RefusalError
from projects.domain.exchange import Fate
from projects.forms.plan_imports import ApplyForm, ScheduleForm
from projects.models import PlanImport, PlanImportState, Project
from projects.selectors.plan_file import mspdi_of
from projects.services import plan_imports as services
from projects.services.plan_turn import as_of_today
from projects.views import frame
from projects.words import plan_imports as words

SHOWN_BASELINE = 50
FATES = (
    (Fate.LOST, "Lost", words.LOST_NOTE),
    (Fate.CHANGED, "Changed", words.CHANGED_NOTE),
    (Fate.KEPT, "Kept", words.KEPT_NOTE),
)


def plan_url(project: Project) -> str:
    return frame.address("projects:project_plan", project.pk) or project.get_absolute_url()


def way(project: Project) -> list[frame.Crumb]:
    return [*frame.crumbs(project), frame.Crumb("Plan", plan_url(project))]


def list_url(project: Project) -> str:
    return reverse("projects:plan_import_list", args=[project.pk])


def adds_calendars(request: PageRequest, project: Project) -> bool:
    return frame.may(request.user, Permission.CALENDAR_CHANGE, project)


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def plan_download(request: PageRequest, project: Project) -> HttpResponse:
    """Hand the plan out for Microsoft Project."""
    del request
    name = re.sub(r"[^A-Za-z0-9-]+", "-", project.code).strip("-").lower() or "project"
    return HttpResponse(
        mspdi_of(as_of_today(project), made_at=timezone.localtime()),
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{name}-plan.xml"'},
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, Project)
def plan_import_list(request: PageRequest, project: Project) -> HttpResponse:
    """Show the files that came into this plan; a file posted starts another."""
    is_sent = request.method == "POST"
    form = ScheduleForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = services.upload_file(
                project=project,
                file_name=file.name,
                content=file.read(),
                by=request.user,
                adds_calendars=adds_calendars(request, project),
            )
        except (RefusalError, ValidationError) as refusal:
            _add_refusal(form, refusal)
        else:
            return redirect(run)
    runs = PlanImport.objects.filter(project=project).for_list()
    days = formats.count(settings.FORGET_UPLOADS_AFTER_DAYS, "day")
    context = {
        "project": project,
        "form": form,
        "waits": words.waits(days),
        "page": Paginator(runs, frame.PAGE_SIZE).get_page(request.GET.get("page")),
        "crumbs": way(project),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "projects/plan_import_list.html", context, status=status)


def _add_refusal(form: ScheduleForm, refusal: RefusalError | ValidationError) -> None:
    if isinstance(refusal, RefusalError):
        form.add_error("file", str(refusal))
    else:
        add_refusal(form, refusal)


@require_safe
@requires(Permission.PLAN_CHANGE, PlanImport)
def plan_import(request: PageRequest, run: PlanImport) -> HttpResponse:
    """Show how far a file is, and what it does to the plan."""
    job = run.job
    running = run.is_open and job is not None and not job.is_finished
    if request.htmx and not running:
        return HttpResponseClientRefresh()
    is_checked = run.state != PlanImportState.CHECKING
    context = {
        "run": run,
        "sub": words.sentence_of(run),
        "job": job,
        "running": running,
        "trouble": run.trouble,
        "sections": sections_of(run) if is_checked else [],
        "counts": run.counts,
        "form": ApplyForm(),
        "baseline": [_approved(row) for row in run.baseline[:SHOWN_BASELINE]],
        "baseline_rows": len(run.baseline),
        "is_ready": run.state == PlanImportState.CHECKED and not running,
        "is_open": run.is_open and not running,
        "is_applied": run.state == PlanImportState.APPLIED,
        "plan_url": plan_url(run.project),
        "crumbs": [*way(run.project), frame.Crumb(words.SCHEDULE_FILES, list_url(run.project))],
    }
    return render_page(request, "projects/plan_import.html", context, partial="progress")


def _approved(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the file's baseline with dates and money instead of texts."""
    return {
        "name": row["name"],
        "start": date.fromisoformat(row["start"]) if row["start"] else None,
        "finish": date.fromisoformat(row["finish"]) if row["finish"] else None,
        "cost": Decimal(row["cost"]) if row["cost"] else None,
    }


def sections_of(run: PlanImport) -> list[dict[str, Any]]:
    """Return the report's lines by what becomes of them."""
    found = [
        {
            "fate": fate.value,
            "label": label,
            "note": note,
            "losses": [loss for loss in run.losses if loss["fate"] == fate.value],
        }
        for fate, label, note in FATES
    ]
    return [section for section in found if section["losses"]]


@require_POST
@requires(Permission.PLAN_CHANGE, PlanImport)
def plan_import_check(request: PageRequest, run: PlanImport) -> HttpResponseRedirect:
    try:
        services.request_check(
            run=run, by=request.user, adds_calendars=adds_calendars(request, run.project)
        )
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect(run)


@require_POST
@requires(Permission.PLAN_CHANGE, PlanImport)
def plan_import_apply(request: PageRequest, run: PlanImport) -> HttpResponseRedirect:
    form = ApplyForm(request.POST)
    try:
        services.request_apply(
            run=run,
            by=request.user,
            removes_started=form.is_valid() and form.cleaned_data["removes_started"],
            adds_calendars=adds_calendars(request, run.project),
        )
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect(run)


@require_POST
@requires(Permission.PLAN_CHANGE, PlanImport)
def plan_import_discard(request: PageRequest, run: PlanImport) -> HttpResponseRedirect:
    try:
        services.discard_import(run=run, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
        return redirect(run)
    messages.success(request, words.DISCARDED)
    return redirect(list_url(run.project))


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, PlanImport)
def plan_import_undo(request: PageRequest, run: PlanImport) -> HttpResponse:
    def undo() -> None:
        services.undo_import(run=run, by=request.user)

    return frame.confirm_page(
        request,
        act=undo,
        title=words.undo_asked(run.file_name),
        text=words.UNDO_NOTE,
        submit=words.UNDO_IMPORT,
        done=words.IMPORT_UNDONE,
        back=run.get_absolute_url(),
        crumbs=way(run.project),
    )
