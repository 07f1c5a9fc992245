"""What a mail holds, and who still gets more of its freeze: the reason why it waits."""

from collections.abc import Collection

from pmo.common.models import Job
from reports.domain.periods import FrozenDay
from reports.domain.scope import ScopeKey
from reports.models import (
    Delivery,
    DocumentKind,
    Subscription,
    Summary,
    SummaryState,
    VarianceReport,
)
from reports.selectors.scopes import key_in


def enclosed_in(mail: Delivery) -> list[Summary | VarianceReport]:
    """Return the documents of a mail: summaries, then variance reports, the whole hospital first."""
    summaries = Summary.objects.filter(enclosures__delivery=mail).defer("content", "sealed_text")
    reports = VarianceReport.objects.filter(enclosures__delivery=mail).without_rows()
    return [
        *sorted(summaries.with_scope(), key=lambda one: one.scope.order),
        *sorted(reports.with_scope(), key=lambda one: one.scope.order),
    ]


def waiting_for_more(mails: Collection[Delivery]) -> Collection[int]:
    """Return the ids of the readers, of mails about one freeze, who will get more of it."""
    if not mails:
        return frozenset()
    one = next(iter(mails))
    frozen = FrozenDay(one.date, one.is_early)
    drafts = Summary.objects.filter(
        date=frozen.date, is_early=frozen.is_early, state=SummaryState.DRAFT
    )
    to_come = _in_the_making(frozen) | {
        (DocumentKind.SUMMARY.value, row.scope_key)
        for row in drafts.only("scope_kind", "portfolio", "program", "unit")
    }
    rows = Subscription.objects.filter(user__in=[mail.user_id for mail in mails])
    return {row.user_id for row in rows if (row.document, row.scope_key) in to_come}


def _in_the_making(frozen: FrozenDay) -> set[tuple[str, ScopeKey]]:
    kinds = {kind.job: kind.value for kind in DocumentKind}
    rows = Job.objects.open().filter(kind__in=kinds, params__day=frozen.key)
    return {(kinds[job.kind], key_in(job.params)) for job in rows}
