from decimal import Decimal

from reports.domain.lines import ProjectLine
from reports.domain.money import NOT_SAID, Key, grouped, sum_of, year_sum_of


def line(key, approved_budget=None, forecast_cost=None, **fields):
    return ProjectLine(
        id=key,
        approved_budget=None if approved_budget is None else Decimal(approved_budget),
        forecast_cost=None if forecast_cost is None else Decimal(forecast_cost),
        **fields,
    )


def test_the_share_is_a_ratio_of_sums_not_a_mean_of_ratios():
    sums = sum_of([line(1, 10, 20), line(2, 990, 990)])

    assert (sums.variance, sums.share) == (Decimal(10), Decimal("0.01"))


def test_a_project_that_lacks_an_amount_is_left_out_of_both_sums_with_its_reason():
    sums = sum_of(
        [
            line(1, 100, 120),
            line(2, 50, reasons={"forecast_cost": "Exempt"}),
            line(3, forecast_cost=70, reasons={"approved_budget": "Exempt"}),
            line(4),
        ]
    )

    assert (sums.approved, sums.forecast, sums.compared, sums.without) == (100, 120, 1, 3)
    assert sums.left_out == (("Exempt", 2), (NOT_SAID, 1))


def test_nothing_to_compare_is_not_known_rather_than_zero():
    sums = sum_of([line(1, 100)])

    assert (sums.approved, sums.variance, sums.share) == (None, None, None)


def test_nothing_approved_has_a_variance_but_no_share():
    sums = sum_of([line(1, 0, 5)])

    assert (sums.variance, sums.share) == (Decimal(5), None)


def test_the_year_is_summed_by_its_own_amounts():
    sums = year_sum_of([line(1, 100, 200, year_budget=Decimal(10), year_forecast=Decimal(8))])

    assert (sums.approved, sums.variance) == (Decimal(10), Decimal(-2))


def test_groups_are_sorted_by_overspend_and_unknown_ones_come_last():
    groups = grouped(
        [
            line(1, 10, 11, unit_name="B"),
            line(2, 10, 15, unit_name="A"),
            line(3, unit_name="C"),
            line(4, 1, 1),
        ],
        lambda one: Key(one.unit_id, one.unit_name),
        unnamed="No unit",
    )

    assert [(g.name, g.sums.variance) for g in groups] == [
        ("A", 5),
        ("B", 1),
        ("No unit", 0),
        ("C", None),
    ]


def test_two_of_one_name_are_two_groups_told_apart_by_a_code():
    rows = [
        line(1, 10, 11, code="A-1", manager_id=7, manager_name="John Smith"),
        line(2, 10, 15, code="B-1", manager_id=8, manager_name="John Smith"),
        line(3, 10, 12, code="A-2", manager_id=7, manager_name="John Smith"),
    ]

    groups = grouped(rows, lambda one: Key(one.manager_id, one.manager_name), unnamed="Nobody")

    assert [(g.name, g.sums.variance) for g in groups] == [
        ("John Smith (B-1)", 5),
        ("John Smith (A-1)", 3),
    ]


def test_lines_of_before_ids_were_kept_group_by_name():
    rows = [line(1, 10, 11, manager_name="John Smith"), line(2, 10, 15, manager_name="John Smith")]

    (group,) = grouped(rows, lambda one: Key(one.manager_id, one.manager_name), unnamed="Nobody")

    assert (group.name, group.sums.projects) == ("John Smith", 2)
