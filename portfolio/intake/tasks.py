"""What runs in the background here: grounds whose date is over."""

from datetime import datetime

from pmo.common.background import schedule
from portfolio.intake.selectors.grounds import lapsed
from portfolio.intake.services.grounds import ground_lapsed


@schedule.duty
def lapsed_grounds(now: datetime) -> None:
    """Send back to triage what was accepted on a ground whose date is over."""
    for request in lapsed(now.date()):
        ground_lapsed(request=request, by=None)
