"""Make a variance report: once per portfolio and pair of freezes, by a job."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.common.page import figures
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.organization.letterhead import for_content
from portfolio.models import Portfolio
from reports.domain.periods import FrozenDay
from reports.domain.variance import apart
from reports.models import VarianceReport
from reports.selectors.documents import (
    Progress,
    compared_freeze,
    freezes_of,
    lines_of,
    misses_of,
)

REPORT = "variance.report"


@all_or_nothing
def request_variance(
    *,
    portfolio: Portfolio,
    day: date,
    compared_with: date | None,
    by: User | None,
    is_early: bool = False,
) -> Job:
    """Queue the report of a freeze against an earlier one; None compares with nothing."""
    freezes, frozen = freezes_of(portfolio), FrozenDay(day, is_early)
    if frozen not in freezes or compared_with not in {one.date for one in freezes} | {None}:
        raise RefusalError("Nothing was frozen on that day. Choose one of the frozen days.")
    if compared_with and compared_with >= day:
        raise RefusalError("Compare with an earlier freeze than the one you report on.")
    other = compared_with.isoformat() if compared_with else ""
    return jobs.enqueue(
        kind=REPORT,
        key=f"{portfolio.pk}:{frozen.key}:{other or 'alone'}",
        params={
            "portfolio": portfolio.pk,
            "day": frozen.key,
            "compared_with": other,
            "title": f"Variance report of {portfolio}, {figures.day(day)}",
        },
        by=by,
    )


def make_variance(
    *,
    job: Job,
    portfolio: Portfolio,
    day: date,
    compared_with: date | None,
    by: User | None,
    is_early: bool = False,
    progress: Progress = lambda _d, _t: None,
) -> VarianceReport:
    """Write the report; returns the one that is there when another worker was faster."""
    same = VarianceReport.objects.filter(
        portfolio=portfolio, date=day, is_early=is_early, compared_with=compared_with
    )
    if known := same.first():
        return known
    stored = lines_of(
        portfolio,
        frozen=FrozenDay(day, is_early),
        compared_with=compared_freeze(portfolio, compared_with) if compared_with else None,
        all_milestones=True,
        progress=progress,
    )
    lines, marks = apart(stored)
    report = VarianceReport(
        portfolio=portfolio,
        date=day,
        is_early=is_early,
        compared_with=compared_with,
        job=job,
        requested_by=by,
        content={"lines": lines, **misses_of(portfolio, day=day), **for_content()},
        milestones=marks,
        made_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
            audit.record(
                action="variance.made",
                target=report,
                by=by,
                after={
                    "portfolio": portfolio,
                    "date": day,
                    "is_early": is_early,
                    "compared_with": compared_with,
                },
            )
    except IntegrityError:
        return same.get()
    return report
