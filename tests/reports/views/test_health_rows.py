from datetime import date
from decimal import Decimal

import pytest

from reports.words.health_rows import AxisColumn, health_row

TODAY = date(2026, 11, 21)
COLUMNS = [AxisColumn("schedule", "Schedule"), AxisColumn("cost", "Cost")]


@pytest.fixture
def values():
    return {
        "project_id": 7,
        "code": "CAP-1",
        "name": "Wing",
        "manager_said": "",
        "stage": "delivery",
        "overall": "none",
        "overall_said": "amber",
        "overall_before": "amber",
        "published_rating": "",
        "is_stale": True,
        "is_disputed": False,
        "measured": "red",
        "measured_rule": "Red above 10%.",
        "schedule": "none",
        "cost": "red",
        "scope": "none",
        "risk": "none",
        "trend": "AN",
        "approved_budget": None,
        "spent": None,
        "forecast_cost": None,
        "cost_variance": None,
        "year_budget": None,
        "year_forecast": None,
        "reasons": {"approved_budget": "Exempt under section 43"},
        "next_milestone": "",
        "next_milestone_date": None,
        "next_milestone_slip_days": None,
        "updated_on": None,
    }


def test_row_says_why_a_figure_is_not_known(values):
    row = health_row(values, COLUMNS, today=TODAY)

    assert row["sub"] == "CAP-1 · Delivery"
    assert row["aside"] == "Last said Amber"
    assert "No report, was Amber" in row["change"]
    assert "Exempt under section 43" in row["bar"]
    assert "Exempt under section 43" in row["over"]
    assert (row["spent"], row["share"]) == ("", "")
    assert "No open milestone." in row["milestone"]
    assert "never reported" in row["updated"]


def test_row_without_a_forecast_falls_back_to_the_fiscal_year_and_says_so(values):
    year = {"year_budget": Decimal(500), "year_forecast": Decimal(600)}

    row = health_row(values | year, COLUMNS, today=TODAY)

    assert (row["over"], row["share"], row["is_over"]) == ("+$100", "this fiscal year", True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cost_variance": Decimal(0)}, {"over": "$0", "is_over": False, "share": "0.0%"}),
        ({"cost_variance": Decimal(120)}, {"over": "+$120", "is_over": True, "share": "+12.0%"}),
        ({"cost_variance": Decimal(-50)}, {"over": "−$50", "is_over": False, "share": "−5.0%"}),
        ({"published_rating": "Amber/Red"}, {"aside": "Published as Amber/Red"}),
        (
            {"published_rating": "Imported from a.csv", "is_disputed": True},
            {"aside": "Imported from a.csv", "data_says": "Red"},
        ),
        ({"published_rating": "Amber/Red", "is_disputed": True}, {"aside": ""}),
        ({"is_disputed": True}, {"data_says": "Red", "rule": "Red above 10%."}),
        (
            {"next_milestone_date": date(2027, 2, 1), "next_milestone_slip_days": 24},
            {"due": "1 Feb 2027", "late": "24 days late", "early": ""},
        ),
        (
            {"next_milestone_date": date(2026, 11, 20), "next_milestone_slip_days": 24},
            {"due": "20 Nov", "late": "1 day overdue"},
        ),
        (
            {"next_milestone_date": date(2026, 12, 1), "next_milestone_slip_days": -4},
            {"late": "", "early": "4 days early"},
        ),
    ],
)
def test_row_writes_figures_out(values, changes, expected):
    budget = {
        "approved_budget": Decimal(1000),
        "spent": Decimal(400),
        "forecast_cost": Decimal(1000),
    }

    row = health_row(values | budget | changes, COLUMNS, today=TODAY)

    assert {name: row[name] for name in expected} == expected
    assert row["spent"] == "$400 of $1,000"
