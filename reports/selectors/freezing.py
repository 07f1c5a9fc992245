"""What was frozen of today and before."""

from datetime import date

from reports.models import Freeze, FreezeKind


def early_of(day: date) -> Freeze | None:
    """Return the freeze of the day that somebody took before the week's."""
    early = Freeze.objects.filter(date=day, portfolio=None, kind=FreezeKind.EARLY)
    return early.select_related("by").first()


def last_freeze() -> Freeze | None:
    """Return the organization's last freeze; the week's where a day was frozen twice."""
    ours = Freeze.objects.filter(portfolio=None).select_related("by")
    # of the two kinds, "week" sorts behind "early"
    return ours.order_by("-date", "-kind").first()
