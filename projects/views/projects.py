"""The list of projects, and making, reading and changing one."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.addresses import address_of
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from projects.asks import stage_faults
from projects.domain.stages import NEXT_STAGES, Stage
from projects.filters import ProjectListFilter, sorted_projects
from projects.forms.records import ProjectForm, StageForm
from projects.models import Project
from projects.selectors.overview import (
    Overview,
    counts_of,
    hidden_from,
    in_order,
    overview_of,
    rows_of,
)
from projects.services import projects as services
from projects.views import frame
from projects.words import findings
from projects.words import projects as words

ENDING = frozenset({Stage.DELIVERY, Stage.CLOSING})  # the next step may be to close


@require_safe
@requires(Permission.PROJECT_LIST)
def project_list(request: PageRequest) -> TemplateResponse:
    visible, today = Project.objects.visible_to(request.user), timezone.localdate()
    form, sort = ProjectListFilter(request.GET), request.GET.get("sort", "name")
    chosen = form.chosen(user=request.user)
    counts = counts_of(visible, chosen=chosen)
    hidden = hidden_from(request.user, seen=counts.total)
    ids = sorted_projects(visible.filter(chosen), sort).values_list("pk", flat=True)
    paginator = Paginator(ids, frame.PAGE_SIZE)
    paginator.count = counts.listed  # counted above, in the one pass over what is visible
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(in_order(list(page)), as_of=today),
        "lede": findings.projects_lede(counts),
        "total": counts.total,
        "everything": counts.total + hidden,
        "hidden": hidden,
        "actions": _list_actions(request, is_empty=not counts.total),
        "keep": [("sort", sort)] if "sort" in request.GET else [],
        "today": today,
    }
    return render_page(request, "projects/project_list.html", context, partial="table")


def _list_actions(request: PageRequest, *, is_empty: bool) -> list[frame.Action]:
    """An empty page offers the first project in its middle."""
    actions = [frame.Action("Programs", reverse("projects:program_list"), "layers")]
    if not is_empty and can(request.user, Permission.PROJECT_CREATE).allowed:
        if url := frame.address("templates:template_list"):
            actions.append(frame.Action(words.FROM_TEMPLATE, url, "layers"))
        actions.append(
            frame.Action(words.ADD_PROJECT, reverse("projects:project_new"), "plus", True)
        )
    return actions


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CREATE)
def project_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=ProjectForm(request.POST or None, by=request.user, is_governing=True),
        save=lambda form: services.create_project(by=request.user, **form.changes()),
        title=words.ADD_PROJECT,
        submit=words.ADD_PROJECT,
        done=words.PROJECT_ADDED,
        back=lambda project: reverse("projects:project_people", args=[project.pk]),
        cancel_url=reverse("projects:project_list"),
        crumbs=frame.crumbs(),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_detail(request: PageRequest, project: Project) -> TemplateResponse:
    today = timezone.localdate()
    overview = overview_of(project, as_of=today)
    context = {
        "project": project,
        "overview": overview,
        "row": overview.row,
        "today": today,
        "tabs": frame.tabs(project, "projects:project_detail"),
        "panels": {panel.key: panel for panel in frame.panels(project)},
        "crumbs": frame.crumbs(),
        "actions": _actions(request, project),
        "changes_url": _changes_url(request, project),
        **_words(overview, today),
        **_links(overview),
    }
    return TemplateResponse(request, "projects/project_detail.html", context)


def _words(overview: Overview, today: date) -> dict[str, Any]:
    project, _, figures = overview.row
    return {
        "sub": f"{project.code} · {project.unit.name} · {project.get_stage_display()}",
        "lede": findings.project_lede(overview, as_of=today),
        "said": findings.said(overview.row, as_of=today),
        "who_said": words.IMPORTED_STATUS if findings.is_from_table(overview.row.declared) else "",
        "milestone_title": findings.milestone_title(figures.milestones),
        "money_title": findings.money_title(figures.money),
        "money_facts": findings.money_facts(figures.money),
        "facts": findings.project_facts(project),
    }


def _links(overview: Overview) -> dict[str, Any]:
    pk, update = overview.row.project.pk, overview.row.declared.update
    return {
        "update": update,
        "update_url": frame.address("projects:status_update", update.pk) if update else "",
        "milestones_url": address_of("projects:project_milestones", pk),
        "money_url": address_of("projects:project_money", pk),
        "people_url": address_of("projects:project_people", pk),
    }


def _actions(request: PageRequest, project: Project) -> list[frame.Action]:
    def to(label: str, name: str, icon: str, *, primary: bool = False) -> frame.Action:
        return frame.Action(label, frame.address(f"projects:{name}", project.pk), icon, primary)

    offered = {
        Permission.PROJECT_CHANGE: lambda: to("Edit", "project_edit", "pencil"),
        Permission.PROJECT_GOVERN: lambda: to(words.CHANGE_STAGE, "project_stage", "flag"),
        Permission.STATUS_WRITE: lambda: to(
            words.WRITE_STATUS_UPDATE, "status_form", "send", primary=True
        ),
    }
    if not NEXT_STAGES[Stage(project.stage)]:
        del offered[Permission.PROJECT_GOVERN]
    if not project.is_reporting:
        del offered[Permission.STATUS_WRITE]
    actions = frame.actions_for(request.user, project, offered)
    return [action for action in actions if action.url]


def _changes_url(request: PageRequest, project: Project) -> str:
    """Return the address of who changed what here; empty for those who may not read it."""
    url = frame.address("changes")
    if not url or not can(request.user, Permission.AUDIT_VIEW).allowed:
        return ""
    return f"{url}?scope=projects.project:{project.pk}"


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CHANGE, Project)
def project_edit(request: PageRequest, project: Project) -> HttpResponse:
    way = frame.crumbs(project)
    return edit_page(
        request,
        form=ProjectForm(
            request.POST or None,
            instance=project,
            by=request.user,
            is_governing=frame.may(request.user, Permission.PROJECT_GOVERN, project),
        ),
        save=lambda form: services.change_project(
            project=project, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_PROJECT,
        submit=words.SAVE_PROJECT,
        done=words.PROJECT_SAVED,
        back=project.get_absolute_url(),
        crumbs=way,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_GOVERN, Project)
def project_stage(request: PageRequest, project: Project) -> HttpResponse:
    stage = Stage(project.stage)
    if not NEXT_STAGES[stage]:
        final = words.stage_is_final(stage.label.lower())
        context = {"project": project, "final": final, "crumbs": frame.crumbs(project)}
        return TemplateResponse(request, "projects/stage_final.html", context)
    return edit_page(
        request,
        form=StageForm(request.POST or None, instance=project),
        save=lambda form: services.change_stage(
            project=project,
            target=form.cleaned_data["stage"],
            reason=form.cleaned_data["reason"],
            version=form.opened_version(),
            by=request.user,
        ),
        title=words.CHANGE_STAGE,
        template="projects/stage_edit.html",
        before=[
            (target.label, faults)
            for target in sorted(NEXT_STAGES[stage], key=list(Stage).index)
            if (faults := stage_faults(project, target))
        ],
        lessons=frame.lessons_panel(project) if stage in ENDING else None,
        sub=words.now_in(stage.label),
        submit=words.CHANGE_STAGE,
        done=words.STAGE_CHANGED,
        back=project.get_absolute_url(),
        crumbs=frame.crumbs(project),
    )
