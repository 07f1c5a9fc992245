"""Make a variance report: once per scope and pair of freezes, by a job; each week where it is asked for."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.organization.letterhead import for_content
from reports.domain.periods import FrozenDay, freeze_before
from reports.domain.scope import ReportScope
from reports.domain.variance import apart
from reports.models import DocumentKind, VarianceReport, columns_of
from reports.selectors.documents import (
    Progress,
    compared_freeze,
    freezes_of,
    lines_of,
    misses_of,
)
from reports.selectors.scopes import weekly_scopes, with_projects

REPORT = DocumentKind.VARIANCE.job


@all_or_nothing
def request_variance(
    *,
    scope: ReportScope,
    day: date,
    compared_with: date | None,
    by: User | None,
    is_early: bool = False,
) -> Job:
    """Queue the report of a freeze against an earlier one; None compares with nothing."""
    freezes, frozen = freezes_of(scope), FrozenDay(day, is_early)
    if frozen not in freezes or compared_with not in {one.date for one in freezes} | {None}:
        raise RefusalError("Nothing was frozen on that day. Choose one of the frozen days.")
    if compared_with and compared_with >= day:
        raise RefusalError("Compare with an earlier freeze than the one you report on.")
    other = compared_with.isoformat() if compared_with else ""
    return jobs.enqueue(
        kind=REPORT,
        key=job_key(scope, frozen, compared_with),
        params={
            "scope": str(scope.key),
            "day": frozen.key,
            "compared_with": other,
            "title": f"Variance report: {scope}, {formats.day(day)}",
        },
        by=by,
    )


def job_key(scope: ReportScope, frozen: FrozenDay, compared_with: date | None) -> str:
    """Name the one job that makes this report."""
    other = compared_with.isoformat() if compared_with else "alone"
    return f"{scope.job_key}:{frozen.key}:{other}"


def make_variance(
    *,
    job: Job,
    scope: ReportScope,
    day: date,
    compared_with: date | None,
    by: User | None,
    is_early: bool = False,
    progress: Progress = lambda _d, _t: None,
) -> VarianceReport:
    """Write the report; returns the one that is there when another worker was faster."""
    same = VarianceReport.objects.of_scope(scope.key).filter(
        date=day, is_early=is_early, compared_with=compared_with
    )
    if known := same.first():
        return known
    found = lines_of(
        scope,
        frozen=FrozenDay(day, is_early),
        compared_with=compared_freeze(scope, compared_with) if compared_with else None,
        all_milestones=True,
        progress=progress,
    )
    lines, marks = apart(found)
    report = VarianceReport(
        **columns_of(scope.key),
        date=day,
        is_early=is_early,
        compared_with=compared_with,
        job=job,
        requested_by=by,
        content={"lines": lines, **misses_of(scope, day=day), **for_content()},
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
                    "scope": str(scope.key),
                    "date": day,
                    "is_early": is_early,
                    "compared_with": compared_with,
                },
            )
    except IntegrityError:
        return same.get()
    return report


def request_due_reports(*, day: date) -> list[Job]:
    """Queue the week's report of every scope that somebody subscribes to and that was not tried yet."""
    wanted = {}
    for scope in weekly_scopes(day, DocumentKind.VARIANCE):
        before = freeze_before(freezes_of(scope), day)
        other = before.date if before else None
        wanted[job_key(scope, FrozenDay(day), other)] = (scope, other)
    tried = set(Job.objects.filter(kind=REPORT, key__in=wanted).values_list("key", flat=True))
    untried = [pair for key, pair in wanted.items() if key not in tried]
    held = {one.key for one in with_projects((scope for scope, _ in untried), day)}
    return [
        request_variance(scope=scope, day=day, compared_with=other, by=None)
        for scope, other in untried
        if scope.key in held
    ]
