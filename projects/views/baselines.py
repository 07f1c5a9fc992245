"""Baselines of one project: all versions, one, two side by side; and its reserves."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from projects.domain.kinds import ReserveKind
from projects.forms.changes import BaselineForm, ReserveForm
from projects.models import Baseline, Project
from projects.selectors.baselining import basis_of, items_of
from projects.selectors.changes import (
    budget_gap,
    compare,
    counts_of,
    in_order,
    months_of,
    reserves_of,
    rows_of,
    versions_of,
)
from projects.services import baselines as services
from projects.services.reserves import move_reserve
from projects.views import frame
from projects.words import baselines as words
from projects.words import changes as change_words

RECENT, LONG = 10, 100


def control_url(project: Project) -> str:
    return reverse("projects:project_baselines", args=[project.pk])


def way(project: Project) -> list[frame.Crumb]:
    return [*frame.crumbs(project), frame.Crumb(words.BASELINES_AND_CHANGES, control_url(project))]


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_baselines(request: PageRequest, project: Project) -> TemplateResponse:
    """Show what was approved, what is asked to change, and what is left in reserve."""
    today = timezone.localdate()
    versions = list(versions_of(project))
    latest = versions[0] if versions else None
    changes = project.change_requests.select_related("raised_by")
    counts = counts_of(changes, today=today)
    context = {
        "project": project,
        "versions": versions,
        "latest": latest,
        "counts": counts,
        "rows": rows_of(in_order(changes)[:RECENT], today=today),
        "log_url": f"{reverse('projects:change_list')}?project={project.pk}&state=all",
        "reserves": reserves_of(project),
        "lede": change_words.project_lede(latest, counts),
        "gap": _gap(project, latest, today),
        "can_set": not versions and frame.may(request.user, Permission.BASELINE_SET, project),
        "can_raise": bool(versions) and frame.may(request.user, Permission.CHANGE_RAISE, project),
        "can_reserve": frame.may(request.user, Permission.RESERVE_CHANGE, project),
        "tabs": frame.tabs(project, "projects:project_baselines"),
        "crumbs": frame.crumbs(),
    }
    return TemplateResponse(request, "projects/project_baselines.html", context)


def _gap(project: Project, latest: Baseline | None, today: date) -> str:
    if latest is None:
        return ""
    latest.project = project  # known here, so not to be read again
    return change_words.gap_sentence(latest, budget_gap(latest, as_of=today))


@require_http_methods(["GET", "POST"])
@requires(Permission.BASELINE_SET, Project)
def baseline_new(request: PageRequest, project: Project) -> HttpResponse:
    known = (project.baseline_finish_date, basis_of(project).finish)
    finish = max(filter(None, known), default=project.forecast_finish_date)
    return edit_page(
        request,
        form=BaselineForm(request.POST or None, initial={"finish": finish}),
        save=lambda form: services.set_first_baseline(
            project=project, by=request.user, **form.cleaned_data
        ),
        title=words.SET_FIRST_BASELINE,
        sub=words.FIRST_BASELINE_NOTE,
        submit=words.SET_BASELINE,
        done=words.BASELINE_SET,
        back=lambda baseline: str(baseline.get_absolute_url()),
        cancel_url=control_url(project),
        crumbs=way(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, Baseline)
def baseline(request: PageRequest, baseline: Baseline) -> TemplateResponse:
    project = baseline.project
    context = {
        "baseline": baseline,
        "page": Paginator(items_of(baseline), LONG).get_page(request.GET.get("page")),
        "months": [
            (month, kind.label, amount) for (month, kind), amount in months_of(baseline).items()
        ],
        "layers": change_words.layer_facts(baseline),
        "facts": [
            ("Start", baseline.start),
            ("Finish", baseline.finish),
            (words.APPROVED_ON, baseline.approved_on),
        ],
        "others": [row for row in versions_of(project) if row.pk != baseline.pk],
        "compare_url": reverse("projects:baseline_compare", args=[project.pk]),
        "sub": words.baseline_title(baseline.number, project.name),
        "crumbs": way(project),
    }
    return TemplateResponse(request, "projects/baseline_detail.html", context)


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def baseline_compare(request: PageRequest, project: Project) -> TemplateResponse:
    """Compare two versions; without a choice, the first and the latest."""
    versions = {row.number: row for row in versions_of(project)}
    if not versions:
        raise Http404("This project has no baseline.")
    first = versions.get(_number(request, "first"), versions[min(versions)])
    second = versions.get(_number(request, "second"), versions[max(versions)])
    found, everything = compare(first, second), "all" in request.GET
    shown = found.items if everything else found.changed
    context = {
        "project": project,
        "found": found,
        "versions": list(versions.values()),
        "lede": change_words.comparison_lede(found),
        "layers": [
            (label, before, after)
            for (label, before), (_, after) in zip(
                change_words.layer_facts(first), change_words.layer_facts(second), strict=False
            )
        ],
        "everything": everything,
        "page": Paginator(shown, LONG).get_page(request.GET.get("page")),
        "crumbs": way(project),
    }
    return TemplateResponse(request, "projects/baseline_compare.html", context)


def _number(request: PageRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0  # noqa: PLR2004 - fits an integer


@require_http_methods(["GET", "POST"])
@requires(Permission.RESERVE_CHANGE, Project)
def reserve_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=ReserveForm(request.POST or None),
        save=lambda form: move_reserve(
            project=project,
            reserve=ReserveKind(form.cleaned_data["reserve"]),
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
        title=words.SET_ASIDE,
        sub=words.RESERVES_NOTE,
        submit=words.SAVE_RESERVE,
        done=words.RESERVE_CHANGED,
        back=control_url(project),
        crumbs=way(project),
    )
