from datetime import date, timedelta
from decimal import Decimal

from reports.domain.lines import LEFT, Mark, ProjectLine, Seen
from reports.domain.summary import ATTENTION_ROWS, attention, page_for, top

SUNDAY, BEFORE = date(2026, 11, 15), date(2026, 11, 8)


def line(key, color="green", **fields):
    values = {"name": f"P{key}", "is_active": True, "was_active": True, "measured": color}
    return ProjectLine(id=key, overall=color, **(values | {"overall_before": color} | fields))


def page(*lines, hidden=0, since=BEFORE):
    seen = Seen(lines=lines, hidden=hidden, is_all=not hidden)
    return page_for(seen, as_of=SUNDAY, since=since)


def test_without_a_freeze_before_nothing_is_new():
    found = page(line(1, was_active=False, overall_before=None), since=None)

    assert found.figures.before is None
    assert not found.new


def test_attention_puts_red_first_then_green_reports_over_red_data_then_amber():
    rows = attention(
        [
            line(1, "amber"),
            line(2, "green", measured="red", is_disputed=True),
            line(3, "red"),
            line(4, "green"),
            line(5, "none", is_silent=True),
            line(6, "green", measured="green", overall_before="green"),
        ]
    )

    assert [row.id for row in rows] == [3, 2, 1, 5]


def test_inside_a_color_the_larger_overspend_comes_first():
    rows = attention(
        [
            line(1, "red", approved_budget=Decimal(10), forecast_cost=Decimal(11)),
            line(2, "red", approved_budget=Decimal(10), forecast_cost=Decimal(19)),
        ]
    )

    assert [row.id for row in rows] == [2, 1]


def test_a_long_list_is_cut_and_says_how_many_are_left_out():
    found = page(*(line(n, "red") for n in range(1, 11)))

    assert (len(found.attention.rows), found.attention.more) == (ATTENTION_ROWS, 3)


def test_decisions_come_soonest_first_and_know_when_they_are_overdue():
    found = page(
        line(1, help_needed="Later", help_due=SUNDAY + timedelta(days=9)),
        line(2, help_needed="Undated"),
        line(3, help_needed="Late", help_due=SUNDAY - timedelta(days=1)),
    )

    assert [(d.line.help_needed, d.is_overdue) for d in found.decisions.rows] == [
        ("Late", True),
        ("Later", False),
        ("Undated", False),
    ]


def test_milestones_are_missed_before_the_freeze_and_due_in_thirty_days():
    def mark(name, days, **fields):
        return Mark(name=name, due_date=SUNDAY + timedelta(days=days), **fields)

    found = page(
        line(
            1,
            milestones=(
                mark("Missed", -3),
                mark("Done", -3, is_done=True),
                mark("Today", 0),
                mark("Soon", 30),
                mark("Far", 31),
            ),
        )
    )

    assert [(one.mark.name, one.days) for one in found.missed.rows] == [("Missed", -3)]
    assert [(one.mark.name, one.days) for one in found.soon.rows] == [("Today", 0), ("Soon", 30)]


def test_milestones_of_one_day_stand_as_their_names_are_read():
    names = ["Access", "AI", "Äpfel"]
    marks = tuple(Mark(name=name, due_date=SUNDAY) for name in reversed(names[:2]))
    made = [line(n, name=name, milestones=marks) for n, name in enumerate(reversed(names), 1)]

    rows = page(*made).soon.rows

    assert [(one.line.name, one.mark.name) for one in rows] == [
        (project, mark) for project in names for mark in names[:2]
    ]


def test_what_ended_and_what_is_new_is_named():
    found = page(
        line(1, stage=LEFT, is_active=False),
        line(2, was_active=False, overall_before=None),
        line(3),
    )

    assert [one.id for one in found.ended.rows] == [1]
    assert [one.id for one in found.new.rows] == [2]
    assert [one.id for one in found.on_track.rows] == [2, 3]


def test_a_disputed_green_is_not_on_track():
    found = page(line(1, measured="amber", is_disputed=True))

    assert not found.on_track
    assert found.figures.disputed == 1


def test_the_forecast_moves_only_over_projects_known_in_both_weeks():
    found = page(
        line(1, forecast_cost=Decimal(12), forecast_cost_before=Decimal(10)),
        line(2, forecast_cost=Decimal(99)),
        line(3, was_active=False, overall_before=None, forecast_cost=Decimal(50)),
    )

    assert found.forecast_moved == 2


def test_the_highest_risks_are_named():
    found = page(
        line(1, top_risk="A", top_risk_score=9),
        line(2, top_risk="B", top_risk_score=20),
        line(3),
    )

    assert [one.top_risk for one in found.risks.rows] == ["B", "A"]


def test_an_empty_portfolio_has_a_page():
    found = page()

    assert (found.figures.projects, found.money.approved, found.forecast_moved) == (0, None, None)


def test_a_list_that_is_written_out_still_knows_how_many_there_are():
    written = top(["a", "b", "c"], 2).written(str.upper)

    assert (written.rows, written.total, written.more) == (("A", "B"), 3, 1)
    assert written and not top([], 2).written(str.upper)
