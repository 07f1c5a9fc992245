"""The objectives of the strategy, and how a project serves them."""

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
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from pmo.common.records.search import as_read
from portfolio import selectors, services
from portfolio.forms import AlignmentForm, ObjectiveForm
from portfolio.models import Alignment, Objective
from portfolio.words import findings
from portfolio.words import objectives as words
from portfolio.words import office as office_words
from projects.models import Project
from projects.office import standing_of
from projects.views.frame import PAGE_SIZE, Action, Crumb, confirm_page, crumbs, may


def way() -> list[Crumb]:
    return [Crumb("Objectives", reverse("portfolio:objective_list"))]


@require_safe
@requires(Permission.PROJECT_LIST)
def objective_list(request: PageRequest) -> TemplateResponse:
    objectives = selectors.objectives_for(request.user)
    counts = selectors.objective_counts()
    page = Paginator(objectives, PAGE_SIZE).get_page(request.GET.get("page"))
    actions = [Action("Portfolios", reverse("portfolio:portfolio_list"), "layers")]
    # an empty page offers it in its middle
    if page.paginator.count and can(request.user, Permission.OBJECTIVE_CHANGE).allowed:
        url = reverse("portfolio:objective_new")
        actions.append(Action(words.ADD_OBJECTIVE, url, "plus", primary=True))
    context = {
        "page": page,
        "lede": findings.objectives_lede(counts),
        "color": "amber" if counts.unserved else "none",
        "actions": actions,
    }
    return TemplateResponse(request, "portfolio/objective_list.html", context)


@require_safe
@requires(Permission.PROJECT_LIST)
def objective_detail(request: PageRequest, pk: int) -> TemplateResponse:
    objective = get_object_or_404(Objective, pk=pk)
    actions = []
    if can(request.user, Permission.OBJECTIVE_CHANGE).allowed:
        actions.append(
            Action("Edit", reverse("portfolio:objective_edit", args=[objective.pk]), "pencil")
        )
    listed = Paginator(selectors.alignments_of(request.user, objective), PAGE_SIZE)
    total = selectors.serving(objective)
    hidden = total - listed.count
    context = {
        "objective": objective,
        "page": listed.get_page(request.GET.get("page")),
        "lede": findings.objective_lede(listed.count, hidden),
        "sub": f"{objective.code} · {objective.pillar}" if objective.pillar else objective.code,
        "total": total,
        "hidden": hidden,
        "actions": actions,
        "crumbs": way(),
    }
    return TemplateResponse(request, "portfolio/objective_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.OBJECTIVE_CHANGE)
def objective_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=ObjectiveForm(request.POST or None),
        save=lambda form: services.create_objective(by=request.user, **form.changes()),
        title=words.ADD_OBJECTIVE,
        submit=words.ADD_OBJECTIVE,
        done=words.OBJECTIVE_ADDED,
        back=reverse("portfolio:objective_list"),
        crumbs=way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.OBJECTIVE_CHANGE)
def objective_edit(request: PageRequest, pk: int) -> HttpResponse:
    objective = get_object_or_404(Objective, pk=pk)
    return edit_page(
        request,
        form=ObjectiveForm(request.POST or None, instance=objective),
        save=lambda form: services.change_objective(
            objective=objective, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_OBJECTIVE,
        submit=words.SAVE_OBJECTIVE,
        done=words.OBJECTIVE_SAVED,
        back=objective.get_absolute_url(),
        crumbs=[*way(), Crumb(str(objective), objective.get_absolute_url())],
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CHANGE, Project)
def alignment_new(request: PageRequest, project: Project) -> HttpResponse:
    def save(form: AlignmentForm) -> Alignment:
        return services.align(project=project, by=request.user, **form.changes())

    return edit_page(
        request,
        form=AlignmentForm(
            request.POST or None, instance=Alignment(project=project), project=project
        ),
        save=save,
        title=words.ALIGN_TITLE,
        sub=str(project),
        submit="Add",
        done=words.ALIGNMENT_ADDED,
        back=project.get_absolute_url(),
        crumbs=crumbs(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CHANGE, Alignment)
def alignment_edit(request: PageRequest, alignment: Alignment) -> HttpResponse:
    project = alignment.project
    return edit_page(
        request,
        form=AlignmentForm(request.POST or None, instance=alignment, project=project),
        save=lambda form: services.change_alignment(
            alignment=alignment, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=str(alignment.objective),
        sub=str(project),
        submit="Save",
        done="Saved.",
        back=project.get_absolute_url(),
        template="projects/record_edit.html",
        remove_url=reverse("portfolio:alignment_remove", args=[alignment.pk]),
        crumbs=crumbs(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CHANGE, Alignment)
def alignment_remove(request: PageRequest, alignment: Alignment) -> HttpResponse:
    project, objective = alignment.project, alignment.objective
    return confirm_page(
        request,
        act=lambda: services.remove_alignment(alignment=alignment, by=request.user),
        title=words.REMOVE_ALIGNMENT_ASKED,
        text=words.remove_alignment_note(project, objective),
        submit=words.REMOVE_ALIGNMENT,
        done=words.ALIGNMENT_REMOVED,
        back=project.get_absolute_url(),
        crumbs=crumbs(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_panel(request: PageRequest, project: Project) -> TemplateResponse:
    entries = project.portfolio_entries.on(timezone.localdate()).select_related("portfolio")
    alignments = list(
        project.alignments.select_related("objective").order_by(
            *as_read("-strength", "objective__name", "pk")
        )
    )
    context = {
        "project": project,
        "entries": entries.order_by(*as_read("portfolio__name", "pk")),
        "alignments": alignments,
        "title": findings.panel_title(len(alignments)),
        "office": office_words.project_sentence(standing_of(project.pk)),
        "may_change": may(request.user, Permission.PROJECT_CHANGE, project),
        "crumbs": crumbs(project),
    }
    return render_page(request, "portfolio/project_panel.html", context, partial="panel")
