"""Freeze now: ask, do it once, and say so wherever nothing is frozen yet."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.models import Job
from pmo.common.records.writing import RefusalError
from projects.selectors.rhythm import rhythm_now
from reports.forms.documents import FreezeForm
from reports.models import Freeze
from reports.services import early
from reports.words import documents
from reports.words import freezing as words
from reports.words.rhythm import nothing_frozen


@require_http_methods(["GET", "POST"])
@requires(Permission.FREEZE_NOW)
def freeze_now(request: PageRequest) -> HttpResponse:
    """Say what would be frozen; a second click is told when it was done, and by whom."""
    try:
        if request.method == "POST":
            return _done(request, early.request_freeze(by=request.user))
        projects = early.check(timezone.localdate())
    except RefusalError as refusal:
        messages.info(request, str(refusal))
        return redirect("reports:report_list")
    context = {
        "projects": projects,
        "today": timezone.localdate(),
        "freeze_day": rhythm_now().freeze_day,
        "crumbs": [{"label": documents.REPORTS, "url": reverse("reports:report_list")}],
    }
    return TemplateResponse(request, "reports/freeze_now.html", context)


def _done(request: PageRequest, made: Freeze | Job) -> HttpResponse:
    if isinstance(made, Job):
        messages.success(request, words.BEING_FROZEN)
        return redirect("job", made.pk)
    messages.success(request, words.frozen(made.rows))
    return redirect("reports:report_list")


def freeze_url(user: User) -> str:
    """Return where this person freezes by hand; "" for who may not."""
    return reverse("reports:freeze_now") if can(user, Permission.FREEZE_NOW).allowed else ""


def nothing_frozen_for(form: FreezeForm, user: User) -> dict[str, str]:
    """Return what a form says that has no frozen day to offer: when one comes, and the way to one now."""
    if form.freezes:
        return {"nothing_frozen": "", "freeze_url": ""}
    return {"nothing_frozen": nothing_frozen(rhythm_now()), "freeze_url": freeze_url(user)}


def standing(last: Freeze | None, user: User) -> dict[str, Any]:
    """Return what the reports' front page says of the last freeze, and whether to freeze now."""
    rhythm, today = rhythm_now(), timezone.localdate()
    is_today = last is not None and last.date == today
    said = {"early_title": "", "early_text": "", "compile_url": ""}
    if last and is_today and last.is_early:
        may_run = can(user, Permission.REPORT_RUN).allowed
        said = {
            "early_title": words.early_title(today),
            "early_text": words.early_text(last, rhythm),
            "compile_url": reverse("reports:summary_new") if may_run else "",
        }
    url = "" if is_today else freeze_url(user)
    return {
        **said,
        "freeze_url": url,
        "first_text": words.first_summary_text(rhythm, may_freeze=bool(url)),
    }
