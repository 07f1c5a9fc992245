"""Conditions: the list with what is overdue, evidence, verifying and waiving."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from portfolio.governance.filters import ALL, ConditionFilter
from portfolio.governance.forms.decisions import CloseConditionForm, EvidenceForm
from portfolio.governance.models import Committee, Condition
from portfolio.governance.selectors.pages import conditions_for
from portfolio.governance.selectors.register import condition_counts
from portfolio.governance.services import conditions as services
from portfolio.governance.views import frame
from portfolio.governance.words import decisions as words
from projects.views.frame import PAGE_SIZE
from risks.views.frame import segments


@require_safe
@requires(Permission.DECISION_LIST)
def condition_list(request: PageRequest) -> TemplateResponse:
    today, form = timezone.localdate(), ConditionFilter(request.GET)
    counts = condition_counts(request.user, today)
    rows = form.apply(conditions_for(request.user), as_of=today)
    chosen = form.cleaned_data.get("state", "")
    states = (
        ("Open", "", counts.open),
        ("Overdue", "overdue", counts.overdue),
        ("All", ALL, counts.total),
    )
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "counts": counts,
        "segments": segments(states, chosen),
        "lede": words.conditions_lede(counts),
        "is_late": bool(counts.overdue),
        "today": today,
        "crumbs": frame.to_decisions(),
    }
    return render_page(request, "governance/condition_list.html", context, partial="table")


@require_http_methods(["GET", "POST"])
@requires(Permission.CONDITION_ANSWER, Condition)
def condition_answer(request: PageRequest, condition: Condition) -> HttpResponse:
    text = condition.text
    return edit_page(
        request,
        form=EvidenceForm(request.POST or None, instance=condition),
        save=lambda form: services.answer_condition(
            condition=condition,
            version=form.opened_version(),
            by=request.user,
            evidence=form.cleaned_data["evidence"],
        ),
        title=words.ANSWER,
        sub=text,
        submit=words.ANSWER,
        done=words.EVIDENCE_SAVED,
        back=condition.decision.get_absolute_url(),
        crumbs=frame.to_decision(condition.decision),
    )


def _bodies(body: Committee | None, user: User) -> "QuerySet[Committee]":
    """Return the committee that decided and those above it, of which the user keeps the minutes."""
    found = []
    while body is not None:
        if frame.may(user, Permission.MEETING_RUN, body):
            found.append(body.pk)
        body = body.higher_body
    return Committee.objects.filter(pk__in=found)


@require_http_methods(["GET", "POST"])
@requires(Permission.CONDITION_CLOSE, Condition)
def condition_close(request: PageRequest, condition: Condition) -> HttpResponse:
    def save(form: CloseConditionForm) -> Condition:
        said, version = form.cleaned_data, form.opened_version()
        if said["action"] == "met":
            return services.meet_condition(
                condition=condition, version=version, by=request.user, evidence=said["evidence"]
            )
        return services.waive_condition(
            condition=condition,
            version=version,
            by=request.user,
            reason=said["close_reason"],
            committee=said["committee"],
        )

    return edit_page(
        request,
        form=CloseConditionForm(
            request.POST or None,
            instance=condition,
            bodies=_bodies(condition.decision.decider_committee, request.user),
        ),
        save=save,
        title=words.CLOSE_CONDITION,
        sub=condition.text,
        submit=words.CLOSE_CONDITION,
        done=words.CONDITION_CLOSED,
        back=condition.decision.get_absolute_url(),
        crumbs=frame.to_decision(condition.decision),
    )
