"""What earlier forecasts were worth, worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

from projects.domain.earning.memory import (
    Finished,
    FrozenForecast,
    GroupKey,
    Miss,
    MissBand,
    Typical,
    accuracy,
    band_of,
    grouped,
    lent,
    misses,
    pooled,
)

START = date(2026, 1, 1)


def day(number):
    return START + timedelta(days=number)


def finished(*said, days=100, cost="120", **more):
    return Finished(
        start=START, finish=day(days), cost=Decimal(cost) if cost else None, said=said, **more
    )


def test_forecast_is_compared_with_what_came():
    one = finished(
        FrozenForecast(day(0), day(80), Decimal(100)),
        FrozenForecast(day(25), day(90), None),
        FrozenForecast(day(99), None, Decimal(120)),
        FrozenForecast(day(100), day(100), Decimal(120)),
        FrozenForecast(day(-1), day(50), Decimal(50)),
    )

    assert misses(one) == [
        Miss(quarter=0, cost=Decimal("0.2"), finish=Decimal("0.25"), days=20),
        Miss(quarter=1, cost=None, finish=Decimal(10) / 90, days=10),
        Miss(quarter=3, cost=Decimal(0), finish=None, days=None),
    ]


def test_forecast_of_nothing_and_of_no_time_is_no_measure():
    one = finished(FrozenForecast(day(1), START, Decimal(0)))

    assert misses(one) == [Miss(quarter=0, cost=None, finish=None, days=100)]


def test_project_whose_cost_is_not_known_tells_of_its_finish_only():
    one = finished(FrozenForecast(day(1), day(90), Decimal(100)), cost=None)

    assert [miss.cost for miss in misses(one)] == [None]


def test_project_of_one_day_has_no_course():
    assert misses(finished(FrozenForecast(START, START, Decimal(1)), days=0)) == []


def test_band_is_the_median_and_the_middle_four_fifths():
    values = [Decimal(n) for n in (5, 1, 3, 2, 4)]

    assert band_of(values) == MissBand(
        projects=5, median=Decimal(3), low=Decimal("1.4"), high=Decimal("4.6")
    )
    assert band_of([Decimal(7)], least=1) == MissBand(
        projects=1, median=Decimal(7), low=Decimal(7), high=Decimal(7)
    )


def test_too_few_projects_give_a_reason_and_no_band():
    assert band_of([Decimal(1)] * 4).reason == (
        "Only 4 finished projects have such forecasts; 5 are needed."
    )
    assert band_of([Decimal(1)]).reason == (
        "Only 1 finished project has such forecasts; 5 are needed."
    )
    assert band_of([]).reason == "No finished project has such forecasts; 5 are needed."
    assert band_of([]).median is None


def test_only_what_a_group_does_not_know_is_lent_to_it():
    few = [Typical(cost=Decimal("0.1"), finish=Decimal("0.2"))] * 4
    own = pooled([*few, Typical(cost=Decimal("0.1"))], name="Ours")
    wider = pooled([Typical(cost=Decimal("0.4"), finish=Decimal("0.5"))] * 9, name="All")

    found = lent(own, wider)

    assert found.name == "Ours"
    assert (found.cost, found.cost.is_lent) == (own.cost, False)
    assert (found.finish.median, found.finish.projects, found.finish.is_lent) == (
        Decimal("0.5"),
        9,
        True,
    )
    assert found.days == own.days  # nobody knows that


def test_each_project_counts_once_however_often_it_spoke():
    talker = finished(
        *(FrozenForecast(day(n), day(100), Decimal(60)) for n in range(20)), cost="120"
    )
    quiet = [finished(FrozenForecast(day(5), day(90), Decimal(120)), cost="120") for _ in range(4)]

    found = accuracy([talker, *quiet], name="all")

    assert (found.name, found.cost.projects, found.cost.median) == ("all", 5, Decimal(0))
    assert found.days.median == Decimal(10)


def test_each_quarter_of_a_project_weighs_the_same():
    one = finished(
        *(FrozenForecast(day(n), day(100), Decimal(120)) for n in range(10)),
        FrozenForecast(day(80), day(100), Decimal(60)),
    )

    assert accuracy([one], least=1).cost.median == Decimal("0.5")  # of 0 and 1


def test_one_quarter_is_looked_at_alone():
    one = finished(
        FrozenForecast(day(10), None, Decimal(60)), FrozenForecast(day(60), None, Decimal(120))
    )

    assert accuracy([one], quarter=0, least=1).cost.median == Decimal(1)
    assert accuracy([one], quarter=2, least=1).cost.median == Decimal(0)
    assert accuracy([one], quarter=3, least=1).cost.projects == 0


def test_groups_are_by_name_without_the_unnamed():
    rows = [
        finished(FrozenForecast(day(1), None, Decimal(100)), manager="Kim"),
        finished(FrozenForecast(day(1), None, Decimal(120)), manager="Ali"),
        finished(FrozenForecast(day(1), None, Decimal(120))),
    ]

    found = grouped(rows, lambda project: GroupKey(None, project.manager), least=1)

    assert [(group.name, group.cost.median) for group in found] == [
        ("Ali", Decimal(0)),
        ("Kim", Decimal("0.2")),
    ]


def test_two_managers_of_one_name_are_pooled_apart():
    rows = [
        finished(
            FrozenForecast(day(1), None, Decimal(100)), manager="Kim", manager_key=1, name="A"
        ),
        finished(
            FrozenForecast(day(1), None, Decimal(120)), manager="Kim", manager_key=2, name="B"
        ),
    ]

    found = grouped(rows, lambda one: GroupKey(one.manager_key, one.manager), least=1)

    assert [(group.name, group.cost.median) for group in found] == [
        ("Kim (A)", Decimal("0.2")),
        ("Kim (B)", Decimal(0)),
    ]
