import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from tests.factories import PortfolioFactory, ProjectFactory, RiskFactory, person
from tests.factories.reports import SnapshotFactory, freeze

URL = "/portfolio/risks/"
SUNDAY = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1)


def cells_of(page):
    return {
        label: int(count)
        for count, label in re.findall(
            r"<b>(\d+)</b>.*?<span class=\"vh\">\s*(.*?)</span>", page, re.DOTALL
        )
    }


def test_today_is_a_map_of_open_threats_that_leads_to_the_register(signed_in, executive):
    project = SnapshotFactory().project
    RiskFactory(project=project, likelihood=5, impact=4)
    RiskFactory(project=project, likelihood=5, impact=4)
    RiskFactory(project=project, likelihood=1, impact=1)
    RiskFactory(project=project, likelihood=5, impact=5, state="closed")
    RiskFactory(project=project, likelihood=5, impact=5, kind="opportunity")

    page = signed_in(executive).get(URL).content.decode()

    assert "Two high risks are open" in page
    assert sorted(cells_of(page).values()) == [1, 2]
    assert "?kind=threat&amp;likelihood=5&amp;impact=4" in page


def test_a_portfolio_counts_its_own_risks_and_leads_nowhere(signed_in, executive):
    portfolio = PortfolioFactory(code="CAP")
    inside, outside = SnapshotFactory().project, SnapshotFactory().project
    PortfolioProject.objects.create(portfolio=portfolio, project=inside, added_on=date(2020, 1, 1))
    for project in (inside, outside):
        RiskFactory(project=project, likelihood=5, impact=4)

    page = signed_in(executive).get(f"{URL}?portfolio=CAP").content.decode()

    assert "One high risk is open" in page
    assert "likelihood=" not in page


def test_a_frozen_day_lists_the_highest_risks_of_that_day(signed_in, executive):
    freeze(SUNDAY)
    row = SnapshotFactory(
        date=SUNDAY, top_risk="Strike", top_risk_score=20, open_risks=3, high_risks=2
    )
    SnapshotFactory(date=SUNDAY, top_risk="Dust", top_risk_score=4, open_risks=1)
    SnapshotFactory(date=SUNDAY, top_risk="Flood", top_risk_score=10, open_risks=1, high_risks=1)
    RiskFactory(project=row.project, title="Of today", likelihood=5, impact=5)

    page = signed_in(executive).get(f"{URL}?as_of={SUNDAY}").content.decode()

    assert "Three high risks are open" in page
    assert re.findall(r">(Strike|Flood|Dust|Of today)<", page) == ["Strike", "Flood"]
    assert "the register holds today’s risks only" in page


def test_hidden_projects_count_nowhere(signed_in, executive):
    secret = ProjectFactory(is_confidential=True)
    freeze(SUNDAY)
    for day in (date(9999, 12, 31), SUNDAY):
        SnapshotFactory(
            project=secret,
            date=day,
            top_risk="Canary",
            top_risk_score=25,
            high_risks=1,
            open_risks=1,
        )
    RiskFactory(project=secret, likelihood=5, impact=5)
    client = signed_in(executive)

    now = client.get(URL).content.decode()
    then = client.get(f"{URL}?as_of={SUNDAY}").content.decode()

    assert "No open risk is registered" in now
    assert cells_of(now) == {}
    assert "No open risk is registered" in then
    assert "Canary" not in then


def test_the_page_loads_the_panel_and_links_it_for_those_without_javascript(signed_in, executive):
    SnapshotFactory()
    client = signed_in(executive)

    page = " ".join(client.get("/portfolio/").content.decode().split())
    panel = client.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert 'hx-get="/portfolio/risks/" hx-trigger="load"' in page
    assert '<a href="/portfolio/risks/">' in page
    assert "<html" not in panel
    assert panel.count('id="risk-panel"') == 1


def test_the_panel_is_refused_without_the_permission(signed_in, db):
    assert signed_in(person(Role.ADMINISTRATOR)).get(URL).status_code == 403


@pytest.mark.parametrize("amount", [1, 3])
def test_panel_asks_the_same_questions_however_many_risks(
    signed_in, executive, django_assert_num_queries, amount
):
    for _ in range(amount):
        RiskFactory(project=SnapshotFactory().project)
    client = signed_in(executive)

    with django_assert_num_queries(8):
        client.get(URL)
