from datetime import date
from decimal import Decimal

from reports.domain.lines import Mark, ProjectLine, Seen
from reports.domain.variance import apart, marks_of, page_for

SUNDAY, BEFORE = date(2026, 11, 15), date(2026, 11, 8)


def line(key, approved_budget=None, forecast_cost=None, **fields):
    values = {"name": f"P{key}", "is_active": True, "was_active": True, "overall": "green"}
    return ProjectLine(
        id=key,
        approved_budget=None if approved_budget is None else Decimal(approved_budget),
        forecast_cost=None if forecast_cost is None else Decimal(forecast_cost),
        **(values | {"overall_before": "green"} | fields),
    )


def page(*lines, since=BEFORE):
    return page_for(Seen(lines=lines, hidden=0, is_all=True), as_of=SUNDAY, since=since)


def test_projects_are_sorted_by_overspend_and_unknown_ones_come_last():
    found = page(line(1, 10, 9), line(2), line(3, 10, 30))

    assert [one.id for one in found.lines] == [3, 1, 2]
    assert (found.total.variance, found.total.without) == (19, 1)


def test_a_project_that_ended_is_in_no_sum():
    found = page(line(1, 10, 12), line(2, 10, 99, is_active=False))

    assert (found.projects, found.total.variance) == (1, 2)
    assert [one.id for one in found.changes.ended] == [2]


def test_sums_are_grouped_by_unit_category_and_manager():
    found = page(
        line(1, 10, 12, unit_name="ED", category="facility", manager_name="A"),
        line(2, 10, 11, unit_name="ED", category="erp", manager_name=""),
    )

    assert [(g.name, g.sums.variance) for g in found.by_unit] == [("ED", 3)]
    assert [g.name for g in found.by_category] == ["Buildings and facilities", "Finance and ERP"]
    assert [g.name for g in found.by_manager] == ["A", "No manager named"]


def test_finishes_are_sorted_by_slip():
    late = line(1, baseline_finish=date(2026, 1, 1), forecast_finish=date(2026, 1, 11))
    early = line(2, baseline_finish=date(2026, 1, 11), forecast_finish=date(2026, 1, 1))
    found = page(early, line(3), late)

    assert [one.id for one in found.late_first] == [1, 2, 3]
    assert (found.dated, found.late) == (2, 1)


def test_milestones_of_all_projects_are_sorted_by_slip_and_each_reader_gets_his_own():
    start = date(2026, 1, 1)
    made = [
        line(1, milestones=(Mark(name="Later", baseline_date=start, due_date=date(2026, 1, 9)),)),
        line(
            2,
            milestones=(
                Mark(name="Undated", due_date=start),
                Mark(name="Early", baseline_date=date(2026, 1, 3), due_date=start),
                Mark(name="Late", baseline_date=start, due_date=date(2026, 1, 3), is_done=True),
            ),
        ),
        line(3),
        line(4, is_active=False, milestones=(Mark(name="Of an ended project"),)),
    ]

    lines, marks = apart(made)
    pages = [
        page_for(Seen.of(lines, visible), as_of=SUNDAY, since=BEFORE)
        for visible in ({1, 2, 3, 4}, {2})
    ]

    assert [one.get("milestones_apart") for one in lines] == [1, 3, None, 1]
    assert [one["name"] for one in lines] == [one.name for one in made]
    assert not [one for one in lines if "milestones" in one]
    assert [found.milestones for found in pages] == [4, 3]
    assert [
        [(one.line.id, one.mark.name, one.mark.slip_days) for one in marks_of(found, marks)]
        for found in pages
    ] == [
        [(1, "Later", 8), (2, "Late", 2), (2, "Early", -2), (2, "Undated", None)],
        [(2, "Late", 2), (2, "Early", -2), (2, "Undated", None)],
    ]
    assert next(marks_of(pages[1], marks)).mark == Mark(
        name="Late", baseline_date=start, due_date=date(2026, 1, 3), is_done=True
    )


def test_milestones_of_one_slip_stand_as_their_names_are_read():
    due = {"baseline_date": date(2026, 1, 1), "due_date": date(2026, 1, 3)}
    names = ["Access", "AI", "Äpfel", "Zebra"]
    marks = tuple(Mark(name=name, **due) for name in reversed(names))
    made = [line(n, name=name, milestones=marks) for n, name in enumerate(reversed(names), 1)]

    lines, stored = apart(made)
    page = page_for(Seen.of(lines, {1, 2, 3, 4}), as_of=SUNDAY, since=BEFORE)

    found = [(one.line.name, one.mark.name) for one in marks_of(page, stored)]
    assert found == [(project, mark) for project in names for mark in names]


def test_changes_are_sorted_by_size_and_leave_out_what_did_not_move():
    found = page(
        line(1, 10, 12, forecast_cost_before=Decimal(11)),
        line(2, 10, 5, forecast_cost_before=Decimal(11)),
        line(3, 10, 10, forecast_cost_before=Decimal(10), overall_before="red"),
        line(4, forecast_finish=date(2026, 2, 2), forecast_finish_before=date(2026, 2, 1)),
        line(5, was_active=False, overall_before=None),
    )

    assert [(one.id, one.forecast_moved) for one in found.changes.forecast] == [(2, -6), (1, 1)]
    assert [one.id for one in found.changes.finish] == [4]
    assert [one.id for one in found.changes.color] == [3]
    assert [one.id for one in found.changes.new] == [5]


def test_without_a_freeze_before_nothing_changed():
    found = page(line(1, 10, 12, was_active=False), since=None)

    assert not found.changes
