"""How old figures are, in sentences; one home for pages, exports and documents."""

from datetime import date, datetime

from django.utils import timezone

from pmo.common.page import formats
from reports.models import Freeze
from reports.selectors.freezing import later_day
from reports.selectors.live_day import LiveDay
from reports.words.rhythm import taken_early


def moment(live: LiveDay) -> str:
    """Say as of when live figures are: their day, and when the last of them changed on it."""
    at = timezone.localtime(live.last_built) if live.last_built else None
    return formats.moment(at) if at and at.date() == live.day else formats.day(live.day)


def taken_later(day: date | None) -> str:
    """Return what stands behind the day of a freeze that was computed on a later one; "" otherwise."""
    return f", taken on {formats.day(day)}" if day else ""


def voided_since(at: datetime | None, reason: str, *, stays: str) -> str:
    """Say when and why a freeze was voided, and what stays all the same; "" where it was not."""
    if at is None:
        return ""
    day = formats.day(timezone.localtime(at).date())
    ended = reason if reason.endswith((".", "!", "?")) else f"{reason}."
    return f"The freeze of these figures was voided on {day}: {ended} {stays}"


def behind(live: LiveDay) -> str:
    """Say that the figures are those of a day that is over; "" where they are today's."""
    if not live.is_behind:
        return ""
    return f"Figures are of {formats.day(live.day)}; today’s are being calculated."


def frozen_text(freeze: Freeze) -> str:
    """Say of how many projects, when and by whom a day was frozen."""
    at = timezone.localtime(freeze.frozen_at)
    who = f" by {freeze.by}" if freeze.by else ""
    how = taken_early(is_early=freeze.is_early) or taken_later(
        later_day(freeze.date, freeze.taken_on)
    )
    return f"{formats.count(freeze.rows, 'project')}, frozen on {formats.stamp(at)}{who}{how}."


def void_effects(freeze: Freeze, *, drafts: int, issued: int) -> list[str]:
    """Say what voiding a freeze does and leaves, in sentences."""
    leaves = (
        "It leaves the days to look at, trends and comparisons. What was frozen stays readable."
    )
    said = [leaves]
    if drafts:
        leave = "leaves" if drafts == 1 else "leave"
        said.append(
            f"{formats.count(drafts, 'draft summary', 'draft summaries')} {leave} the lists and"
            " cannot be issued."
        )
    if issued:
        stay = "stays and says" if issued == 1 else "stay and say"
        said.append(
            f"{formats.count(issued, 'issued summary', 'issued summaries')} {stay} that the freeze"
            " was voided."
        )
    again = (
        "Freeze now cannot be used for this day again; the week’s own freeze comes all the same."
        if freeze.is_early
        else "This week is not frozen again by itself. A PMO lead can still freeze by hand."
    )
    return [*said, again, "This cannot be undone."]
