"""Change requests: the log, one with its history, and each step on its way to a baseline."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import RecordForm, edit_page
from pmo.common.page.htmx import render_page
from projects.domain.kinds import OPEN_CHANGES, ChangeState
from projects.filters import ChangeFilter
from projects.forms.changes import (
    APPROVE,
    AssessForm,
    ChangeForm,
    DecideForm,
    ImplementForm,
    WithdrawForm,
)
from projects.models import Baseline, ChangeRequest, Project
from projects.selectors.change_control import level_of, ruling_for
from projects.selectors.changes import ChangeCounts, counts_of, in_order, rows_of
from projects.services import changes as services
from projects.views import frame
from projects.views.baselines import control_url, way
from projects.views.milestones import MilestoneSegment
from projects.words import changes as change_words


@require_safe
@requires(Permission.PROJECT_LIST)
def change_list(request: PageRequest) -> TemplateResponse:
    today, form = timezone.localdate(), ChangeFilter(request.GET)
    visible = Project.objects.visible_to(request.user)
    changes = form.scope(ChangeRequest.objects.filter(project__in=visible.values("pk")))
    counts = counts_of(changes, today=today)
    chosen = in_order(form.apply(changes)).select_related("project", "raised_by")
    only = visible.filter(pk=form.cleaned_data.get("project") or 0).first()
    page = Paginator(chosen, frame.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(page.object_list, today=today),
        "counts": counts,
        "segments": _segments(counts, form.cleaned_data.get("state", "")),
        "fields": [form["q"], form["emergency"]],
        "keep": [("project", only.pk)] if only else [],
        "only": only,
        "lede": change_words.log_lede(counts),
    }
    return render_page(request, "projects/change_list.html", context, partial="table")


def _segments(counts: ChangeCounts, chosen: str) -> list[MilestoneSegment]:
    offered = (
        ("", "Waiting", counts.open),
        ("raised", change_words.ASSESS, counts.raised),
        ("assessed", change_words.DECIDE, counts.assessed),
        ("approved", change_words.IMPLEMENT, counts.approved),
        ("closed", "Closed", counts.closed),
        ("all", "All", counts.total),
    )
    return [
        MilestoneSegment(value=value, label=label, count=n, checked=value == chosen)
        for value, label, n in offered
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_RAISE, Project)
def change_new(request: PageRequest, project: Project) -> HttpResponse:
    blank = ChangeRequest(project=project)
    return edit_page(
        request,
        form=ChangeForm(request.POST or None, instance=blank),
        save=lambda form: services.raise_change(project=project, by=request.user, **form.changes()),
        title=change_words.RAISE_TITLE,
        sub=change_words.RAISE_NOTE,
        submit=change_words.RAISE_CHANGE_REQUEST,
        done=change_words.CHANGE_RAISED,
        back=lambda change: str(change.get_absolute_url()),
        cancel_url=control_url(project),
        crumbs=way(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, ChangeRequest)
def change_request(request: PageRequest, change: ChangeRequest) -> TemplateResponse:
    row = rows_of([change], today=timezone.localdate())[0]
    baseline = Baseline.objects.filter(change_request=change).select_related("approved_by").first()
    is_assessed = change.state == ChangeState.ASSESSED
    ruling = ruling_for(change, request.user) if is_assessed else None
    context = {
        "change": change,
        "row": row,
        "lede": change_words.change_lede(row),
        "sub": f"CR-{change.number} · {change.get_state_display()} · {change.get_cause_display()}",
        "effects": change_words.effect_facts(change),
        "ruling": ruling,
        "is_decider": level_of(request.user, change.project) is not None,
        "steps": change_words.steps(change, baseline),
        "baseline": baseline,
        "trail_url": reverse("project_changes", args=[change.project_id]),
        "actions": _actions(request, change, may_decide=bool(ruling and not ruling.refusal)),
        "crumbs": way(change.project),
    }
    return TemplateResponse(request, "projects/change_request.html", context)


def _actions(
    request: PageRequest, change: ChangeRequest, *, may_decide: bool
) -> list[frame.Action]:
    """Return the steps that the state allows and this reader may take; the next one is primary."""
    raised, assessed = change.state == ChangeState.RAISED, change.state == ChangeState.ASSESSED
    approved = change.state == ChangeState.APPROVED
    decide, needed = Permission.CHANGE_DECIDE, Permission
    offered = (
        (may_decide, decide, "Decide", "change_decide", "gavel", True),
        (
            approved,
            needed.CHANGE_ASSESS,
            change_words.MAKE_BASELINE,
            "change_implement",
            "flag",
            True,
        ),
        (raised or assessed, needed.CHANGE_ASSESS, "Assess", "change_assess", "scale", raised),
        (raised or assessed, needed.CHANGE_RAISE, "Edit", "change_edit", "pencil", False),
        (change.is_open, needed.CHANGE_RAISE, "Withdraw", "change_withdraw", "undo-2", False),
    )
    return [
        frame.Action(label, reverse(f"projects:{name}", args=[change.pk]), icon, primary)
        for is_open, permission, label, name, icon, primary in offered
        if is_open and frame.may(request.user, permission, change.project)
    ]


def _step(
    request: PageRequest,
    change: ChangeRequest,
    form: type[RecordForm],
    save: Callable[[Any], models.Model],
    *,
    while_in: tuple[ChangeState, ...],
    **words: Any,
) -> HttpResponse:
    """Show the form of one step beside what is asked, or take it; back to the request when it is over."""
    if request.method == "GET" and change.state not in while_in:
        return HttpResponseRedirect(change.get_absolute_url())
    page = {
        "back": change.get_absolute_url(),
        "template": "projects/change_step.html",
        "change": change,
        "effects": change_words.effect_facts(change),
        "ruling": None,
        "sub": str(change),
        "crumbs": [*way(change.project), frame.Crumb(str(change), change.get_absolute_url())],
    }
    opened = form(request.POST or None, instance=change, initial=words.pop("initial", None))
    return edit_page(request, form=opened, save=save, **{**page, **words})


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_RAISE, ChangeRequest)
def change_edit(request: PageRequest, change: ChangeRequest) -> HttpResponse:
    return _step(
        request,
        change,
        ChangeForm,
        lambda form: services.revise_change(
            request=change, version=form.opened_version(), by=request.user, **form.changes()
        ),
        while_in=services.UNDECIDED,
        title=change_words.EDIT_CHANGE_REQUEST,
        submit=change_words.SAVE_CHANGE_REQUEST,
        done=change_words.CHANGE_SAVED,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_ASSESS, ChangeRequest)
def change_assess(request: PageRequest, change: ChangeRequest) -> HttpResponse:
    return _step(
        request,
        change,
        AssessForm,
        lambda form: services.assess_change(
            request=change, version=form.opened_version(), by=request.user, **form.changes()
        ),
        while_in=services.UNDECIDED,
        title=change_words.ASSESS_CHANGE,
        submit=change_words.SAVE_ASSESSMENT,
        done=change_words.CHANGE_ASSESSED,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_DECIDE, ChangeRequest)
def change_decide(request: PageRequest, change: ChangeRequest) -> HttpResponse:
    return _step(
        request,
        change,
        DecideForm,
        lambda form: services.decide_change(
            request=change,
            version=form.opened_version(),
            by=request.user,
            is_approved=form.cleaned_data["decision"] == APPROVE,
            note=form.cleaned_data["note"],
        ),
        while_in=(ChangeState.ASSESSED,),
        title=change_words.DECIDE_CHANGE,
        submit=change_words.SAVE_DECISION,
        done=change_words.DECISION_SAVED,
        ruling=ruling_for(change, request.user),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_RAISE, ChangeRequest)
def change_withdraw(request: PageRequest, change: ChangeRequest) -> HttpResponse:
    return _step(
        request,
        change,
        WithdrawForm,
        lambda form: services.withdraw_change(
            request=change,
            version=form.opened_version(),
            by=request.user,
            reason=form.cleaned_data["reason"],
        ),
        while_in=OPEN_CHANGES,
        title=change_words.WITHDRAW_TITLE,
        submit=change_words.WITHDRAW_CHANGE_REQUEST,
        done=change_words.CHANGE_WITHDRAWN,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_ASSESS, ChangeRequest)
def change_implement(request: PageRequest, change: ChangeRequest) -> HttpResponse:
    return _step(
        request,
        change,
        ImplementForm,
        lambda form: services.implement_change(
            request=change,
            version=form.opened_version(),
            by=request.user,
            name=form.cleaned_data["name"],
        ),
        while_in=(ChangeState.APPROVED,),
        title=change_words.MAKE_BASELINE,
        submit=change_words.SET_NEW_BASELINE,
        done=change_words.NEW_BASELINE_SET,
        back=lambda baseline: str(baseline.get_absolute_url()),
        cancel_url=change.get_absolute_url(),
        initial={"name": change.title[:120]},
    )
