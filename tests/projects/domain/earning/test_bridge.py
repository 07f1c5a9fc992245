"""The bars add up to the difference, always."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from projects.domain.earning.bridge import BridgeStep, BridgeTotal, averaged, bridge
from projects.domain.kinds import Cause


def summed(rows):
    total = BridgeTotal()
    for row in rows:
        if row is None:
            total.leave_out()
        else:
            total.add(row.start, row.parts)
    return total.bridge()


def bars(found):
    return [(bar.code, bar.before, bar.after) for bar in found.bars]


def test_bars_lead_from_the_start_to_the_end():
    found = bridge(
        Decimal(100),
        Decimal(150),
        [
            BridgeStep(Cause.DELAY, Decimal(5), "Crane late"),
            BridgeStep(Cause.APPROVED, Decimal(20), "CR-1 More beds"),
            BridgeStep(Cause.APPROVED, Decimal(-4), "CR-2 No garden"),
        ],
    )

    assert bars(found) == [("approved", 100, 116), ("delay", 116, 121), ("unexplained", 121, 150)]
    assert [bar.label for bar in found.bars] == ["Approved changes", "Delay", "Not explained yet"]
    assert found.bars[0].words == ("CR-1 More beds", "CR-2 No garden")
    assert (found.difference, found.unexplained) == (50, 29)


def test_what_is_explained_wholly_leaves_no_remainder():
    found = bridge(Decimal(100), Decimal(90), [BridgeStep(Cause.RATE, Decimal(-10))])

    assert bars(found) == [("rate", 100, 90)]
    assert found.unexplained == 0


def test_no_difference_has_no_bars():
    assert bars(bridge(Decimal(100), Decimal(100), [BridgeStep(Cause.SCOPE, Decimal(0))])) == []


def test_cause_that_was_named_and_cancels_out_is_still_shown():
    steps = [
        BridgeStep(Cause.SCOPE, Decimal(3), "More"),
        BridgeStep(Cause.SCOPE, Decimal(-3), "Less"),
    ]

    assert bars(bridge(Decimal(1), Decimal(1), steps)) == [("scope", 1, 1)]


def test_bridges_of_projects_add_up_bar_by_bar():
    one = bridge(Decimal(100), Decimal(130), [BridgeStep(Cause.RATE, Decimal(10))])
    other = bridge(Decimal(50), Decimal(40), [BridgeStep(Cause.SCOPE, Decimal(-30))])

    found = summed([one, None, other])

    assert bars(found) == [("rate", 150, 160), ("scope", 160, 130), ("unexplained", 130, 170)]
    assert (found.start, found.end, found.projects, found.left_out) == (150, 170, 2, 1)


def test_nothing_to_add_up_is_no_bridge():
    assert summed([None]) is None


STEPS = st.lists(
    st.builds(BridgeStep, st.sampled_from(list(Cause)), st.decimals(-(10**9), 10**9, places=2))
)
ENDS = st.decimals(-(10**9), 10**9, places=2)


@given(ENDS, ENDS, STEPS)
def test_bars_add_up_exactly(start, end, steps):
    found = bridge(start, end, steps)

    assert start + sum(bar.amount for bar in found.bars) == end
    assert [bar.before for bar in found.bars[1:]] == [bar.after for bar in found.bars[:-1]]


def test_the_average_project_is_rounded_level_by_level():
    """30 days over 7 projects: 4.2857 each, of which 10/7 and 5/7 have a cause."""
    steps = [BridgeStep(Cause.APPROVED, Decimal(10)), BridgeStep(Cause.DELAY, Decimal(5))]
    six = [bridge(Decimal(), Decimal(), []) for _ in range(6)]

    found = averaged(summed([bridge(Decimal(), Decimal(30), steps), *six]))

    amounts = [(bar.code, bar.amount) for bar in found.bars]
    assert amounts == [
        ("approved", Decimal("1.4")),
        ("delay", Decimal("0.7")),
        ("unexplained", Decimal("2.2")),
    ]
    assert (found.end, found.projects) == (Decimal("4.3"), 7)


@given(st.lists(st.tuples(ENDS, ENDS, STEPS), min_size=1, max_size=7))
def test_averages_of_bridges_add_up_exactly(rows):
    total = summed([bridge(*row) for row in rows])

    found = averaged(total)

    assert found.start + sum(bar.amount for bar in found.bars) == found.end
    assert abs(found.end - total.end / len(rows)) <= Decimal("0.05")


@given(st.lists(st.tuples(ENDS, ENDS, STEPS), min_size=1, max_size=5))
def test_sums_of_bridges_add_up_exactly(rows):
    found = summed([bridge(*row) for row in rows])

    assert found.start == sum(row[0] for row in rows)
    assert found.end == sum(row[1] for row in rows)
    assert found.start + sum(bar.amount for bar in found.bars) == found.end
