"""
A change of name, currency and zone is on every kind of page, file and mail at the next request.

It is made as another process makes it: only the row changes, nothing in this process hears of it.
"""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.core import mail
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.organization.models import Organization
from pmo.organization.services import change_organization
from projects.services.baselines import set_first_baseline
from projects.services.money import create_budget_line, make_forecast
from projects.services.reminders import remind_managers
from reports.models import scope_of
from reports.services.snapshots import refresh
from reports.services.summaries import compile_summary
from tests.factories import (
    CostEntryFactory,
    MemberFactory,
    PortfolioFactory,
    ProjectFactory,
    RiskFactory,
    TaskFactory,
    person,
)
from tests.factories.changes import asked
from tests.reports.documents import SUNDAY, two_weeks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]
OF_A_PROJECT = (
    *("projects:project_detail", "projects:project_money", "projects:project_months"),
    *("projects:months_edit", "projects:budget_line_new", "projects:cost_entry_list"),
    *("projects:forecast_new", "projects:project_baselines", "projects:reserve_new"),
    *("projects:status_form", "projects:change_new", "reports:project_forecast"),
    *("reports:project_panel", "risks:project_panel", "risks:risk_new"),
)
OF_ALL = (
    *("projects:project_list", "projects:funding_source_list", "projects:funding_source_new"),
    *("projects:change_list", "projects:tolerance_list", "risks:risk_list", "reports:dashboard"),
    *("reports:portfolio_forecast", "reports:landing_panel", "reports:budget"),
    *("reports:fiscal_years", "reports:forecast_accuracy", "organization:settings"),
)
FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)
DOLLARS = re.compile(r"\$[\d ]|\$</span>|\"tickprefix\": \"\$")


@pytest.fixture
def project(lead):
    project = ProjectFactory(start_date=date(2026, 1, 5), stage="delivery")
    MemberFactory(project=project, user=person(Role.STAFF), role=Role.MANAGER)
    create_budget_line(project=project, by=lead, category="Works", amount=Decimal(3_000_000))
    CostEntryFactory(project=project, amount=Decimal(2_900_000), entry_date=date(2026, 2, 1))
    TaskFactory(project=project, planned_cost=Decimal(3_000_000))
    set_first_baseline(project=project, by=lead, name="Plan", reason="Board")
    make_forecast(project=project, amount=Decimal(3_312_400), by=lead)
    RiskFactory(project=project, cost_impact=Decimal(70_000))
    asked(project)
    refresh([project.pk])
    return project


@pytest.fixture
def pages(project):
    addresses = {name: reverse(name, args=[project.pk]) for name in OF_A_PROJECT}
    return addresses | {name: reverse(name) for name in OF_ALL}


def elsewhere(**fields):
    """Change the settings as another process does, without a word to this one."""
    change_organization(by=None, version=None)
    Organization._base_manager.filter(pk=1).update(**fields)


def opened(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_every_page_follows(signed_in, lead, pages):
    client = signed_in(lead)
    before = {name: opened(client, address) for name, address in pages.items()}
    elsewhere(name="Lakeside Health", currency="kr", currency_after=True)

    after = {name: opened(client, address) for name, address in pages.items()}

    with_dollars = {name for name, page in before.items() if DOLLARS.search(page)}
    assert {name for name, page in after.items() if DOLLARS.search(page)} == set()
    assert {name for name in with_dollars if "kr" not in after[name]} == set()
    assert len(with_dollars) >= 15
    whole = {name for name, page in before.items() if "<title>" in page}
    assert {name for name in whole if "St. Brigid" not in before[name]} == set()
    assert {name for name in whole if "Lakeside Health" not in after[name]} == set()
    assert {name for name, page in after.items() if "St. Brigid" in page} == set()


def test_files_follow(signed_in, lead, project):
    client = signed_in(lead)
    files = {
        "months": reverse("projects:project_months_xlsx", args=[project.pk]),
        "years": reverse("reports:fiscal_years_xlsx"),
        "portfolio": reverse("reports:portfolio_xlsx"),
    }

    def styles(address):
        with ZipFile(io.BytesIO(b"".join(client.get(address).streaming_content))) as parts:
            return parts.read("xl/styles.xml").decode()

    assert {name for name, at in files.items() if "&quot;$&quot;#,##0.00" in styles(at)} == set(
        files
    )
    elsewhere(currency="kr", currency_after=True)

    assert {name for name, at in files.items() if "kr&quot;" in styles(at)} == set(files)
    plan = client.get(reverse("projects:plan_download", args=[project.pk])).content
    assert b"<CurrencySymbol>kr</CurrencySymbol>" in plan


def test_mails_drafts_and_the_api_follow(signed_in, lead, project):
    portfolio = PortfolioFactory(name="Capital")
    two_weeks(portfolio)
    summary = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    client = signed_in(lead)
    pdf = f"/summaries/{summary.pk}/summary.pdf"
    told = f"/api/v1/summaries/{summary.pk}/"
    assert b"St. Brigid" in client.get(pdf).content
    elsewhere(name="Lakeside Health", currency="kr", currency_after=True)

    assert b"Lakeside Health" in client.get(pdf).content
    sheet = client.get(told).json()["sheet"]
    assert sheet["office"] == "Lakeside Health, project management office"
    assert dict(sheet["money_facts"])["Forecast"] == "375\u00a0kr"
    for job in remind_managers(project=project, by=lead, now=FRIDAY):
        jobs.run(job.pk)
    assert mail.outbox
    assert {"Lakeside Health" in message.body for message in mail.outbox} == {True}


def test_times_follow(signed_in, lead):
    client = signed_in(lead)
    PortfolioFactory()
    before = opened(client, "/changes/")
    elsewhere(time_zone="Asia/Kolkata")

    after = opened(client, "/changes/")

    assert set(re.findall(r"\d\d:\d\d", before)).isdisjoint(re.findall(r"\d\d:\d\d", after))


def test_a_chart_s_axis_follows(signed_in, lead, project):
    client, address = signed_in(lead), reverse("projects:project_months", args=[project.pk])
    assert '"tickprefix": "$", "ticksuffix": "M"' in opened(client, address) or (
        '"ticksuffix": "M", "tickprefix": "$"' in opened(client, address)
    )
    elsewhere(currency="kr", currency_after=True)

    assert '"ticksuffix": "M\\u00a0kr"' in opened(client, address)
