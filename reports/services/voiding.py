"""Void a freeze: it counts no more, and stays readable with who voided it, when and why."""

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background import jobs
from pmo.common.page import formats
from pmo.common.records.writing import RefusalError, add, all_or_nothing
from reports.models import Freeze, VoidedFreeze

OF_AN_IMPORT = "An imported day belongs to its import and cannot be voided here."


@all_or_nothing
def void_freeze(*, freeze: Freeze, reason: str, by: User) -> VoidedFreeze:
    """
    Let a freeze count no more: drafts made from it, and comparisons with it, leave every list.

    What was frozen or issued is not changed. Raises RefusalError for an imported day or a second time.
    """
    if freeze.portfolio_id is not None:
        raise RefusalError(OF_AN_IMPORT)
    if known := VoidedFreeze.objects.filter(freeze=freeze).select_related("by").first():
        day = formats.day(timezone.localtime(known.at).date())
        raise RefusalError(f"{known.by} voided this freeze already, on {day}.")
    voided = add(
        VoidedFreeze(
            freeze=freeze,
            date=freeze.date,
            is_early=freeze.is_early,
            at=timezone.now(),
            by=by,
            reason=reason.strip(),
        ),
        by=by,
        action="freeze.voided",
        scope=freeze,
    )
    # live rows compare themselves with the last freeze that counts, which may be another one now
    jobs.enqueue(
        kind="snapshots.daily",
        key=f"voided {freeze.pk}",
        params={"title": "Figures compared with another freeze"},
        by=None,
    )
    return voided
