from datetime import date

import pytest

from pmo.common.background import jobs
from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.records.writing import RefusalError
from reports.models import VarianceReport, scope_of
from reports.services.variance import request_variance
from tests.factories import PortfolioFactory
from tests.reports.documents import BEFORE, SUNDAY, two_weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio():
    portfolio = PortfolioFactory()
    portfolio.projects = two_weeks(portfolio)
    return portfolio


def test_a_report_is_made_by_its_job(portfolio, lead):
    job = request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=BEFORE, by=lead)

    assert jobs.run(job.pk)

    report = VarianceReport.objects.get()
    wing = report.content["lines"][0]
    assert (report.job, report.requested_by, report.compared_with) == (job, lead, BEFORE)
    assert (wing["forecast_cost"], wing["forecast_cost_before"]) == ("120.00", "110.00")
    assert wing["milestones_apart"] == 3 and "milestones" not in wing
    assert [mark["name"] for mark in report.milestones if mark["project"] == wing["id"]] == [
        *("Opened", "Permit", "Topped out")
    ]
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert job.result["url"] == report.get_absolute_url()
    assert AuditEvent.objects.filter(action="variance.made").count() == 1


@pytest.mark.parametrize("compared_with", [BEFORE, None])
def test_the_same_report_is_made_once(portfolio, lead, compared_with):
    asked = [
        request_variance(
            scope=scope_of(portfolio), day=SUNDAY, compared_with=compared_with, by=lead
        )
        for _ in range(2)
    ]
    ran = [jobs.run(job.pk) for job in asked]

    assert asked[0] == asked[1]
    assert ran == [True, False]
    assert VarianceReport.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "other"),
    [(date(2026, 11, 14), None), (SUNDAY, date(2026, 11, 7)), (BEFORE, SUNDAY), (SUNDAY, SUNDAY)],
)
def test_a_report_needs_a_freeze_and_an_earlier_one(portfolio, lead, day, other):
    with pytest.raises(RefusalError):
        request_variance(scope=scope_of(portfolio), day=day, compared_with=other, by=lead)

    assert not Job.objects.exists()
