"""The reports' front page, and who gets the weekly summary by mail."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.models import Job
from pmo.common.page.editing import edit_page
from projects.selectors.rhythm import rhythm_now
from reports.domain.periods import FrozenDay
from reports.forms.documents import SubscriptionForm
from reports.models import Subscription, Summary
from reports.selectors.documents import summaries_for, variance_reports
from reports.selectors.freezing import last_freeze
from reports.selectors.scopes import OfferedScopes
from reports.services.deliveries import DELIVER
from reports.services.early import FREEZE_EARLY
from reports.services.subscriptions import subscribe_to_all, unsubscribe
from reports.services.summaries import COMPILE
from reports.services.variance import REPORT
from reports.views.freezing import standing
from reports.words import documents as words
from reports.words.freezing import FREEZE_NOW
from reports.words.mails import RULE
from reports.words.rhythm import every_week

SHOWN = 12
RUNNING_SHOWN = 5


@require_safe
@requires(Permission.SUMMARY_VIEW)
def report_list(request: PageRequest) -> TemplateResponse:
    summaries = list(summaries_for(request.user).for_list()[:SHOWN])  # type: ignore[attr-defined]  # our own queryset
    newest = [one for one in summaries if _freeze_of(one) == _freeze_of(summaries[0])]
    may_run = can(request.user, Permission.REPORT_RUN).allowed
    sees_variance = can(request.user, Permission.DASHBOARD_VIEW).allowed
    running = (
        Job.objects.open().filter(kind__in=[COMPILE, REPORT, DELIVER, FREEZE_EARLY]).order_by("-pk")
    )
    at_hand = standing(last_freeze(), request.user)
    context = {
        "newest": newest,
        "newest_title": words.newest_title(newest),
        "earlier": summaries[len(newest) :],
        "reports": list(variance_reports()[:SHOWN]) if sees_variance else [],
        "running": list(running[:RUNNING_SHOWN]) if may_run else [],
        "actions": _actions(at_hand["freeze_url"]) if may_run else [],
        "sub": every_week(rhythm_now()),
        **at_hand,
        "may_run": may_run,
        "may_subscribe": can(request.user, Permission.SUBSCRIPTION_CHANGE).allowed,
    }
    return TemplateResponse(request, "reports/report_list.html", context)


def _freeze_of(summary: Summary) -> FrozenDay:
    return FrozenDay(summary.date, summary.is_early)


def _actions(freeze_url: str) -> list[dict[str, Any]]:
    freeze = {"label": FREEZE_NOW, "url": freeze_url, "icon": "lock"}
    return [
        *([freeze] if freeze_url else []),
        {
            "label": words.COMPILE,
            "url": reverse("reports:summary_new"),
            "icon": "file-text",
            "primary": True,
        },
        {
            "label": words.NEW_VARIANCE,
            "url": reverse("reports:variance_new"),
            "icon": "plus",
        },
    ]


@require_safe
@requires(Permission.SUBSCRIPTION_CHANGE)
def subscription_list(request: PageRequest) -> TemplateResponse:
    found = (
        Subscription.objects.with_scope()
        .select_related("user")
        .hospital_first("user__name", "user", "document")
    )
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rule": RULE,
        "crumbs": [{"label": words.REPORTS, "url": reverse("reports:report_list")}],
        "actions": [
            {
                "label": words.ADD_SUBSCRIBER,
                "url": reverse("reports:subscription_new"),
                "icon": "plus",
                "primary": True,
            }
        ],
    }
    return TemplateResponse(request, "reports/subscription_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SUBSCRIPTION_CHANGE)
def subscription_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=SubscriptionForm(request.POST or None, offered=OfferedScopes(request.user)),
        save=lambda form: subscribe_to_all(by=request.user, **form.asked()),
        title=words.ADD_SUBSCRIBER,
        sub=RULE,
        submit=words.ADD,
        done=words.SUBSCRIBED,
        back=reverse("reports:subscription_list"),
        crumbs=[{"label": words.SUBSCRIPTIONS, "url": reverse("reports:subscription_list")}],
    )


@require_POST
@requires(Permission.SUBSCRIPTION_CHANGE)
def subscription_remove(request: PageRequest, pk: int) -> HttpResponseRedirect:
    unsubscribe(subscription=get_object_or_404(Subscription, pk=pk), by=request.user)
    messages.success(request, words.UNSUBSCRIBED)
    return redirect("reports:subscription_list")
