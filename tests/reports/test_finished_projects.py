"""Which projects had finished, and what is kept of how far their forecasts were off."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.domain.earning.memory import accuracy
from reports.models import Snapshot
from reports.selectors.forecast import accuracy_by, accuracy_in, finished_by, finished_in
from tests.factories import PortfolioFactory
from tests.factories.reports import SnapshotFactory, freeze
from tests.reports.landing import finished

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 6, 28)
END = {"is_finished": True, "start_date": date(2025, 1, 1), "forecast_finish": date(2026, 6, 1)}


@pytest.fixture
def live():
    freeze(date(2025, 1, 16))
    for number in range(5):
        finished(number, cost=100 + 10 * number)
    return Snapshot.objects.live()


def test_pooled_misses_are_those_of_the_projects_and_follow_them(live):
    assert accuracy_in(live) == accuracy(finished_in(live))
    assert accuracy_in(live).cost.median == Decimal("0.2")

    live.filter(is_finished=True).order_by("pk")[0].delete()

    assert accuracy_in(live).cost.projects == 4


def test_dearer_end_is_not_told_what_was_kept_of_the_cheaper_one(live):
    before = accuracy_in(live).cost
    for row in live.filter(is_finished=True):
        row.delete()
        SnapshotFactory(project=row.project, spent=Decimal(500), **END)

    assert accuracy_in(live).cost.median == 4 > before.median


def test_each_project_ended_as_its_last_frozen_row_with_both_days_says():
    now = SnapshotFactory(spent=Decimal(9), **END)
    for weeks, spent, start in ((3, 7, END["start_date"]), (2, 8, END["start_date"]), (1, 9, None)):
        day = SUNDAY - timedelta(weeks=weeks)
        freeze(day)
        values = END | {"start_date": start}
        SnapshotFactory(project=now.project, date=day, spent=Decimal(spent), **values)

    found = finished_by(SUNDAY, Snapshot.objects.live())

    assert {pk: one.cost for pk, one in found.items()} == {now.project_id: Decimal(8)}
    early = finished_by(SUNDAY - timedelta(weeks=3), Snapshot.objects.live())
    assert early[now.project_id].cost == Decimal(7)
    assert accuracy_by(SUNDAY, Snapshot.objects.live()) == accuracy(found.values())


def test_later_day_of_another_portfolio_takes_no_month_away(live):
    before = accuracy_in(live)

    freeze(date(2025, 1, 30), portfolio=PortfolioFactory(), kind="import")

    assert accuracy_in(live) == before


def test_of_a_month_the_projects_own_last_freeze_counts(live):
    later, portfolio = date(2025, 1, 30), PortfolioFactory()
    freeze(later, portfolio=portfolio, kind="import")
    one = live.filter(is_finished=True).order_by("pk")[0]
    SnapshotFactory(
        project=one.project, date=later, forecast_cost=Decimal(50), forecast_finish=SUNDAY
    )

    found = {one.key: [said.cost for said in one.typical] for one in finished_in(live)}

    assert found.pop(one.project_id) != []
    assert accuracy_in(live).cost.projects == 5
    assert max(miss for misses in found.values() for miss in misses if miss) < 1


def test_what_a_second_portfolio_freezes_of_a_frozen_day_is_learned(live):
    day = date(2025, 1, 16)
    newcomer = SnapshotFactory(spent=Decimal(300), **(END | {"start_date": date(2025, 1, 6)}))
    assert accuracy_in(live).cost.projects == 5

    SnapshotFactory(
        project=newcomer.project, date=day, forecast_cost=Decimal(100), forecast_finish=SUNDAY
    )
    freeze(day, portfolio=PortfolioFactory(), kind="import")

    assert accuracy_in(live).cost.projects == 6


def test_nobody_finished_teaches_nothing():
    assert accuracy_in(Snapshot.objects.live()) == accuracy([])
