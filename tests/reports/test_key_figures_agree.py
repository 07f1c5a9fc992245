"""Small portfolios, counted from the lines of their summary and in the database for the dashboard."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from pmo.accounts.roles import Role
from reports.models import scope_of
from reports.services.summaries import compile_summary
from reports.words.reading import reading_of
from tests.factories import PortfolioFactory, ProjectFactory, person
from tests.reports.agreeing import TODAY, difference, noon, page_figures
from tests.reports.documents import BEFORE, SUNDAY, freeze, member, row


@pytest.fixture
def portfolio(db):
    freeze(BEFORE)
    freeze(SUNDAY)
    return PortfolioFactory(code="CAP")


def put(portfolio, *, was=None, now=None, stage="delivery", removed=None, **fields):
    """Put a project into the portfolio, with its color at each freeze; None: it had no row."""
    project = ProjectFactory(stage=stage, is_confidential=fields.pop("is_confidential", False))
    joined = BEFORE if was else SUNDAY
    member(portfolio, project, added=joined - timedelta(days=30 if was else 0), removed=removed)
    if was:
        row(project, BEFORE, was)
    if now:
        approved, forecast = fields.get("approved_budget"), fields.get("forecast_cost")
        if approved is not None and forecast is not None:
            fields["cost_variance"] = Decimal(forecast - approved)
        row(project, SUNDAY, now, **({"overall_before": was or "none"} | fields))
    return project


def both_ways(portfolio, reader):
    """Compile the portfolio's summary; return its figures for this reader and those of the page."""
    summary = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    with time_machine.travel(noon(TODAY).timestamp(), tick=True):
        page = page_figures(reader, summary)
    return reading_of(summary, reader).figures, page


def agreed(portfolio, reader):
    ours, theirs = both_ways(portfolio, reader)
    assert difference(ours, theirs) == {}
    return ours


def test_projects_that_ended_left_or_joined_count_alike(portfolio, lead):
    put(portfolio, was="green", now="red", is_active=False)
    put(portfolio, was="amber", removed=SUNDAY)
    put(portfolio, now="red")
    put(portfolio, was="green", now="amber")
    row(put(portfolio, now="red", overall_before="green"), BEFORE, "green")

    found = agreed(portfolio, lead)

    assert (found.projects, found.ended, found.red, found.worse) == (3, 2, 2, 1)
    assert (found.before.projects, found.before.green, found.before.amber) == (3, 2, 1)


def test_projects_that_stopped_reporting_count_alike(portfolio, lead):
    put(portfolio, was="green", now="none", is_stale=True, update_due=True)
    put(portfolio, was="none", now="amber", update_due=True)
    put(portfolio, was="none", now="none", stage="proposal", is_stale=True)

    found = agreed(portfolio, lead)

    assert (found.silenced, found.resumed, found.none) == (1, 1, 2)
    assert (found.reporting, found.update_due, found.updates_in) == (2, 2, 0)


@pytest.mark.parametrize("is_whole", [False, True])
def test_money_of_one_year_counts_alike(portfolio, lead, is_whole):
    for over in (5, -20, 1, 40, 30):
        year = {"fiscal_year": 2027, "year_budget": 100, "year_forecast": 100 + over}
        put(portfolio, was="green", now="green", approved_budget=900, **year)
    put(portfolio, was="green", now="green", year_budget=7)
    if is_whole:
        put(portfolio, was="green", now="green", approved_budget=10, forecast_cost=12)

    found = agreed(portfolio, lead)

    assert (found.year.compared, found.year.variance, found.year.over_sum) == (5, 56, 76)
    assert found.money.is_year != is_whole
    assert found.largest == ((2,) if is_whole else (40, 30, 5))
    assert found.without == (6 if is_whole else 1)


def test_overspends_behind_larger_underspends_count_alike(portfolio, lead):
    for _ in range(12):
        put(portfolio, was="green", now="green", approved_budget=1000, forecast_cost=100)
    for over in (9, 7, 5, 3):
        put(portfolio, was="green", now="green", approved_budget=100, forecast_cost=100 + over)

    assert agreed(portfolio, lead).largest == (9, 7, 5)


def test_who_may_not_see_all_counts_alike(portfolio, db):
    put(portfolio, was="green", now="red", is_confidential=True, approved_budget=1, forecast_cost=9)
    put(portfolio, was="red", is_confidential=True, removed=SUNDAY)
    put(portfolio, was="green", now="amber", approved_budget=10, forecast_cost=11)

    found = agreed(portfolio, person(Role.EXECUTIVE))

    assert (found.projects, found.hidden, found.ended, found.worse) == (1, 1, 0, 1)
    assert (found.before.projects, found.money.variance) == (1, 1)


def test_every_count_of_a_project_counts_alike(portfolio, lead):
    put(
        portfolio,
        was="green",
        now="red",
        is_disputed=True,
        help_needed="Decide",
        help_due=SUNDAY - timedelta(days=1),
        milestones=5,
        milestones_done=1,
        milestones_late=2,
        open_risks=3,
        high_risks=1,
        measured_risk="red",
        baseline_finish=SUNDAY,
        forecast_finish=SUNDAY + timedelta(days=9),
        finish_slip_days=9,
    )
    put(
        portfolio,
        was="green",
        now="green",
        help_needed="Decide",
        open_risks=1,
        measured_risk="none",
    )

    found = agreed(portfolio, lead)

    assert (found.disputed, found.decisions, found.decisions_overdue) == (1, 2, 1)
    assert (found.with_milestones, found.milestones_open, found.milestones_late) == (1, 4, 2)
    assert (found.with_register, found.open_risks, found.high_risks) == (2, 4, 1)
    assert (found.dated, found.finish_late) == (1, 1)


def test_a_portfolio_without_a_freeze_before_counts_alike(db, lead):
    freeze(SUNDAY)
    portfolio = PortfolioFactory(code="CAP")
    put(portfolio, now="red")

    found = agreed(portfolio, lead)

    assert (found.before, found.ended, found.worse) == (None, 0, 0)


def test_an_empty_portfolio_counts_alike(portfolio, lead):
    assert agreed(portfolio, lead).projects == 0
