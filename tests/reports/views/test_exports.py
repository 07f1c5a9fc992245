import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import Attribution
from reports.views.exports import COLUMNS
from tests.factories import ProjectFactory, UnitFactory, person
from tests.factories.reports import SnapshotFactory, freeze

SUNDAY = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1)


def csv_rows(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet_of(response):
    content = b"".join(response.streaming_content)
    response.close()
    return openpyxl.load_workbook(io.BytesIO(content))["Projects"]


@pytest.fixture
def wing(db):
    return SnapshotFactory(
        project=ProjectFactory(code="CAP-1", name='=HYPERLINK("http://x.example")'),
        overall="red",
        overall_before="none",
        approved_budget=Decimal("1000.50"),
        forecast_cost=Decimal("900.25"),
        cost_variance=Decimal("-100.25"),
        forecast_finish=date(2026, 12, 4),
        finish_slip_days=-3,
        reasons={"spent": "No cost recorded."},
        note="@mention, with a comma",
    )


def test_csv_holds_every_row_and_no_formula(signed_in, executive, wing):
    SnapshotFactory(overall="green")

    response = signed_in(executive).get("/portfolio.csv")

    rows = csv_rows(response)
    assert [row["Status"] for row in rows] == ["Red", "Green"]
    assert tuple(rows[0]) == tuple(column.label for column in COLUMNS)
    expected = {
        "Code": "CAP-1",
        "Project": '\'=HYPERLINK("http://x.example")',
        "Status before": "No report",
        "Approved budget": "1000.50",
        "Over or under": "-100.25",
        "Spent": "",
        "Forecast finish": "2026-12-04",
        "Days late": "-3",
        "Why": "'@mention, with a comma",
        "Why amounts are missing": "spent: No cost recorded.",
    }
    assert {name: rows[0][name] for name in expected} == expected
    assert f"rounds-hospital-{timezone.localdate()}.csv" in response.headers["Content-Disposition"]


def test_workbook_holds_the_same_rows_with_types_and_the_sources(signed_in, executive, wing):
    Attribution.objects.create(text="Open data, license X.")

    page = sheet_of(signed_in(executive).get("/portfolio.xlsx"))

    head = [cell.value for cell in page[1]]
    row = dict(zip(head, [cell.value for cell in page[2]], strict=True))
    assert head == [column.label for column in COLUMNS]
    assert row["Project"] == '=HYPERLINK("http://x.example")'
    assert {cell.data_type for cell in page[2]} == {"s", "n", "d"}
    assert row["Over or under"] == -100.25
    assert row["Forecast finish"].date() == date(2026, 12, 4)
    note = page[4][0].value
    assert note.startswith("Whole hospital. 1 project. As of ")
    assert note.endswith("Open data, license X.")


def test_a_frozen_day_is_handed_out_as_it_was(signed_in, executive, wing):
    freeze(SUNDAY)
    SnapshotFactory(project=wing.project, date=SUNDAY, name="Older name")

    response = signed_in(executive).get(f"/portfolio.csv?as_of={SUNDAY}")

    assert f"rounds-hospital-{SUNDAY}.csv" in response.headers["Content-Disposition"]
    assert [row["Project"] for row in csv_rows(response)] == ["Older name"]


@pytest.mark.parametrize("name", ["portfolio.csv", "portfolio.xlsx"])
def test_hidden_projects_are_in_no_file(signed_in, executive, wing, name):
    SnapshotFactory(project=ProjectFactory(name="Canary merger", is_confidential=True))

    response = signed_in(executive).get(f"/{name}")

    if name.endswith("csv"):
        assert [row["Code"] for row in csv_rows(response)] == ["CAP-1"]
    else:
        assert [page[0].value for page in sheet_of(response).iter_rows(min_row=2, max_row=3)] == [
            "CAP-1",
            None,
        ]


@pytest.mark.parametrize("name", ["portfolio.csv", "portfolio.xlsx"])
def test_a_file_is_refused_without_the_permission(signed_in, db, name):
    assert signed_in(person(Role.ADMINISTRATOR)).get(f"/{name}").status_code == 403


@pytest.mark.parametrize(("name", "queries"), [("portfolio.csv", 7), ("portfolio.xlsx", 9)])
@pytest.mark.parametrize("amount", [1, 3])
@pytest.mark.django_db
def test_a_file_asks_the_same_questions_however_many(
    client, django_assert_num_queries, name, queries, amount
):
    unit = UnitFactory()
    for _ in range(amount):
        SnapshotFactory(project=ProjectFactory(unit=unit))
    client.force_login(person(Role.EXECUTIVE))

    with django_assert_num_queries(queries):
        response = client.get(f"/{name}")
        b"".join(response.streaming_content)
    response.close()
