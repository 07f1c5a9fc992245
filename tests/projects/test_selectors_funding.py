"""What draws on funding sources: each sum once, nothing of a hidden project, few statements."""

from datetime import date
from decimal import Decimal

import pytest

from pmo.accounts.roles import Role
from projects.models import FundingSource, Project
from projects.selectors.figures import Amount
from projects.selectors.funding import (
    NO_EXPIRY,
    NO_MONTHS,
    NOT_ALLOTTED,
    PARTLY_HIDDEN,
    expiring,
    sources_of,
)
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    MonthForecastFactory,
    ProjectFactory,
    person,
)

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)


@pytest.fixture
def grant():
    return FundingSourceFactory(name="HRSA grant", amount=Decimal(1000))


def of(*sources, user=None):
    projects = Project.objects.visible_to(user) if user else Project.objects.all()
    found = sources_of(sources or FundingSource.objects.order_by("pk"), projects, as_of=AS_OF)
    return found[0] if len(found) == 1 else found


def test_a_source_that_nothing_draws_on(grant):
    found = of(grant)

    assert (found.draws, found.allotted, found.unallotted) == ((), NOT_ALLOTTED, Amount(1000))
    assert (found.spent, found.committed, found.forecast, found.left) == (
        0,
        0,
        NO_MONTHS,
        NOT_ALLOTTED,
    )


def test_a_source_with_costs_and_months(grant, project):
    line = BudgetLineFactory(project=project, funding_source=grant, amount=Decimal(900))
    CostEntryFactory(project=project, line=line, amount=100)
    CostEntryFactory(project=project, line=line, amount=30, entry_date=date(2026, 11, 2))
    CostEntryFactory(project=project, line=line, amount=999, entry_date=date(2026, 11, 21))
    order = CostEntryFactory(project=project, line=line, kind="commitment", amount=250)
    CostEntryFactory(project=project, line=line, commitment=order, amount=50)
    for month, amount in ((11, 40), (12, 60)):
        MonthForecastFactory(project=project, line=line, month=date(2026, month, 1), amount=amount)
    MonthForecastFactory(project=project, line=line, month=date(2027, 10, 1), amount=500)

    found = of(grant)

    assert (found.allotted, found.unallotted) == (Amount(900), Amount(100))
    assert (found.spent, found.committed) == (180, 200)
    # spent 180, 10 left of November, 60 in December, 500 after the expiry
    assert found.forecast == Amount(750)
    # 900 - 180 - the commitment of 200, which is more than 70 in months up to September
    assert found.left == Amount(520)


def test_year_lines_are_not_allotted_beside_whole_life_lines(grant, project):
    BudgetLineFactory(project=project, funding_source=grant, amount=Decimal(600))
    BudgetLineFactory(project=project, funding_source=grant, fiscal_year=2027, amount=Decimal(400))

    assert of(grant).allotted == Amount(600)


def test_year_lines_are_allotted_where_there_is_no_whole_life_line(grant, project):
    for year, amount in ((2026, 100), (2027, 400)):
        BudgetLineFactory(project=project, funding_source=grant, fiscal_year=year, amount=amount)

    assert of(grant).allotted == Amount(500)


def test_what_one_project_leaves_is_not_spent_by_another(grant):
    idle, busy = ProjectFactory(), ProjectFactory()
    BudgetLineFactory(project=idle, funding_source=grant, amount=Decimal(300))
    line = BudgetLineFactory(project=busy, funding_source=grant, amount=Decimal(500))
    CostEntryFactory(project=busy, line=line, amount=700)

    found = of(grant)

    assert [(d.project_id, d.left.value) for d in found.draws] == [(idle.pk, 300), (busy.pk, 0)]
    assert found.left == Amount(300)


def test_more_than_there_is_is_over_allotted(grant):
    BudgetLineFactory(funding_source=grant, amount=Decimal("1200.50"))

    assert of(grant).over_allotted == Decimal("200.50")


def test_an_amount_that_is_not_known_is_said(grant, project):
    BudgetLineFactory(
        project=project, funding_source=grant, amount=None, stated_reason="Not yet tendered"
    )

    found = of(grant)

    assert found.allotted == Amount(None, "Not yet tendered")
    assert found.draws[0].left == Amount(None, "Not yet tendered")


def test_money_without_an_expiry_does_not_lapse():
    source = FundingSourceFactory(expires_on=None)
    BudgetLineFactory(funding_source=source)

    assert of(source).left == NO_EXPIRY


def test_costs_after_the_expiry_do_not_use_the_source():
    source = FundingSourceFactory(expires_on=date(2026, 9, 30))
    line = BudgetLineFactory(funding_source=source, amount=Decimal(100))
    CostEntryFactory(project=line.project, line=line, amount=30, entry_date=date(2026, 9, 30))
    CostEntryFactory(project=line.project, line=line, amount=50, entry_date=date(2026, 10, 1))

    found = of(source)

    assert (found.spent, found.left) == (80, Amount(70))


def test_the_latest_forecast_of_a_month_counts(grant, project):
    line = BudgetLineFactory(project=project, funding_source=grant, amount=Decimal(900))
    for made_on, amount in (
        (date(2026, 11, 1), 10),
        (date(2026, 11, 10), 20),
        (date(2026, 11, 10), 30),
        (date(2026, 11, 21), 40),
    ):
        MonthForecastFactory(project=project, line=line, amount=amount, made_on=made_on)

    assert of(grant).left == Amount(870)


class TestHidden:
    @pytest.fixture
    def secret(self, grant):
        project = ProjectFactory(is_confidential=True)
        line = BudgetLineFactory(project=project, funding_source=grant, amount=Decimal(777))
        CostEntryFactory(project=project, line=line, amount=111)
        CostEntryFactory(project=project, line=line, amount=222, kind="commitment")
        MonthForecastFactory(project=project, line=line, amount=333)
        return project

    def test_money_is_in_no_figure_of_a_reader_who_may_not_see_it(self, grant, secret, project):
        BudgetLineFactory(project=project, funding_source=grant, amount=Decimal(100))

        found = of(grant, user=person(Role.EXECUTIVE))

        assert [draw.project_id for draw in found.draws] == [project.pk]
        assert (found.allotted, found.spent, found.committed) == (Amount(100), 0, 0)
        assert (found.forecast, found.left) == (NO_MONTHS, Amount(100))
        # the rest of the amount would give the hidden allotment away
        assert (found.unallotted, found.over_allotted) == (PARTLY_HIDDEN, 0)

    def test_money_counts_for_the_lead(self, grant, secret, lead):
        found = of(grant, user=lead)

        assert (found.allotted, found.unallotted, found.spent) == (Amount(777), Amount(223), 111)
        assert not found.has_hidden

    def test_sources_do_not_lapse_for_a_reader_who_sees_nothing_of_them(self, grant, secret, lead):
        visible = Project.objects.visible_to(person(Role.EXECUTIVE))

        assert expiring(visible, as_of=AS_OF) == []
        assert [x.left.value for x in expiring(Project.objects.all(), as_of=AS_OF)] == [333]


def test_the_earliest_expiry_comes_first_and_past_ones_are_over():
    days = (date(2028, 1, 1), date(2027, 1, 1), date(2026, 11, 19), AS_OF, None)
    for day in days:
        BudgetLineFactory(funding_source=FundingSourceFactory(expires_on=day))

    found = expiring(Project.objects.all(), as_of=AS_OF)

    assert [one.source.expires_on for one in found] == [AS_OF, days[1], days[0]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_statements_are_few_for_any_number(rows, django_assert_num_queries):
    for _ in range(rows):
        source = FundingSourceFactory()
        for _ in range(rows):
            line = BudgetLineFactory(funding_source=source)
            CostEntryFactory(project=line.project, line=line)
            MonthForecastFactory(project=line.project, line=line)

    with django_assert_num_queries(5):
        sources_of(FundingSource.objects.all(), Project.objects.all(), as_of=AS_OF)
