"""A template from a finished project: chosen, read through, published."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import add_refusal_at
from pmo.common.records.search import as_read
from pmo.common.records.writing import RefusalError
from portfolio.starts.services.drafting import draft_of
from portfolio.starts.services.publishing import publish_from_project, why_not
from portfolio.starts.words import drafting as words
from projects.domain.stages import Stage
from projects.models import Project
from projects.project_templates.domain.checking import read_pack
from projects.project_templates.domain.yamlfile import PackFault, written
from projects.project_templates.forms.library import PackTextForm
from projects.project_templates.services.library import PackError
from projects.project_templates.words import library as template_words
from projects.views import frame


def _way() -> list[frame.Crumb]:
    return [frame.Crumb(template_words.TEMPLATES, reverse("templates:template_list"))]


@require_safe
@requires(Permission.TEMPLATE_CHANGE)
def finished_list(request: PageRequest) -> TemplateResponse:
    """List the closed projects from which a template may be made, the latest first."""
    rows = Project.objects.visible_to(request.user).filter(
        stage=Stage.CLOSED.value, is_confidential=False
    )
    ordered = rows.select_related("unit").order_by("-actual_finish_date", *as_read("name", "pk"))
    page = Paginator(ordered, frame.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "title": words.FINISHED_TITLE,
        "lede": words.lede(page.paginator.count),
        "empty_title": words.NONE_FINISHED,
        "empty_text": words.NONE_TEXT,
        "crumbs": _way(),
    }
    return TemplateResponse(request, "starts/finished_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_VIEW, Project)
def template_make(request: PageRequest, project: Project) -> HttpResponse:
    """Show the draft with what it lacks, and publish it as it was put right."""
    decision = can(request.user, Permission.TEMPLATE_CHANGE)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    if refused := why_not(project):
        messages.error(request, refused)
        return redirect(project)
    faults: list[PackFault] = []
    if request.method == "POST":
        form = PackTextForm(request.POST)
        if form.is_valid():
            try:
                taken = publish_from_project(
                    project=project,
                    text=form.cleaned_data["pack"],
                    note=form.cleaned_data["note"],
                    by=request.user,
                )
            except PackError as error:
                faults = error.faults
                form.add_error("pack", str(error))
            except (ValidationError, RefusalError) as refusal:
                add_refusal_at(form, "pack", refusal)
            else:
                messages.success(request, template_words.published(taken.template, 1))
                return redirect(taken.template)
    else:
        text = written(draft_of(project))
        form, faults = PackTextForm(initial={"pack": text}), read_pack(text).faults
    context = {
        "form": form,
        "faults": faults,
        "faults_title": words.missing(len(faults)),
        "note": words.LEDE,
        "title": words.TITLE,
        "sub": str(project),
        "submit": words.PUBLISH,
        "crumbs": [*_way(), frame.Crumb(words.FINISHED_TITLE, reverse("starts:finished_list"))],
        "cancel_url": reverse("starts:finished_list"),
    }
    status = 422 if form.errors else 200
    page = "project_templates/template_edit.html"
    return TemplateResponse(request, page, context, status=status)
