"""Compile, review and issue the summaries of the last weeks, and make two variance reports."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmo.common.background import jobs
from projects.models import Project
from reports.demo.clock import happened
from reports.demo.course import SUNDAY
from reports.demo.organization import DemoOrganization
from reports.demo.stories import day_of, read
from reports.models import Delivery, DeliveryState, Subscription, Summary, SummaryReading
from reports.services.deliveries import message_id
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.services.variance import request_variance

LAST_WEEK, FIRST_SUMMARY, COMPARED_WEEK = -1, -4, -5
# enough to look at
REPORTED = ("CAPITAL", "DIGITAL")


def write_summaries(made: DemoOrganization, *, monday: date, zone: ZoneInfo) -> None:
    """Issue each summary on the Monday after its week; what has no words yet stays a draft."""
    office, analyst = made.people["okonkwo"], made.people["silva"]
    ids = dict(Project.objects.values_list("code", "pk"))
    told = read("summaries")
    for week in range(FIRST_SUMMARY, LAST_WEEK + 1):
        sunday = day_of(monday, week, SUNDAY)
        morning = datetime.combine(sunday + timedelta(days=1), time(6), tzinfo=zone)
        for code, portfolio in made.portfolios.items():
            summary = compile_summary(
                portfolio=portfolio, day=sunday, by=None, at=happened(morning)
            )
            if week not in told[code]:
                continue
            note, comments = told[code][week]
            summary = review_summary(
                summary=summary,
                version=None,
                by=analyst,
                office_note=note,
                comments={str(ids[project]): text for project, text in comments.items()},
            )
            issued_at = happened(morning + timedelta(hours=3))
            summary = issue_summary(
                summary=summary, version=None, by=office, at=issued_at, is_mailed=False
            )
            _mailed(summary, at=happened(issued_at + timedelta(minutes=1)))


def _mailed(summary: Summary, *, at: datetime) -> None:
    """Write what the mails of that Monday left behind; the demo sends none."""
    readers = [
        one.user
        for one in Subscription.objects.filter(portfolio=summary.portfolio)
        .select_related("user")
        .order_by("pk")
    ]
    Delivery.objects.bulk_create(
        Delivery(
            summary=summary,
            user=reader,
            address=str(reader.email),
            message_id=message_id(summary, reader),
            state=DeliveryState.SENT,
            attempts=1,
            claimed_at=at,
            sent_at=at,
        )
        for reader in readers
    )
    # one of them never opens it
    SummaryReading.objects.bulk_create(
        SummaryReading(
            summary=summary, user=reader, first_at=happened(at + timedelta(minutes=37 * turn))
        )
        for turn, reader in enumerate(readers[1:], start=1)
    )


def make_reports(made: DemoOrganization, *, monday: date) -> None:
    """Make the reports now; the worker would find nothing left to do."""
    for code in REPORTED:
        job = request_variance(
            portfolio=made.portfolios[code],
            day=day_of(monday, LAST_WEEK, SUNDAY),
            compared_with=day_of(monday, COMPARED_WEEK, SUNDAY),
            by=made.people["silva"],
        )
        jobs.run(job.pk)
