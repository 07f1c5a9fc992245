"""The page that leads every figure of a portfolio to its headline, its files and its resource."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from tests.factories import CostEntryFactory
from tests.factories.earning import BaselineFactory
from tests.factories.reports import SnapshotFactory, freeze
from tests.reports.landing import earning, portfolio_of, text

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 6, 28)
URL = reverse("reports:landing_reconciliation")


@pytest.fixture
def three():
    """One with everything, over budget; one that cannot be calculated; one nobody forecast."""
    whole = earning("Wing", approved_budget=Decimal(1040), spent=600, baseline_number=1)
    BaselineFactory(project=whole.project, management_reserve=Decimal(40))
    CostEntryFactory(project=whole.project, amount=Decimal(600), entry_date=date(2026, 1, 5))
    SnapshotFactory(
        project__name="Portal", approved_budget=Decimal(300), forecast_cost=Decimal(250),
        cost_variance=Decimal(-50), earned_reasons={"budget_at_completion": "No baseline."},
    )  # fmt: skip
    SnapshotFactory(
        project__name="Idea", approved_budget=Decimal(10), reasons={"forecast_cost": "Too early."}
    )
    return whole


def lines_of(context):
    """Return each walk as its title and its lines: what, of how many, how much, up to what."""
    return {
        walk.title: [
            (walk.start.name, walk.start.projects, walk.start.amount),
            *((s.title, s.projects, s.amount, s.after) for s in walk.steps),
            (walk.end.name, walk.end.projects, walk.end.amount),
        ]
        for walk in context["walks"]
    }


def test_the_headline_stands_first_and_each_figure_is_led_to_it(signed_in, executive, three):
    context = signed_in(executive).get(URL).context

    assert context["lede"] == (
        "2 of 3 projects are forecast to cost $1,350: $10 over the approved budget of $1,340 (+0.7%)."
    )
    assert lines_of(context) == {
        "Managers’ forecast: the same as the approved budget": [
            ("Approved budget", "3", "$1,350"),
            ("No forecast cost", "1", "−$10", "$1,340"),
            ("Forecast over budget", "1", "+$60", "$1,400"),
            ("Forecast under budget", "1", "−$50", "$1,350"),
            ("Managers’ forecast", "2", "$1,350"),
        ],
        "Approved plan: $350 below the approved budget": [
            ("Approved budget", "3", "$1,350"),
            ("Not calculated", "1", "−$300", "$1,050"),
            ("Not calculated", "1", "−$10", "$1,040"),
            ("Reserve outside the plan", "1", "−$40", "$1,000"),
            ("Approved plan", "1", "$1,000"),
        ],
        "Calculated landing (EAC): $150 above the managers’ forecast": [
            ("Managers’ forecast", "2", "$1,350"),
            ("Not calculated", "1", "−$250", "$1,100"),
            ("Calculated higher than forecast", "1", "+$400", "$1,500"),
            ("Calculated landing (EAC)", "1", "$1,500"),
        ],
        "Spent and to come: $750 below the managers’ forecast": [
            ("Managers’ forecast", "2", "$1,350"),
            ("Only in this figure", "1", "$0", "$1,350"),
            ("No months to come", "2", "−$750", "$600"),
            ("Spent and to come", "3", "$600"),
        ],
    }


def test_a_line_names_its_projects_with_both_amounts_and_the_reason(signed_in, executive, three):
    response = signed_in(executive).get(URL)

    step = response.context["walks"][2].steps[0]
    assert (step.why, [part[1:] for part in step.parts]) == (
        "No baseline.",
        [("Portal", step.parts[0].code, "−$250", "$250 to –")],
    )
    assert "Too early." in text(response)


def test_what_is_hidden_adds_to_no_line(signed_in, executive, three):
    before = lines_of(signed_in(executive).get(URL).context)
    earning("Secret canary", is_confidential=True, eac=90_000)

    response = signed_in(executive).get(URL)

    assert lines_of(response.context) == before
    assert "canary" not in text(response)
    assert "1 hidden from you" in response.context["footnote"]


def test_a_past_day_is_reconciled_as_it_was_frozen_without_months(signed_in, executive, three):
    freeze(SUNDAY)
    SnapshotFactory(
        project=three.project, date=SUNDAY, approved_budget=Decimal(90), forecast_cost=Decimal(80),
        cost_variance=Decimal(-10),
    )  # fmt: skip

    context = signed_in(executive).get(f"{URL}?as_of={SUNDAY}").context

    assert list(lines_of(context).values()) == [
        [
            ("Approved budget", "1", "$90"),
            ("Forecast under budget", "1", "−$10", "$80"),
            ("Managers’ forecast", "1", "$80"),
        ]
    ]
    assert [name for name, _ in context["unknown"]] == ["Approved plan", "Calculated landing (EAC)"]


def test_only_the_portfolios_projects_are_in_it(signed_in, executive, three):
    code = portfolio_of(three.project)

    context = signed_in(executive).get(URL, {"portfolio": code}).context

    assert context["projects"] == 1


def test_long_steps_show_the_largest_and_count_the_rest(signed_in, executive):
    for number in range(27):
        earning(f"P {number:02}", forecast_cost=Decimal(2000 + number))

    step = signed_in(executive).get(URL).context["walks"][0].steps[0]

    assert (len(step.parts), step.parts[0].name, step.more) == (
        *(25, "P 26"),
        "and 2 more projects in the files",
    )


def test_empty_page_says_what_will_appear(signed_in, executive):
    assert "The figures and how they fit together appear here" in text(
        signed_in(executive).get(URL)
    )


def test_every_row_of_the_file_adds_up_to_the_difference(signed_in, executive, three):
    client = signed_in(executive)
    response = client.get(reverse("reports:landing_reconciliation_csv"))
    written = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))

    sums = {}
    for row in rows:
        way = (row["From"], row["To"])
        sums[way] = sums.get(way, Decimal()) + Decimal(row["Difference"])
    assert sums == {
        ("Approved budget", "Managers’ forecast"): 0,
        ("Approved budget", "Approved plan"): -350,
        ("Managers’ forecast", "Calculated landing (EAC)"): 150,
        ("Managers’ forecast", "Spent and to come"): -750,
    }
    book = client.get(reverse("reports:landing_reconciliation_xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content)))["Landing"]
    book.close()
    named = [cell.value for line in sheet.iter_rows() for cell in line]
    assert named.count("Reserve outside the plan") == 1


def test_the_resource_says_the_same(client, executive, three):
    client.force_login(executive)

    found = client.get("/api/v1/snapshots/landing/").json()

    assert found["headline"] == {
        "projects": 3, "compared": 2, "approved_budget": "1340.00", "managers_forecast": "1350.00",
        "over_or_under": "10.00", "calculated": 1, "calculated_landing": "1500.00",
        "challenged": 1, "calculated_minus_forecast": "400.00",
    }  # fmt: skip
    assert [(walk["start"]["basis"], walk["end"]["basis"]) for walk in found["walks"]] == [
        ("approved_budget", "managers_forecast"),
        ("approved_budget", "approved_plan"),
        ("managers_forecast", "calculated_landing"),
        ("managers_forecast", "spent_and_to_come"),
    ]
    for walk in found["walks"]:
        steps = sum(Decimal(step["amount"]) for step in walk["steps"])
        assert Decimal(walk["start"]["amount"]) + steps == Decimal(walk["end"]["amount"])
    assert (found["as_of"], found["unknown"]) == (None, [])


def test_the_resource_refuses_an_unknown_portfolio(client, executive):
    client.force_login(executive)

    refused = client.get("/api/v1/snapshots/landing/?portfolio=NONE")

    assert refused.status_code == 400
    assert refused.json() == {"portfolio": ["There is no portfolio with this code."]}


@pytest.mark.parametrize("name", ["portfolio_forecast", "budget", "landing_panel"])
def test_every_page_that_says_where_it_will_land_leads_here(signed_in, executive, three, name):
    client = signed_in(executive)

    assert f'href="{URL}"' in text(client.get(reverse(f"reports:{name}")))


@pytest.mark.parametrize("amount", [1, 3])
def test_asks_as_often_for_three_as_for_one(
    signed_in, executive, django_assert_num_queries, amount
):
    for number in range(amount):
        BaselineFactory(project=earning(f"P {number}").project)
    client = signed_in(executive)
    client.get(URL)

    with django_assert_num_queries(15):
        client.get(URL)
