"""Funding sources: where money comes from, who draws on it, what will lapse."""

from datetime import date
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.folding import by_name
from pmo.common.page.editing import edit_page
from pmo.common.page.formats import day
from pmo.common.records.search import as_read
from projects.forms.funding import FundingSourceForm
from projects.models import FundingSource, Project
from projects.selectors.funding import Draw, SourceMoney, sources_of
from projects.services import funding as services
from projects.views import frame
from projects.words import funding as words
from projects.words import money as money_words


class DrawRow(NamedTuple):
    project: Project
    draw: Draw


def list_url() -> str:
    return reverse("projects:funding_source_list")


def way(source: FundingSource | None = None) -> list[frame.Crumb]:
    crumbs = [*frame.crumbs(), frame.Crumb(words.FUNDING_SOURCES, list_url())]
    return [*crumbs, frame.Crumb(str(source), source.get_absolute_url())] if source else crumbs


@require_safe
@requires(Permission.FUNDING_VIEW)
def funding_source_list(request: PageRequest) -> TemplateResponse:
    today = timezone.localdate()
    visible = Project.objects.visible_to(request.user)
    found = sources_of(FundingSource.objects.order_by(*as_read("name", "pk")), visible, as_of=today)
    found.sort(key=_lapsing_first)
    new = frame.Action(
        words.ADD_FUNDING_SOURCE, reverse("projects:funding_source_new"), "plus", True
    )
    context = {
        "lede": money_words.sources_lede(found, as_of=today),
        "page": Paginator(found, frame.PAGE_SIZE).get_page(request.GET.get("page")),
        "hidden": any(one.has_hidden for one in found),
        "today": today,
        "actions": [new] if can(request.user, Permission.FUNDING_CHANGE).allowed else [],
        "crumbs": frame.crumbs(),
    }
    return TemplateResponse(request, "projects/funding_source_list.html", context)


def _lapsing_first(found: SourceMoney) -> tuple[bool, date | None, str, int]:
    """Sort by expiry what will lapse, then the others by name."""
    source = found.source
    lapses = bool(found.left.value)
    return not lapses, source.expires_on if lapses else date.max, *by_name(source.name, source.pk)


@require_safe
@requires(Permission.FUNDING_VIEW)
def funding_source(request: PageRequest, pk: int) -> TemplateResponse:
    today, source = timezone.localdate(), get_object_or_404(FundingSource, pk=pk)
    visible = Project.objects.visible_to(request.user)
    found = sources_of([source], visible, as_of=today)[0]
    page = Paginator(found.draws, frame.PAGE_SIZE).get_page(request.GET.get("page"))
    projects = visible.in_bulk([draw.project_id for draw in page.object_list])
    actions = [
        frame.Action("Edit", reverse("projects:funding_source_edit", args=[pk]), "pencil"),
    ]
    context = {
        "found": found,
        "source": source,
        "lede": money_words.source_lede(found, as_of=today),
        "facts": _facts(source),
        "page": page,
        "rows": [DrawRow(projects[d.project_id], d) for d in page.object_list],
        "actions": actions if can(request.user, Permission.FUNDING_CHANGE).allowed else [],
        "crumbs": way(),
    }
    return TemplateResponse(request, "projects/funding_source.html", context)


def _facts(source: FundingSource) -> list[tuple[str, str]]:
    return [
        ("Code", source.code),
        ("Kind", source.get_kind_display()),
        (words.ALLOWED_USES, source.restriction or "Anything"),
        (
            words.AVAILABLE_FROM,
            day(source.available_from) if source.available_from else words.AT_ONCE,
        ),
        (words.EXPIRES_ON, day(source.expires_on) if source.expires_on else words.NO_EXPIRY),
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.FUNDING_CHANGE)
def funding_source_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=FundingSourceForm(request.POST or None),
        save=lambda form: services.create_source(by=request.user, **form.changes()),
        title=words.ADD_FUNDING_SOURCE,
        submit=words.ADD_FUNDING_SOURCE,
        done=words.FUNDING_SOURCE_ADDED,
        back=lambda source: source.get_absolute_url(),
        cancel_url=list_url(),
        crumbs=way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.FUNDING_CHANGE)
def funding_source_edit(request: PageRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(FundingSource, pk=pk)
    return edit_page(
        request,
        form=FundingSourceForm(request.POST or None, instance=source),
        save=lambda form: services.change_source(
            source=source, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_FUNDING_SOURCE,
        submit=words.SAVE_FUNDING_SOURCE,
        done=words.FUNDING_SOURCE_SAVED,
        back=source.get_absolute_url(),
        template="projects/record_edit.html",
        remove_url=reverse("projects:funding_source_remove", args=[pk]),
        crumbs=way(source),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.FUNDING_CHANGE)
def funding_source_remove(request: PageRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(FundingSource, pk=pk)
    return frame.confirm_page(
        request,
        act=lambda: services.remove_source(source=source, by=request.user),
        title=words.remove_funding_source_asked(source),
        text=words.KEPT_IN_TRAIL,
        submit=words.REMOVE_FUNDING_SOURCE,
        done=words.funding_source_removed(source),
        back=list_url(),
        crumbs=way(source),
    )
