"""What the mail of a summary says beside the summary itself."""

from pmo.common.page import figures
from reports.models import Summary
from reports.words.rhythm import taken_early

UNSUBSCRIBE = "You get this mail because the project management office subscribed you. To stop it, ask the office."


def subject_of(summary: Summary, title: str) -> str:
    """Name portfolio and day only: a locked phone shows the subject to whoever is near."""
    early = taken_early(is_early=summary.is_early)
    return " ".join(f"{title}, {figures.day(summary.date)}{early}".split())
