"""The reports' background work: each job fetches its records and calls one service."""

from datetime import UTC, date, datetime
from typing import Any

from django.urls import reverse

from pmo.accounts.acting import acting
from pmo.accounts.permissions import Permission
from pmo.common.background import jobs, schedule
from projects.domain.rhythm import WEEK, compile_at
from projects.selectors.rhythm import rhythm_now
from reports.domain.periods import FrozenDay
from reports.models import Freeze, FreezeKind
from reports.selectors.scopes import scope_in
from reports.services import deliveries, early, summaries, variance
from reports.words import documents as words


@jobs.handles(summaries.COMPILE)
def run_compile(run: jobs.Run) -> dict[str, Any]:
    frozen = FrozenDay.of(run.params["day"])
    summary = summaries.compile_summary(
        scope=scope_in(run.params),
        day=frozen.date,
        is_early=frozen.is_early,
        by=acting(run.job.requested_by, Permission.REPORT_RUN),
        progress=run.progress,
    )
    return {"url": reverse("reports:summary_detail", args=[summary.pk]), "label": words.OPEN_DRAFT}


@jobs.handles(variance.REPORT)
def run_variance(run: jobs.Run) -> dict[str, Any]:
    other, frozen = run.params["compared_with"], FrozenDay.of(run.params["day"])
    report = variance.make_variance(
        job=run.job,
        scope=scope_in(run.params),
        day=frozen.date,
        is_early=frozen.is_early,
        compared_with=date.fromisoformat(other) if other else None,
        by=acting(run.job.requested_by, Permission.REPORT_RUN),
        progress=run.progress,
    )
    return {"url": report.get_absolute_url(), "label": words.OPEN_REPORT}


@jobs.handles(early.FREEZE_EARLY)
def run_freeze_early(run: jobs.Run) -> dict[str, Any]:
    by = acting(run.job.requested_by, Permission.FREEZE_NOW)
    return {
        **early.run_freeze_early(run=run, by=by),
        "url": reverse("reports:report_list"),
        "label": words.OPEN_REPORTS,
    }


@jobs.handles(deliveries.DELIVER, mails=True)
def run_deliver(run: jobs.Run) -> dict[str, Any]:
    sent = deliveries.deliver(run=run)
    if "summary" in run.params:
        url = reverse("reports:summary_detail", args=[run.params["summary"]])
        return {**sent, "url": url, "label": words.OPEN_SUMMARY}
    return {**sent, "url": reverse("reports:report_list"), "label": words.OPEN_REPORTS}


@schedule.duty
def weekly_summaries(now: datetime) -> None:
    """
    Make the documents of each week frozen lately once their hour has come, or at the first tick after.

    These are two where the rhythm changed meanwhile; a freeze older than a week waits for a person.
    """
    rhythm, today = rhythm_now(), now.date()
    lately = Freeze.objects.filter(
        portfolio=None, kind=FreezeKind.WEEK, date__gte=today - WEEK, date__lt=today
    )
    for day in lately.order_by("date").values_list("date", flat=True):
        if now >= compile_at(day, rhythm, zone=now.tzinfo or UTC):
            summaries.request_due_summaries(day=day)
            variance.request_due_reports(day=day)
            deliveries.enclose_due_reports(day=day)


@schedule.duty
def complete_mails(_now: datetime) -> None:
    """Send the mails that have waited long enough, or whose last document came without an issue."""
    deliveries.release_complete()
