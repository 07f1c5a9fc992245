"""The sheets of a workbook: which are imported, and what their rows are."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import add_refusal
from pmo.common.page.once import looks_first
from pmo.common.records.writing import RefusalError
from reports.imports.forms.sheets import SheetsForm
from reports.imports.models import ImportRun
from reports.imports.services import work, workbooks
from reports.imports.views import looks
from reports.imports.views.frame import crumbs
from reports.imports.words import sheets as words


@require_http_methods(["GET", "POST"])
@looks_first(looks.at_the_sheets)
@requires(Permission.IMPORT_RUN, ImportRun)
def import_sheets(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Show what the sheets look like; take those that are chosen, each as an import of its own."""
    if not run.is_open:
        return redirect(run)
    try:
        offered = workbooks.looks_of(work.table_of(run))
    except RefusalError as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:import_list")
    form = SheetsForm(request.POST or None, looks=offered)
    if request.method == "POST" and form.is_valid():
        try:
            first, *_ = workbooks.choose_sheets(run=run, chosen=form.chosen(), by=request.user)
        except RefusalError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("reports:import_columns", pk=first.pk)
    what = words.named("level" if all(one.is_level for one in offered) else "sheet")
    context = {"run": run, "form": form, "crumbs": crumbs(), "sub": words.SUB, **what}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "reports/import_sheets.html", context, status=status)
