"""Summaries, variance reports and subscriptions in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from reports.models import DeliveryState, Subscription, scope_of
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.services.variance import request_variance
from tests.browser.checks import faults, faults_by_mode, wait_until
from tests.factories import MilestoneFactory, PortfolioFactory, ProjectFactory, person
from tests.reports.documents import BEFORE, SUNDAY, key, mailed, member, milestone, row, two_weeks

pytestmark = pytest.mark.browser
LONG = "Bed management dashboard with a name as long as only a committee can make it"


@pytest.fixture
def documents(transactional_db, lead):
    """An issued summary with mails, a draft, a report; addresses by name."""
    portfolio = PortfolioFactory(code="CAP", name="Capital programs and facilities of all sites")
    two_weeks(portfolio)
    for number in range(9):
        project = ProjectFactory(name=f"{LONG} {number}")
        MilestoneFactory(project=project)
        member(portfolio, project)
        row(
            project,
            SUNDAY,
            ("red", "amber", "none")[number % 3],
            note="The fire alarm design was returned; steel costs 8% more than estimated.",
            measured="red",
            measured_rule="Finish forecast 31 days after baseline: red above 10 days.",
            is_disputed=number % 3 == 1,
            is_stale=number % 3 == 2,
            help_needed="Approve the draw or leave level nine as shell space",
            help_from="Board finance committee",
            help_due=SUNDAY + timedelta(days=number),
            approved_budget=12_000_000,
            forecast_cost=12_000_000 + number * 400_000,
        )
        due = SUNDAY + timedelta(days=number - 4)
        milestone(project, SUNDAY, "Occupancy permit of phase two", SUNDAY, due)
    draft = compile_summary(scope=scope_of(portfolio), day=BEFORE, by=None)
    summary = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    words = {"office_note": "The committee meets on Tuesday."}
    reviewed = review_summary(summary=summary, version=1, by=lead, comments={}, **words)
    issue_summary(summary=reviewed, version=None, by=lead, is_mailed=False)
    mailed(
        summary,
        lead,
        state=DeliveryState.UNCERTAIN,
        error="The worker stopped while the mail was handed over; it may have arrived.",
    )
    Subscription.objects.create(portfolio=portfolio, user=lead)
    job = request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=BEFORE, by=lead)
    jobs.run(job.pk)
    job.refresh_from_db()
    return {
        "reports": reverse("reports:report_list"),
        "issued": summary.get_absolute_url(),
        "draft": draft.get_absolute_url(),
        "review": reverse("reports:summary_review", args=[draft.pk]),
        "issue": reverse("reports:summary_issue", args=[draft.pk]),
        "variance": job.result["url"],
        "new": reverse("reports:variance_new"),
        "compile": reverse("reports:summary_new"),
        "summaries": reverse("reports:summary_list"),
        "variances": reverse("reports:variance_list"),
        "subscriptions": reverse("reports:subscription_list"),
        "subscription_new": reverse("reports:subscription_new"),
    }


PAGES = (
    *("reports", "issued", "draft", "review", "issue", "variance", "new", "compile"),
    *("summaries", "variances", "subscriptions", "subscription_new"),
)


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_faults_in_any_light_or_width(visit, lead, documents, name):
    page = visit(documents[name], user=lead)

    assert faults_by_mode(page) == {}


def test_an_executive_reads_the_page_on_a_phone(visit, documents):
    page = visit(documents["issued"], user=person(Role.EXECUTIVE), mode="phone")

    assert faults(page) == {}
    assert page.locator("text=steel costs 8% more").first.is_visible()


def test_choosing_another_portfolio_loads_its_weeks(visit, lead, documents):
    other = key(PortfolioFactory(code="ZZZ", name="Zzz"))
    page = visit(documents["new"], user=lead)

    page.evaluate("document.querySelector('#edit-form').dataset.before = ''")
    page.select_option("#id_scope", other)
    wait_until(page, "!('before' in document.querySelector('#edit-form').dataset)")

    assert page.input_value("#id_scope") == other
    assert page.locator("#id_day option").count() == 2
    assert page.troubles == []
