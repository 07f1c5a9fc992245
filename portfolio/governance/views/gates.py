"""The gates of a project: the ladder, one gate with its evidence, reviews, and what the office holds."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from portfolio.governance.domain.gates import WAITS, EvidenceKind
from portfolio.governance.forms.gates import (
    ALL,
    EvidenceAskForm,
    GateEvidenceForm,
    GateForm,
    GateReasonForm,
    GateReviewForm,
    ReviewFilter,
)
from portfolio.governance.models import EvidenceItem, GateHold, GateReview, ProjectGate
from portfolio.governance.selectors.gate_sets import rows_of_set, set_for
from portfolio.governance.selectors.gates import (
    GateRow,
    ReviewCounts,
    hold_on,
    ladder_of,
    review_counts,
    spend_block,
)
from portfolio.governance.services import gate_work as services
from portfolio.governance.services.gates import lay_set
from portfolio.governance.views import frame
from portfolio.governance.words import gates as words
from projects.domain.office import GateRule
from projects.models import Project
from projects.office import OfficeStanding, standing_of
from projects.views.frame import (
    PAGE_SIZE,
    Action,
    Crumb,
    confirm_page,
    crumbs,
    lessons_panel,
    may,
    tabs,
)
from risks.views.frame import StateSegment, segments


def _gates_url(project: Project) -> str:
    return reverse("governance:project_gates", args=[project.pk])


def _way(project: Project) -> list[Crumb]:
    return [*crumbs(project), Crumb(words.GATES, _gates_url(project))]


def _to_gate(gate: ProjectGate) -> list[Crumb]:
    return [*_way(gate.project), Crumb(str(gate), gate.get_absolute_url())]


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_gates(request: PageRequest, project: Project) -> TemplateResponse:
    """Show the ladder of a project's gates; the project's page draws it as a part."""
    today = timezone.localdate()
    rows = ladder_of(project, today=today)
    hold, standing = hold_on(project), standing_of(project.pk)
    spend = spend_block(project, today=today, hold=hold)
    context = {
        "project": project,
        "rows": [(row, words.row_note(row), words.evidence_note(row.evidence)) for row in rows],
        "title": words.ladder_title(rows),
        "lede": words.ladder_lede(rows),
        "without_gates": words.WHAT_GATES_ARE,
        "rules": words.rules_note(standing),
        "held": words.held(hold) if hold else "",
        "faults": [*words.spend_faults(spend), words.booked_since(spend)] if spend else [],
        "lay_url": _lay_url(request, project, rows),
        "gates_url": _gates_url(project) if request.htmx else "",
        "actions": _ladder_actions(request, project, hold, standing, has_gates=bool(rows)),
        "crumbs": crumbs(project)[:1],
        "tabs": tabs(project, "governance:project_gates"),
    }
    return render_page(request, "governance/project_gates.html", context, partial="panel")


def _lay_url(request: PageRequest, project: Project, rows: list[GateRow]) -> str:
    if rows or not may(request.user, Permission.GATE_CHANGE, project):
        return ""
    return reverse("governance:gates_lay", args=[project.pk])


def _ladder_actions(
    request: PageRequest,
    project: Project,
    hold: GateHold | None,
    standing: OfficeStanding,
    *,
    has_gates: bool,
) -> list[Action]:
    def to(label: str, name: str, icon: str, pk: int) -> Action:
        return Action(label, reverse(f"governance:{name}", args=[pk]), icon)

    found = []
    if has_gates and may(request.user, Permission.GATE_CHANGE, project):
        found.append(to(words.ADD_GATE, "gate_new", "plus", project.pk))
    if may(request.user, Permission.GATE_HOLD, project) and project.is_active:
        if hold:
            found.append(to(words.LIFT, "hold_lift", "rotate-ccw", hold.pk))
        elif standing.rules.gates is GateRule.BOARD:
            found.append(to(words.HOLD, "project_hold", "hourglass", project.pk))
        if standing.rules.gates is GateRule.BOARD:
            found.append(to(words.STOP, "project_stop", "circle-x", project.pk))
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_CHANGE, Project)
def gates_lay(request: PageRequest, project: Project) -> HttpResponse:
    chosen = set_for(project.category)
    name = str(chosen) if chosen else words.SHIPPED_SET

    def lay() -> None:
        lay_set(project=project, by=request.user)

    return confirm_page(
        request,
        act=lay,
        done=words.LAID,
        back=_gates_url(project),
        title=words.LAY,
        text=words.lay_note(project, name, len(rows_of_set(chosen))),
        submit=words.LAY,
        crumbs=_way(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, ProjectGate)
def gate(request: PageRequest, gate: ProjectGate) -> TemplateResponse:
    """Show one gate: its question, evidence, conditions and reviews."""
    project, today = gate.project, timezone.localdate()
    row = next(one for one in ladder_of(project, today=today) if one.gate.pk == gate.pk)
    context = {
        "gate": row.gate,
        "row": row,
        "project": project,
        "today": today,
        "lede": words.gate_lede(row),
        "rules": words.rules_note(standing_of(project.pk)),
        "evidence_note": words.evidence_note(row.evidence),
        "evidence": [(one, words.shown_by(one)) for one in row.evidence],
        "reviews": row.reviews,
        "may_give": _may_give(request, row),
        "ask_evidence_url": _ask_evidence_url(request, row),
        "lessons": lessons_panel(project, _moment(row.gate)),
        "facts": words.gate_facts(row),
        "actions": _gate_actions(request, row),
        "sub": f"{project.name} · {project.code}",
        "crumbs": _way(project),
    }
    return TemplateResponse(request, "governance/gate.html", context)


def _moment(gate: ProjectGate) -> str:
    """Return what a lesson says it was learned at: the gate’s milestone."""
    return str(gate.milestone.name if gate.milestone else gate.name)


def _may_give(request: PageRequest, row: GateRow) -> bool:
    """Say whether the reader changes evidence; that of a gate that is passed stays."""
    may_change = may(request.user, Permission.GATE_EVIDENCE, row.gate.project)
    return may_change and not row.is_passed


def _ask_evidence_url(request: PageRequest, row: GateRow) -> str:
    if not _may_give(request, row):
        return ""
    return reverse("governance:evidence_new", args=[row.gate.pk])


def _gate_actions(request: PageRequest, row: GateRow) -> list[Action]:
    def to(label: str, name: str, icon: str, *, primary: bool = False) -> Action:
        return Action(label, reverse(f"governance:{name}", args=[row.gate.pk]), icon, primary)

    project, found = row.gate.project, []
    if may(request.user, Permission.GATE_CHANGE, project):
        found.append(to("Edit", "gate_edit", "pencil"))
        if not row.reviews:
            found.append(to("Remove", "gate_remove", "trash"))
    is_open = not row.is_passed and row.state not in WAITS
    if is_open and may(request.user, Permission.GATE_ASK, project):
        found.append(to(words.ASK_REVIEW, "review_ask", "gavel", primary=True))
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_CHANGE, Project)
def gate_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=GateForm(request.POST or None, instance=ProjectGate(project=project), project=project),
        save=lambda form: services.add_gate(project=project, by=request.user, **form.changes()),
        title=words.ADD_GATE,
        sub=str(project),
        submit=words.ADD_GATE,
        done=words.GATE_SAVED,
        back=lambda gate: gate.get_absolute_url(),
        cancel_url=_gates_url(project),
        crumbs=_way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_CHANGE, ProjectGate)
def gate_edit(request: PageRequest, gate: ProjectGate) -> HttpResponse:
    return edit_page(
        request,
        form=GateForm(request.POST or None, instance=gate, project=gate.project),
        save=lambda form: services.change_gate(
            gate=gate, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_GATE,
        sub=f"{gate.code} · {gate.project}",
        done=words.GATE_SAVED,
        back=gate.get_absolute_url(),
        crumbs=_to_gate(gate),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_CHANGE, ProjectGate)
def gate_remove(request: PageRequest, gate: ProjectGate) -> HttpResponse:
    return confirm_page(
        request,
        act=lambda: services.remove_gate(gate=gate, by=request.user),
        done=words.GATE_REMOVED,
        back=_gates_url(gate.project),
        title=words.REMOVE_GATE_ASKED,
        text=words.remove_gate_note(gate),
        submit=words.REMOVE_GATE,
        crumbs=_to_gate(gate),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_EVIDENCE, ProjectGate)
def evidence_new(request: PageRequest, gate: ProjectGate) -> HttpResponse:
    blank = EvidenceItem(gate=gate, project=gate.project)
    return edit_page(
        request,
        form=EvidenceAskForm(request.POST or None, instance=blank),
        save=lambda form: services.ask_evidence(gate=gate, by=request.user, **form.changes()),
        title=words.ASK_EVIDENCE,
        sub=f"{gate} · {gate.project}",
        submit=words.ASK_EVIDENCE,
        done=words.EVIDENCE_ASKED,
        back=gate.get_absolute_url(),
        crumbs=_to_gate(gate),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_EVIDENCE, EvidenceItem)
def evidence_edit(request: PageRequest, item: EvidenceItem) -> HttpResponse:
    """Give a piece of evidence; what is a field of the project is filled in there."""
    gate, project = item.gate, item.project
    if item.kind == EvidenceKind.FIELD:
        return TemplateResponse(
            request,
            "governance/evidence_field.html",
            {"item": item, "project": project, "crumbs": _to_gate(gate)},
        )
    return edit_page(
        request,
        form=GateEvidenceForm(request.POST or None, instance=item),
        save=lambda form: services.give_evidence(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=item.name,
        sub=f"{gate} · {project}",
        submit=words.GIVE,
        done=words.GIVEN,
        back=gate.get_absolute_url(),
        crumbs=_to_gate(gate),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_EVIDENCE, EvidenceItem)
def evidence_dismiss(request: PageRequest, item: EvidenceItem) -> HttpResponse:
    return edit_page(
        request,
        form=GateReasonForm(request.POST or None),
        save=lambda form: services.dismiss_evidence(
            item=item, version=None, by=request.user, reason=form.cleaned_data["reason"]
        ),
        title=words.DISMISS,
        sub=f"{item.name} · {item.gate}",
        submit=words.DISMISS,
        done=words.DISMISSED,
        back=item.gate.get_absolute_url(),
        crumbs=_to_gate(item.gate),
    )


@require_POST
@requires(Permission.GATE_EVIDENCE, EvidenceItem)
def evidence_reopen(request: PageRequest, item: EvidenceItem) -> HttpResponse:
    return frame.act(
        request,
        lambda: services.reopen_evidence(item=item, version=None, by=request.user),
        words.REOPENED,
        item.gate.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_ASK, ProjectGate)
def review_ask(request: PageRequest, gate: ProjectGate) -> HttpResponse:
    """Put the gate before who decides it."""
    return edit_page(
        request,
        form=GateReviewForm(request.POST or None, gate=gate),
        save=lambda form: services.ask_review(gate=gate, by=request.user, **form.cleaned_data),
        title=words.ASK_REVIEW,
        sub=f"{gate} · {gate.project}",
        submit=words.ASK_REVIEW,
        done=words.REVIEW_ASKED,
        back=gate.get_absolute_url(),
        crumbs=_to_gate(gate),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_HOLD, Project)
def project_hold(request: PageRequest, project: Project) -> HttpResponse:
    return _by_reason(
        request,
        project,
        lambda reason: services.hold_project(project=project, by=request.user, reason=reason),
        title=words.HOLD,
        done=words.HELD,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_HOLD, Project)
def project_stop(request: PageRequest, project: Project) -> HttpResponse:
    return _by_reason(
        request,
        project,
        lambda reason: services.stop_project(
            project=project, version=None, by=request.user, reason=reason
        ),
        title=words.STOP,
        done=words.STOPPED,
    )


def _by_reason(
    request: PageRequest, project: Project, save: Any, *, title: str, done: str
) -> HttpResponse:
    return edit_page(
        request,
        form=GateReasonForm(request.POST or None),
        save=lambda form: save(form.cleaned_data["reason"]),
        title=title,
        sub=str(project),
        submit=title,
        done=done,
        back=_gates_url(project),
        crumbs=_way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_HOLD, GateHold)
def hold_lift(request: PageRequest, hold: GateHold) -> HttpResponse:
    def lift() -> None:
        services.lift_hold(hold=hold, version=None, by=request.user)

    return confirm_page(
        request,
        act=lift,
        done=words.LIFTED,
        back=_gates_url(hold.project),
        title=words.LIFT,
        text=words.held(hold),
        submit=words.LIFT,
        crumbs=_way(hold.project),
    )


@require_safe
@requires(Permission.DECISION_LIST)
def review_list(request: PageRequest) -> TemplateResponse:
    """List the gate reviews that a reader may see, what is needed first in front."""
    today, form = timezone.localdate(), ReviewFilter(request.GET)
    visible = form.scope(GateReview.objects.visible_to(request.user))
    counts = review_counts(visible, today)
    chosen = form.apply(visible, as_of=today).select_related(
        "gate", "project", "decision__decider_committee", "decision__decider_person"
    )
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    kept = [(name, form.cleaned_data.get(name)) for name in ("committee", "portfolio")]
    actions = []
    if frame.may(request.user, Permission.GATE_SET_CHANGE):
        actions.append(Action(words.SETS, reverse("governance:gate_set_list"), "clipboard-list"))
    context = {
        "page": page,
        "counts": counts,
        "today": today,
        "segments": _segments(counts, form.cleaned_data.get("state", "")),
        "fields": [form["q"]],
        "keep": [(name, value) for name, value in kept if value],
        "lede": words.reviews_lede(counts),
        "title": words.REVIEWS,
        "actions": actions,
        "crumbs": frame.to_decisions(),
    }
    return render_page(request, "governance/review_list.html", context, partial="table")


def _segments(counts: ReviewCounts, chosen: str) -> list[StateSegment]:
    states = (
        ("Open", "", counts.waiting),
        ("Overdue", "overdue", counts.overdue),
        ("Deferred", "deferred", counts.deferred),
        ("Decided", "decided", counts.decided),
        ("Not ratified", "unratified", counts.unratified),
        ("All", ALL, counts.total),
    )
    return segments(states, chosen)
