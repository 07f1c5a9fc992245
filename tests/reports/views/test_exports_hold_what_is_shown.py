"""A file beside a table holds the rows of that table, all its pages, in its order; all is a second choice."""

import csv
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import Attribution
from projects.domain.money import month_of
from tests.factories import BudgetLineFactory, MonthForecastFactory, ProjectFactory, person
from tests.factories.reports import SnapshotFactory

pytestmark = pytest.mark.django_db
DASHBOARD = reverse("reports:dashboard")
# what each file is compared with; a new export has to say where it is
COMPARED = {
    "portfolio": "below: the dashboard's table",
    "project_months": "below: the months of the chosen year",
    "fiscal_years": "test_years.py: every year and part of the page",
    "landing_reconciliation": "test_reconciliation.py: the steps of every walk of the page",
    "variance": "test_variance.py: the whole of one report",
}


def names(resolver, found=()):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names(pattern, found)
        elif pattern.name:
            yield pattern.name


def test_every_export_is_compared_with_its_page():
    exports = {
        match[1]
        for name in names(get_resolver())
        if (match := re.fullmatch(r"(\w+)_(csv|xlsx)", name))
    }

    assert exports == set(COMPARED)


@pytest.fixture
def client_of(signed_in):
    return signed_in(person(Role.EXECUTIVE))


def links(page, kind):
    """The addresses of the files offered, in their order: what is shown, then all."""
    found = re.findall(rf'href="([^"]+\.{kind}[^"]*)"', page)
    return [one.replace("&amp;", "&") for one in found]


def rows_of(client, url):
    response = client.get(url)
    content = b"".join(response.streaming_content)
    if ".csv" in url:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:], response
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return rows, response


def codes_shown(client, query):
    """The codes of the rows on every page of the table, as a reader leafs through it."""
    codes, number = [], 1
    while True:
        response = client.get(DASHBOARD, query | {"page": number})
        page = response.context["page"]
        codes += [row["sub"].split(" ")[0] for row in response.context["rows"]]
        if not page.has_next():
            return codes
        number += 1


@pytest.fixture
def portfolio():
    for number in range(30):
        SnapshotFactory(
            project=ProjectFactory(code=f"P-{number:02}", name=f"Lab {29 - number:02}"),
            overall="red" if number < 27 else "green",
            approved_budget=Decimal(100),
            forecast_cost=Decimal(100 + number * 10),
            cost_variance=Decimal(number * 10),
            category="clinical" if number % 2 else "it",
        )
    SnapshotFactory(project=ProjectFactory(code="P-99", name="Wing"), overall="amber")


QUERIES = [
    ({}, 31),
    ({"sort": "name"}, 31),
    ({"color": "red"}, 27),
    ({"color": "red", "sort": "-over"}, 27),
    ({"q": "wing"}, 1),
    ({"q": "lab", "color": "green", "sort": "-name"}, 3),
    ({"show": "over", "size": "100"}, 29),
    ({"color": "no such color"}, 31),
]


@pytest.mark.parametrize(("query", "count"), QUERIES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_the_rows_of_every_page_in_their_order(
    client_of, portfolio, query, count, kind
):
    page = client_of.get(DASHBOARD, query).content.decode()
    shown = codes_shown(client_of, query)

    rows, _ = rows_of(client_of, links(page, kind)[0])

    codes = [row[0] for row in rows]
    assert len(shown) == count
    assert codes[:count] == shown
    assert [code for code in codes[count:] if code and str(code).startswith("P-")] == []


def test_all_is_a_second_choice_only_where_something_is_left_out(client_of, portfolio):
    Attribution.objects.all().delete()
    narrow = client_of.get(DASHBOARD, {"color": "green"})
    whole = client_of.get(DASHBOARD)

    assert [one["label"] for one in narrow.context["files"]] == [
        "3 of 31 projects, as shown",
        "All 31 projects",
    ]
    assert [one["label"] for one in whole.context["files"]] == ["All 31 projects"]
    rows, _ = rows_of(client_of, links(narrow.content.decode(), "csv")[1])
    assert len(rows) == 31


def test_a_table_swapped_in_place_brings_its_own_links(client_of, portfolio):
    swapped = client_of.get(DASHBOARD, {"color": "green"}, headers={"HX-Request": "true"})

    assert links(swapped.content.decode(), "csv") == [
        "/portfolio.csv?color=green",
        "/portfolio.csv",
    ]


def test_a_file_says_what_it_holds(client_of, portfolio):
    query = {"color": "red", "q": "Lab"}

    rows, book = rows_of(
        client_of, f"/portfolio.xlsx?{'&'.join(f'{k}={v}' for k, v in query.items())}"
    )
    _, table = rows_of(client_of, "/portfolio.csv?color=red&q=Lab")

    today = timezone.localdate()
    name = f"rounds-hospital-{today}-27-of-31-projects-red-Lab"
    assert f"{name}.xlsx" in book.headers["Content-Disposition"]
    assert f"{name}.csv" in table.headers["Content-Disposition"]
    assert rows[-1][0].startswith("Whole hospital. 27 of 31 projects: red, “Lab”. As of ")
    assert "Projects that ended are not in this file." in rows[-1][0]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_months_as_files_are_those_of_the_year_shown(client_of, project, kind):
    line = BudgetLineFactory(project=project)
    now = month_of(timezone.localdate())
    later = now.replace(year=now.year + 1)
    for month in (now, later):
        MonthForecastFactory(project=project, line=line, month=month, amount=700)
    url = reverse("projects:project_months", args=[project.pk])

    page = client_of.get(url)
    shown, everything = links(page.content.decode(), kind)
    some, named = rows_of(client_of, shown)
    every, _ = rows_of(client_of, everything)

    months = [str(row[4])[:10] for row in some if row[4]]
    drawn = [
        str(row.month)
        for row in page.context["grid"].rows
        if any(cell.forecast is not None for cell in row.cells)
    ]
    assert months == drawn == [str(now)]
    assert [str(row[4])[:10] for row in every if row[4]] == [str(now), str(later)]
    year = page.context["year_label"].replace("/", "-")
    assert f"months-{year}-" in named.headers["Content-Disposition"]
    assert page.context["files"][1]["label"] == "All months"
