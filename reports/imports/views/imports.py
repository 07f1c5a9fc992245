"""The way into an import: upload, choose columns; and what it hands out as files."""

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

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import sheets
from pmo.common.page.editing import add_refusal
from pmo.common.page.once import looks_first
from pmo.common.records.search import as_read, found
from pmo.common.records.writing import RefusalError
from pmo.common.tabular import SourceTable
from pmo.common.tabular.table import plain
from projects.models import Project
from reports.imports.domain import RECORD_KINDS, profile_from_dict
from reports.imports.forms.imports import ColumnsForm, UploadForm
from reports.imports.forms.reading import ReadingForm
from reports.imports.models import ImportRun
from reports.imports.selectors import beside
from reports.imports.services import handing_back, runs, work
from reports.imports.services.workbooks import has_several
from reports.imports.views import looks
from reports.imports.views.frame import crumbs
from reports.imports.words import runs as words
from reports.imports.words.losses import looks_like
from reports.imports.words.reading import plan_said
from reports.imports.words.samples import sample_sheets
from reports.imports.words.warnings import said

PREVIEW_ROWS = 5
PREVIEW_CELL = 60
PROJECTS_SHOWN = 10


@require_http_methods(["GET", "POST"])
@looks_first(looks.at_the_upload)
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
            several = not form.cleaned_data["profile"] and has_several(work.table_of(run))
            return redirect(
                "reports:import_sheets" if several else "reports:import_columns", pk=run.pk
            )
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
    name = "-".join(("rounds-sample", *RECORD_KINDS[kind].label.lower().split()))
    return sheets.xlsx_response(name, sample_sheets(kind, by=request.user))


@require_safe
@requires(Permission.IMPORT_RUN)
def import_projects(request: PageRequest) -> TemplateResponse:
    """Answer what is typed with the first few projects it may mean, as options of a list."""
    words_typed = request.GET.get("project", "").replace("\x00", "").strip()[:100]
    visible = Project.objects.visible_to(request.user).filter(found(Project, words_typed))
    shown = visible.order_by(*as_read("name", "pk"))[:PROJECTS_SHOWN] if words_typed else []
    return TemplateResponse(request, "reports/import_projects.html", {"projects": shown})


@require_http_methods(["GET", "POST"])
@looks_first(looks.at_the_run)
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
        initial={"record": profile.kind.name, "sheet": table.sheet, **source},
        auto_id="how_%s",
        table=table,
    )
    context["beside"] = beside(run).visible_to(request.user)
    context["looks_like"] = looks_like(profile)
    context["plan"] = plan_said(table)
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
@looks_first(looks.at_another_reading)
@requires(Permission.IMPORT_RUN, ImportRun)
def import_reading(request: PageRequest, run: ImportRun) -> HttpResponseRedirect:
    """Read the file another way."""
    form = ReadingForm(request.POST)
    if not form.is_valid():
        messages.error(request, words.HEADER_LINE)
        return redirect("reports:import_columns", pk=run.pk)
    try:
        runs.read_again(
            run=run, by=request.user, source=form.source(), record=form.cleaned_data["record"]
        )
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:import_columns", pk=run.pk)


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
