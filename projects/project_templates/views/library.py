"""The library of templates: what each brings, files in and out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import add_refusal_at
from pmo.common.records.search import as_read
from pmo.common.records.writing import RefusalError
from projects.project_templates.domain.yamlfile import PackFault, written
from projects.project_templates.forms.library import EditPackForm, PackForm
from projects.project_templates.models import Lesson, ProjectTemplate, TemplateVersion
from projects.project_templates.selectors.library import brief_of, tables_of
from projects.project_templates.services import library as services
from projects.project_templates.words import library as words
from projects.views import frame

LESSONS_SHOWN = 5


def way(template: ProjectTemplate | None = None) -> list[frame.Crumb]:
    crumbs = [frame.Crumb(words.TEMPLATES, reverse("templates:template_list"))]
    return (
        [*crumbs, frame.Crumb(str(template), template.get_absolute_url())] if template else crumbs
    )


def may_edit(request: PageRequest) -> bool:
    return can(request.user, Permission.TEMPLATE_CHANGE).allowed


@require_safe
@requires(Permission.PROJECT_LIST)
def template_list(request: PageRequest) -> TemplateResponse:
    edits = may_edit(request)
    rows = ProjectTemplate.objects.select_related("current").order_by(*as_read("name", "pk"))
    shown = rows if edits else rows.offered()
    page = Paginator(shown, frame.PAGE_SIZE).get_page(request.GET.get("page"))
    may_start = can(request.user, Permission.PROJECT_CREATE).allowed
    context = {
        "page": page,
        "rows": [_row(template, may_start=may_start) for template in page],
        "lede": words.library_lede(page.paginator.count),
        "actions": _list_actions(edits=edits),
    }
    return TemplateResponse(request, "project_templates/template_list.html", context)


def _row(template: ProjectTemplate, *, may_start: bool) -> dict[str, object]:
    brief = brief_of(template.document)
    starts = may_start and template.current is not None and template.is_offered
    return {
        "template": template,
        "brings": words.brings(brief),
        "lasts": words.lasts(brief),
        "state": words.state_of(template),
        "start_url": frame.address("starts:start_new", template.pk) if starts else "",
    }


def _list_actions(*, edits: bool) -> list[frame.Action]:
    actions = [frame.Action(words.LESSONS, reverse("templates:lesson_list"), "history")]
    if edits:
        if url := frame.address("starts:finished_list"):
            actions.append(frame.Action(words.FROM_PROJECT, url, "layers"))
        actions.append(frame.Action(words.ADD_FILE, reverse("templates:template_import"), "upload"))
    return actions


@require_safe
@requires(Permission.PROJECT_LIST)
def template_detail(request: PageRequest, pk: int) -> TemplateResponse:
    template = _seen(request, pk)
    brief = brief_of(template.document)
    lessons = Lesson.objects.visible_to(request.user).filter(template=template)
    context = {
        "template": template,
        "sub": f"{template.get_origin_display()} · {words.state_of(template)}",
        "lede": words.detail_lede(template, brief),
        "brief": brief,
        "tables": tables_of(template.document),
        "versions": template.versions.select_related("published_by").order_by("-number"),
        "lessons": lessons.select_related("project").order_by("-recorded_on", "-pk")[
            :LESSONS_SHOWN
        ],
        "scale": [
            (words.size_label(key), words.size(said))
            for key, said in template.document.get("scale", {}).items()
        ],
        "actions": _actions(request, template),
        "crumbs": way(),
    }
    return TemplateResponse(request, "project_templates/template_detail.html", context)


def _seen(request: PageRequest, pk: int) -> ProjectTemplate:
    """Return a template; one that was never published is seen by who edits them."""
    rows = ProjectTemplate.objects.select_related("current")
    return get_object_or_404(rows if may_edit(request) else rows.published(), pk=pk)


def _actions(request: PageRequest, template: ProjectTemplate) -> list[frame.Action]:
    actions = []
    if template.current is not None:
        url = reverse("templates:version_file", args=[template.pk, template.current.number])
        actions.append(frame.Action(words.DOWNLOAD, url, "download"))
    if may_edit(request) and template.current is not None:
        edit = reverse("templates:template_edit", args=[template.pk])
        actions.append(frame.Action(words.EDIT, edit, "pencil"))
        url = reverse("templates:template_offer", args=[template.pk])
        label = words.RETIRE if template.is_offered else words.OFFER
        actions.append(frame.Action(label, url, "", method="post"))
    starts = can(request.user, Permission.PROJECT_CREATE).allowed
    if starts and template.current is not None and template.is_offered:
        url = frame.address("starts:start_new", template.pk)
        actions.append(frame.Action(words.START, url, "plus", primary=True))
    return [action for action in actions if action.url]


@require_POST
@requires(Permission.TEMPLATE_CHANGE)
def template_offer(request: PageRequest, pk: int) -> HttpResponseRedirect:
    """Stop offering a template, or offer it again."""
    template = get_object_or_404(ProjectTemplate.objects.published(), pk=pk)
    changed = services.offer_template(
        template=template, is_offered=not template.is_offered, version=None, by=request.user
    )
    messages.success(request, words.OFFERED if changed.is_offered else words.RETIRED)
    return redirect(changed)


@require_http_methods(["GET", "POST"])
@requires(Permission.TEMPLATE_CHANGE)
def template_import(request: PageRequest) -> HttpResponse:
    """Read a content pack; everything that is wrong with it is said at once, with its line."""
    is_sent = request.method == "POST"
    form = PackForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    faults: list[PackFault] = []
    if is_sent and form.is_valid():
        try:
            taken = services.import_pack(text=form.cleaned_data["file"], by=request.user)
        except services.PackError as error:
            faults = error.faults
            form.add_error("file", str(error))
        except (ValidationError, RefusalError) as refusal:
            add_refusal_at(form, "file", refusal)
        else:
            number = taken.version.number if taken.version else 0
            said = words.published(taken.template, number) if number else words.SAME
            messages.success(request, said)
            return redirect(taken.template)
    context = {
        "form": form,
        "faults": faults,
        "faults_title": words.faults_title(len(faults)),
        "title": words.READ_TITLE,
        "submit": words.READ,
        "crumbs": way(),
        "list_url": reverse("templates:template_list"),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(
        request, "project_templates/template_import.html", context, status=status
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.TEMPLATE_CHANGE)
def template_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Edit a template in place; publishing makes a new version, and projects keep what they have."""
    template = get_object_or_404(
        ProjectTemplate.objects.published().select_related("current"), pk=pk
    )
    form = EditPackForm(
        request.POST or None,
        initial={"edited": template.current_id, "pack": written(template.document)},
    )
    faults: list[PackFault] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        edited = get_object_or_404(template.versions, pk=said["edited"])
        try:
            taken = services.import_pack(
                text=said["pack"], note=said["note"], by=request.user, edited=edited
            )
        except services.PackError as error:
            faults = error.faults
            form.add_error("pack", str(error))
        except (ValidationError, RefusalError) as refusal:
            add_refusal_at(form, "pack", refusal)
        else:
            number = taken.version.number if taken.version else 0
            told = words.published(taken.template, number) if number else words.SAME
            messages.success(request, told)
            return redirect(template)
    context = {
        "form": form,
        "faults": faults,
        "faults_title": words.faults_title(len(faults)),
        "note": words.EDIT_NOTE,
        "title": words.EDIT_TITLE,
        "sub": str(template),
        "submit": words.PUBLISH,
        "crumbs": way(template),
        "cancel_url": template.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    page = "project_templates/template_edit.html"
    return TemplateResponse(request, page, context, status=status)


@require_safe
@requires(Permission.PROJECT_LIST)
def version_file(request: PageRequest, pk: int, number: int) -> HttpResponse:
    """Hand a version out as the file that reads back as the same."""
    del request
    version = get_object_or_404(
        TemplateVersion.objects.select_related("template"), template=pk, number=number
    )
    return HttpResponse(
        written(version.document),
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{version.template.code}-v{number}.yaml"'
        },
    )
