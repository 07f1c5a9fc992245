"""An import in the browser: upload, choose columns, read the dry run, apply."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
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
from pmo.common.page import figures, sheets
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import RefusalError
from pmo.common.tabular import SourceTable
from pmo.common.tabular.table import plain
from reports.imports.domain import RECORD_KINDS, profile_from_dict
from reports.imports.forms.answers import AnswersForm
from reports.imports.forms.imports import ColumnsForm, ReadingForm, UploadForm
from reports.imports.models import ImportRun, ImportState
from reports.imports.selectors import sample_sheets
from reports.imports.services import runs, work

PREVIEW_ROWS = 5
PREVIEW_CELL = 60
DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def crumbs() -> list[Breadcrumb]:
    return [
        Breadcrumb("Office", reverse("office")),
        Breadcrumb("Imports", reverse("reports:import_list")),
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
    context["mixed"] = form.mixed if "status_is" in form.fields else ""
    context["reading"] = ReadingForm(initial=run.document.get("source") or {}, auto_id="how_%s")
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
    except RefusalError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_reading(request: PageRequest, run: ImportRun) -> HttpResponseRedirect:
    """Read the file another way."""
    form = ReadingForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The line of the headers is a number from 1 on.")
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
    return run.state in {ImportState.CHECKING, ImportState.APPLYING} and not failed


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
    labels = {field.name: field.label for field in RECORD_KINDS[run.document["record"]].fields}
    return {
        "run": run,
        "form": form,
        "sub": sentence_of(run),
        "job": job,
        "running": running,
        "trouble": job.error if job and failed else "",
        "report": run.report,
        "labels": labels,
        "page": Paginator(run.report.get("rows", []), 50).get_page(request.GET.get("page")),
        "ready": run.state == ImportState.READY,
        "applied": run.state == ImportState.APPLIED,
        "may_change": run.is_open and not running,
        "crumbs": crumbs(),
        "added": _added(run),
        "dashboard_url": reverse("reports:dashboard"),
    }


def _added(run: ImportRun) -> list[tuple[str, str]]:
    """Return what was added beside the rows, by what it is."""
    added = run.report.get("added") or {}
    named = (("Units added", "unit"), ("People added, who cannot sign in yet", "person"))
    return [(label, ", ".join(added[sort])) for label, sort in named if added.get(sort)]


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
    messages.success(request, "Discarded. The file is forgotten and nothing was changed.")
    return redirect("reports:import_list")


def sentence_of(run: ImportRun) -> str:
    """Say in one sentence where an import stands."""
    report, counts = run.report, run.report.get("counts", {})
    rows = f"{counts.get('created', 0):,} new, {counts.get('updated', 0):,} changed, {counts.get('unchanged', 0):,} unchanged"  # fmt: skip
    match run.state:
        case ImportState.READY:
            first = _unanswered(report.get("unknown", []))
            return f"All {figures.count(report['total'], 'row')} can be written: {rows}.{first}"
        case ImportState.APPLIED:
            return f"All {figures.count(report['total'], 'row')} are written: {rows}."
        case ImportState.FAULTY if report["problem_count"]:
            problems = figures.count(report["problem_count"], "problem")
            return f"{problems} in {figures.count(report['total'], 'row')}; nothing was written."
        case ImportState.FAULTY:
            return "Nothing was written: a question is open." if report["questions"] else "No row to import was found."  # fmt: skip
    return run.get_state_display()


def _unanswered(unknown: list[dict[str, Any]]) -> str:
    """Say how many names wait for an answer, empty for none."""
    kinds = (("person", "person", "people"), ("unit", "unit", "units"))
    amounts = [
        figures.count(amount, one, many)
        for sort, one, many in kinds
        if (amount := sum(name["sort"] == sort for name in unknown))
    ]
    if not amounts:
        return ""
    return f" Rounds does not know {figures.listing(amounts)} in the file: choose below what to do with them."


def preview_of(table: SourceTable) -> dict[str, Any]:
    """Return what was found out about the file, and its first rows."""
    way = "in columns" if table.orientation == "columns" else "in rows"
    facts = [("Records", f"{len(table.rows):,} {way}"), ("Columns", f"{len(table.headers):,}")]
    if table.encoding:
        facts.append(("Encoding", table.encoding))
        facts.append(("Delimiter", DELIMITER_WORDS.get(table.delimiter, table.delimiter)))
    if table.sheet:
        facts.append(("Sheet", table.sheet))
    facts.append(
        ("Headers", f"line {table.header_position}" if way == "in rows" else "first column")
    )
    rows = [[plain(cell)[:PREVIEW_CELL] for cell in row.cells] for row in table.rows[:PREVIEW_ROWS]]
    return {"facts": facts, "headers": table.headers, "rows": rows}
