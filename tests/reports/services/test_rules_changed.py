"""When bands, axes or categories change: live rows follow, frozen rows and made documents stay."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import Job, JobState
from pmo.organization.axes import DEFAULTS
from pmo.organization.category_services import change_category
from pmo.organization.models import Category
from pmo.organization.status_services import change_status_rules
from projects.models import Project
from reports.models import Snapshot, VarianceReport, scope_of
from reports.models.snapshots import LIVE
from reports.services import snapshots
from reports.services.variance import request_variance
from tests.factories import PortfolioFactory, person
from tests.projects.test_rules import dear
from tests.reports.documents import BEFORE, SUNDAY, freeze, row, two_weeks

pytestmark = pytest.mark.django_db
SUNDAY_AFTER = date(2026, 11, 22)


@pytest.fixture
def judged(project):
    """A project 8 % over its budget, with a live row and a frozen one."""
    dear(project)
    snapshots.refresh([project.pk])
    snapshots.freeze_week(date(2026, 11, 15))
    return project


def color(project, day):
    row = Snapshot.objects.get(project=project, date=day)
    return row.measured_cost, row.measured_cost_rule


def rename(code, name):
    change_category(category=Category.objects.get(code=code), version=None, by=None, name=name)


def test_a_change_rebuilds_live_rows_by_a_job_and_leaves_frozen_ones(
    judged, django_capture_on_commit_callbacks
):
    before = color(judged, date(2026, 11, 15))

    with django_capture_on_commit_callbacks(execute=True):
        change_status_rules(by=None, version=0, bands={"cost_green": Decimal(8)})

    job = Job.objects.get(kind="snapshots.daily")
    assert (job.key, job.state, job.result) == ("rules 1", JobState.DONE, {"refreshed": 1})
    assert color(judged, LIVE) == (
        "green",
        "Forecast cost 8% above the approved budget: green up to 8%.",
    )
    assert color(judged, date(2026, 11, 15)) == before
    assert before[0] == "amber"


def test_a_week_that_is_frozen_later_is_judged_by_the_rules_of_then(judged):
    change_status_rules(by=None, version=0, bands={"cost_green": Decimal(8)})

    snapshots.freeze_week(date(2026, 11, 22))

    assert color(judged, date(2026, 11, 22))[0] == "green"


def test_the_dashboard_shows_axes_in_use_and_on_a_past_day_those_of_then(
    judged, signed_in, django_capture_on_commit_callbacks
):
    freeze(SUNDAY_AFTER)
    row(judged, SUNDAY_AFTER, scope="red")
    axes = [
        one._replace(
            in_use=one.key in {"schedule", "cost", "quality"},
            name="Care" if one.key == "quality" else one.name,
        )
        for one in DEFAULTS
    ]
    with django_capture_on_commit_callbacks(execute=True):
        change_status_rules(by=None, version=0, axes=axes)
    client = signed_in(person(Role.PMO_LEAD))

    now = client.get(reverse("reports:dashboard"))
    then = client.get(reverse("reports:dashboard"), {"as_of": SUNDAY_AFTER.isoformat()})

    assert [one.name for one in now.context["columns"]] == ["Schedule", "Cost", "Care"]
    assert [one.short for one in now.context["columns"]] == ["Sch", "Cost", "Care"]
    assert [one.name for one in then.context["columns"]] == ["Schedule", "Cost", "Scope", "Care"]


def test_the_project_s_panel_shows_axes_in_use_by_their_names(judged, signed_in, lead):
    change_status_rules(
        by=None,
        version=0,
        bands={"stale_days": 21},
        axes=[one._replace(in_use=one.key != "scope") for one in DEFAULTS],
    )

    page = signed_in(lead).get(reverse("reports:project_panel", args=[judged.pk]))

    assert [axis["label"] for axis in page.context["axes"]] == [
        "Schedule", "Cost", "Risk", "Resources", "Quality and compliance",
    ]  # fmt: skip
    assert "A color counts for 21 days" in page.content.decode()


def test_a_made_report_keeps_the_names_of_its_day(
    signed_in, lead, django_capture_on_commit_callbacks
):
    portfolio = PortfolioFactory()
    two_weeks(portfolio)
    rename("other", "Unsorted")
    with django_capture_on_commit_callbacks(execute=True):
        request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=BEFORE, by=lead)
    report = VarianceReport.objects.get()
    rename("other", "Everything else")
    url = reverse("reports:variance_report", args=[report.pk])

    page = signed_in(lead).get(url).content.decode()

    assert "Unsorted" in page
    assert "Everything else" not in page


def test_a_report_of_release_0_1_keeps_its_names(
    signed_in, lead, django_capture_on_commit_callbacks
):
    portfolio = PortfolioFactory()
    two_weeks(portfolio)
    Project.objects.update(category="ehr")
    with django_capture_on_commit_callbacks(execute=True):
        request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=BEFORE, by=lead)
    report = VarianceReport.objects.get()
    for line in report.content["lines"]:
        # what release 0.1 kept of a line was the code alone
        del line["category_name"]
        line["category"] = "ehr"
    report.save()
    rename("ehr", "Digital")

    page = signed_in(lead).get(reverse("reports:variance_report", args=[report.pk]))

    assert "Health records and clinical IT" in page.content.decode()
