"""What the pages of requests share: the way back, the pages beside each other, one's own request."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from portfolio.intake.models import ProjectRequest
from portfolio.intake.words import cycles as cycle_words
from portfolio.intake.words import requests as words
from projects.views.frame import Crumb, Tab

NEVER_READ = -1
PAGES = (
    (words.MY_REQUESTS, "intake:my_requests", Permission.REQUEST_SUBMIT),
    (words.ALL_REQUESTS, "intake:request_list", Permission.REQUEST_VIEW),
    (cycle_words.CYCLES, "intake:cycle_list", Permission.CAPITAL_VIEW),
    (cycle_words.REPLACEMENTS, "intake:replacement_list", Permission.REQUEST_VIEW),
)


def tabs(user: User, current: str) -> list[Tab]:
    """Return the pages of intake that the user may open; a single one needs no tabs."""
    found = [
        Tab(label, reverse(name), name == current)
        for label, name, needed in PAGES
        if can(user, needed).allowed
    ]
    return found if len(found) > 1 else []


def way(user: User, request: ProjectRequest | None = None) -> list[Crumb]:
    """Return the way back: to all requests for who reads them, else to one's own."""
    if can(user, Permission.REQUEST_VIEW).allowed:
        back = [Crumb(words.ALL_REQUESTS, reverse("intake:request_list"))]
    else:
        back = [Crumb(words.MY_REQUESTS, reverse("intake:my_requests"))]
    return [*back, Crumb(request.number, request.get_absolute_url())] if request else back


def version_read(request: PageRequest) -> int:
    """Return the version of what a button stood beside; one that no record has where that is not said."""
    read = request.POST.get("version", "")
    return int(read) if read.isascii() and read.isdecimal() else NEVER_READ


def not_now(request: PageRequest, record: ProjectRequest, why: str) -> HttpResponseRedirect | None:
    """
    Lead whoever opens a form whose time is over to the request, with the reason.

    None for what was typed and sent: the service refuses that, and the form keeps the words.
    """
    if request.method == "POST":
        return None
    messages.info(request, why)
    return redirect(record)


def own(user: User, pk: int) -> ProjectRequest:
    """Return the person's own request; raises Http404 for anybody else's."""
    found = ProjectRequest.objects.filter(requester=user, pk=pk).select_related("unit", "sponsor")
    if (request := found.first()) is None:
        raise Http404
    return request
