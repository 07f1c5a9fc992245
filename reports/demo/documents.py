"""Compile, review and issue the summaries of the last weeks, and make two variance reports."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmo.common import jobs
from projects.models import Project
from reports.demo.organization import Organization
from reports.demo.stories import day_of, read
from reports.demo.timeline import SUNDAY
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.services.variance import request_variance

LAST_WEEK, FIRST_SUMMARY, COMPARED_WEEK = -1, -4, -5
# enough to look at; the others' mails would only keep a laptop busy
REPORTED = ("CAPITAL", "DIGITAL")


def write_summaries(made: Organization, *, monday: date, zone: ZoneInfo) -> None:
    """Issue each summary on the Monday after its week; what has no words yet stays a draft."""
    office, analyst = made.people["okonkwo"], made.people["silva"]
    ids = dict(Project.objects.values_list("code", "pk"))
    told = read("summaries")
    for week in range(FIRST_SUMMARY, LAST_WEEK + 1):
        sunday = day_of(monday, week, SUNDAY)
        morning = datetime.combine(sunday + timedelta(days=1), time(6), tzinfo=zone)
        for code, portfolio in made.portfolios.items():
            summary = compile_summary(portfolio=portfolio, day=sunday, by=None, at=morning)
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
            issue_summary(
                summary=summary,
                version=None,
                by=office,
                at=morning + timedelta(hours=3),
                is_mailed=week == LAST_WEEK and code in REPORTED,
            )


def make_reports(made: Organization, *, monday: date) -> None:
    """Make the reports now; the worker would find nothing left to do."""
    for code in REPORTED:
        job = request_variance(
            portfolio=made.portfolios[code],
            day=day_of(monday, LAST_WEEK, SUNDAY),
            compared_with=day_of(monday, COMPARED_WEEK, SUNDAY),
            by=made.people["silva"],
        )
        jobs.run(job.pk)
