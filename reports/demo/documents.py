"""Compile, review and issue the summaries of the last weeks, make variance reports, and mail both."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmo.accounts.models import User
from pmo.common.background import jobs
from projects.models import Project
from reports.demo.clock import happened
from reports.demo.course import SUNDAY
from reports.demo.organization import DemoOrganization
from reports.demo.stories import day_of, read
from reports.domain.scope import HOSPITAL, ReportScope
from reports.models import (
    Delivery,
    DeliveryState,
    DocumentKind,
    Enclosure,
    Subscription,
    Summary,
    SummaryReading,
    VarianceReport,
    columns_of,
    scope_of,
)
from reports.services.deliveries import message_id
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.services.variance import request_due_reports, request_variance

LAST_WEEK, FIRST_SUMMARY, COMPARED_WEEK = -1, -4, -5
# enough to look at
REPORTED = ("CAPITAL", "DIGITAL")
WHOLE = "hospital"


def scope_named(name: str, made: DemoOrganization) -> ReportScope:
    """Return what the data files name: a portfolio's or program's code, a unit, or the hospital."""
    if name == WHOLE:
        return HOSPITAL
    return scope_of(made.portfolios.get(name) or made.programs.get(name) or made.units[name])


def subscribe_readers(made: DemoOrganization) -> None:
    """Let each person get what the data file says."""
    Subscription.objects.bulk_create(
        Subscription(
            user=made.people[key], document=document, **columns_of(scope_named(name, made).key)
        )
        for key, wanted in read("organization")["subscriptions"].items()
        for document, names in wanted.items()
        for name in names
    )


def write_summaries(made: DemoOrganization, *, monday: date, zone: ZoneInfo) -> None:
    """Issue each summary on the Monday after its week; what has no words yet stays a draft."""
    subscribe_readers(made)
    told = read("summaries")
    for week in range(FIRST_SUMMARY, LAST_WEEK + 1):
        sunday = day_of(monday, week, SUNDAY)
        morning = datetime.combine(sunday + timedelta(days=1), time(6), tzinfo=zone)
        for name, weeks in told.items():
            if name in made.portfolios or week in weeks:
                _summary(made, name, sunday, morning, weeks.get(week))


def _summary(
    made: DemoOrganization,
    name: str,
    sunday: date,
    morning: datetime,
    said: tuple[str, dict[str, str]] | None,
) -> None:
    scope = scope_named(name, made)
    summary = compile_summary(scope=scope, day=sunday, by=None, at=happened(morning))
    if said is None:
        return
    note, comments = said
    ids = dict(Project.objects.filter(code__in=comments).values_list("code", "pk"))
    summary = review_summary(
        summary=summary,
        version=None,
        by=made.people["silva"],
        office_note=note,
        comments={str(ids[project]): text for project, text in comments.items()},
    )
    issue_summary(
        summary=summary,
        version=None,
        by=made.people["okonkwo"],
        at=happened(morning + timedelta(hours=3)),
        is_mailed=False,
    )


def make_reports(made: DemoOrganization, *, monday: date, zone: ZoneInfo) -> None:
    """Make the reports now, those of the week too; the worker would find nothing left to do."""
    last = day_of(monday, LAST_WEEK, SUNDAY)
    asked = [
        request_variance(
            scope=scope_of(made.portfolios[code]),
            day=last,
            compared_with=day_of(monday, COMPARED_WEEK, SUNDAY),
            by=made.people["silva"],
        )
        for code in REPORTED
    ]
    for job in [*asked, *request_due_reports(day=last)]:
        jobs.run(job.pk)
    for week in range(FIRST_SUMMARY, LAST_WEEK + 1):
        sunday = day_of(monday, week, SUNDAY)
        issued = datetime.combine(sunday + timedelta(days=1), time(9), tzinfo=zone)
        _mailed(sunday, at=happened(issued + timedelta(minutes=1)))


def _mailed(sunday: date, *, at: datetime) -> None:
    """Write what the mails of that Monday left behind, one to a person; the demo sends none."""
    summaries = list(Summary.objects.issued().filter(date=sunday).with_scope())
    reports = VarianceReport.objects.filter(date=sunday, requested_by=None).with_scope()
    for reader in User.objects.filter(subscriptions__isnull=False).distinct().order_by("pk"):
        wanted = {(one.document, one.scope_key) for one in reader.subscriptions.all()}
        ours = [one for one in summaries if (DocumentKind.SUMMARY, one.scope_key) in wanted]
        theirs = [one for one in reports if (DocumentKind.VARIANCE, one.scope_key) in wanted]
        if not ours:
            continue
        mail = Delivery.objects.create(
            user=reader,
            date=sunday,
            address=str(reader.email),
            message_id=message_id(ours[0], reader),
            state=DeliveryState.SENT,
            attempts=1,
            claimed_at=at,
            sent_at=at,
        )
        Enclosure.objects.bulk_create(
            Enclosure(delivery=mail, user=reader, summary=one) for one in ours
        )
        Enclosure.objects.bulk_create(
            Enclosure(delivery=mail, user=reader, report=one) for one in theirs
        )
    for summary in summaries:
        _opened(summary, at=at)


def _opened(summary: Summary, *, at: datetime) -> None:
    """Let all but one of its readers open a summary, one after the other."""
    readers = summary.enclosures.order_by("pk").values_list("user", flat=True)
    SummaryReading.objects.bulk_create(
        SummaryReading(
            summary=summary, user_id=reader, first_at=happened(at + timedelta(minutes=37 * turn))
        )
        for turn, reader in enumerate(readers[1:], start=1)
    )
