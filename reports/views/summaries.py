"""The weekly summary: read, review, issue, print, send again."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.selectors.rhythm import rhythm_now
from reports.cached_pages import kept_at
from reports.forms.documents import CompileForm, ReviewForm
from reports.mail import file_name
from reports.models import Delivery, DeliveryState, DocumentKind, Summary
from reports.pdf import summary_pdf
from reports.selectors.documents import deliveries_of, summaries_for
from reports.selectors.scopes import OfferedScopes, subscribers_of
from reports.services import deliveries, summaries
from reports.views.freezing import nothing_frozen_for
from reports.words import documents as words
from reports.words.mails import mails_said
from reports.words.reading import ReadersCopy, print_data, reading_of, voided_sentence
from reports.words.rhythm import first_summary
from reports.words.seals import short_seal

DELIVERIES_SHOWN = 100
STARTED = uuid4().hex  # another release may write a page in another way: each process keeps its own


def _crumbs(summary: Summary | None = None) -> list[dict[str, str]]:
    crumbs = [{"label": words.REPORTS, "url": reverse("reports:report_list")}]
    if summary:
        crumbs.append({"label": words.summary_name(summary), "url": summary.get_absolute_url()})
    return crumbs


def _readable(user: User, pk: int) -> Summary:
    return get_object_or_404(summaries_for(user), pk=pk)


@require_safe
@requires(Permission.SUMMARY_VIEW)
def summary_list(request: PageRequest) -> TemplateResponse:
    found = summaries_for(request.user).for_list()  # type: ignore[attr-defined]  # our own queryset
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    context = {"page": page, "crumbs": _crumbs(), "first_text": first_summary(rhythm_now())}
    return TemplateResponse(request, "reports/summary_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.REPORT_RUN)
def summary_new(request: PageRequest) -> HttpResponse:
    """Compile a summary now, of any frozen week; choosing another scope loads its weeks."""
    asked = (request.POST or request.GET).get("scope", "")
    offered = OfferedScopes(request.user)
    form = CompileForm(request.POST or None, offered=offered, asked=asked)
    return edit_page(
        request,
        form=form,
        save=lambda f: summaries.request_summary(by=request.user, **f.frozen()),
        title=words.COMPILE_TITLE,
        submit=words.COMPILE_BUTTON,
        done=words.COMPILING,
        back=lambda job: reverse("job", args=[job.pk]),
        cancel_url=reverse("reports:report_list"),
        crumbs=_crumbs(),
        template="reports/document_new.html",
        **nothing_frozen_for(form, request.user),
    )


@require_safe
@requires(Permission.SUMMARY_VIEW)
def summary_detail(request: PageRequest, pk: int) -> TemplateResponse:
    summary = _readable(request.user, pk)
    summaries.note_reading(summary=summary, by=request.user)
    reading = reading_of(summary, request.user)
    context = _detail(reading, request.user)
    return TemplateResponse(request, "reports/summary_detail.html", context)


def _detail(reading: ReadersCopy, user: User) -> dict[str, Any]:
    summary = reading.summary
    reviews = can(user, Permission.SUMMARY_REVIEW).allowed
    context = {
        "reading": reading,
        "summary": summary,
        "sheet": reading.sheet,
        **_sheet_html(reading),
        "crumbs": _crumbs(),
        "actions": _actions(summary, user, reviews=reviews),
        "voided": voided_sentence(summary),
        "seal": short_seal(summary.seal),
        "is_intact": summary.is_issued and summaries.is_intact(summary),
        "shows_office": reviews,
        "sent": [],
        "more_sent": 0,
        "readers": 0,
        "subscribers": 0,
    }
    if reviews and summary.is_issued:
        sent = deliveries_of(summary)
        context["sent"] = [(one, deliveries.may_send_again(one)) for one in sent[:DELIVERIES_SHOWN]]
        context["more_sent"] = max(sent.count() - DELIVERIES_SHOWN, 0)
        context["readers"] = summary.readings.count()
    elif reviews:
        context["subscribers"] = subscribers_of(summary.scope, DocumentKind.SUMMARY).count()
    return context


def _sheet_html(reading: ReadersCopy) -> dict[str, str]:
    """Return the tables and lists of a sheet: a hundred rows that stay the same as long as it does."""
    url = reading.summary.get_reconciliation_url()
    context = {"sheet": reading.sheet, "has_projects": reading.has_projects, "landing_url": url}
    return kept_at(
        f"{reading.kept_as}:{STARTED}:{url}",
        make=lambda: {
            "projects_html": render_to_string("reports/_summary_projects.html", context),
            "on_track_html": render_to_string("reports/_summary_on_track.html", context),
        },
    )


def _actions(summary: Summary, user: User, *, reviews: bool) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = [
        {
            "label": "PDF",
            "url": reverse("reports:summary_pdf", args=[summary.pk]),
            "icon": "file-text",
        }
    ]
    if summary.is_issued or not reviews:
        return actions
    may_issue = can(user, Permission.SUMMARY_ISSUE).allowed and summary.reviewed_by_id is not None
    actions.append(
        {
            "label": words.REVIEW,
            "url": reverse("reports:summary_review", args=[summary.pk]),
            "icon": "pencil",
            "primary": not may_issue,
        }
    )
    if may_issue:
        url = reverse("reports:summary_issue", args=[summary.pk])
        actions.append({"label": words.ISSUE, "url": url, "icon": "send", "primary": True})
    return actions


@require_http_methods(["GET", "POST"])
@requires(Permission.SUMMARY_REVIEW)
def summary_review(request: PageRequest, pk: int) -> HttpResponse:
    summary = _readable(request.user, pk)
    if summary.is_issued:
        messages.error(request, summaries.ISSUED)
        return redirect(summary)
    reading = reading_of(summary, request.user)
    return edit_page(
        request,
        form=ReviewForm(
            request.POST or None,
            instance=summary,
            rows=reading.sheet.attention.rows,
            sees_all=reading.is_all,
        ),
        save=lambda form: summaries.review_summary(
            summary=summary,
            version=form.opened_version(),
            by=request.user,
            comments=form.comments(),
            **form.words(),
        ),
        title=words.REVIEW,
        sub=words.REVIEW_SUB,
        submit=words.REVIEW_BUTTON,
        done=words.REVIEWED,
        back=summary.get_absolute_url(),
        crumbs=_crumbs(summary),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SUMMARY_ISSUE)
def summary_issue(request: PageRequest, pk: int) -> HttpResponse:
    summary = _readable(request.user, pk)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            summaries.issue_summary(
                summary=summary,
                version=int(version) if version.isdecimal() else -1,
                by=request.user,
            )
        except EditConflictError as conflict:
            messages.error(request, words.words_changed(conflict.current))
        except RefusalError as refusal:
            messages.error(request, str(refusal))
        else:
            is_first = Summary.objects.issued().count() == 1
            said = words.ISSUED_FIRST if is_first else words.ISSUED
            messages.success(request, f"{said}{_mailed(summary)}")
        return redirect(summary)
    if summary.is_issued:
        messages.error(request, summaries.ISSUED)
        return redirect(summary)
    context = {
        "summary": summary,
        "name": words.summary_name(summary),
        "crumbs": _crumbs(summary),
        "subscribers": subscribers_of(summary.scope, DocumentKind.SUMMARY).count(),
    }
    return TemplateResponse(request, "reports/summary_issue.html", context)


def _mailed(summary: Summary) -> str:
    """Say what became of the mails of a summary that was just issued."""
    mails = Delivery.objects.filter(enclosures__summary=summary)
    collecting = mails.filter(state=DeliveryState.COLLECTING).count()
    return mails_said(mails.count() - collecting, collecting)


@require_safe
@requires(Permission.SUMMARY_VIEW)
def summary_print(request: PageRequest, pk: int) -> HttpResponse:
    """Return the reader's own copy as PDF."""
    summary = _readable(request.user, pk)
    summaries.note_reading(summary=summary, by=request.user)
    content = summary_pdf(print_data(reading_of(summary, request.user)))
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{file_name(summary)}"'},
    )


@require_POST
@requires(Permission.SUMMARY_REVIEW)
def delivery_again(request: PageRequest, pk: int) -> HttpResponseRedirect:
    delivery = get_object_or_404(Delivery, pk=pk)
    try:
        deliveries.send_again(delivery=delivery, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.SENT_AGAIN)
    held = delivery.enclosures.exclude(summary=None).order_by("pk").first()
    return redirect(held.summary) if held and held.summary else redirect("reports:report_list")
