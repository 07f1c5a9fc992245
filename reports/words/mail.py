"""What the mail of a summary says beside the summary itself."""

from pmo.common.page import figures
from reports.models import Summary, VarianceReport
from reports.words.rhythm import taken_early

UNSUBSCRIBE = "You get this mail because the project management office subscribed you. To stop it, ask the office."


def subject_of(title: str, document: Summary | VarianceReport) -> str:
    """Name what it is about and the day only: a locked phone shows the subject to whoever is near."""
    early = taken_early(is_early=document.is_early)
    return " ".join(f"{title}, {figures.day(document.date)}{early}".split())
