"""An import in the browser: upload, choose columns, read the dry run, apply."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.models import JobState
from pmo.common.page import sheets
from pmo.common.page.editing import add_refusal
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import RefusalError
from pmo.common.tabular import SourceTable
from pmo.common.tabular.table import plain
from reports.imports.domain import RECORD_KINDS, profile_from_dict
from reports.imports.forms.answers import AnswersForm
from reports.imports.forms.imports import ColumnsForm, UploadForm
from reports.imports.forms.reading import ReadingForm
from reports.imports.models import ImportRun, ImportState
from reports.imports.selectors import row_counts, rows_of
from reports.imports.services import handing_back, runs, undoing, work
from reports.imports.words import runs as words
from reports.imports.words.samples import sample_sheets
from reports.imports.words.warnings import said

RUNNING = {ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING}
WROTE = {ImportState.APPLIED, ImportState.STOPPED}
PREVIEW_ROWS = 5
PREVIEW_CELL = 60


def crumbs() -> list[Breadcrumb]:
    return [
        Breadcrumb(words.OFFICE, reverse("office")),
        Breadcrumb(words.IMPORTS, reverse("reports:import_list")),
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def import_list(request: PageRequest) -> HttpResponse:
    """Show one's own imports; a file posted starts another."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = runs.start_import(
                file_name=file.name,
                content=file.read(),
                by=request.user,
                profile=form.cleaned_data["profile"],
                record=form.cleaned_data["record"],
            )
        except RefusalError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("reports:import_columns", pk=run.pk)
    mine = ImportRun.objects.visible_to(request.user).for_list()
    page = Paginator(mine, 25).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "crumbs": crumbs()[:1], "samples": samples()}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "reports/import_list.html", context, status=status)


def samples() -> list[tuple[str, str]]:
    """Return label and address of the sample for each kind of record."""
    return [
        (kind.label, reverse("reports:import_sample", args=[name]))
        for name, kind in RECORD_KINDS.items()
    ]


@require_safe
@requires(Permission.IMPORT_RUN)
def import_sample(request: PageRequest, kind: str) -> FileResponse:
    """Hand out a workbook to start from: headers, believable rows, and what each column means."""
    if kind not in RECORD_KINDS:
        raise Http404
    return sheets.xlsx_response(f"rounds-sample-{kind}s", sample_sheets(kind, by=request.user))


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_RUN, ImportRun)
def import_columns(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Show what the file holds; take which column is which field, and start the check."""
    if not run.is_open:
        return redirect(run)
    try:
        table = work.table_of(run)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:import_list")
    profile = profile_from_dict(run.document)
    form = ColumnsForm(request.POST or None, table=table, profile=profile, run=run, by=request.user)
    if request.method == "POST" and form.is_valid() and _start_check(request, run, form):
        return redirect(run)
    context = {"run": run, "form": form, "crumbs": crumbs(), **preview_of(table)}
    context["cautions"] = [said(one).sentence for one in table.cautions]
    context["mixed"] = form.mixed if "status_is" in form.fields else ""
    source = run.document.get("source") or {}
    context["reading"] = ReadingForm(
        initial={"sheet": table.sheet, **source}, auto_id="how_%s", table=table
    )
    context["asks_reading"] = words.asks_reading(table)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "reports/import_columns.html", context, status=status)


def _start_check(request: PageRequest, run: ImportRun, form: ColumnsForm) -> bool:
    chosen = form.cleaned_data
    try:
        runs.map_columns(
            run=run,
            by=request.user,
            document=form.document(),
            as_of=chosen.get("as_of"),
            portfolio=chosen.get("portfolio"),
            is_complete=chosen.get("is_complete", False),
            save_as=chosen["save_as"],
        )
        runs.request_check(run=run, by=request.user)
    except (RefusalError, ValidationError) as refusal:
        add_refusal(form, refusal)
        return False
    return True


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_reading(request: PageRequest, run: ImportRun) -> HttpResponseRedirect:
    """Read the file another way."""
    form = ReadingForm(request.POST)
    if not form.is_valid():
        messages.error(request, words.HEADER_LINE)
        return redirect("reports:import_columns", pk=run.pk)
    try:
        runs.read_again(run=run, by=request.user, source=form.source())
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:import_columns", pk=run.pk)


@require_safe
@requires(Permission.IMPORT_RUN, ImportRun)
def import_detail(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Show how far an import is, and its report row by row."""
    if request.htmx and not _is_running(run):
        return HttpResponseClientRefresh()
    form = _answers_form(request, run)
    context = _detail(request, run, form)
    return render_page(request, "reports/import_detail.html", context, partial="progress")


def _is_running(run: ImportRun) -> bool:
    failed = run.job is not None and run.job.state == JobState.FAILED
    return run.state in RUNNING and not failed


def _answers_form(request: PageRequest, run: ImportRun) -> AnswersForm | None:
    """Return the questions that the check left, None when there are none."""
    unknown = run.report.get("unknown", [])
    if run.state != ImportState.READY or not unknown:
        return None
    answers = run.document.get("answers") or {}
    sent = request.POST if request.method == "POST" else None
    return AnswersForm(sent, unknown=unknown, answers=answers, by=request.user)


def _detail(request: PageRequest, run: ImportRun, form: AnswersForm | None) -> dict[str, Any]:
    job = run.job
    failed = job is not None and job.state == JobState.FAILED
    running = _is_running(run)
    show = request.GET.get("show", "")
    labels = {field.name: field.label for field in RECORD_KINDS[run.document["record"]].fields}
    return {
        "run": run,
        "form": form,
        "sub": words.state_sentence(run),
        "job": job,
        "running": running,
        "trouble": job.error if job and failed else "",
        "report": run.report,
        "labels": labels,
        "page": Paginator(rows_of(run, show), 50).get_page(request.GET.get("page")),
        "show": show,
        "filters": words.filters(row_counts(run)),
        "to_write": words.to_write(run),
        "ready": run.state == ImportState.READY and run.created_by_id == request.user.pk,
        "stopped": run.state == ImportState.STOPPED,
        "can_stop": running and run.state == ImportState.APPLYING,
        "can_undo": run.state in WROTE and undoing.may_undo(run, request.user),
        "applied": run.state in WROTE,
        "may_change": run.is_open and not running,
        "crumbs": crumbs(),
        "added": words.added(run),
        "dashboard_url": reverse("reports:dashboard"),
    }


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_apply(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Write the rows, with what was answered for names that Rounds does not know."""
    form = _answers_form(request, run)
    if form is not None and not form.is_valid():
        context = _detail(request, run, form)
        return TemplateResponse(request, "reports/import_detail.html", context, status=422)
    try:
        runs.request_apply(run=run, by=request.user, answers=form.answers() if form else None)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect(run)


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_discard(request: PageRequest, run: ImportRun) -> HttpResponseRedirect:
    try:
        runs.discard(run=run, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
        return redirect(run)
    messages.success(request, words.DISCARDED)
    return redirect("reports:import_list")


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_stop(request: PageRequest, run: ImportRun) -> HttpResponseRedirect:
    """Stop the writing; what is written stays."""
    return _asked(request, run, runs.request_stop)


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_undo(request: PageRequest, run: ImportRun) -> HttpResponseRedirect:
    """Take back what an import wrote."""
    return _asked(request, run, runs.request_undo)


def _asked(
    request: PageRequest, run: ImportRun, service: Callable[..., ImportRun]
) -> HttpResponseRedirect:
    try:
        service(run=run, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect(run)


@require_safe
@requires(Permission.IMPORT_RUN, ImportRun)
def import_handed_back(
    request: PageRequest, run: ImportRun, form: str
) -> FileResponse | StreamingHttpResponse:
    """Hand out the rows that were not written, in the shape of the file, each with what is wrong."""
    name = sheets.file_name("rounds", "handed", "back", str(run.pk))
    if form == "csv":
        columns = handing_back.columns_back(run)
        return sheets.csv_response(name, columns, handing_back.rows_back(run))
    if form == "xlsx":
        return sheets.xlsx_response(name, [handing_back.sheet_back(run)])
    raise Http404


@require_safe
@requires(Permission.IMPORT_RUN, ImportRun)
def import_problems(request: PageRequest, run: ImportRun) -> StreamingHttpResponse:
    """Hand out all problems of a file."""
    name = sheets.file_name("rounds", "problems", str(run.pk))
    return sheets.csv_response(name, handing_back.PROBLEM_COLUMNS, handing_back.problem_rows(run))


def preview_of(table: SourceTable) -> dict[str, Any]:
    """Return what was found out about the file, and its first rows."""
    rows = [[plain(cell)[:PREVIEW_CELL] for cell in row.cells] for row in table.rows[:PREVIEW_ROWS]]
    return {"facts": words.file_facts(table), "headers": table.headers, "rows": rows}
