"""What a form of an import reads of its file before the transaction that it writes in."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.http import HttpRequest

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.writing import RefusalError
from pmo.common.tabular import TableError, keeping, table_from
from reports.imports.domain import ProfileError, profile_from_dict
from reports.imports.forms.imports import UploadForm
from reports.imports.forms.mending import ValueForm, mend_form
from reports.imports.forms.reading import ReadingForm
from reports.imports.forms.sheets import SheetsForm
from reports.imports.models import ImportRun, StagedRow
from reports.imports.services import mending, runs, work, workbooks


@contextmanager
def at_the_upload(request: HttpRequest) -> Iterator[None]:
    """Read the uploaded file; what is wrong with it is for the view to say."""
    with keeping():
        form = UploadForm(request.POST, request.FILES)
        if can(_person(request), Permission.IMPORT_RUN).allowed and form.is_valid():
            said, file = form.cleaned_data, form.cleaned_data["file"]
            with suppress(TableError, RefusalError):
                document = runs.profile_document(said["profile"]) if said["profile"] else {}
                runs.first_read(file.read(), document, said["record"])
            file.seek(0)
        yield


@contextmanager
def at_the_run(request: HttpRequest, pk: int, **_place: Any) -> Iterator[None]:
    """Read the file of an import that this person may see."""
    with keeping():
        if run := _run(request, pk):
            with suppress(RefusalError):
                work.table_of(run)
        yield


@contextmanager
def at_the_rows(request: HttpRequest, pk: int) -> Iterator[None]:
    """Work out the rows of an import as they stand."""
    with keeping():
        if run := _run(request, pk):
            with suppress(RefusalError):
                mending.read_ahead(run, {})
        yield


@contextmanager
def at_the_row(request: HttpRequest, pk: int, position: int) -> Iterator[None]:
    """Work out the rows of an import with what is said of one of them."""
    with keeping():
        row = StagedRow.objects.filter(run=pk, position=position).first()
        if row and (run := _run(request, pk)):
            form = mend_form(request.POST, run, row)
            is_mended = request.POST.keys().isdisjoint(("leave", "take")) and form.is_valid()
            with suppress(RefusalError):
                mending.read_ahead(run, {position: form.said} if is_mended else {})
        yield


@contextmanager
def at_the_value(request: HttpRequest, pk: int) -> Iterator[None]:
    """Work out the rows of an import with another word in all of them."""
    with keeping():
        form = ValueForm(request.POST)
        if (run := _run(request, pk)) and form.is_valid() and form.cleaned_data["new"]:
            header, old = form.cleaned_data["header"], form.cleaned_data["old"]
            with suppress(RefusalError):
                cells = mending.cells_saying(run, header, old, form.mended())
                mending.read_ahead(run, cells)
        yield


@contextmanager
def at_another_reading(request: HttpRequest, pk: int) -> Iterator[None]:
    """Read the file of an import in the way that is asked for."""
    with keeping():
        form = ReadingForm(request.POST)
        if (run := _run(request, pk)) and form.is_valid():
            with suppress(TableError, ProfileError):
                hints = profile_from_dict(run.document | {"source": form.source()}).hints
                table_from(bytes(run.content), hints)
        yield


@contextmanager
def at_the_sheets(request: HttpRequest, pk: int) -> Iterator[None]:
    """Read a workbook, and each of its sheets that is chosen."""
    with keeping():
        if run := _run(request, pk):
            with suppress(TableError, RefusalError):
                form = SheetsForm(request.POST, looks=workbooks.looks_of(work.table_of(run)))
                if form.is_valid():
                    for sheet, record in form.chosen().items():
                        workbooks.read_sheet(run, sheet, record)
        yield


def _run(request: HttpRequest, pk: int) -> ImportRun | None:
    """Return the import if its file is still here and this person may see it."""
    run = ImportRun.objects.visible_to(_person(request)).filter(pk=pk).first()
    return run if run and run.content else None


def _person(request: HttpRequest) -> Any:
    return request.user
