from decimal import Decimal

from projects.domain.earning.bridge import BridgeStep, bridge
from projects.domain.earning.delays import DelayTotal
from projects.domain.kinds import Cause


def days(end, **causes):
    steps = [BridgeStep(Cause(cause), Decimal(amount)) for cause, amount in causes.items()]
    return bridge(Decimal(), Decimal(end), steps)


def delays_of(ways):
    total = DelayTotal()
    for name, one in ways:
        if one is None:
            total.leave_out()
        else:
            total.add(name, one.difference, one.parts)
    return total.delays()


def shown(one):
    return (one.code, one.projects, one.middle, one.furthest)


def test_days_of_projects_are_never_added():
    found = delays_of([("A", days(10)), ("B", days(20)), ("C", days(300))])

    assert shown(found.whole) == ("all", 3, Decimal(20), ("C", Decimal(300)))
    assert [shown(one) for one in found.causes] == [
        ("unexplained", 3, Decimal(20), ("C", Decimal(300)))
    ]


def test_a_cause_counts_the_projects_it_touched():
    rows = [("A", days(30, delay=10, approved=20)), ("B", days(5, delay=5)), ("C", days(0))]

    found = delays_of(rows)

    assert [shown(one) for one in found.causes] == [
        ("approved", 1, Decimal(20), ("A", Decimal(20))),
        ("delay", 2, Decimal("7.5"), ("A", Decimal(10))),
    ]
    assert (found.later, found.whole.middle) == (2, Decimal(5))


def test_the_furthest_may_have_come_earlier():
    found = delays_of([("A", days(-90)), ("B", days(10))])

    assert found.whole.furthest == ("A", Decimal(-90))
    assert found.later == 1
    assert delays_of([("A", days(1)), ("B", days(0))]).later == 1


def test_what_lacks_a_date_is_left_out_and_counted():
    assert delays_of([("A", days(1)), ("B", None)]).left_out == 1
    assert delays_of([("B", None)]) is None
    assert delays_of([]) is None
