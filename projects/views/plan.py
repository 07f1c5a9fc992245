"""The plan of a project: its rows as a list with a time line, each edited in its place."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import add_refusal, edit_page
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import RefusalError
from projects.forms.plan import SummaryForm, TaskAddForm, TaskForm, TaskRowForm
from projects.models import Project, Task
from projects.selectors.plan_audit import audit_of
from projects.selectors.plan_page import PlanFigures, arrows_of, figures_of, rows_of, span_of
from projects.services import plan as services
from projects.services.plan_dates import take_over_dates
from projects.services.plan_turn import as_of_today
from projects.views import frame
from projects.words import plan

PAGE = "projects/project_plan.html"
ROWS = 100  # on one page
OPENED = 300  # rows that are shown at once without asking
UNCHANGED = frozenset({409, 422})
KEPT = ("level", "below", "page", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineLevel:
    """One choice of how deep the outline is shown."""

    value: str
    label: str
    count: int
    checked: bool
    icon: str = ""


def _number(request: PageRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < len("1000000000") else 0


def _row_of(request: PageRequest, project: Project, name: str) -> Task | None:
    """Return the row of this project whose number the address gives; None without one."""
    number = _number(request, name)
    return Task.objects.filter(project=project, pk=number).first() if number else None


def _level(request: PageRequest, figures: PlanFigures) -> int:
    """Return how many levels to show: what was asked, else as many as give a readable page."""
    asked = _number(request, "level")
    if asked or not figures.levels:
        return min(asked, len(figures.levels))
    readable = [level for level, rows in enumerate(figures.levels, start=1) if rows <= OPENED]
    return max(readable, default=1)


def _levels(figures: PlanFigures, chosen: int) -> list[OutlineLevel]:
    last = len(figures.levels)
    return [
        OutlineLevel(
            value=str(level),
            label="All rows" if level == last else f"Level {level}",
            count=rows,
            checked=level == chosen,
        )
        for level, rows in enumerate(figures.levels, start=1)
    ]


def _state(request: PageRequest) -> str:
    """Return the part of the address that says which rows are shown."""
    return urlencode([(name, request.GET[name]) for name in KEPT if request.GET.get(name)])


def _context(
    request: PageRequest, project: Project, add_form: TaskAddForm | None
) -> dict[str, Any]:
    project = as_of_today(project)
    today, figures = timezone.localdate(), figures_of(project)
    tasks = Task.objects.filter(project=project)
    level, shown = _level(request, figures), tasks.in_order()
    below = _row_of(request, project, "below")
    if below:
        shown = shown.filter(outline__startswith=f"{below.outline}.") | shown.filter(pk=below.pk)
    elif level:
        shown = shown.filter(depth__lt=level)
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    scale = span_of(shown)
    can_change = frame.may(request.user, Permission.PLAN_CHANGE, project)
    rows = rows_of(project, list(page), scale, today=today)
    return {
        "project": project,
        "figures": figures,
        "rows": rows,
        "arrows": arrows_of(rows),
        "page": page,
        "levels": [] if below or len(figures.levels) < 2 else _levels(figures, level),  # noqa: PLR2004 - one level is no choice
        "below": below,
        "scale": scale,
        "today_x": scale.at(today) if scale and scale.holds(today) else None,
        "today": today,
        "lede": plan.lede(figures),
        "declared": plan.declared(project, figures),
        "can_change": can_change,
        "state": _state(request),
        "focus": _number(request, "focus"),
        "add_form": (add_form or _add_form(request, project)) if can_change else None,
        "actions": _actions(project, can_change=can_change),
        "tabs": frame.tabs(project, "projects:project_plan"),
        "crumbs": frame.crumbs(),
    }


def _actions(project: Project, *, can_change: bool) -> list[frame.Action]:
    """Offer the ways in from, and out to, other programs."""
    into = frame.address("projects:plan_import_list", project.pk)
    out = frame.address("projects:plan_download", project.pk)
    actions = [frame.Action("Download for Microsoft Project", out, "download")]
    return [frame.Action("Import a schedule", into, "upload"), *actions] if can_change else actions


def _add_form(request: PageRequest, project: Project) -> TaskAddForm:
    after = _row_of(request, project, "after")
    last = after or Task.objects.filter(project=project).order_by("-position").first()
    form = TaskAddForm(project=project, initial={"after": last})
    if after or "added" in request.GET:
        form.fields["name"].widget.attrs["data-focus"] = True
    return form


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_plan(request: PageRequest, project: Project) -> TemplateResponse:
    return render_page(request, PAGE, _context(request, project, None), partial="table")


def _plan_url(project_pk: int, request: PageRequest, **more: Any) -> str:
    query = "&".join(filter(None, [_state(request), urlencode(more)]))
    return reverse("projects:project_plan", args=[project_pk]) + (f"?{query}" if query else "")


def _at(response: HttpResponse, target: str) -> HttpResponse:
    """Put what was not saved where it was typed; the whole table is for what was."""
    if response.status_code in UNCHANGED:
        response["HX-Retarget"], response["HX-Reswap"] = target, "outerHTML"
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@requires(Permission.PLAN_CHANGE, Project)
def task_add(request: PageRequest, project: Project) -> HttpResponse:
    form = TaskAddForm(request.POST, project=project)
    if form.is_valid():
        try:
            task = services.create_task(project=project, by=request.user, **form.cleaned_data)
        except (ValidationError, RefusalError) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Added: {task.position} {task.name}.")
            pages = {"page": (task.position - 1) // ROWS + 1} if not _state(request) else {}
            return HttpResponseRedirect(_plan_url(project.pk, request, added=1, **pages))
    context = _context(request, project, form)
    response = render_page(request, PAGE, context, partial="add")
    response.status_code = 422
    return _at(response, "#plan-add")


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, Task)
def task_row(request: PageRequest, task: Task) -> HttpResponse:
    """Edit a row in the table; a browser without htmx gets the edit page."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("projects:task_edit", args=[task.pk]))
    return _at(
        edit_page(
            request,
            form=TaskRowForm(request.POST or None, instance=task),
            save=lambda form: services.change_task(
                task=task, version=form.opened_version(), by=request.user, **form.changes()
            ),
            title=task.name,
            done=f"Saved: {task.name}.",
            back=_plan_url(task.project_id, request, focus=task.pk),
            template=f"{PAGE}#row_form",
            task=task,
            state=_state(request),
        ),
        f"#row-{task.pk}",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, Task)
def task_edit(request: PageRequest, task: Task) -> HttpResponse:
    project = task.project
    kind = SummaryForm if task.is_summary else TaskForm
    return edit_page(
        request,
        form=kind(request.POST or None, instance=task),
        save=lambda form: services.change_task(
            task=task, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=f"Edit row {task.position}",
        sub=task.name,
        submit="Save task",
        done=f"Saved: {task.name}.",
        back=reverse("projects:project_plan", args=[project.pk]),
        template="projects/task_edit.html",
        task=task,
        steps=task.steps.order_by("pk"),
        remove_url=reverse("projects:task_remove", args=[task.pk]),
        crumbs=way(project),
    )


def way(project: Project) -> list[frame.Crumb]:
    address = reverse("projects:project_plan", args=[project.pk])
    return [*frame.crumbs(project), frame.Crumb("Plan", address)]


MOVES = {"up": "Moved up", "down": "Moved down", "in": "Moved in", "out": "Moved out"}


@require_POST
@requires(Permission.PLAN_CHANGE, Task)
def task_move(request: PageRequest, task: Task) -> HttpResponse:
    direction = request.POST.get("direction", "")
    try:
        services.move_task(task=task, direction=direction, by=request.user)
    except RefusalError as refusal:
        return _at(_refused_move(request, task, str(refusal)), f"#row-{task.pk}")
    messages.success(request, f"{MOVES[direction]}: {task.name}.")
    return HttpResponseRedirect(_plan_url(task.project_id, request, focus=task.pk))


def _refused_move(request: PageRequest, task: Task, problem: str) -> HttpResponse:
    context = {
        "form": TaskRowForm(instance=task) if request.htmx else TaskForm(instance=task),
        "task": task,
        "problem": problem,
        "state": _state(request),
        "title": f"Edit row {task.position}",
        "submit": "Save task",
        "cancel_url": _plan_url(task.project_id, request),
        "remove_url": reverse("projects:task_remove", args=[task.pk]),
        "crumbs": way(task.project),
        "conflict": None,
        "sub": task.name,
    }
    template = f"{PAGE}#row_form" if request.htmx else "projects/task_edit.html"
    return TemplateResponse(request, template, context, status=409)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, Task)
def task_remove(request: PageRequest, task: Task) -> HttpResponse:
    below = " with all rows below it" if task.is_summary else ""
    return frame.confirm_page(
        request,
        act=lambda: services.remove_task(task=task, by=request.user),
        title=f"Remove “{task.name}”{below}?",
        text="Its links go too, and the plan is computed again. What it said stays in the trail of changes.",
        submit="Remove from the plan",
        done=f"“{task.name}” is removed.",
        back=reverse("projects:project_plan", args=[task.project_id]),
        crumbs=way(task.project),
    )


@require_POST
@requires(Permission.PLAN_CHANGE, Project)
def plan_reschedule(request: PageRequest, project: Project) -> HttpResponse:
    try:
        services.reschedule(project=project, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The plan is computed as of today.")
    return HttpResponseRedirect(reverse("projects:project_plan", args=[project.pk]))


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, Project)
def plan_take_over(request: PageRequest, project: Project) -> HttpResponse:
    project = as_of_today(project)
    return frame.confirm_page(
        request,
        act=lambda: take_over_dates(project=project, by=request.user),
        title="Use the plan's dates?",
        text=plan.take_over(project, figures_of(project)),
        submit="Use the plan's dates",
        done="The forecast finish and the linked milestones have the plan's dates.",
        back=reverse("projects:project_plan", args=[project.pk]),
        crumbs=way(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def plan_audit(request: PageRequest, project: Project) -> TemplateResponse:
    project = as_of_today(project)
    findings = audit_of(project, as_of=timezone.localdate())
    context = {
        "project": project,
        "findings": findings,
        "lede": plan.audit_lede(findings),
        "can_change": frame.may(request.user, Permission.PLAN_CHANGE, project),
        "crumbs": way(project),
    }
    return TemplateResponse(request, "projects/plan_audit.html", context)
