"""The registers, portfolios and objectives in a real browser, and what htmx does on them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio import services
from tests.browser.checks import faults_by_mode, wait_until, words
from tests.factories import (
    IssueFactory,
    ObjectiveFactory,
    PortfolioFactory,
    ProjectFactory,
    RiskFactory,
    person,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "A name as long as only a committee of eleven people from four departments can make it"


@pytest.fixture
def office():
    return person(Role.PMO_ANALYST, name="Ada Office")


@pytest.fixture
def addresses(office):
    """Fill the registers with one of each and return the addresses of all pages by noun."""
    day = timezone.localdate() - timedelta(days=3)
    project = ProjectFactory(name=LONG)
    risk = RiskFactory(
        project=project,
        title=LONG,
        likelihood=5,
        impact=5,
        inherent_likelihood=5,
        inherent_impact=5,
        review_date=day,
        owner=office,
    )
    RiskFactory(project=project, kind="opportunity", likelihood=2, impact=4)
    issue = IssueFactory(project=project, title=LONG, severity=4, due_date=day)
    portfolio, objective = PortfolioFactory(name=LONG), ObjectiveFactory(name=LONG, pillar="Safety")
    services.add_project(portfolio=portfolio, project=project, by=office)
    alignment = services.align(project=project, objective=objective, by=office, strength=3)
    ProjectFactory(name=f"Another {LONG}")
    return {
        "risks": [
            reverse("risks:risk_list"),
            reverse("risks:risk_map"),
            risk.get_absolute_url(),
            reverse("risks:risk_edit", args=[risk.pk]),
            reverse("risks:project_panel", args=[project.pk]),
        ],
        "issues": [
            reverse("risks:issue_list"),
            issue.get_absolute_url(),
            reverse("risks:issue_edit", args=[issue.pk]),
            reverse("risks:issue_resolve", args=[issue.pk]),
        ],
        "portfolios": [
            reverse("portfolio:portfolio_list"),
            f"{portfolio.get_absolute_url()}?q=another",
            reverse("portfolio:objective_list"),
            objective.get_absolute_url(),
            alignment.get_absolute_url(),
            reverse("portfolio:project_panel", args=[project.pk]),
        ],
    }


@pytest.mark.parametrize("noun", ["risks", "issues", "portfolios"])
def test_pages_have_no_fault(visit, office, addresses, noun):
    found = {}
    for address in addresses[noun]:
        page = visit(address, user=office)
        if wrong := faults_by_mode(page):
            found[address] = wrong
        page.close()

    assert found == {}


def test_scores_follow_the_choice(visit, office):
    project = ProjectFactory()
    page = visit(reverse("risks:risk_new", args=[project.pk]), user=office)

    page.select_option("#id_likelihood", "4")
    page.select_option("#id_impact", "5")

    wait_until(page, "document.getElementById('scores').textContent.includes('20 Extreme')")
    assert "Likely, severe" in page.inner_text("#scores")


def test_search_narrows_the_register_and_its_address(visit, office):
    RiskFactory(title="Pump recall")
    RiskFactory(title="Flooded archive")
    page = visit(reverse("risks:risk_list"), user=office)

    page.type("input[type=search][name=q]", "pump")

    wait_until(page, "document.querySelectorAll('#risk-table tbody tr').length === 1")
    wait_until(page, "location.search.includes('q=pump')")
    assert "Pump recall" in page.inner_text("#risk-table")
    assert page.inner_text("#result-count") == "1 of 2 risks"


def test_a_project_is_found_and_added_by_its_name(visit, office):
    portfolio = PortfolioFactory()
    ProjectFactory(name="North wing")
    page = visit(portfolio.get_absolute_url(), user=office)

    page.type("#id_q", "north")
    wait_until(page, "document.querySelectorAll('#found li').length === 1")
    page.click("#found button")

    assert "1 project is in this portfolio." in words(page, ".lede")
    assert "North wing is in" in words(page, "#toasts")


def test_a_risk_is_written_without_scripts(visit, office):
    project = ProjectFactory()
    page = visit(
        reverse("risks:risk_new", args=[project.pk]), user=office, java_script_enabled=False
    )

    page.fill("#id_title", "Pump recall")
    page.select_option("#id_likelihood", "4")
    page.select_option("#id_impact", "5")
    page.click("button[type=submit]:has-text('Add risk')")

    assert "Pump recall" in words(page)
    assert project.risks.get().score == 20
