"""What mails say: subject, why somebody gets one, each document in short, and how long one waits."""

from collections.abc import Mapping, Sequence
from typing import Any

from pmo.accounts.models import User
from pmo.common.page import formats
from reports.domain.variance import page_for
from reports.models import Summary, VarianceReport
from reports.selectors.documents import held_by, visible_ids
from reports.words.rhythm import taken_early
from reports.words.summary import weekday
from reports.words.variance import variance_sheet

RULE = (
    "Each person gets one mail about a freeze, with everything that is issued for that person, the"
    " whole hospital first. It is sent when the last summary is issued, and no later than 4 hours"
    " after the first (a variance report alone waits a day at most). What is issued later comes in"
    " a mail of its own."
)
UNSUBSCRIBE = "You get this mail because the project management office subscribed you. To stop it, ask the office."


def subject_of(title: str, document: Summary | VarianceReport) -> str:
    """Name what it is about and the day only: a locked phone shows the subject to whoever is near."""
    early = taken_early(is_early=document.is_early)
    return " ".join(f"{title}, {formats.day(document.date)}{early}".split())


def mails_said(sent: int, waiting: int) -> str:
    """Say, after a summary was issued, what became of its mails; "" where nobody gets one."""
    said = " The mails are on their way." if sent else ""
    if not waiting:
        return said
    verb = "waits" if waiting == 1 else "wait"
    mails = formats.count(waiting, "mail")
    return f"{said} {mails} {verb} for the other summaries of this freeze."


def mail_title(documents: Sequence[Summary | VarianceReport]) -> str:
    """Name a mail by what is in it: "Weekly summaries: Whole hospital and 2 more"."""
    kinds = {type(one) for one in documents}
    noun = "summary" if kinds == {Summary} else "report"
    several = {"summary": "Summaries", "report": "Reports"}[noun]
    if len(documents) == 1:
        return f"Variance report: {documents[0].scope}"
    more = len({one.scope_key for one in documents}) - 1
    return f"{several}: {documents[0].scope}{f' and {more} more' if more else ''}"


def mail_subtitle(documents: Sequence[Summary | VarianceReport]) -> str:
    first = documents[0]
    early = taken_early(is_early=first.is_early)
    return f"Data as of {weekday(first.date)}{early}"


def summary_in_short(printed: Mapping[str, Any]) -> dict[str, Any]:
    """Take from what a summary prints what a mail about several says of it."""
    return {
        "title": printed["title"],
        "tone": printed["tone"],
        "lede": printed["headline"],
        "note": printed["note"] or printed["words_note"],
        "facts": printed["facts"],
        "decisions": printed["decisions"],
        "action": "Open the summary",
    }


def report_in_short(report: VarianceReport, reader: User) -> dict[str, Any]:
    """Say in short what a variance report shows this reader."""
    held = held_by(report, visible_ids(reader))
    page = page_for(held.seen, as_of=report.date, since=report.compared_with)
    sheet = variance_sheet(page, marks=(), currency=held.letterhead.money)
    compared = f"Compared with {weekday(report.compared_with)}. " if report.compared_with else ""
    hidden = f" {formats.count(page.hidden, 'project')} hidden from you." if page.hidden else ""
    return {
        "title": f"Variance report: {report.scope}",
        "tone": sheet.tone,
        "lede": sheet.lede,
        "note": f"{compared}{sheet.left_out}{hidden}",
        "facts": [],
        "decisions": {"rows": [], "total": 0, "more": 0},
        "action": "Open the report",
    }
