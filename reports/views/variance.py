"""Variance reports: ask for one, read it, take it away as a file."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.context import attributions
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.sheets import (
    ColumnKind,
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.organization.letterhead import Letterhead
from reports.cached_pages import kept
from reports.domain.figure_table import Use, used_in
from reports.domain.variance import DatedMark, VariancePage, category_of, marks_of, page_for
from reports.forms.documents import VarianceForm
from reports.models import VarianceReport
from reports.selectors.documents import (
    held_by,
    stored_marks,
    variance_reports,
    visible_ids,
)
from reports.selectors.scopes import OfferedScopes
from reports.services.variance import request_variance
from reports.views.freezing import nothing_frozen_for
from reports.words import documents
from reports.words import variance as words
from reports.words.file_cells import column_of, writer_of
from reports.words.variance import variance_sheet

COSTED = used_in(Use.REPORT)
COSTS = tuple(map(column_of, COSTED))
MILESTONES = (
    SheetColumn("Code", width=12),
    SheetColumn("Project", width=40),
    SheetColumn("Milestone", width=40),
    SheetColumn("Baseline", ColumnKind.DAY),
    SheetColumn(words.FORECAST_OR_ACTUAL, ColumnKind.DAY),
    SheetColumn("Done"),
    SheetColumn("Days late", ColumnKind.NUMBER),
    SheetColumn("Days moved", ColumnKind.NUMBER),
)


def _crumbs() -> list[dict[str, str]]:
    return [{"label": "Reports", "url": reverse("reports:report_list")}]


def _page(report: VarianceReport, seen: Collection[int]) -> tuple[VariancePage, Letterhead]:
    held = held_by(report, seen)
    return page_for(held.seen, as_of=report.date, since=report.compared_with), held.letterhead


def _body(report: VarianceReport, reader: User) -> SafeString:
    """
    Return what the page shows below its head, kept for all who may see the same projects.

    A report never changes once it is made, and its lines are read only when nothing is kept yet.
    """
    seen = visible_ids(reader)
    made = report.made_at.isoformat() if report.made_at else ""
    return kept(f"variance:{report.pk}:{made}", seen=seen, make=lambda: _written(report, seen))


def _written(report: VarianceReport, seen: Collection[int]) -> SafeString:
    page, letterhead = _page(report, seen)
    marks = marks_of(page, stored_marks(report))
    sheet = variance_sheet(page, marks=marks, currency=letterhead.money)
    context = {"report": report, "page": page, "sheet": sheet}
    return render_to_string("reports/_variance_body.html", context)


def _report(pk: int) -> VarianceReport:
    return get_object_or_404(variance_reports(), pk=pk)


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def variance_list(request: PageRequest) -> TemplateResponse:
    page = Paginator(variance_reports(), 25).get_page(request.GET.get("page"))
    context = {"page": page, "crumbs": _crumbs()}
    return TemplateResponse(request, "reports/variance_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.REPORT_RUN)
def variance_new(request: PageRequest) -> HttpResponse:
    """Ask for a report; choosing another scope loads its weeks."""
    asked = (request.POST or request.GET).get("scope", "")
    offered = OfferedScopes(request.user)
    form = VarianceForm(request.POST or None, offered=offered, asked=asked)
    return edit_page(
        request,
        form=form,
        save=lambda f: request_variance(by=request.user, **f.frozen()),
        title=documents.NEW_VARIANCE,
        submit=documents.VARIANCE_BUTTON,
        done=documents.CREATING,
        back=lambda job: reverse("job", args=[job.pk]),
        cancel_url=reverse("reports:report_list"),
        crumbs=_crumbs(),
        template="reports/document_new.html",
        **nothing_frozen_for(form, request.user),
    )


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def variance_report(request: PageRequest, pk: int) -> TemplateResponse:
    report = _report(pk)
    context = {
        "report": report,
        "title": words.title(report),
        "sub": words.sub(report),
        "voided": words.voided_sentence(report),
        "body": _body(report, request.user),
        "crumbs": _crumbs(),
        "actions": _files(report),
    }
    return TemplateResponse(request, "reports/variance_report.html", context)


def _files(report: VarianceReport) -> list[dict[str, Any]]:
    return [
        {
            "label": "CSV",
            "url": reverse("reports:variance_csv", args=[report.pk]),
            "icon": "download",
        },
        {
            "label": "Excel",
            "url": reverse("reports:variance_xlsx", args=[report.pk]),
            "icon": "file-spreadsheet",
        },
    ]


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def variance_csv(request: PageRequest, pk: int) -> StreamingHttpResponse:
    report = _report(pk)
    page, _letterhead = _page(report, visible_ids(request.user))
    return csv_response(_name(report), COSTS, _cost_rows(page))


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def variance_xlsx(request: PageRequest, pk: int) -> FileResponse:
    report = _report(pk)
    page, letterhead = _page(report, visible_ids(request.user))
    note = words.file_note(report, page, letterhead, sources=attributions())
    marks = marks_of(page, stored_marks(report))
    sheets = [
        Sheet(words.COSTS_SHEET, COSTS, _cost_rows(page), note),
        Sheet(words.MILESTONES_SHEET, MILESTONES, _mark_rows(marks), note),
    ]
    return xlsx_response(_name(report), sheets, money=letterhead.money)


def _name(report: VarianceReport) -> str:
    kind = "variance-early" if report.is_early else "variance"
    return file_name(kind, report.scope.code, report.date)


def _cost_rows(page: VariancePage) -> Iterator[tuple[Any, ...]]:
    written = [(one.name, writer_of(one)) for one in COSTED]
    for line in page.lines:
        own = {
            "category": category_of(line),
            "earned_reasons": line.eac_reason,
            "reasons": "; ".join(dict.fromkeys(line.reasons.values())),
        }
        cells = [own[name] if name in own else getattr(line, name) for name, _ in written]
        yield tuple(
            write(cell) if write else cell for cell, (_, write) in zip(cells, written, strict=True)
        )


def _mark_rows(marks: Iterable[DatedMark]) -> Iterator[tuple[Any, ...]]:
    for line, mark in ((one.line, one.mark) for one in marks):
        yield (
            line.code,
            line.name,
            mark.name,
            mark.baseline_date,
            mark.due_date,
            words.yes_or_no(yes=mark.is_done),
            mark.slip_days,
            mark.moved_days,
        )
