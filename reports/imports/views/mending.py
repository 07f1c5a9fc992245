"""What is mended on the page of a check, row by row and value by value; each answers with what changed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import add_refusal
from pmo.common.page.once import looks_first
from pmo.common.records.writing import RefusalError
from reports.imports.domain import profile_from_dict
from reports.imports.forms.mending import UNCHANGED, MendForm, ValueForm, mend_form
from reports.imports.models import ImportRun, RowState, StagedRow
from reports.imports.selectors import looked_for, rows_of
from reports.imports.services import asking, mending, work
from reports.imports.views import looks
from reports.imports.views.review import kept_of, review_of
from reports.imports.words import review as words

MOST_AT_ONCE = 5_000


@require_POST
@looks_first(looks.at_the_row)
@requires(Permission.IMPORT_RUN, ImportRun)
def import_row(request: PageRequest, run: ImportRun, position: int) -> HttpResponse:
    """Mend a row, leave it out, or take it in again."""
    row = StagedRow.objects.of(run).filter(position=position).first()
    if row is None:
        raise Http404
    if "leave" in request.POST or "take" in request.POST:
        is_left_out = "leave" in request.POST
        said = words.left_out(row) if is_left_out else words.taken_in(row)
        return _done(request, run, position, said, lambda: mending.leave_out(
            run=run, by=request.user, positions=[position], is_left_out=is_left_out))  # fmt: skip
    form = mend_form(request.POST, run, row)
    if form.is_valid() and form.said:
        try:
            mending.mend_cells(run=run, by=request.user, cells={position: form.said})
        except RefusalError as refusal:
            add_refusal(form, refusal)
        else:
            return _after(request, run, position)
    elif form.is_valid():
        form.add_error(None, UNCHANGED)
    context = review_of(request, run, mend=form)
    part = "#swapped" if request.htmx else ""
    return TemplateResponse(request, f"reports/import_review.html{part}", context, status=422)


def _after(request: PageRequest, run: ImportRun, position: int) -> HttpResponse:
    """Say what the check of the mended row found; one that is still wrong stays open."""
    row = StagedRow.objects.of(run).get(position=position)
    form = None
    if row.state == RowState.REFUSED:
        profile = work.with_categories(profile_from_dict(run.document))
        form = MendForm(run=run, row=row, profile=profile).with_problems()
    return _answered(request, run, position, words.mended(row), form)


@require_POST
@looks_first(looks.at_the_value)
@requires(Permission.IMPORT_RUN, ImportRun)
def import_value(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Let a value of the file say something else in every row."""
    form = ValueForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["new"]:
        return _answered(request, run, 0, words.NO_VALUE)
    old, new = form.cleaned_data["old"], form.mended()
    header = form.cleaned_data["header"]
    return _done(request, run, 0, words.value_mended(old, new), lambda: mending.mend_value(
        run=run, by=request.user, header=header, old=old, new=new))  # fmt: skip


@require_POST
@looks_first(looks.at_the_rows)
@requires(Permission.IMPORT_RUN, ImportRun)
def import_warning(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Keep the answer to a warning."""
    key, answer = request.POST.get("key", ""), request.POST.get("answer", "")
    if answer not in words.ANSWERED:
        return _answered(request, run, 0, words.NO_ANSWER)
    return _done(request, run, 0, words.ANSWERED[answer], lambda: asking.answer_warning(
        run=run, by=request.user, key=key, answer=answer))  # fmt: skip


@require_POST
@looks_first(looks.at_the_rows)
@requires(Permission.IMPORT_RUN, ImportRun)
def import_leave(request: PageRequest, run: ImportRun) -> HttpResponse:
    """Leave every row out that has the same problem."""
    wrong = request.POST.get("problem", "")
    rows = looked_for(rows_of(run, "refused"), problem=wrong) if wrong else StagedRow.objects.none()
    positions = list(rows.values_list("position", flat=True)[:MOST_AT_ONCE])
    if not positions:
        return _answered(request, run, 0, words.NO_ROW)
    return _done(request, run, 0, words.rows_left_out(len(positions)), lambda: mending.leave_out(
        run=run, by=request.user, positions=positions))  # fmt: skip


def _done(
    request: PageRequest, run: ImportRun, position: int, said: str, act: Callable[[], Any]
) -> HttpResponse:
    try:
        act()
    except RefusalError as refusal:
        said = str(refusal)
    return _answered(request, run, position, said)


def _answered(
    request: PageRequest, run: ImportRun, position: int, said: str, form: MendForm | None = None
) -> HttpResponse:
    """Send what changed of the page, or without scripts the whole page anew."""
    if not request.htmx:
        messages.info(request, said)
        opened = f"&open={position}" if form else ""
        place = f"#row-{position}" if position else "#rows"
        return redirect(f"{run.get_absolute_url()}?{kept_of(request)}{opened}{place}")
    before = run.state
    run.refresh_from_db()
    context = review_of(request, run, mend=form)
    context |= {"said": said, "focus_row": position, "is_otherwise": run.state != before}
    return TemplateResponse(request, "reports/import_review.html#swapped", context)
