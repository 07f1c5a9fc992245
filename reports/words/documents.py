"""Summaries, variance reports and who gets them: titles, buttons and what is said when a thing is done."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from pmo.common.models import Versioned
from pmo.common.page import formats
from reports.models import Summary
from reports.words.rhythm import taken_early

REPORTS = "Reports"
SUBSCRIPTIONS = "Subscriptions"

COMPILE = "Compile a summary"
COMPILE_TITLE = "Compile a weekly summary"
COMPILE_BUTTON = "Compile"
COMPILING = "The summary is being compiled."
REVIEW = "Review the words"
REVIEW_SUB = "Numbers come from the freeze and cannot be edited."
REVIEW_BUTTON = "Save review"
REVIEWED = "Reviewed. It can be issued now."
ISSUE = "Issue"
ISSUED_FIRST = (
    "Your first summary is issued and sealed. The checklist in the office is done and closed."
)
ISSUED = "Issued and sealed."
ISSUED_FIRST_AND_MAILED = f"{ISSUED_FIRST} It is being sent by mail."
ISSUED_AND_MAILED = "Issued and sealed. It is being sent by mail."
SENT_AGAIN = "The mail will be sent again."

NEW_VARIANCE = "New variance report"
VARIANCE_BUTTON = "Create report"
CREATING = "The report is being created."

ADD_SUBSCRIBER = "Add a subscriber"
ADD = "Add"
SUBSCRIBED = "Added. The next mail goes there too."
UNSUBSCRIBED = "Removed. No more of it goes there."

OPEN_DRAFT, OPEN_REPORT = "Open the draft", "Open the report"
OPEN_REPORTS, OPEN_SUMMARY = "Open the reports", "Open the summary"


def summary_name(summary: Summary) -> str:
    early = taken_early(is_early=summary.is_early)
    return f"{summary.scope}, {formats.day(summary.date)}{early}"


def not_printed(characters: int) -> str:
    """Say under a document how much of its text no font could print; "" for none."""
    if not characters:
        return ""
    stand = (
        "character cannot be printed and stands"
        if characters == 1
        else "characters cannot be printed and stand"
    )
    return f"{characters:,} {stand} as \N{WHITE SQUARE} or \N{REPLACEMENT CHARACTER}. The page shows all of the text."


def newest_title(newest: Sequence[Summary]) -> str:
    """Say how far the office is with the newest week."""
    if not newest:
        return "Weekly summaries"
    day = formats.day(newest[0].date) + (" (taken early)" if newest[0].is_early else "")
    issued = sum(one.is_issued for one in newest)
    if issued == len(newest):
        return f"Summaries of {day}"
    return f"Summaries of {day}: {issued:,} of {len(newest):,} issued"


def issued(*, is_first: bool, is_mailed: bool) -> str:
    """Say that a summary is issued, and that it goes out where somebody subscribes."""
    if is_first:
        return ISSUED_FIRST_AND_MAILED if is_mailed else ISSUED_FIRST
    return ISSUED_AND_MAILED if is_mailed else ISSUED


def words_changed(current: Versioned) -> str:
    """Say who changed the words of a summary while another was about to issue it."""
    who = getattr(current, "changed_by", None) or "Rounds"
    return f"{who} changed the words {_at(current.changed_at)}. Read them, then issue."


def _at(moment: datetime) -> str:
    at = timezone.localtime(moment)
    if at.date() == timezone.localdate():
        return f"today at {at:%H:%M}"
    return f"on {formats.stamp(at)}"
