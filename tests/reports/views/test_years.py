import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.organization.current import organization
from portfolio.models import PortfolioProject
from projects.domain.calendar import fiscal_year, month_of
from projects.models import Project
from projects.selectors.rollup import PARTS
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    MonthForecastFactory,
    PortfolioFactory,
    ProgramFactory,
    ProjectFactory,
    UnitFactory,
    person,
)

pytestmark = pytest.mark.django_db
URL = reverse("reports:fiscal_years")
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def this_year():
    return fiscal_year(timezone.localdate(), start_month=organization().fiscal_year_start_month)


def test_without_money_says_so(signed_in, executive):
    response = signed_in(executive).get(URL)

    assert response.context["lede"] == "No budget is approved."
    assert "The money of each fiscal year appears here" in response.content.decode()


def test_says_how_much_is_spread_over_years(signed_in, executive, project, this_year):
    BudgetLineFactory(project=project, amount=Decimal(5000))
    BudgetLineFactory(project=project, fiscal_year=this_year, amount=Decimal(3000))
    client = signed_in(executive)

    first = client.get(URL).context["lede"]
    BudgetLineFactory(project=project, fiscal_year=this_year + 1, amount=Decimal(2000))

    assert first == "Of the approved $5,000, $3,000 is spread over fiscal years."
    assert client.get(URL).context["lede"] == (
        "All of the approved $5,000 is spread over fiscal years."
    )


@pytest.mark.parametrize(
    ("months", "others", "said"),
    [
        (700, 0, "will take $700, $300 over its budget of $400. "),
        (300, 0, "will take $300, $100 under its budget of $400. "),
        (400, 0, "will take $400, exactly its budget of $400. "),
        (700, 1, "will take at least $700, $300 over its budget of $400. "),
        (300, 1, "will take at least $300 of its budget of $400. "),
    ],
)
def test_says_first_what_this_year_will_take(
    signed_in, executive, project, this_year, *, months, others, said
):
    line = BudgetLineFactory(project=project, amount=Decimal(400))
    BudgetLineFactory(project=project, fiscal_year=this_year, amount=Decimal(400))
    MonthForecastFactory(
        project=project, line=line, month=month_of(timezone.localdate()), amount=Decimal(months)
    )
    ProjectFactory.create_batch(others)

    lede = signed_in(executive).get(URL).context["lede"]

    year = f"FY{this_year - 1}/{this_year % 100}"
    assert lede == f"{year} {said}All of the approved $400 is spread over fiscal years."


def test_a_project_in_two_portfolios_counts_once_in_all_and_in_each(signed_in, executive):
    line = BudgetLineFactory(amount=Decimal(5000))
    BudgetLineFactory(amount=Decimal(700))
    portfolios = [PortfolioFactory(code="A"), PortfolioFactory(code="B")]
    for portfolio in portfolios:
        PortfolioProject.objects.create(
            portfolio=portfolio, project=line.project, added_on=LONG_AGO
        )
    client = signed_in(executive)

    def approved(**query):
        return client.get(URL, query).context["rollup"].life.whole.budget.value

    assert (approved(), approved(portfolio="A"), approved(portfolio="B")) == (5700, 5000, 5000)


def test_a_project_that_left_the_portfolio_is_not_in_it(signed_in, executive):
    line, portfolio = BudgetLineFactory(), PortfolioFactory(code="A")
    PortfolioProject.objects.create(
        portfolio=portfolio,
        project=line.project,
        added_on=LONG_AGO,
        removed_on=timezone.localdate() - timedelta(days=1),
    )

    assert signed_in(executive).get(URL, {"portfolio": "A"}).context["shown"] == 0


def test_money_of_hidden_projects_does_not_count(signed_in, executive):
    BudgetLineFactory(amount=Decimal(10))
    secret = ProjectFactory(is_confidential=True)
    BudgetLineFactory(project=secret, amount=Decimal(654_321), category="Merger")

    response = signed_in(executive).get(URL, {"by": "category"})

    assert response.context["rollup"].life.whole.budget.value == 10
    assert response.context["footnote"].startswith(
        "Of 2 active projects; 1 hidden from you. 1 of 1"
    )
    page = response.content.decode()
    assert "654" not in page
    assert "Merger" not in page


@pytest.mark.parametrize("stage", ["cancelled", "closed"])
@pytest.mark.parametrize("by", PARTS)
def test_what_a_project_spent_stays_in_its_year_when_it_ends(
    signed_in, executive, project, this_year, *, stage, by
):
    line = BudgetLineFactory(project=project, amount=Decimal(900))
    BudgetLineFactory(project=project, fiscal_year=this_year, amount=Decimal(500))
    BudgetLineFactory(project=project, fiscal_year=this_year + 1, amount=Decimal(400))
    CostEntryFactory(project=project, line=line, entry_date=timezone.localdate(), amount=120)
    MonthForecastFactory(
        project=project, line=line, month=month_of(timezone.localdate()), amount=Decimal(300)
    )
    portfolio = PortfolioFactory(code="A")
    PortfolioProject.objects.create(portfolio=portfolio, project=project, added_on=LONG_AGO)
    Project.objects.filter(pk=project.pk).update(stage=stage)

    asked = {"portfolio": "A", "by": by}
    client = signed_in(executive)
    response = client.get(URL, asked)
    year, life = response.context["rollup"].years[0], response.context["rollup"].life
    sent = client.get(reverse("reports:fiscal_years_csv"), asked)

    assert [one.year for one in response.context["rollup"].years] == [this_year]
    assert (year.parts, life.parts) == ((), ())
    assert (year.ended.label, year.ended.budget.value, year.ended.spent) == (
        "Ended projects",
        500,
        120,
    )
    assert year.whole.forecast.value == year.ended.forecast.value == 120
    assert (life.whole.budget.value, life.whole.spent) == (900, 120)
    assert response.context["rollup"].approved is None
    assert (
        "Of 0 active projects. What 1 ended project cost stays in its year"
        in (response.context["footnote"])
    )
    assert b"Ended projects" in response.content
    lines = b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()
    assert [row.split(",", 1)[1] for row in lines[1:]] == [
        "Ended projects,500.00,120.00,0,120.00",
        "Ended projects,900.00,120.00,0,120.00",
    ]


def test_the_chart_draws_what_is_known_and_says_which_projects_lack_months(
    signed_in, executive, project, this_year
):
    BudgetLineFactory(project=project, fiscal_year=this_year, amount=Decimal(10_000))
    MonthForecastFactory(project=project, month=month_of(timezone.localdate()), amount=15_000)
    client = signed_in(executive)

    def chart():
        return client.get(URL).context["chart"]

    whole = chart()
    ProjectFactory(name="Bed tracking")
    some = chart()

    assert whole.title.endswith("is forecast $5,000 over its budget")
    assert whole.footnote == ""
    assert some.title.endswith("is forecast at least $5,000 over its budget")
    assert some.figure == whole.figure
    assert some.rows[0][3:] == ["at least $15K", "at least +$5,000"]
    assert some.footnote == (
        "1 of 2 active projects has no months to come (Bed tracking): only what it spent counts, so"
        " the forecasts are at least what is shown."
    )
    assert some.footnote in some.sentence


@pytest.mark.parametrize("by", ["kind", "category", "source", "unit", "program", "nonsense"])
def test_every_split_has_a_page_with_few_statements(signed_in, executive, by):
    client = signed_in(executive)

    def fill():
        line = BudgetLineFactory(funding_source=FundingSourceFactory())
        CostEntryFactory(project=line.project, line=line)
        MonthForecastFactory(project=line.project, line=line)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL, {"by": by}).status_code == 200
        return len(queries)

    fill()
    asked()  # the attributions of the footer are kept for a minute
    first = asked()
    fill()
    fill()

    assert first <= 15
    assert asked() == first


def test_files_hold_every_year_and_part(signed_in, executive, project, this_year):
    line = BudgetLineFactory(project=project, category="=Build", amount=Decimal("5000.50"))
    CostEntryFactory(project=project, line=line, entry_date=timezone.localdate(), amount=20)
    client = signed_in(executive)

    sent = client.get(reverse("reports:fiscal_years_csv"), {"by": "category"})
    lines = b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()
    book = client.get(reverse("reports:fiscal_years_xlsx"), {"by": "category"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content)))["Fiscal years"]

    assert lines[0] == 'Fiscal year,Category,Budget,Spent,"Committed, net",Spent and to come'
    assert [row.split(",", 1)[1] for row in lines[1:]] == [
        "'=Build,,20.00,0,",
        "'=Build,5000.50,20.00,0,",
    ]
    assert lines[2].startswith("Whole life,")
    assert [cell.value for cell in sheet[3]][:4] == ["Whole life", "=Build", 5000.5, 20]


def test_is_not_for_those_without_projects(signed_in):
    for name in ("fiscal_years", "fiscal_years_csv", "fiscal_years_xlsx"):
        url = reverse(f"reports:{name}")
        assert signed_in(person(Role.ADMINISTRATOR)).get(url).status_code == 403


class TestNamesakes:
    """Two of one name are two parts of a year, each with something that tells it apart."""

    def parts(self, client, by):
        life = client.get(URL, {"by": by}).context["rollup"].life
        return {part.label: part.budget.value for part in life.parts}

    def test_funding_sources_and_programs_have_their_codes(self, signed_in, executive):
        for code, amount in (("A", 300), ("B", 200)):
            project = ProjectFactory(program=ProgramFactory(name="Renewal", code=f"P-{code}"))
            source = FundingSourceFactory(name="State grant", code=f"S-{code}")
            BudgetLineFactory(project=project, funding_source=source, amount=Decimal(amount))
        client = signed_in(executive)

        assert self.parts(client, "source") == {"State grant (S-A)": 300, "State grant (S-B)": 200}
        assert self.parts(client, "program") == {"Renewal (P-A)": 300, "Renewal (P-B)": 200}

    def test_units_have_the_unit_above_them(self, signed_in, executive):
        for above, amount in (("North", 300), ("South", 200)):
            unit = UnitFactory(name="Beds", parent=UnitFactory(name=above))
            BudgetLineFactory(project=ProjectFactory(unit=unit), amount=Decimal(amount))

        found = self.parts(signed_in(executive), "unit")

        assert found == {"Beds (North)": 300, "Beds (South)": 200}
