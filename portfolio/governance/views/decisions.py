"""The register: the list, one decision, asking, deciding what one person decides, reopening."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from portfolio.governance.domain.kinds import DecisionOutcome, DecisionState
from portfolio.governance.filters import ALL, RegisterFilters
from portfolio.governance.forms.decisions import (
    QuestionForm,
    RulingForm,
    UrgentForm,
    WithdrawDecisionForm,
)
from portfolio.governance.models import Committee, Decision
from portfolio.governance.selectors import people
from portfolio.governance.selectors.pages import SHOWN_WITH, options_of, register_rows
from portfolio.governance.selectors.register import RegisterCounts, register_counts_of
from portfolio.governance.selectors.seating import members_on, seated_of
from portfolio.governance.services import decisions as services
from portfolio.governance.validators import OPTION_TEXTS
from portfolio.governance.views import frame
from portfolio.governance.words import decisions as words
from portfolio.governance.words import gates as gate_words
from projects.models import Project
from projects.views.frame import PAGE_SIZE, Action, crumbs, tabs
from risks.views.frame import StateSegment, segments

PANEL_SHOWN = 5


@require_safe
@requires(Permission.DECISION_LIST)
def decision_list(request: PageRequest) -> TemplateResponse:
    today, form = timezone.localdate(), RegisterFilters(request.GET)
    visible = form.scope(Decision.objects.visible_to(request.user))
    counts = register_counts_of(visible, today)
    chosen = form.apply(visible, as_of=today).select_related(*SHOWN_WITH)
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    narrowed = [(name, form.cleaned_data.get(name)) for name in ("project", "committee")]
    actions = [Action("Committees", reverse("governance:committee_list"), "users")]
    actions.append(Action("Conditions", reverse("governance:condition_list"), "clipboard-check"))
    actions.append(Action(gate_words.REVIEWS, reverse("governance:review_list"), "flag"))
    if frame.may(request.user, Permission.DECISION_RAISE):
        url = reverse("governance:decision_new")
        actions.append(Action(words.RAISE, url, "plus", primary=True))
    context = {
        "page": page,
        "rows": register_rows(list(page.object_list), today),
        "counts": counts,
        "segments": _segments(counts, form.cleaned_data.get("state", "")),
        "fields": [form["q"]],
        "keep": [(name, value) for name, value in narrowed if value],
        "lede": words.register_lede(counts),
        "is_late": bool(counts.overdue),
        "actions": actions,
    }
    return render_page(request, "governance/decision_list.html", context, partial="table")


def _segments(counts: RegisterCounts, chosen: str) -> list[StateSegment]:
    states = (
        ("Waiting", "", counts.waiting),
        ("Overdue", "overdue", counts.overdue),
        ("Decided", "decided", counts.decided),
        ("Drafts", "draft", counts.drafts),
        ("All", ALL, counts.total),
    )
    return segments(states, chosen)


@require_safe
@requires(Permission.DECISION_VIEW, Decision)
def decision(request: PageRequest, decision: Decision) -> TemplateResponse:
    today, user = timezone.localdate(), request.user
    row = register_rows([decision], today)[0]
    conditions = list(
        decision.conditions.select_related("owner", "verified_by").order_by("position")
    )
    items = list(decision.agenda_items.select_related("meeting__committee").order_by("pk"))
    committees = {one.meeting.committee_id for one in items}
    seen = set(
        Committee.objects.visible_to(user).filter(pk__in=committees).values_list("pk", flat=True)
    )
    successor = Decision.objects.visible_to(user).filter(supersedes=decision).first()
    is_open = {one.pk for one in conditions if one.state == "open"}
    context = {
        "decision": decision,
        "row": row,
        "today": today,
        "lede": words.decision_lede(row, conditions, today),
        "is_late": row.is_overdue or any(one.is_overdue(today) for one in conditions),
        "options": options_of(decision, OPTION_TEXTS),
        "conditions": conditions,
        "conditions_title": words.conditions_title(conditions, today),
        "may_answer": frame.may(user, Permission.CONDITION_ANSWER, decision) and is_open,
        "may_close": frame.may(user, Permission.CONDITION_CLOSE, decision) and is_open,
        "facts": words.decision_facts(row),
        "history": words.history(decision, items, seen),
        "sub": f"{decision.number} · {decision.get_kind_display()} · {decision.get_state_display()}",
        "project_url": _project_url(decision, user),
        "successor": successor,
        "actions": _actions(decision, user),
        "crumbs": frame.to_decisions(),
        "shows_conditions": bool(conditions) or decision.is_decided,
    } | frame.gate_part(user, decision)
    return TemplateResponse(request, "governance/decision.html", context)


def _project_url(decision: Decision, user: User) -> str:
    """Return the project's page; "" for who sees the decision without seeing its project."""
    if decision.project is None or not frame.may(user, Permission.PROJECT_VIEW, decision.project):
        return ""
    return decision.project.get_absolute_url()


def _actions(decision: Decision, user: User) -> list[Action]:
    def url(name: str) -> str:
        return reverse(f"governance:{name}", args=[decision.pk])

    found: list[Action] = []
    may_raise = frame.may(user, Permission.DECISION_RAISE, decision)
    is_open = decision.state in services.OPEN
    if may_raise and is_open:
        found.append(Action("Edit", url("decision_edit"), "pencil"))
        found.append(Action(words.WITHDRAW, url("decision_withdraw"), "x"))
    if may_raise and decision.state == DecisionState.DRAFT:
        found.append(Action(words.ASK, url("decision_ask"), "send", primary=True, method="post"))
    if decision.is_waiting and _may_take(decision, user):
        found.append(Action(words.TAKE, url("decision_take"), "gavel", primary=True))
    body = decision.decider_committee
    if decision.is_waiting and body and frame.may(user, Permission.MEETING_RUN, body):
        found.append(Action(words.URGENT, url("decision_urgent"), "gavel"))
    if may_raise and decision.is_decided:
        found.append(Action(words.SUPERSEDE, url("decision_supersede"), "rotate-ccw"))
    return found


def _may_take(decision: Decision, user: User) -> bool:
    """Say whether one person decides this, and the user is that person or records for it."""
    is_alone = decision.decider_person_id is not None
    return is_alone and frame.may(user, Permission.DECISION_TAKE, decision)


def _raise(request: PageRequest, blank: Decision, way: list[Any], cancel: str) -> HttpResponse:
    """Draft a decision about what `blank` names: a project, a committee, an older decision, or nothing."""
    old = blank.supersedes

    def save(form: QuestionForm) -> Decision:
        said = form.record() | {"project": blank.project}
        return services.raise_decision(by=request.user, supersedes=old, **said)

    return edit_page(
        request,
        form=QuestionForm(
            request.POST or None, instance=blank, deciders=_deciders(blank.project, None)
        ),
        save=save,
        title=words.RAISE,
        sub=str(blank.project or ""),
        submit="Save draft",
        done=words.DECISION_RAISED,
        back=lambda made: str(made.get_absolute_url()),
        cancel_url=cancel,
        crumbs=way,
    )


def _deciders(project: Project | None, and_also: int | None) -> "QuerySet[User]":
    return people.deciders_for(project, and_also)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_RAISE)
def decision_new(request: PageRequest) -> HttpResponse:
    return _raise(request, Decision(), frame.to_decisions(), reverse("governance:decision_list"))


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_RAISE, Project)
def decision_new_of_project(request: PageRequest, project: Project) -> HttpResponse:
    return _raise(request, Decision(project=project), crumbs(project), project.get_absolute_url())


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_RAISE, Committee)
def decision_new_of_committee(request: PageRequest, committee: Committee) -> HttpResponse:
    return _raise(
        request,
        Decision(decider_committee=committee),
        frame.to_committee(committee),
        committee.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_RAISE, Decision)
def decision_supersede(request: PageRequest, decision: Decision) -> HttpResponse:
    """Draft the decision that is to take the place of a decided one, beginning with what that said."""
    names = ("question", "background", "kind", "options", "recommended", "recommendation",
             "decider_committee", "decider_person", "amount", "consulted", "informed", "project")  # fmt: skip
    blank = Decision(supersedes=decision, **{name: getattr(decision, name) for name in names})
    return _raise(request, blank, frame.to_decision(decision), decision.get_absolute_url())


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_RAISE, Decision)
def decision_edit(request: PageRequest, decision: Decision) -> HttpResponse:
    deciders = _deciders(decision.project, decision.decider_person_id)
    return edit_page(
        request,
        form=QuestionForm(request.POST or None, instance=decision, deciders=deciders),
        save=lambda form: services.change_decision(
            decision=Decision.objects.get(pk=decision.pk),
            version=form.opened_version(),
            by=request.user,
            **form.record(),
        ),
        title=words.EDIT,
        sub=decision.number,
        submit=words.SAVE,
        done=words.DECISION_SAVED,
        back=decision.get_absolute_url(),
        crumbs=frame.to_decision(decision),
    )


@require_POST
@requires(Permission.DECISION_RAISE, Decision)
def decision_ask(request: PageRequest, decision: Decision) -> HttpResponseRedirect:
    return frame.act(
        request,
        lambda: services.ask_decision(decision=decision, version=None, by=request.user),
        words.DECISION_ASKED,
        decision.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_RAISE, Decision)
def decision_withdraw(request: PageRequest, decision: Decision) -> HttpResponse:
    return edit_page(
        request,
        form=WithdrawDecisionForm(request.POST or None, instance=decision),
        save=lambda form: services.withdraw_decision(
            decision=decision,
            version=form.opened_version(),
            by=request.user,
            reason=form.cleaned_data["reason"],
        ),
        title=words.WITHDRAW_TITLE,
        sub=decision.question,
        submit=words.WITHDRAW,
        done=words.DECISION_WITHDRAWN,
        back=decision.get_absolute_url(),
        crumbs=frame.to_decision(decision),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_TAKE, Decision)
def decision_take(request: PageRequest, decision: Decision) -> HttpResponse:
    form = RulingForm(
        request.POST or None,
        instance=decision,
        outcomes=list(DecisionOutcome),
        owners=people.owners_for(decision, timezone.localdate()),
    )
    return edit_page(
        request,
        form=form,
        save=lambda form: services.take_decision(
            decision=decision,
            version=form.opened_version(),
            by=request.user,
            ruling=form.ruling(),
        ),
        title=words.TAKE,
        sub=decision.question,
        submit=words.TAKE,
        done=words.DECISION_TAKEN,
        back=decision.get_absolute_url(),
        crumbs=frame.to_decision(decision),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.DECISION_VIEW, Decision)
def decision_urgent(request: PageRequest, decision: Decision) -> HttpResponse:
    """Record what two members approved between meetings; for who runs the committee's meetings."""
    committee, today = decision.decider_committee, timezone.localdate()
    frame.demand(request.user, Permission.MEETING_RUN, committee)
    members = members_on(committee, today) if committee else []
    form = UrgentForm(
        request.POST or None,
        instance=decision,
        members=seated_of(members, project=decision.project),
        owners=people.owners_for(decision, today),
    )
    return edit_page(
        request,
        form=form,
        save=lambda form: services.decide_between_meetings(
            decision=decision,
            version=form.opened_version(),
            by=request.user,
            choices=form.choices(),
            ruling=form.ruling(),
        ),
        title=words.URGENT,
        sub=words.URGENT_NOTE,
        submit=words.URGENT,
        done=words.DECISION_TAKEN,
        back=decision.get_absolute_url(),
        crumbs=frame.to_decision(decision),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_panel(request: PageRequest, project: Project) -> TemplateResponse:
    """Show what was asked and decided on a project, on its own page and on the project's."""
    today = timezone.localdate()
    rows = Decision.objects.filter(project=project)
    counts = register_counts_of(rows, today)
    shown = rows.select_related(*SHOWN_WITH).order_by("-pk")[:PANEL_SHOWN]
    new = reverse("governance:decision_new_of_project", args=[project.pk])
    may_raise = frame.may(request.user, Permission.DECISION_RAISE, project)
    context = {
        "project": project,
        "rows": register_rows(list(shown), today),
        "title": words.register_lede(counts),
        "new_url": new if may_raise else "",
        "all_url": f"{reverse('governance:decision_list')}?project={project.pk}&state={ALL}",
        "crumbs": crumbs(project),
        "tabs": tabs(project, "governance:project_panel"),
    }
    return render_page(request, "governance/project_panel.html", context, partial="panel")
