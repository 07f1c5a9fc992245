"""What was frozen of today and before, and how that is said."""

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from pmo.common.page import figures
from reports.models import Freeze, FreezeKind, Summary, SummaryState


def early_of(day: date) -> Freeze | None:
    """Return the freeze of the day that somebody took before the week's, voided or not."""
    early = Freeze.with_voided.filter(date=day, portfolio=None, kind=FreezeKind.EARLY)
    return early.select_related("by").first()


def last_freeze() -> Freeze | None:
    """Return the organization's last freeze; the week's where a day was frozen twice."""
    ours = Freeze.objects.filter(portfolio=None).select_related("by")
    # of the two kinds, "week" sorts behind "early"
    return ours.order_by("-date", "-kind").first()


def organization_freezes() -> QuerySet[Freeze]:
    """Return the organization's freezes, newest first, those that were voided among them."""
    ours = Freeze.with_voided.filter(portfolio=None).select_related("by", "voided__by")
    return ours.order_by("-date", "-kind")


def summaries_of(freeze: Freeze) -> tuple[int, int]:
    """Return how many drafts and how many issued summaries were made from a freeze."""
    made = Summary.objects.filter(date=freeze.date, is_early=freeze.is_early)
    found = made.aggregate(
        drafts=Count("pk", filter=Q(state=SummaryState.DRAFT)),
        issued=Count("pk", filter=Q(state=SummaryState.ISSUED)),
    )
    return found["drafts"], found["issued"]


def later_day(frozen: date, taken_on: date | None) -> date | None:
    """Return the day on which some of a freeze was computed, where that is later than its own."""
    return taken_on if taken_on and taken_on > frozen else None


def taken(freeze: Freeze) -> str:
    """Say when and by whom: "frozen today at 14:02 by Grace Okonkwo"."""
    at = timezone.localtime(freeze.frozen_at)
    day = "today" if at.date() == timezone.localdate() else f"on {figures.day(at.date())}"
    return f"frozen {day} at {at:%H:%M}" + (f" by {freeze.by}" if freeze.by else "")
