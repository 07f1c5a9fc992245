"""The risk register, and making, reading and changing one risk."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from projects.models import Project
from projects.views.frame import Action, may
from risks import services
from risks.charts import COLUMNS
from risks.domain.matrix import grade
from risks.filters import ALL, RiskListFilter, sorted_risks
from risks.forms import PAIRS, RiskForm, ScoreForm
from risks.models import Risk, RiskQuerySet, RiskState
from risks.selectors import Cells, RiskCounts, coverage, register_counts
from risks.views import frame
from risks.views.panels import map_of
from risks.words import findings
from risks.words import risk_map as map_words
from risks.words import risks as words

LOOKED_AT = 5  # overdue reviews named beside the map


@require_safe
@requires(Permission.PROJECT_LIST)
def risk_list(request: PageRequest) -> TemplateResponse:
    visible, today = Risk.objects.visible_to(request.user), timezone.localdate()
    form = RiskListFilter(request.GET, user=request.user, entries=visible)
    scope = form.scope(visible)
    chosen = sorted_risks(form.apply(scope, as_of=today), request.GET.get("sort", ""))
    counts, cells = register_counts(scope, as_of=today)
    known = _in_state(counts, form) if form.is_of_a_state_alone else None
    context = {
        "page": frame.page_of(
            chosen, number=request.GET.get("page"), related=("project", "owner"), known=known
        ),
        "counts": counts,
        "today": today,
        "coverage": coverage(request.user, Risk),
        "cell": grade(form.cleaned_data.get("likelihood"), form.cleaned_data.get("impact")),
        "fields": frame.shown_fields(form),
        "keep": frame.carried(request.GET, form),
        "segments": _segments(counts, form),
        "lede": findings.risks_lede(counts),
        "color": findings.risks_color(counts),
        **_beside(scope, form, counts, cells),
    }
    return render_page(request, "risks/risk_list.html", context, partial="table")


def _segments(counts: RiskCounts, form: RiskListFilter) -> list[frame.StateSegment]:
    states = (
        ("Open", "", counts.open),
        ("Occurred", RiskState.OCCURRED.value, counts.occurred),
        ("Closed", RiskState.CLOSED.value, counts.closed),
        ("All", "all", counts.total),
    )
    return frame.segments(states, form.cleaned_data.get("state", ""))


def _in_state(counts: RiskCounts, form: RiskListFilter) -> int:
    wanted = form.cleaned_data.get("state", "") or RiskState.OPEN.value
    return counts.total if wanted == ALL else int(getattr(counts, wanted))


def _beside(
    scope: RiskQuerySet, form: RiskListFilter, counts: RiskCounts, cells: Cells
) -> dict[str, Any]:
    """Return what stands above the list: the map, and the overdue reviews of the highest risks."""
    project = form.cleaned_data.get("project")
    late = scope.review_overdue(timezone.localdate()).select_related("project", "owner")
    of_project = f"&project={project}" if project else ""
    more = f"{reverse('risks:risk_list')}?overdue=on&sort=review{of_project}"
    return {
        "rows": map_of(cells, project=project),
        "columns": COLUMNS,
        "axis": map_words.AXIS,
        "late_reviews": late.order_by("-score", "review_date", "pk")[:LOOKED_AT],
        "reviews_title": findings.reviews_title(counts),
        "reviews_url": more if counts.overdue > LOOKED_AT else "",
        "tabs": frame.tabs("risks:risk_list"),
        "actions": frame.add_action(form.user, project, Permission.RISK_CHANGE, "risk"),
    }


@require_safe
@requires(Permission.PROJECT_VIEW, Risk)
def risk_detail(request: PageRequest, risk: Risk) -> TemplateResponse:
    is_open = risk.state == RiskState.OPEN
    actions = []
    if may(request.user, Permission.RISK_CHANGE, risk.project):
        actions.append(Action("Edit", reverse("risks:risk_edit", args=[risk.pk]), "pencil"))
    if is_open and may(request.user, Permission.ISSUE_CHANGE, risk.project):
        url = reverse("risks:issue_from_risk", args=[risk.pk])
        actions.append(Action(words.RISK_HAPPENED, url, "triangle-alert"))
    context = {
        "risk": risk,
        "actions": actions,
        "crumbs": frame.way_to(risk.project),
        "grades": _grades(risk),
        "issues": risk.issues.order_by("pk"),
        "sub": f"{risk.get_kind_display()} · {risk.project} · {risk.get_state_display()}",
        "lede": findings.risk_lede(risk, as_of=timezone.localdate()),
        "color": findings.risk_color(risk),
        "facts": findings.risk_facts(risk),
    }
    return TemplateResponse(request, "risks/risk_detail.html", context)


def _grades(risk: Risk) -> list[tuple[str, Any]]:
    return [
        (legend, grade(getattr(risk, f"{prefix}likelihood"), getattr(risk, f"{prefix}impact")))
        for legend, prefix, _ in PAIRS
    ]


@require_safe
@requires(Permission.PROJECT_LIST)
def risk_score(request: PageRequest) -> TemplateResponse:
    """Answer the numbers chosen so far with their scores, for the form to show at once."""
    form = ScoreForm(request.GET)
    grades = [(legend, form.grade(prefix)) for legend, prefix, _ in PAIRS]
    return TemplateResponse(request, "risks/_scores.html", {"grades": grades})


@require_http_methods(["GET", "POST"])
@requires(Permission.RISK_CHANGE, Project)
def risk_new(request: PageRequest, project: Project) -> HttpResponse:
    form = RiskForm(request.POST or None, instance=Risk(project=project), project=project)
    return edit_page(
        request,
        form=form,
        save=lambda form: services.create_risk(project=project, by=request.user, **form.changes()),
        title=words.ADD_RISK,
        sub=str(project),
        submit=words.ADD_RISK,
        done=words.RISK_ADDED,
        back=reverse("risks:project_panel", args=[project.pk]),
        template="risks/risk_edit.html",
        crumbs=frame.way_to(project),
        grades=_typed_grades(request, Risk()),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.RISK_CHANGE, Risk)
def risk_edit(request: PageRequest, risk: Risk) -> HttpResponse:
    grades = _typed_grades(request, risk)
    form = RiskForm(request.POST or None, instance=risk, project=risk.project)
    return edit_page(
        request,
        form=form,
        save=lambda form: services.change_risk(
            risk=risk, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_RISK,
        sub=str(risk.project),
        submit=words.SAVE_RISK,
        done=words.RISK_SAVED,
        back=risk.get_absolute_url(),
        template="risks/risk_edit.html",
        crumbs=frame.way_to(risk.project),
        grades=grades,
    )


def _typed_grades(request: PageRequest, risk: Risk) -> list[tuple[str, Any]]:
    """Return the scores as typed; as stored when nothing was sent yet."""
    if request.method != "POST":
        return _grades(risk)
    form = ScoreForm(request.POST)
    return [(legend, form.grade(prefix)) for legend, prefix, _ in PAIRS]
