"""Money by fiscal year: each sum once, whatever it is split by."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.models import Project
from projects.selectors.months import months_of
from projects.selectors.rollup import NO_FORECAST, PARTS, rollup_of
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    MonthForecastFactory,
    ProgramFactory,
    ProjectFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)  # in the fiscal year that ends in June 2027


def roll(by="kind"):
    return rollup_of(Project.objects.all(), by, as_of=AS_OF)


def shown(money):
    return (
        money.label,
        money.budget.value,
        money.spent,
        money.committed,
        money.forecast.value,
    )


def all_of(rollup):
    return {one.year: shown(one.whole)[1:] for one in (*rollup.years, rollup.life)}


def test_without_money_there_is_no_year():
    ProjectFactory()
    rollup = roll()

    assert (rollup.years, rollup.lacking.projects, rollup.spread) == ((), 1, 0)
    assert shown(rollup.life.whole) == ("Whole life", None, 0, 0, None)


def test_whole_life_and_year_lines_are_never_added(project):
    BudgetLineFactory(project=project, amount=Decimal(1000))
    BudgetLineFactory(project=project, fiscal_year=2026, amount=Decimal(300))
    BudgetLineFactory(project=project, fiscal_year=2027, amount=Decimal(500))
    BudgetLineFactory(fiscal_year=2027, amount=Decimal(70))  # of a project without whole-life money

    rollup = roll()

    budgets = {one.year: one.whole.budget.value for one in (*rollup.years, rollup.life)}
    assert budgets == {2026: 300, 2027: 570, None: 1070}
    assert rollup.spread == 870


def test_costs_stand_in_their_year_and_part(project):
    build = BudgetLineFactory(project=project, category="Build", amount=Decimal(1000))
    staff = BudgetLineFactory(
        project=project, category="Staff", kind="operating", amount=Decimal(200)
    )
    CostEntryFactory(project=project, line=build, entry_date=date(2026, 6, 30), amount=100)
    CostEntryFactory(project=project, line=staff, entry_date=date(2026, 7, 1), amount=40)
    CostEntryFactory(project=project, entry_date=date(2026, 7, 2), amount=5)
    CostEntryFactory(project=project, entry_date=date(2026, 11, 21), amount=999)

    rollup = roll()

    assert all_of(rollup) == {
        2026: (None, 100, 0, 100),  # over, so it cost what it cost
        2027: (None, 45, 0, None),
        None: (1200, 145, 0, None),
    }
    assert [shown(part) for part in rollup.years[1].parts] == [
        ("On no budget line", None, 5, 0, None),
        ("Operating", None, 40, 0, None),
    ]
    assert [part.label for part in rollup.life.parts] == [
        "Capital",
        "On no budget line",
        "Operating",
    ]


def test_a_commitment_stands_in_its_year_less_what_was_paid(project):
    line = BudgetLineFactory(project=project)
    order = CostEntryFactory(
        project=project, line=line, kind="commitment", entry_date=date(2026, 3, 1), amount=1000
    )
    CostEntryFactory(
        project=project, line=line, commitment=order, entry_date=date(2026, 9, 1), amount=400
    )

    years = all_of(roll())

    assert {year: (row[1], row[2]) for year, row in years.items()} == {
        2026: (0, 600),
        2027: (400, 0),
        None: (400, 600),
    }


def test_the_forecast_is_what_is_spent_and_the_months_to_come(project):
    line = BudgetLineFactory(project=project)
    CostEntryFactory(project=project, line=line, entry_date=date(2026, 11, 3), amount=30)
    for first, amount in (
        (date(2026, 10, 1), 999),  # over
        (date(2026, 11, 1), 50),  # 20 to come
        (date(2027, 6, 1), 60),
        (date(2027, 7, 1), 70),
    ):
        MonthForecastFactory(project=project, line=line, month=first, amount=amount)

    rollup = roll()

    forecasts = {one.year: one.whole.forecast.value for one in (*rollup.years, rollup.life)}
    assert forecasts == {2027: 110, 2028: 70, None: 180}
    assert rollup.lacking.projects == 0
    assert months_of(project, as_of=AS_OF).at_completion.value == 180


def test_a_year_without_months_has_no_forecast(project):
    BudgetLineFactory(project=project, fiscal_year=2028, amount=Decimal(5))

    assert roll().years[0].whole.forecast == NO_FORECAST


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("kind", ["Capital", "Operating"]),
        ("category", ["Build", "Staff"]),
        ("source", ["HRSA grant", "No source named"]),
        ("unit", ["Lab", "Ward"]),
        ("program", ["In no program", "One record"]),
    ],
)
def test_money_is_split_by(by, names):
    first = ProjectFactory(unit=UnitFactory(name="Lab"), program=ProgramFactory(name="One record"))
    second = ProjectFactory(unit=UnitFactory(name="Ward"))
    BudgetLineFactory(project=first, funding_source=FundingSourceFactory(name="HRSA grant"))
    BudgetLineFactory(project=second, category="Staff", kind="operating")

    assert [part.label for part in roll(by).life.parts] == names


def test_parts_stand_as_their_names_are_read():
    for name in ("Zebra", "AI", "Äpfel", "Access"):
        BudgetLineFactory(project=ProjectFactory(unit=UnitFactory(name=name)))

    assert [part.label for part in roll("unit").life.parts] == ["Access", "AI", "Äpfel", "Zebra"]


AMOUNTS = st.decimals(0, 10**6, places=2)
KINDS = st.sampled_from(["actual", "commitment"])


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), KINDS, st.dates(date(2025, 1, 1), AS_OF), AMOUNTS), max_size=8
    )
)
def test_every_split_adds_up_to_the_same(db, rows):
    projects = [ProjectFactory(program=ProgramFactory() if n else None) for n in range(2)]
    lines = [BudgetLineFactory(project=p, category=c) for p in projects for c in ("A", "B")]
    for index, kind, day, amount in rows:
        line = lines[index]
        CostEntryFactory(project=line.project, line=line, kind=kind, entry_date=day, amount=amount)
    projects_here = Project.objects.filter(pk__in=[p.pk for p in projects])
    wanted = sum(row[3] for row in rows)

    for by in PARTS:
        rollup = rollup_of(projects_here, by, as_of=AS_OF)
        life = rollup.life.whole
        assert life.spent + life.committed == wanted
        assert sum(one.whole.spent + one.whole.committed for one in rollup.years) == wanted
        assert sum(part.spent + part.committed for part in rollup.life.parts) == wanted
        assert life.budget.value == 4_000_000


@pytest.mark.parametrize("rows", [1, 3])
def test_the_statements_are_few_for_any_number(rows, django_assert_num_queries):
    for _ in range(rows):
        line = BudgetLineFactory()
        CostEntryFactory(project=line.project, line=line)
        MonthForecastFactory(project=line.project, line=line)

    with django_assert_num_queries(6):
        roll("source")
