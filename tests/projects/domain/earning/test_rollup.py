"""Sums first, then the index; who is left out is counted."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from projects.domain.earning.figure import known, missing
from projects.domain.earning.rollup import (
    NO_COST,
    NOBODY,
    NOT_SAID,
    Share,
    reason_of,
    rolled_up,
)


def share(budget, planned, earned, actual, eac, **more):
    values = [None if v is None else Decimal(v) for v in (budget, planned, earned, actual, eac)]
    return Share(
        **dict(zip(("budget", "planned", "earned", "actual", "eac"), values, strict=True)), **more
    )


def test_index_of_the_sums_is_not_the_mean_of_the_indices():
    found = rolled_up([share(1000, 500, 500, 1000, 1500), share(100, 50, 50, 25, 90)])

    assert found.cpi == known(Decimal(550) / Decimal(1025))  # the mean of 0.5 and 2 is 1.25
    assert (found.spi, found.eac) == (known(Decimal(1)), known(Decimal(1590)))
    assert (found.at_completion, found.cost_variance) == (
        known(Decimal(-490)),
        known(Decimal(-475)),
    )
    assert found.schedule_variance == known(Decimal(0))
    assert (found.projects, found.counted, found.excluded, found.left_out) == (2, 2, 0, ())


def test_projects_that_lack_a_figure_are_left_out_of_every_sum_and_counted_by_reason():
    found = rolled_up(
        [
            share(100, 50, 50, 25, 90, eac_low=Decimal(80), eac_high=Decimal(120)),
            share(1000, 500, 500, None, 1000, reason="No cost recorded."),
            share(None, None, None, 10, None, reason="No baseline."),
            share(None, None, None, 20, None, reason="No baseline."),
            share(None, None, None, 20, None),
        ]
    )

    assert (found.projects, found.counted, found.actual) == (5, 1, known(Decimal(25)))
    assert found.left_out == (
        ("No baseline.", 2),
        ("No cost recorded.", 1),
        ("No reason recorded.", 1),
    )
    assert (found.eac_low, found.eac_high) == (known(Decimal(80)), known(Decimal(120)))


def test_pace_in_time_is_a_median_and_counts():
    paces = [Decimal("0.5"), Decimal("0.89"), Decimal("0.9"), Decimal("1.2")]

    found = rolled_up([share(1, 1, 1, 1, 1)] * 5, paces=paces)

    assert found.spi_t_median == known(Decimal("0.895"))
    assert (found.spi_t_known, found.spi_t_behind) == (4, 2)


def test_projects_that_are_alike_may_come_as_their_sum():
    alone = [share(100, 50, 50, 25, 90, method="cpi", is_out_of_date=True)] * 3
    bare = [share(None, None, None, None, None, reason="No baseline.")] * 2
    together = [
        share(300, 150, 150, 75, 270, method="cpi", is_out_of_date=True, projects=3),
        share(None, None, None, None, None, reason="No baseline.", projects=2),
    ]

    assert rolled_up(together) == rolled_up([*alone, *bare])


def test_nothing_to_sum_says_so():
    found = rolled_up([Share(reason="No baseline.")])

    assert found.cpi == found.spi == found.eac == found.at_completion == missing(NOBODY)
    assert found.spi_t_median == missing(NOBODY)


def test_a_project_that_cannot_be_added_up_says_why():
    one, whole = Decimal(1), (Decimal(1), Decimal(1), Decimal(1))
    why = {"budget": "No baseline.", "earned": "No progress."}

    assert reason_of(why, earned=(None, one, one), spent=one) == "No baseline."
    assert reason_of(why, earned=whole, spent=None) == NO_COST
    assert reason_of({}, earned=whole, spent=one) == NOT_SAID


ROWS = st.lists(st.tuples(*[st.integers(0, 10**9)] * 5), max_size=8)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_order_of_the_projects_changes_nothing(both):
    rows, shuffled = both

    found = rolled_up(share(*row) for row in rows)

    assert found == rolled_up(share(*row) for row in shuffled)
