"""What came of an import, and the way to take it back."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from reports.imports.forms.rows import UndoForm
from reports.imports.models import ImportRun, ImportState
from reports.imports.selectors import beside, edited_since, row_counts, rows_of
from reports.imports.services import runs, undoing
from reports.imports.views.frame import asked, crumbs
from reports.imports.words import ends as words
from reports.imports.words.ledger import reconciled
from reports.imports.words.losses import losses_of, losses_title
from reports.imports.words.review import lines
from reports.imports.words.runs import added

ROWS = 25
UNDOABLE = {ImportState.APPLIED, ImportState.STOPPED}


def ended(request: PageRequest, run: ImportRun) -> dict[str, Any]:
    """Return what the page of an import that wrote something shows."""
    counts = row_counts(run)
    is_undone = run.state == ImportState.UNDONE
    show = request.GET.get("show", "")
    show = show if show in words.SHOWN else "kept" if is_undone else "back"
    page = Paginator(rows_of(run, show), ROWS).get_page(request.GET.get("page"))
    can_undo = run.state in UNDOABLE and undoing.may_undo(run, request.user)
    mine = run.created_by_id == request.user.pk
    edited = edited_since(run, request.user) if can_undo else []
    return {
        "run": run,
        "title": words.title(run, counts),
        "sub": words.who_and_when(run),
        "is_undone": is_undone,
        "applied": True,
        "report": run.report,
        "ledger": None if is_undone else reconciled(run),
        "counts": counts,
        "tiles": words.tiles(run, counts),
        "page": page,
        "lines": lines(page.object_list, run),
        "show": show,
        "may_mend": False,
        "kept_query": "",
        "rows_title": words.rows_title(show, page.paginator.count),
        "kept_beside": run.report.get("kept_beside", []),
        "can_undo": can_undo,
        "undo_says": words.undo_says(run, edited) if can_undo else "",
        "can_go_on": run.state == ImportState.STOPPED and mine,
        "waiting": words.waiting(counts) if run.state == ImportState.STOPPED else "",
        "beside": beside(run).visible_to(request.user),
        "losses_title": losses_title(run.report.get("not_taken", [])),
        "losses": losses_of(run),
        "added": [] if is_undone else added(run),
        "dashboard_url": reverse("reports:dashboard"),
        "crumbs": crumbs(),
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_RUN, ImportRun)
def import_undo(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Show what an undo takes back and what stays; the word typed lets it begin."""
    if not (run.state in UNDOABLE and undoing.may_undo(run, request.user)):
        return asked(request, run, runs.request_undo) if request.method == "POST" else redirect(run)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return asked(request, run, runs.request_undo)
    counts = row_counts(run)
    edited = edited_since(run, request.user)
    context = {
        "run": run,
        "form": form,
        "title": words.undo_title(counts),
        "sub": run.file_name,
        "goes": words.goes(run, counts),
        "stays": words.stays(run),
        "edited": edited[: words.MOST_EDITED],
        "edited_title": words.edited_title(edited),
        "edited_more": words.more(len(edited) - words.MOST_EDITED),
        "crumbs": [*crumbs(), Breadcrumb(run.file_name, run.get_absolute_url())],
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "reports/import_undo.html", context, status=status)
