"""The demo's weekly summaries, as the office issued them, and its first variance report."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmo.accounts.models import User
from reports.demo.organization import Organization
from reports.models import Freeze, Summary
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.services.variance import request_variance

WEEKS = 4
COMPILED_AT, ISSUED_AT = time(6, 0), time(9, 10)
# what the office wrote this week; a portfolio that is missing here is still a draft
NOTES = {
    "CAPITAL": "The board finance committee has the bed tower on its agenda for Wednesday. Nothing"
    " else here needs a decision from you this week.",
    "DIGITAL": "Please settle the date of wave 1 together on Monday: the training calendar for"
    " December is printed on Tuesday.",
}


def make_documents(made: Organization, *, by: User, zone: ZoneInfo) -> None:
    """Compile the last weeks' summaries of every portfolio, and issue all but two of this week."""
    days = list(Freeze.objects.order_by("-date").values_list("date", flat=True)[:WEEKS])
    for day in reversed(days):
        for code, portfolio in made.portfolios.items():
            at = datetime.combine(day + timedelta(days=1), COMPILED_AT, tzinfo=zone)
            summary = compile_summary(portfolio=portfolio, day=day, by=None, at=at)
            if day < days[0] or code in NOTES:
                _issue(summary, note=NOTES[code] if day == days[0] else "", by=by, zone=zone)
    request_variance(
        portfolio=made.portfolios["CAPITAL"], day=days[0], compared_with=days[-1], by=by
    )


def _issue(summary: Summary, *, note: str, by: User, zone: ZoneInfo) -> None:
    reviewed = review_summary(summary=summary, version=None, by=by, office_note=note, comments={})
    issue_summary(
        summary=reviewed,
        version=None,
        by=by,
        at=_at(summary.date, zone),
        is_mailed=bool(note),
    )


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), ISSUED_AT, tzinfo=zone)
