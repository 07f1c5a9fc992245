"""People and units from a file: upload, look at each row, write, and take the refused rows back."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from pmo.accounts import services, words
from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.forms import FileForm
from pmo.accounts.http import PageRequest
from pmo.accounts.lists import COLUMNS, ListKind, RowEffect, doubtful
from pmo.accounts.models import FileState, PeopleFile
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.models import JobState
from pmo.common.page import formats, sheets
from pmo.common.page.editing import add_refusal
from pmo.common.page.htmx import render_page
from pmo.common.page.once import looks_first
from pmo.common.records.writing import RefusalError
from pmo.common.tabular import TableError, keeping

PAGE_SIZE = 50
SAMPLES: dict[ListKind, list[tuple[str, ...]]] = {
    ListKind.PEOPLE: [
        ("Grace Okonkwo", "grace.okonkwo@example.org", "Director of projects", "", "PMO lead", ""),
        ("Ana Ruiz", "ana.ruiz@example.org", "Chief nurse", "", "Executive", ""),
        # without units, so that it goes in where there are none yet
        ("Li Wei", "li.wei@example.org", "Chief medical officer", "", "Executive", ""),
        ("Sam Patel", "sam.patel@example.org", "Analyst", "", "PMO analyst; Auditor", ""),
        ("Jo Brandt", "", "Facilities", "", "", ""),
    ],
    ListKind.UNITS: [
        ("North", "Facility", "", "1200"),
        ("Surgery", "Department", "North", "180"),
        ("4 West", "Ward", "North / Surgery", "42"),
        ("North / Radiology", "Department", "", "60"),
    ],
}


def crumbs() -> list[Breadcrumb]:
    return [Breadcrumb("People", reverse("accounts:person_list"))]


def _may(request: PageRequest, kind: ListKind) -> None:
    """Refuse who may change people and not units, or the other way round."""
    needed = Permission.UNIT_CHANGE if kind is ListKind.UNITS else Permission.ACCOUNT_CHANGE
    decision = can(request.user, needed)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)


def _found(request: PageRequest, pk: int) -> PeopleFile:
    record = get_object_or_404(PeopleFile.objects.select_related("job", "created_by"), pk=pk)
    _may(request, ListKind(record.kind))
    return record


@contextmanager
def _read_before(request: HttpRequest) -> Iterator[None]:
    """Read the posted list before the form's transaction; what is wrong with it is for the view to say."""
    user: Any = request.user
    with keeping():
        form = FileForm(request.POST, request.FILES)
        if can(user, Permission.ACCOUNT_CHANGE).allowed and form.is_valid():
            file = form.cleaned_data["file"]
            with suppress(TableError):
                services.read_list(file.read())
            file.seek(0)
        yield


@require_http_methods(["GET", "POST"])
@looks_first(_read_before)
@requires(Permission.ACCOUNT_CHANGE)
def people_file_list(request: PageRequest) -> HttpResponse:
    """Show the lists that came in; a file posted starts another."""
    is_sent = request.method == "POST"
    form = FileForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial={"kind": request.GET.get("kind", "")},
    )
    if is_sent and form.is_valid() and (record := _staged(request, form)):
        return redirect(record)
    newest = PeopleFile.objects.defer("rows", "report", "answers").select_related("created_by")
    days = formats.count(settings.FORGET_UPLOADS_AFTER_DAYS, "day")
    context = {
        "form": form,
        "page": Paginator(newest.order_by("-created_at", "-pk"), 25).get_page(
            request.GET.get("page")
        ),
        "waits": words.lists_deleted(days),
        "columns": [
            (label, [heads[0] for heads in COLUMNS[kind].values()])
            for kind, label in ((ListKind.PEOPLE, "People"), (ListKind.UNITS, "Units"))
        ],
        "crumbs": crumbs(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/people_file_list.html", context, status=status)


def _staged(request: PageRequest, form: FileForm) -> PeopleFile | None:
    kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
    _may(request, kind)
    try:
        return services.stage_file(
            kind=kind, file_name=file.name, content=file.read(), by=request.user
        )
    except RefusalError as refusal:
        form.add_error("file", str(refusal))
    except ValidationError as refusal:
        add_refusal(form, refusal)
    return None


@require_safe
@requires(Permission.ACCOUNT_CHANGE)
def people_file(request: PageRequest, pk: int) -> HttpResponse:
    """Show what each row would do, or did."""
    record = _found(request, pk)
    job = record.job
    failed = job is not None and job.state == JobState.FAILED
    running = record.state == FileState.WRITING and not failed
    if request.htmx and not running:
        return HttpResponseClientRefresh()
    show = request.GET.get("show", "")
    rows = [one for one in record.report if show in {"", one["effect"]}]
    writable = sum(record.counts.get(effect.value, 0) for effect in RowEffect if effect.writes)
    context = {
        "record": record,
        "sub": words.list_sentence(record),
        "job": job,
        "running": running,
        "trouble": job.error if job and failed and record.state == FileState.WRITING else "",
        "segments": _segments(record, show),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "labels": dict(RowEffect.choices),
        "asked": record.is_open and record.counts.get("asked", 0),
        "left": _left(record) if record.rows else 0,
        "writable": writable,
        "doubts": doubtful(record.rows) if record.is_open else [],
        "crumbs": [*crumbs(), Breadcrumb("Imports", reverse("accounts:people_file_list"))],
    }
    return render_page(request, "accounts/people_file.html", context, partial="progress")


def _left(record: PeopleFile) -> int:
    return sum(record.counts.get(name, 0) for name in ("refused", "asked"))


def _segments(record: PeopleFile, show: str) -> list[dict[str, Any]]:
    counts = [("", "All", sum(record.counts.values()))]
    counts += [(one.value, one.label, record.counts.get(one.value, 0)) for one in RowEffect]
    return [
        {"value": value, "label": label, "count": count, "icon": "", "checked": value == show}
        for value, label, count in counts
        if count or not value
    ]


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def people_file_answer(request: PageRequest, pk: int) -> HttpResponseRedirect:
    """Take who is meant by the rows that could mean several."""
    record = _found(request, pk)
    answers = {
        str(one["line"]): request.POST.get(f"line-{one['line']}", "")
        for one in record.report
        if one["effect"] == RowEffect.ASKED
    }
    chosen = {line: answer for line, answer in answers.items() if answer}
    if not chosen:
        messages.error(request, words.NOTHING_CHOSEN)
        return redirect(record)
    try:
        services.answer_questions(record=record, answers=chosen, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect(record)


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def people_file_write(request: PageRequest, pk: int) -> HttpResponseRedirect:
    record = _found(request, pk)
    try:
        services.request_writing(record=record, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect(record)


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def people_file_discard(request: PageRequest, pk: int) -> HttpResponseRedirect:
    record = _found(request, pk)
    try:
        services.discard_file(record=record, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
        return redirect(record)
    messages.success(request, words.LIST_DISCARDED)
    return redirect("accounts:people_file_list")


@require_safe
@requires(Permission.ACCOUNT_CHANGE)
def people_file_refused(request: PageRequest, pk: int) -> StreamingHttpResponse:
    """Hand the refused rows back, with the reason beside each."""
    record = _found(request, pk)
    names = COLUMNS[ListKind(record.kind)]
    reasons = {
        one["line"]: one["reason"]
        for one in record.report
        if one["effect"] in {RowEffect.REFUSED, RowEffect.ASKED}
    }
    columns = [sheets.SheetColumn(words[0]) for words in names.values()]
    columns += [sheets.SheetColumn("line"), sheets.SheetColumn("reason")]
    rows = sorted(
        (row for row in record.rows if row["line"] in reasons), key=lambda row: int(row["line"])
    )
    lines = (
        [*(row["cells"].get(name, "") for name in names), str(row["line"]), reasons[row["line"]]]
        for row in rows
    )
    return sheets.csv_response(sheets.file_name("refused", record.kind), columns, lines)


@require_safe
@requires(Permission.ACCOUNT_CHANGE)
def people_sample(request: PageRequest) -> StreamingHttpResponse:
    del request
    return _sample(ListKind.PEOPLE)


@require_safe
@requires(Permission.ACCOUNT_CHANGE)
def units_sample(request: PageRequest) -> StreamingHttpResponse:
    del request
    return _sample(ListKind.UNITS)


def _sample(kind: ListKind) -> StreamingHttpResponse:
    columns = [sheets.SheetColumn(words[0]) for words in COLUMNS[kind].values()]
    return sheets.csv_response(f"rounds-{kind.value}-sample", columns, SAMPLES[kind])
