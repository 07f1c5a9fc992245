"""Freezing by hand, and what was frozen when and by whom."""

from datetime import date

from django.utils import timezone

from pmo.common.page import formats
from projects.domain.rhythm import Rhythm
from reports.models import Freeze
from reports.words.rhythm import first_summary

FREEZE_NOW = "Freeze now"
BEING_FROZEN = "Today’s figures are being frozen."
VOID = "Void this freeze"
# what the list of background work calls the jobs that write live figures anew
COLORS_BY_NEW_RULES = "Colors by the new rules"
SNAPSHOTS_OF_THE_DAY = "Snapshots of the day"


def frozen(projects: int) -> str:
    return f"Frozen: {formats.count(projects, 'project')} as of today, taken early."


def taken(freeze: Freeze) -> str:
    """Say when and by whom: "frozen today at 14:02 by Grace Okonkwo"."""
    at = timezone.localtime(freeze.frozen_at)
    day = "today" if at.date() == timezone.localdate() else f"on {formats.day(at.date())}"
    moment = f"frozen {day} at {at:%H:%M}"
    return f"{moment} by {freeze.by}" if freeze.by else moment


def early_title(day: date) -> str:
    return f"Figures of {day:%A} {formats.day(day)}, taken early"


def early_text(freeze: Freeze, rhythm: Rhythm) -> str:
    """Say who froze how many projects early, and that the week is frozen all the same."""
    week = f"The week is frozen at the end of {rhythm.freeze_day} all the same."
    verb = "was" if freeze.rows == 1 else "were"
    return f"{formats.count(freeze.rows, 'project')} {verb} {taken(freeze)}. {week}"


def first_summary_text(rhythm: Rhythm, *, may_freeze: bool) -> str:
    """Say when the first summary comes, and to whoever may freeze that it can come sooner."""
    said = first_summary(rhythm)
    return f"{said} To have one sooner, freeze now." if may_freeze else said


def void_title(day: str) -> str:
    return f"Void the freeze of {day}"


def voided(day: str) -> str:
    return f"The freeze of {day} is voided. It counts no more and stays in the list of frozen days."
