from datetime import date, timedelta
from decimal import Decimal

from reports.domain.key_figures import FiguresBefore, KeyFigures, KeyMoney, figures_in
from reports.domain.lines import LEFT, ProjectLine, Seen, from_json, to_json

SUNDAY = date(2026, 11, 15)


def line(key, color="green", **fields):
    values = {"stage": "delivery", "is_active": True, "was_active": True, "overall_before": color}
    values |= {"lacks_milestones": True, "lacks_register": True}
    return ProjectLine(id=key, overall=color, **(values | fields))


def figures(*lines, hidden=0, is_compared=True):
    seen = Seen(lines=lines, hidden=hidden, is_all=not hidden)
    return figures_in(seen, as_of=SUNDAY, is_compared=is_compared)


def moved(found):
    return (found.worse, found.better, found.silenced, found.resumed)


def test_nothing_is_counted_of_nothing():
    assert figures(hidden=2, is_compared=False) == KeyFigures(hidden=2)


def test_colors_are_counted_beside_those_of_the_freeze_before():
    found = figures(
        line(1, "red", overall_before="amber"),
        line(2, "green", overall_before="red"),
        line(3, "amber", was_active=False, overall_before=None),
        line(4, is_active=False, overall_before="green"),
    )

    assert found.colors == {"red": 1, "amber": 1, "none": 0, "green": 1}
    assert found.before == FiguresBefore(projects=3, red=1, amber=1, green=1)
    assert (found.projects, found.ended, moved(found)) == (3, 1, (1, 1, 0, 0))


def test_silence_is_neither_worse_nor_better():
    found = figures(
        line(1, "none", overall_before="green"),
        line(2, "red", overall_before="none"),
        line(3, "none"),
    )

    assert moved(found) == (0, 0, 1, 1)


def test_who_joined_or_left_moved_no_color():
    found = figures(
        line(1, "red", was_active=False, overall_before=None),
        line(2, "none", is_active=False, stage=LEFT, overall_before="red"),
    )

    assert moved(found) == (0, 0, 0, 0)
    assert (found.projects, found.ended, found.red) == (1, 1, 1)


def test_without_a_freeze_before_nothing_is_compared():
    assert figures(line(1, was_active=False), is_compared=False).before is None


def test_an_update_is_missing_where_a_project_owes_one_each_week_and_sent_none():
    found = figures(
        line(1, update_due=False),
        line(2, update_due=True),
        line(3, "none", update_due=True, is_silent=True),
        line(4, stage="proposal", update_due=True),
    )

    assert (found.reporting, found.update_due, found.updates_in, found.none) == (3, 2, 1, 1)


def test_lines_of_release_0_1_keep_the_figures_they_were_issued_with():
    found = figures(line(1, is_silent=True, lacks_milestones=False), line(2))

    assert (found.reporting, found.update_due) == (2, 1)
    assert (found.milestones_open, found.open_risks) == (None, None)


def test_what_a_line_kept_as_zero_is_not_unknown():
    kept = to_json(line(1, update_due=False, milestones_open=0, open_risks=0))

    read = from_json(kept)
    assert (read.update_due, read.milestones_open, read.open_risks) == (False, 0, 0)


def test_milestones_risks_decisions_and_finishes_are_added_up():
    found = figures(
        line(
            1,
            lacks_milestones=False,
            milestones_open=4,
            milestones_late=2,
            milestones_late_before=1,
            lacks_register=False,
            open_risks=3,
            high_risks=1,
            help_needed="Decide",
            help_due=SUNDAY - timedelta(days=1),
            baseline_finish=SUNDAY,
            forecast_finish=SUNDAY + timedelta(days=1),
            is_disputed=True,
        ),
        line(
            2,
            milestones_open=0,
            open_risks=0,
            help_needed="Decide",
            help_due=SUNDAY,
            baseline_finish=SUNDAY,
            forecast_finish=SUNDAY,
        ),
    )

    assert (found.with_milestones, found.milestones_open, found.milestones_late) == (1, 4, 2)
    assert (found.with_register, found.open_risks, found.high_risks) == (1, 3, 1)
    assert (found.decisions, found.decisions_overdue, found.disputed) == (2, 1, 1)
    assert (found.dated, found.finish_late, found.before.milestones_late) == (2, 1, 1)


def test_money_is_compared_over_the_projects_that_have_both_amounts():
    found = figures(
        *(
            line(key, approved_budget=Decimal(100), forecast_cost=Decimal(100 + over))
            for key, over in enumerate((5, -20, 40, 1, 30))
        ),
        line(9, approved_budget=Decimal(999)),
    )

    assert found.life == KeyMoney(
        compared=5,
        approved=Decimal(500),
        forecast=Decimal(556),
        over=4,
        over_sum=Decimal(76),
    )
    assert found.largest == (40, 30, 5)
    assert found.overspend.causes == 2
    assert (found.year, found.money, found.without) == (None, found.life, 1)
    assert (found.life.variance, found.life.share) == (56, Decimal("0.112"))


def test_money_of_the_year_stands_in_where_no_life_can_be_compared():
    year = {"fiscal_year": 2027, "year_budget": Decimal(4)}
    found = figures(line(1, **year, year_forecast=Decimal(3)), line(2, **year))

    assert found.life is None
    assert found.money == KeyMoney(
        fiscal_year=2027,
        compared=1,
        approved=Decimal(4),
        forecast=Decimal(3),
        over=0,
        over_sum=Decimal(),
    )
    assert found.without == 1
