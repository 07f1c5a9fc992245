"""The reports' background work: each job fetches its records and calls one service."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse

from pmo.accounts.acting import acting
from pmo.accounts.permissions import Permission
from pmo.common import clockwork, jobs
from portfolio.models import Portfolio
from reports.models import Summary
from reports.services import deliveries, summaries, variance
from reports.services.snapshots import week_to_freeze

SUMMARY_AT = time(6, 0)


@jobs.handles(summaries.COMPILE)
def run_compile(run: jobs.Run) -> dict[str, Any]:
    portfolio = Portfolio.objects.get(pk=run.params["portfolio"])
    summary = summaries.compile_summary(
        portfolio=portfolio,
        day=date.fromisoformat(run.params["day"]),
        by=acting(run.job.requested_by, Permission.REPORT_RUN),
        progress=run.progress,
    )
    return {"url": reverse("reports:summary_detail", args=[summary.pk]), "label": "Open the draft"}


@jobs.handles(variance.REPORT)
def run_variance(run: jobs.Run) -> dict[str, Any]:
    other = run.params["compared_with"]
    report = variance.make_variance(
        job=run.job,
        portfolio=Portfolio.objects.get(pk=run.params["portfolio"]),
        day=date.fromisoformat(run.params["day"]),
        compared_with=date.fromisoformat(other) if other else None,
        by=acting(run.job.requested_by, Permission.REPORT_RUN),
        progress=run.progress,
    )
    return {"url": report.get_absolute_url(), "label": "Open the report"}


@jobs.handles(deliveries.DELIVER)
def run_deliver(run: jobs.Run) -> dict[str, Any]:
    summary = (
        Summary.objects.defer("content").select_related("portfolio").get(pk=run.params["summary"])
    )
    return {
        **deliveries.deliver(summary=summary, run=run),
        "url": summary.get_absolute_url(),
        "label": "Open the summary",
    }


@clockwork.duty
def weekly_summaries(now: datetime) -> None:
    """Compile the drafts on Monday morning, or at the first tick after it."""
    day = week_to_freeze(now.date())
    due = datetime.combine(day + timedelta(days=1), SUMMARY_AT, tzinfo=now.tzinfo)
    if now >= due:
        summaries.request_due_summaries(day=day)
