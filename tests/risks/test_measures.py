"""The measured risk color: the highest open threat decides, and silence is not green."""

from datetime import date

import pytest

from pmo.organization.status_services import change_status_rules
from projects.domain.colors import Color
from risks.measures import risk_measures
from tests.factories import ProjectFactory, RiskFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def measure(project):
    return risk_measures([project.pk], TODAY)[project.pk]


@pytest.mark.parametrize(
    ("likelihood", "impact", "color", "words"),
    [
        (3, 1, Color.GREEN, "3 (low): green"),
        (3, 2, Color.GREEN, "6 (moderate): green"),
        (2, 4, Color.AMBER, "8 (high): amber"),
        (3, 4, Color.AMBER, "12 (high): amber"),
        (3, 5, Color.RED, "15 (extreme): red"),
        (5, 5, Color.RED, "25 (extreme): red"),
    ],
)
def test_color_at_both_sides_of_each_limit(likelihood, impact, color, words):
    risk = RiskFactory(likelihood=likelihood, impact=impact, title="Pump recall")

    found = measure(risk.project)

    assert found.color is color
    assert found.rule == f"Highest open risk scores {words}. Pump recall"


def test_the_highest_of_several_decides():
    project = ProjectFactory()
    RiskFactory(project=project, likelihood=1, impact=1)
    RiskFactory(project=project, likelihood=3, impact=4, title="Worst")
    RiskFactory(project=project, likelihood=2, impact=2)

    assert measure(project).rule.endswith("Worst")


@pytest.mark.parametrize("state", ["closed", "occurred"])
def test_what_is_over_does_not_count_but_shows_that_somebody_looked(state):
    risk = RiskFactory(state=state, likelihood=5, impact=5)

    assert measure(risk.project).color is Color.GREEN
    assert measure(risk.project).rule == "No risk is open: green."


def test_a_closed_extreme_does_not_hide_an_open_high_one():
    risk = RiskFactory(likelihood=3, impact=4)
    RiskFactory(project=risk.project, state="closed", likelihood=5, impact=5)

    assert measure(risk.project).color is Color.AMBER


def test_no_register_and_opportunities_only_are_no_report():
    empty = ProjectFactory()
    lucky = RiskFactory(kind="opportunity", likelihood=5, impact=5).project

    found = risk_measures([empty.pk, lucky.pk], TODAY)

    assert {one.color for one in found.values()} == {Color.NONE}
    assert {one.rule for one in found.values()} == {"No risk is registered."}


def test_many_projects_take_one_query(django_assert_num_queries):
    ids = [RiskFactory().project_id for _ in range(3)]

    with django_assert_num_queries(1):
        found = risk_measures(ids, TODAY)

    assert list(found) == ids


@pytest.mark.parametrize(
    ("bands", "likelihood", "color"),
    [
        ({"risk_amber": "moderate"}, 2, Color.AMBER),
        ({"risk_amber": "moderate", "risk_red": "high"}, 4, Color.RED),
        ({"risk_amber": "moderate", "risk_red": "high"}, 5, Color.RED),
        ({"risk_amber": "moderate", "risk_red": "high"}, 1, Color.GREEN),
    ],
)
def test_amber_and_red_begin_at_the_grades_in_force(bands, likelihood, color):
    risk = RiskFactory(likelihood=likelihood, impact=3)
    change_status_rules(by=None, version=0, bands=bands)

    assert measure(risk.project).color is color
