"""What the pages of imports share."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from pmo.accounts.context import Breadcrumb
from pmo.accounts.http import PageRequest
from pmo.common.records.writing import RefusalError
from reports.imports.models import ImportRun
from reports.imports.words import runs as words


def crumbs() -> list[Breadcrumb]:
    return [
        Breadcrumb(words.OFFICE, reverse("office")),
        Breadcrumb(words.IMPORTS, reverse("reports:import_list")),
    ]


def asked(
    request: PageRequest, run: ImportRun, service: Callable[..., ImportRun]
) -> HttpResponseRedirect:
    """Ask a service about the run; what it refuses is said on the run's page."""
    try:
        service(run=run, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect(run)
