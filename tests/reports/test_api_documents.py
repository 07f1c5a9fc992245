"""Summaries and variance reports over the API: each reader's own copy."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from pmo.accounts.services import set_active
from pmo.common.background import jobs
from pmo.common.models import Job
from portfolio.models import PortfolioProject
from reports.domain.scope import HOSPITAL
from reports.models import SummaryReading, VarianceReport, scope_of
from reports.services.snapshots import freeze_week, refresh
from reports.services.summaries import compile_summary
from reports.services.variance import request_variance
from tests.factories import (
    MemberFactory,
    PortfolioFactory,
    ProjectFactory,
    UpdateFactory,
    UserFactory,
    person,
)
from tests.reports.documents import BEFORE, SECRET, two_weeks

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 11, 15)


@pytest.fixture
def portfolio():
    """An open and a confidential project, frozen."""
    found = PortfolioFactory()
    for name, hidden in (("Open road", False), ("Hush hush", True)):
        project = ProjectFactory(name=name, is_confidential=hidden)
        UpdateFactory(project=project, week=date(2026, 11, 9))
        PortfolioProject.objects.create(portfolio=found, project=project, added_on=date(2026, 1, 1))
        refresh([project.pk])
    freeze_week(SUNDAY)
    return found


def api(role):
    client = APIClient()
    client.force_authenticate(person(role))
    return client


@pytest.fixture
def summary(portfolio, lead):
    return compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=lead)


def test_the_office_reads_the_draft_and_all_lines(summary):
    answer = api(Role.PMO_LEAD).get(f"/api/v1/summaries/{summary.pk}/")

    assert [line["name"] for line in answer.data["lines"]] == ["Open road", "Hush hush"]
    assert answer.data["sheet"]["is_draft"] is True
    assert answer.data["sheet"]["decisions"] == {"rows": [], "total": 0, "more": 0}
    assert SummaryReading.objects.count() <= 1


def test_manager_who_left_is_marked_in_what_is_made_later_and_nowhere_else(lead):
    found, ada = PortfolioFactory(), UserFactory(name="Ada Lind")
    project = MemberFactory(user=ada, project__name="Wing").project
    asks = {"help_needed": "Decide", "help_from": "COO", "help_due": SUNDAY}
    UpdateFactory(project=project, week=date(2026, 11, 9), overall="red", **asks)
    PortfolioProject.objects.create(portfolio=found, project=project, added_on=date(2026, 1, 1))
    refresh([project.pk])
    freeze_week(SUNDAY)
    client, scope = api(Role.PMO_LEAD), scope_of(found)
    address = f"/api/v1/projects/{project.pk}/"
    assert client.get(address).data["manager_is_active"] is True
    before = compile_summary(scope=scope, day=SUNDAY, by=lead)
    set_active(user=ada, is_active=False, by=lead)
    later = compile_summary(scope=HOSPITAL, day=SUNDAY, by=lead)

    answers = [client.get(f"/api/v1/summaries/{one.pk}/").data for one in (before, later)]

    names = [answer["sheet"]["attention"]["rows"][0]["manager"] for answer in answers]
    assert names == ["Ada Lind", "Ada Lind (deactivated)"]
    lines = [answer["lines"][0] for answer in answers]
    assert [line["manager_name"] for line in lines] == ["Ada Lind", "Ada Lind"]
    assert [line.get("manager_left", False) for line in lines] == [False, True]
    assert client.get(address).data["manager_is_active"] is False
    live = client.get("/api/v1/snapshots/").data["results"]
    assert [(row["manager_name"], row["manager_is_active"]) for row in live] == [
        ("Ada Lind", False)
    ]


def test_nobody_named_is_neither_active_nor_not():
    project = ProjectFactory()
    refresh([project.pk])
    client = api(Role.PMO_LEAD)

    assert client.get(f"/api/v1/projects/{project.pk}/").data["manager_is_active"] is None
    assert client.get("/api/v1/snapshots/").data["results"][0]["manager_is_active"] is None


def test_a_draft_is_not_for_executives(summary):
    client = api(Role.EXECUTIVE)

    assert client.get("/api/v1/summaries/").data["results"] == []
    assert client.get(f"/api/v1/summaries/{summary.pk}/").status_code == 404


def test_an_analysts_copy_says_nothing_of_the_confidential_project(summary):
    answer = api(Role.PMO_ANALYST).get(f"/api/v1/summaries/{summary.pk}/")

    assert [line["name"] for line in answer.data["lines"]] == ["Open road"]
    assert "Hush" not in answer.content.decode()


def test_a_variance_report_is_made_by_a_job_and_read_in_part(
    portfolio, django_capture_on_commit_callbacks
):
    body = {"portfolio": portfolio.pk, "date": "2026-11-15"}
    with django_capture_on_commit_callbacks(execute=True):
        asked = api(Role.PMO_LEAD).post("/api/v1/variance-reports/", body, format="json")

    report = VarianceReport.objects.get()
    job = Job.objects.get(pk=asked.data["id"])
    read = api(Role.EXECUTIVE).get(f"/api/v1/variance-reports/{report.pk}/")
    assert (asked.status_code, job.state) == (202, "done")
    assert [line["name"] for line in read.data["lines"]] == ["Open road"]
    assert "Hush" not in read.content.decode()


def test_the_lines_of_a_variance_report_hold_their_own_milestones_by_date(lead):
    found = PortfolioFactory()
    wing, portal, _secret = two_weeks(found)
    jobs.run(request_variance(scope=scope_of(found), day=SUNDAY, compared_with=BEFORE, by=lead).pk)
    report = VarianceReport.objects.get()

    read = api(Role.EXECUTIVE).get(f"/api/v1/variance-reports/{report.pk}/")

    lines = {line["id"]: line for line in read.data["lines"]}
    assert lines.keys() == {wing.pk, portal.pk}
    assert [mark["name"] for mark in lines[wing.pk]["milestones"]] == [
        *("Permit", "Topped out", "Opened")
    ]
    assert lines[wing.pk]["milestones"][0] == {
        "name": "Permit",
        "kind": "gate",
        "baseline_date": "2026-11-01",
        "due_date": "2026-11-12",
        "due_date_before": "2026-11-06",
    }
    assert "milestones" not in lines[portal.pk]
    assert "milestones_apart" not in lines[wing.pk]
    assert SECRET not in read.content.decode()


def test_a_day_that_was_never_frozen_is_refused_with_a_sentence(portfolio):
    body = {"portfolio": portfolio.pk, "date": "2026-11-14"}

    answer = api(Role.PMO_LEAD).post("/api/v1/variance-reports/", body, format="json")

    assert (answer.status_code, answer.data["detail"]) == (
        409,
        "Nothing was frozen on that day. Choose one of the frozen days.",
    )


def test_executives_ask_for_no_report(portfolio):
    body = {"portfolio": portfolio.pk, "date": "2026-11-15"}

    assert api(Role.EXECUTIVE).post("/api/v1/variance-reports/", body).status_code == 403
