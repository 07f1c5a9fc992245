"""The register of requests with its queue, one request, and the count by age."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.htmx import render_page
from portfolio.intake.domain.kinds import ACCEPTED, IN_TRIAGE, QueueAge, RequestState
from portfolio.intake.filters import QueueFilter
from portfolio.intake.models import IntakeRules, MandatoryGround, ProjectRequest
from portfolio.intake.selectors import requests as selectors
from portfolio.intake.selectors.capital import items_of
from portfolio.intake.selectors.hints import hints_for, likeness_of
from portfolio.intake.selectors.settings import (
    may_edit,
    may_list_items,
    may_triage,
    rules,
    sponsor_is_asked,
    working_days,
)
from portfolio.intake.services import becoming
from portfolio.intake.views import frame
from portfolio.intake.words import findings
from portfolio.intake.words import requests as words
from projects.domain.kinds import Lane
from projects.models import Project
from projects.views.frame import PAGE_SIZE, Action, address, crumbs


@require_safe
@requires(Permission.REQUEST_VIEW)
def request_list(request: PageRequest) -> TemplateResponse:
    """Show the queue of all portfolios, what is nearest to its day first; other states by choice."""
    today, calendar = timezone.localdate(), working_days()
    visible = selectors.sent(request.user)
    form = QueueFilter(request.GET, requests=visible)
    ages = selectors.age_filters(today, calendar)
    counts = selectors.state_counts(visible)
    chosen = form.apply(visible.select_related("unit", "requester"), ages)
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    in_triage = selectors.ages_of(visible, today, calendar)
    context = {
        "page": page,
        "rows": [(one, selectors.used_days(one, today, calendar)) for one in page.object_list],
        "days": rules().answer_days,
        "counts": counts,
        "today": today,
        "fields": [form[name] for name in form.shown],
        "segments": [
            {
                "label": label,
                "value": value,
                "count": number,
                "checked": value == form.chosen("state"),
            }
            for label, value, number in findings.state_rows(counts)
        ],
        "lede": findings.queue_lede(in_triage),
        "color": findings.queue_color(in_triage),
        "tabs": frame.tabs(request.user, "intake:request_list"),
        "actions": _list_actions(request),
    }
    return render_page(request, "intake/request_list.html", context, partial="table")


def _list_actions(request: PageRequest) -> list[Action]:
    actions = []
    if can(request.user, Permission.INTAKE_RULES).allowed:
        actions.append(Action("Rules", reverse("intake:rules_edit"), "settings"))
    actions.append(Action(words.ADD_REQUEST, reverse("intake:request_new"), "plus", primary=True))
    return actions


@require_safe
@requires(Permission.REQUEST_VIEW, ProjectRequest)
def request_detail(request: PageRequest, record: ProjectRequest) -> TemplateResponse:
    user, today, known = request.user, timezone.localdate(), rules()
    used = selectors.used_days(record, today, working_days())
    project = selectors.shown_project(record, user)
    standing = findings.standing(record, used=used, days=known.answer_days)
    merged_into = (
        record.merged_into_id
        and ProjectRequest.objects.visible_to(user).filter(pk=record.merged_into_id).first()
    )
    context = {
        "record": record,
        "sub": f"{record.number} · {record.get_state_display()}",
        "lede": standing,
        "color": findings.color_of(record, today=today),
        "facts": findings.page_facts(record, known),
        "steps": selectors.timeline(record, user),
        "versions": list(record.versions.select_related("submitted_by").order_by("-number")),
        "project": project,
        **_decided(record, user),
        "merged_into": merged_into,
        "asks_sponsor": record.sponsor_id == user.pk and sponsor_is_asked(record),
        "merged": selectors.merged_in(record, user),
        "actions": _actions(request, record),
        "crumbs": frame.way(user),
        **_judged(request, record, known),
    }
    return TemplateResponse(request, "intake/request_detail.html", context)


def _decided(record: ProjectRequest, user: User) -> dict[str, Any]:
    """Return the committee's decision and its address, empty where the reader may not see it."""
    decision = selectors.shown_decision(record, user)
    url = address("governance:decision", decision.pk) if decision else ""
    return {"decision": decision, "decision_url": url}


def _judged(request: PageRequest, record: ProjectRequest, known: IntakeRules) -> dict[str, Any]:
    """Return what triage needs: its facts, the ground, the items, what looks alike."""
    ground = (
        MandatoryGround.objects.filter(request=record)
        .select_related("given_by", "verified_by")
        .first()
    )
    triages = may_triage(request.user, record)
    is_looked_at = triages and RequestState(record.state) in IN_TRIAGE
    hints = (
        hints_for(
            request.user,
            likeness_of(record, ground),
            rules=known,
            today=timezone.localdate(),
            besides=record.pk,
        )
        if is_looked_at
        else []
    )
    return {
        "ground": ground,
        "ground_facts": findings.ground_facts(ground) if ground else [],
        "ground_url": _ground_url(request, record, ground),
        "may_verify": _may_verify(request, record, ground),
        "triage_facts": findings.triage_facts(record)
        if record.lane or record.request_class
        else [],
        "needs": findings.needs_said(record.lane) if record.lane else "",
        "items": items_of(record, known),
        "may_list_items": may_list_items(request.user, record),
        "may_classify": can(request.user, Permission.REQUEST_CLASSIFY, record).allowed,
        "hints": [(hint, findings.because(hint)) for hint in hints],
        "looks_for_doubles": is_looked_at,
    }


def _ground_url(
    request: PageRequest, record: ProjectRequest, ground: MandatoryGround | None
) -> str:
    """Return where the ground is given or changed by this reader, "" where it is not or none is needed."""
    if ground is None and record.lane not in {"", Lane.MANDATORY.value}:
        return ""
    is_over = record.state in {
        RequestState.MERGED,
        RequestState.DECLINED,
        RequestState.WITHDRAWN,
    }
    may = may_triage(request.user, record) or may_edit(request.user, record)
    return reverse("intake:request_ground", args=[record.pk]) if may and not is_over else ""


def _may_verify(
    request: PageRequest, record: ProjectRequest, ground: MandatoryGround | None
) -> bool:
    if ground is None or ground.is_verified or not may_triage(request.user, record):
        return False
    return request.user.pk not in {record.requester_id, ground.given_by_id}


def _actions(request: PageRequest, record: ProjectRequest) -> list[Action]:
    def to(label: str, name: str, icon: str, *, primary: bool = False) -> Action:
        return Action(label, address(f"intake:{name}", record.pk), icon, primary)

    user, state = request.user, RequestState(record.state)
    is_own = record.requester_id == user.pk
    actions = []
    if is_own and state is RequestState.DRAFT:
        actions.append(to(words.EDIT_REQUEST, "request_edit", "pencil", primary=True))
    if is_own and state is RequestState.ASKED:
        actions.append(to(words.ANSWER, "request_answer", "message-square", primary=True))
    can_leave = state in {RequestState.DRAFT, *IN_TRIAGE, *ACCEPTED} and not record.project_id
    if is_own and can_leave:
        actions.append(to(words.WITHDRAW, "request_withdraw", "undo-2"))
    if may_triage(user, record):
        actions += _office_actions(state, record, to)
    if becoming.may_become(record) and can(user, Permission.PROJECT_CREATE, record).allowed:
        actions.append(to(words.MAKE_PROJECT, "request_project", "plus"))
        actions.append(to(words.START_FROM, "request_templates", "plus", primary=True))
    return actions


def _office_actions(state: RequestState, record: ProjectRequest, to: Any) -> list[Action]:
    if state in IN_TRIAGE:
        return [
            to(words.TRIAGE, "request_triage", "sliders-horizontal"),
            to(words.DECIDE, "request_decide", "gavel", primary=True),
        ]
    reopens = state in {*ACCEPTED, RequestState.DECLINED, RequestState.MERGED}
    if not reopens or record.project_id:
        return []
    return [to(words.SEND_BACK, "request_send_back", "rotate-ccw")]


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_panel(request: PageRequest, project: Project) -> HttpResponse:
    """Show on the project's page the request that it comes from; empty where the reader may not see it."""
    behind = selectors.request_behind(project, request.user)
    context: dict[str, object] = {
        "project": project,
        "behind": behind,
        "facts": words.asked_for(behind) if behind else [],
        "crumbs": crumbs(project),
    }
    return render_page(request, "intake/project_panel.html", context, partial="panel")


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def age_panel(request: PageRequest) -> HttpResponse:
    """Count the requests in triage by age, of those the reader may see; the dashboard shows it."""
    today, calendar = timezone.localdate(), working_days()
    ages = selectors.ages_of(selectors.sent(request.user), today, calendar)
    opens = can(request.user, Permission.REQUEST_VIEW).allowed
    url = reverse("intake:request_list" if opens else "intake:my_requests")
    context = {
        "title": findings.panel_title(ages),
        "rows": [
            {
                "label": age.label,
                "count": number,
                "url": f"{url}?age={age.value}" if opens else url,
                "is_late": age is QueueAge.LATE and number,
            }
            for age, number in ages.items()
        ],
        "total": sum(ages.values()),
        "url": url,
        "crumbs": frame.way(request.user),
    }
    return render_page(request, "intake/age_panel.html", context, partial="panel")
