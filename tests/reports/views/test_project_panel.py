import re
from datetime import date
from decimal import Decimal

import pytest

from pmo.accounts.roles import Role
from reports.models.snapshots import LIVE
from tests.factories import ProjectFactory, person
from tests.factories.reports import SnapshotFactory


def url_of(project):
    return f"/portfolio/projects/{project.pk}/panel/"


def text_of(response):
    words = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def history(project):
    days = {date(2026, 11, 8): 10, date(2026, 11, 15): 20, LIVE: 34}
    for number, (day, finish) in enumerate(days.items()):
        SnapshotFactory(
            project=project,
            date=day,
            overall="amber",
            schedule="green",
            measured_schedule="red",
            measured_schedule_rule="Finish forecast 24 days after baseline: red above 10%.",
            measured_cost="none",
            measured_risk="green",
            trend="GAA",
            approved_budget=Decimal(1_000_000),
            forecast_cost=Decimal(1_000_000 + 100_000 * number),
            forecast_finish=date(2027, 1, 1 + finish % 30),
        )


def test_panel_shows_declared_beside_measured_with_the_rule(signed_in, manager, project, history):
    response = signed_in(manager).get(url_of(project), headers={"HX-Request": "true"})

    page, words = response.content.decode(), text_of(response)
    assert "<html" not in page
    assert "The data says worse on schedule" in words
    rows = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip()
        for row in re.findall(
            r'<tr>\s*<th scope="row">(?:Sch|Cost|Scope|Risk|Res|Qual).*?</tr>', page, re.DOTALL
        )
    ]
    assert rows == [
        "Schedule Finish forecast 24 days after baseline: red above 10%. Green Red",
        "Cost Green –",
        "Scope No data for this area. Green –",
        "Risk Green Green",
        "Resources No data for this area. Green –",
        "Quality and compliance No data for this area. Green –",
    ]
    assert "Green for 1 week, then Amber for 2 weeks." in words


def test_panel_says_how_the_forecasts_moved(signed_in, manager, project, history):
    words = text_of(signed_in(manager).get(url_of(project)))

    assert "The forecast finish moved 6 days earlier" in words
    assert "The forecast cost rose by $200K" in words


def test_panel_is_a_page_by_itself_with_the_way_back(signed_in, manager, project, history):
    page = signed_in(manager).get(url_of(project)).content.decode()

    assert page.count("<h1>") == 1
    assert f'<a href="/projects/{project.pk}/">' in page


def test_panel_before_the_first_figures(signed_in, manager, project):
    assert "No figures yet" in text_of(signed_in(manager).get(url_of(project)))


def test_panel_of_a_hidden_project_is_not_there(signed_in, db):
    secret = SnapshotFactory(project=ProjectFactory(is_confidential=True)).project

    assert signed_in(person(Role.EXECUTIVE)).get(url_of(secret)).status_code == 404


@pytest.mark.parametrize("frozen", [1, 3])
def test_panel_asks_the_same_questions_whatever_the_history(
    signed_in, manager, project, django_assert_num_queries, frozen
):
    SnapshotFactory(project=project)
    for day in range(frozen):
        SnapshotFactory(project=project, date=date(2026, 11, 1 + day))
    client = signed_in(manager)

    with django_assert_num_queries(8):
        client.get(url_of(project))
