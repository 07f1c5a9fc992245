"""An import from its check to its end: what every row would do, the writing, and what came of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.models import JobState
from pmo.common.records.writing import RefusalError
from reports.imports.domain import Profile, profile_from_dict
from reports.imports.forms.answers import AnswersForm
from reports.imports.forms.mending import MendForm, columns_of, value_forms
from reports.imports.forms.rows import RowsForm
from reports.imports.models import ImportRun, ImportState, StagedRow
from reports.imports.selectors import (
    MOST_DIGITS,
    beside,
    is_waiting,
    looked_for,
    problem_kinds,
    row_counts,
    rows_of,
    said_often,
    warnings_of,
)
from reports.imports.services import runs, work
from reports.imports.views import ends
from reports.imports.views.frame import asked, crumbs
from reports.imports.words import review as words
from reports.imports.words.ledger import reconciled
from reports.imports.words.losses import losses_of, losses_title
from reports.imports.words.runs import DISCARDED, state_sentence
from reports.imports.words.sheets import WAITS, WRITTEN_LATER

RUNNING = {ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING}
ENDED = {ImportState.APPLIED, ImportState.STOPPED, ImportState.UNDONE}
CHECKED = {ImportState.READY, ImportState.FAULTY}
ROWS = 25
# what of the page is swapped when rows are narrowed, opened or turned over
ROWS_PARTS = {"rows-list": "rows_list", "rows": "rows"}


@require_safe
@requires(Permission.IMPORT_RUN, ImportRun)
def import_detail(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Show where an import stands: the rows of its check, how far it is, or what came of it."""
    rows_part = ROWS_PARTS.get(request.htmx.target or "") if request.htmx else None
    if request.htmx and not rows_part and not is_running(run):
        return HttpResponseClientRefresh()
    if is_running(run):
        part = "#progress" if request.htmx else ""
        return _answer(request, f"reports/import_running.html{part}", _running(run))
    if run.state in ENDED and not _has_failed(run):
        return _answer(request, "reports/import_done.html", ends.ended(request, run))
    part = f"#{rows_part}" if rows_part else ""
    return _answer(request, f"reports/import_review.html{part}", review_of(request, run))


def _answer(request: PageRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    response = TemplateResponse(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _has_failed(run: ImportRun) -> bool:
    return run.job is not None and run.job.state == JobState.FAILED


def is_running(run: ImportRun) -> bool:
    return run.state in RUNNING and not _has_failed(run)


def _running(run: ImportRun) -> dict[str, Any]:
    return {
        "run": run,
        "job": run.job,
        "title": words.RUNNING[ImportState(run.state)],
        "is_check": run.state == ImportState.CHECKING,
        "can_stop": run.state in {ImportState.CHECKING, ImportState.APPLYING},
        "crumbs": crumbs(),
        "running": True,
    }


def _answers_form(request: PageRequest, run: ImportRun) -> AnswersForm | None:
    """Return the questions that the check left, None when there are none or they are asked later."""
    unknown = run.report.get("unknown", [])
    if run.state != ImportState.READY or not unknown or is_waiting(run):
        return None
    answers = run.document.get("answers") or {}
    sent = request.POST if request.method == "POST" else None
    return AnswersForm(sent, unknown=unknown, answers=answers, by=request.user)


def review_of(
    request: PageRequest,
    run: ImportRun,
    form: AnswersForm | None = None,
    mend: MendForm | None = None,
) -> dict[str, Any]:
    """Return what the page of a check shows; the forms are those that were sent and are not right."""
    counts = row_counts(run)
    warnings = warnings_of(run)
    is_checked = run.state in CHECKED
    mine = run.created_by_id == request.user.pk
    waits = is_waiting(run)
    job = run.job
    return {
        "run": run,
        "title": words.TITLE if is_checked else run.get_state_display(),
        "sub": words.file_sentence(run),
        "lede": words.lede(run, counts, warnings) if is_checked else [],
        "lede_color": words.lede_color(run, counts, warnings),
        "trouble": job.error if job and _has_failed(run) else "",
        "sentence": _sentence(run, waits=waits),
        "beside": beside(run).visible_to(request.user),
        "report": run.report,
        "ledger": reconciled(run),
        "counts": counts,
        "form": form or _answers_form(request, run),
        "warnings": words.asked(run, warnings) if is_checked else [],
        "warnings_title": words.warnings_title(warnings),
        "warnings_answered": words.warnings_answered(run, warnings),
        "cautions": words.told(run, warnings) if is_checked else [],
        "unanswered": [],
        "ready": run.state == ImportState.READY and mine and not waits,
        "can_press": is_checked and mine and run.is_open and not waits,
        "may_change": run.is_open and mine,
        "applied": False,
        "write_label": words.write_label(counts),
        "write_note": words.write_note(run, counts, warnings, waits=waits),
        "losses_title": losses_title(run.report.get("not_taken", [])),
        "losses": losses_of(run),
        "crumbs": crumbs(),
        **(_rows(request, run, counts, mend) if is_checked else {}),
    }


def _sentence(run: ImportRun, *, waits: bool) -> str:
    """Return where an import stands; nothing where its rows say it."""
    if waits:
        return WRITTEN_LATER if run.state in CHECKED else WAITS
    return "" if run.state in CHECKED else state_sentence(run)


def _rows(
    request: PageRequest, run: ImportRun, counts: dict[str, int], mend: MendForm | None
) -> dict[str, Any]:
    """Return the rows that are asked for, those that need somebody first, and the ways to mend them."""
    show = request.GET.get("show", "")
    kinds = problem_kinds(run)
    problems = [(kind.wrong, f"{kind.wrong} ({kind.rows:,})") for kind in kinds]
    narrowing = RowsForm(request.GET, problems=problems, auto_id="rows_%s")
    narrowing.is_valid()
    problem, find = narrowing.said("problem"), narrowing.said("find")
    found = looked_for(rows_of(run, show), problem=problem, find=find)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    profile = work.with_categories(profile_from_dict(run.document))
    may_mend = run.is_open and run.created_by_id == request.user.pk
    mend = mend or (_opened(request, run, profile) if may_mend else None)
    said = said_often(run, columns_of(run, profile)) if may_mend and counts["refused"] else []
    return {
        "page": page,
        "lines": words.lines(page.object_list, run),
        "show": show,
        "segments": words.segments(counts, show),
        "narrowing": narrowing,
        "kinds": kinds,
        "may_mend": may_mend,
        "mend": mend,
        "mended_row": mend.row.position if mend else None,
        "closed_row": _number(request.GET.get("closed", "")),
        "kept_query": kept_of(request),
        "values": value_forms(said, {field.name: field for field in profile.kind.fields}),
    }


def kept_of(request: PageRequest) -> str:
    """Return how the list is narrowed and where it is, as an address has it."""
    said = {
        name: request.GET[name]
        for name in ("show", "problem", "find", "page")
        if request.GET.get(name)
    }
    return urlencode(said)


def _number(text: str) -> int:
    """Return the position of a row that an address names; 0, where no row is, for none."""
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else 0


def _opened(request: PageRequest, run: ImportRun, profile: Profile) -> MendForm | None:
    """Return the form of the row that is to be opened, None for none."""
    row = StagedRow.objects.of(run).filter(position=_number(request.GET.get("open", ""))).first()
    if row is None:
        return None
    shows_all = "all" in request.GET
    return MendForm(run=run, row=row, profile=profile, shows_all=shows_all).with_problems()


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_apply(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Write the rows, with what was answered for names that Rounds does not know."""
    form = _answers_form(request, run)
    has_names = form is None or form.is_valid()
    unanswered = [one for one in warnings_of(run) if one.is_open]
    if run.state == ImportState.READY and (unanswered or not has_names):
        context = review_of(request, run, form) | {"unanswered": words.asked(run, unanswered)}
        return TemplateResponse(request, "reports/import_review.html", context, status=422)
    if run.state in CHECKED and words.is_nothing(run, row_counts(run)):
        messages.warning(request, words.NOTHING_WRITTEN)
        return redirect(run)
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
    messages.success(request, DISCARDED)
    return redirect("reports:import_list")


@require_POST
@requires(Permission.IMPORT_RUN, ImportRun)
def import_stop(request: PageRequest, run: ImportRun) -> HttpResponseRedirect:
    """Stop the check, or the writing; what is written stays."""
    return asked(request, run, runs.request_stop)
