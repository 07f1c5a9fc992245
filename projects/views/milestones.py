"""Milestones: of all projects, of one, and one by one."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from projects.filters import MilestoneListFilter
from projects.forms.milestones import MilestoneDatesForm, MilestoneForm
from projects.models import Milestone, Project, Task
from projects.selectors.milestones import MilestoneCounts, counts_of, late_first
from projects.services import milestones as services
from projects.views import frame
from projects.words import findings
from projects.words import frame as frame_words
from projects.words import milestones as words


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSegment:
    """One choice of the segmented filter, with the number of rows behind it."""

    value: str
    label: str
    count: int
    checked: bool
    icon: str = ""


def segments(counts: MilestoneCounts, chosen: str) -> list[MilestoneSegment]:
    offered = (
        ("", "All", counts.total),
        ("late", "Overdue", counts.late),
        ("soon", words.DUE_SOON, counts.soon),
        ("later", "Later", counts.later),
        ("done", "Done", counts.done),
    )
    return [
        MilestoneSegment(value=value, label=label, count=n, checked=value == chosen)
        for value, label, n in offered
    ]


@require_safe
@requires(Permission.PROJECT_LIST)
def milestone_list(request: PageRequest) -> TemplateResponse:
    today, form = timezone.localdate(), MilestoneListFilter(request.GET)
    visible = Project.objects.visible_to(request.user).active()
    milestones = form.scope(Milestone.objects.filter(project__in=visible.values("pk")))
    counts = counts_of(milestones, as_of=today)
    chosen = late_first(form.apply(milestones, as_of=today)).select_related("project")
    only = visible.filter(pk=form.cleaned_data.get("project") or 0).first()
    shown, active = visible.count(), Project.objects.active().count()
    context = {
        "page": Paginator(chosen, frame.PAGE_SIZE).get_page(request.GET.get("page")),
        "today": today,
        "lede": findings.milestones_lede(counts),
        "counts": counts,
        "segments": segments(counts, form.cleaned_data.get("due", "")),
        "keep": [("project", only.pk)] if only else [],
        "fields": [form["q"], form["kind"], form["slipped"]],
        "only": only,
        "projects": active,
        "hidden": active - shown,
    }
    return render_page(request, "projects/milestone_list.html", context, partial="table")


def plan_url(project: Project) -> str:
    return reverse("projects:project_milestones", args=[project.pk])


def way(project: Project) -> list[frame.Crumb]:
    return [*frame.crumbs(project), frame.Crumb("Milestones", plan_url(project))]


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_milestones(request: PageRequest, project: Project) -> TemplateResponse:
    today = timezone.localdate()
    milestones = project.milestones.all()
    counts = counts_of(milestones, as_of=today)
    page = Paginator(milestones.by_date(), frame.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "page": page,
        "today": today,
        "lede": findings.milestones_lede(counts),
        "can_change": frame.may(request.user, Permission.MILESTONE_CHANGE, project),
        "tabs": frame.tabs(project, "projects:project_milestones"),
        "crumbs": frame.crumbs(),
    }
    return TemplateResponse(request, "projects/project_milestones.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MILESTONE_CHANGE, Project)
def milestone_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=MilestoneForm(
            request.POST or None,
            instance=Milestone(project=project),
            has_baseline=frame.may(request.user, Permission.MILESTONE_BASELINE, project),
        ),
        save=lambda form: services.create_milestone(
            project=project, by=request.user, **form.changes()
        ),
        title=words.ADD_MILESTONE,
        submit=words.ADD_MILESTONE,
        done=words.MILESTONE_ADDED,
        back=plan_url(project),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MILESTONE_CHANGE, Milestone)
def milestone_edit(request: PageRequest, milestone: Milestone) -> HttpResponse:
    project = milestone.project
    removable = milestone.baseline_date is None
    return edit_page(
        request,
        form=MilestoneForm(
            request.POST or None,
            instance=milestone,
            has_baseline=frame.may(request.user, Permission.MILESTONE_BASELINE, project),
        ),
        save=lambda form: services.change_milestone(
            milestone=milestone, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_MILESTONE,
        submit=words.SAVE_MILESTONE,
        done=words.MILESTONE_SAVED,
        back=plan_url(project),
        template="projects/record_edit.html",
        remove_url=reverse("projects:milestone_remove", args=[milestone.pk]) if removable else "",
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MILESTONE_CHANGE, Milestone)
def milestone_dates(request: PageRequest, milestone: Milestone) -> HttpResponse:
    """Edit the two dates in the table's row; a browser without htmx gets the edit page."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("projects:milestone_edit", args=[milestone.pk]))
    here = request.path
    if "show" in request.GET:
        return _row(request, milestone)
    return edit_page(
        request,
        form=MilestoneDatesForm(request.POST or None, instance=milestone),
        save=lambda form: services.change_milestone(
            milestone=milestone, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=milestone.name,
        done=words.saved(milestone.name),
        back=f"{here}?show=1",
        template="projects/project_milestones.html#row_form",
        milestone=milestone,
    )


def _row(request: PageRequest, milestone: Milestone) -> TemplateResponse:
    context = {
        "milestone": milestone,
        "today": timezone.localdate(),
        "can_change": True,
        "is_swapped": True,
    }
    return TemplateResponse(request, "projects/project_milestones.html#row", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MILESTONE_CHANGE, Milestone)
def milestone_remove(request: PageRequest, milestone: Milestone) -> HttpResponse:
    project, name = milestone.project, milestone.name
    return frame.confirm_page(
        request,
        act=lambda: services.remove_milestone(milestone=milestone, by=request.user),
        title=words.remove_milestone_asked(name),
        text=words.KEPT_IN_TRAIL
        + frame_words.named_by_tasks(
            Task.objects.filter(milestone=milestone).count(), frame_words.THIS_MILESTONE
        ),
        submit=words.REMOVE_MILESTONE,
        done=words.milestone_removed(name),
        back=plan_url(project),
        crumbs=way(project),
    )
