"""Each change of a plan computes it again, leaves one event, and is refused without a trace."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.domain.kinds import LinkKind
from projects.models import Task, TaskLink
from projects.services import plan
from projects.services.baselines import set_first_baseline
from tests.factories import (
    BudgetLineFactory,
    CalendarFactory,
    MilestoneFactory,
    ProjectFactory,
    TaskFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]
MONDAY = date(2027, 1, 4)


@pytest.fixture
def project(manager):
    return ProjectFactory(start_date=MONDAY)


@pytest.fixture
def rows(project, manager):
    """1 Design with 2 Draw (3 days) and 3 Review (1 day, after 2); 4 Build (5 days, after 3)."""
    design = plan.create_task(project=project, name="Design", by=manager)
    draw = plan.create_task(project=project, name="Draw", duration=3, parent=design, by=manager)
    review = plan.create_task(project=project, name="Review", after=draw, waits_for="2", by=manager)
    build = plan.create_task(project=project, name="Build", duration=5, waits_for="3", by=manager)
    return {task.name: fresh(task) for task in (design, draw, review, build)}


def fresh(task):
    return Task.objects.get(pk=task.pk)


def plan_now(project):
    return [
        (task.position, task.outline, task.name, task.start, task.finish)
        for task in project.tasks.in_order()
    ]


def january(day):
    return date(2027, 1, day)


def kept(project):
    """What a refusal must leave alone."""
    return (
        plan_now(project),
        list(TaskLink.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
    )


def test_tasks_are_numbered_dated_and_linked_as_they_are_added(project, rows):
    assert plan_now(project) == [
        (1, "1", "Design", january(4), january(7)),
        (2, "1.1", "Draw", january(4), january(6)),
        (3, "1.2", "Review", january(7), january(7)),
        (4, "2", "Build", january(8), january(14)),
    ]
    assert rows["Design"].is_summary
    assert (rows["Design"].duration, rows["Design"].depth, rows["Draw"].depth) == (4, 0, 1)
    assert [task.is_critical for task in project.tasks.in_order()] == [True] * 4
    assert (rows["Build"].total_float, rows["Build"].late_finish) == (0, january(14))
    project.refresh_from_db()
    assert project.data_date == timezone.localdate()


def test_adding_a_task_leaves_one_event(project, manager):
    task = plan.create_task(project=project, name="Draw", waits_for="", by=manager)

    event = AuditEvent.objects.get()
    assert (event.action, event.target, event.scope, event.by) == (
        "task.created",
        audit.target_of(task),
        audit.target_of(project),
        manager,
    )


def test_a_change_moves_what_follows_and_floats(project, rows, manager):
    plan.change_task(task=rows["Draw"], version=1, duration=6, by=manager)

    assert [row[3:] for row in plan_now(project)] == [
        (january(4), january(12)),
        (january(4), january(11)),
        (january(12), january(12)),
        (january(13), january(19)),
    ]
    event = AuditEvent.objects.latest("sequence")
    assert event.action == "task.changed"
    assert fresh(rows["Draw"]).version == 2
    assert fresh(rows["Build"]).version == 1


def test_two_editors_meet(rows, manager):
    plan.change_task(task=rows["Draw"], version=1, duration=6, by=manager)

    with pytest.raises(EditConflictError) as error:
        plan.change_task(task=rows["Draw"], version=1, duration=9, by=manager)

    assert error.value.current.duration == 6


def test_two_editors_of_predecessors_meet(rows, manager):
    build = rows["Build"]
    plan.change_task(task=build, version=1, waits_for="2", by=manager)

    with pytest.raises(EditConflictError):
        plan.change_task(task=build, version=1, waits_for="3", by=manager)
    plan.unlink_tasks(link=build.waits_for.get(), by=manager)
    with pytest.raises(EditConflictError):
        plan.change_task(task=build, version=2, waits_for="2", by=manager)
    plan.link_tasks(predecessor=rows["Draw"], successor=build, by=manager)

    assert fresh(build).version == 4


def test_a_row_that_is_gone_or_of_another_plan_is_refused(project, rows, manager):
    other = TaskFactory()
    plan.remove_task(task=rows["Build"], by=manager)

    for act in (
        lambda: plan.create_task(project=project, name="New", parent=other, by=manager),
        lambda: plan.create_task(project=project, name="New", after=other, by=manager),
        lambda: plan.change_task(task=rows["Build"], version=None, name="Old", by=manager),
        lambda: plan.move_task(task=rows["Build"], direction="up", by=manager),
    ):
        with pytest.raises(RefusalError, match="not in this plan any more"):
            act()


def test_predecessors_are_replaced_as_typed(project, rows, manager):
    plan.change_task(task=rows["Build"], version=1, waits_for="2FS+1d, 3SS", by=manager)

    links = (
        rows["Build"]
        .waits_for.order_by("pk")
        .values_list("predecessor__name", "kind", "lag", "is_elapsed")
    )
    assert list(links) == [("Draw", "FS", 1, False), ("Review", "SS", 0, False)]
    event = AuditEvent.objects.latest("sequence")
    assert event.action == "task.waits_changed"
    assert '"waits_for":"2FS+1d, 3SS"' in event.body
    assert fresh(rows["Build"]).start == january(8)


def test_saying_the_same_again_leaves_no_event(rows, manager):
    before = AuditEvent.objects.count()

    plan.change_task(task=rows["Build"], version=1, waits_for="3", duration=5, by=manager)

    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("roof", "“roof” cannot be read"),
        ("9", "There is no row 9 in the plan."),
        ("4", "A row cannot wait for itself."),
        ("3, 3SS", "Row 3 is named twice."),
    ],
)
def test_predecessors_that_are_none_are_refused(project, rows, manager, text, message):
    before = kept(project)

    with pytest.raises(ValidationError) as error:
        plan.change_task(task=rows["Build"], version=1, waits_for=text, by=manager)

    assert error.value.message_dict["waits_for"][0].startswith(message)
    assert kept(project) == before


def test_a_ring_names_its_rows_and_leaves_no_trace(project, rows, manager):
    before = kept(project)

    with pytest.raises(RefusalError, match=r"in a loop: 2 Draw → 3 Review → 4 Build → 2 Draw\.$"):
        plan.change_task(
            task=rows["Draw"], version=1, waits_for="4", name="Draw", duration=9, by=manager
        )

    assert kept(project) == before
    assert fresh(rows["Draw"]).duration == 3


@pytest.mark.parametrize(
    ("said", "kept_as"),
    [
        ({"duration": 0}, {"kind": "milestone", "duration": 0}),
        ({"kind": "milestone"}, {"kind": "milestone", "duration": 0}),
        ({"constraint_date": date(2027, 2, 1)}, {"constraint": "start_not_before"}),
        (
            {"actual_start": date(2026, 1, 5), "actual_finish": date(2026, 1, 7)},
            {"percent_complete": 100},
        ),
    ],
)
def test_values_are_completed_by_what_follows_from_them(rows, manager, said, kept_as):
    changed = plan.change_task(task=rows["Build"], version=1, by=manager, **said)

    assert {name: getattr(changed, name) for name in kept_as} == kept_as


def test_a_milestone_with_days_is_work_again(rows, manager):
    plan.change_task(task=rows["Build"], version=None, duration=0, by=manager)
    changed = plan.change_task(task=rows["Build"], version=None, duration=2, by=manager)

    assert (changed.kind, changed.duration) == ("work", 2)
    assert plan.change_task(task=changed, version=None, kind="milestone", by=manager).duration == 0
    assert plan.change_task(task=changed, version=None, kind="support", by=manager).duration == 1


def test_a_reached_milestone_is_done_on_its_day(rows, manager):
    day = date(2026, 1, 7)
    plan.change_task(task=rows["Build"], version=None, duration=0, by=manager)

    done = plan.change_task(task=rows["Build"], version=None, actual_finish=day, by=manager)

    assert (done.actual_start, done.percent_complete, done.start, done.finish) == (
        day,
        100,
        day,
        day,
    )


def test_a_constraint_goes_with_its_date(rows, manager):
    plan.change_task(task=rows["Build"], version=None, constraint_date=date(2027, 2, 1), by=manager)
    assert fresh(rows["Build"]).start == date(2027, 2, 1)

    cleared = plan.change_task(task=rows["Build"], version=None, constraint_date=None, by=manager)
    assert (cleared.constraint, cleared.start) == ("none", january(8))

    again = plan.change_task(
        task=rows["Build"], version=None, constraint="must_finish",
        constraint_date=date(2027, 2, 5), by=manager,
    )  # fmt: skip
    assert again.finish == date(2027, 2, 5)
    assert plan.change_task(
        task=again, version=None, constraint="none", by=manager
    ).constraint_date is None  # fmt: skip


TOMORROW = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"kind": "milestone", "duration": 2}, ("duration", "A milestone takes no time")),
        ({"kind": "work", "duration": 0}, ("duration", "Work takes a day at least")),
        ({"actual_start": TOMORROW}, ("actual_start", "Work cannot have started in the future.")),
        (
            {"actual_start": MONDAY - timedelta(365), "actual_finish": TOMORROW},
            ("actual_finish", "Work cannot have finished in the future."),
        ),
        ({"percent_complete": 40}, ("actual_start", "Say on which day the work started.")),
        (
            {"percent_complete": 100, "actual_start": date(2026, 1, 5)},
            ("actual_finish", "Say on which day it was finished."),
        ),
        (
            {"percent_complete": 101, "actual_start": date(2026, 1, 5)},
            ("percent_complete", "Percent"),
        ),
        ({"duration": 20_001}, ("duration", "Give a whole number from 0 to 20,000.")),
        ({"constraint": "must_start"}, ("__all__", "Give the date of the constraint.")),
        ({"name": ""}, ("name", "This field cannot be blank.")),
        ({"name": "Patient MRN 12345678"}, ("name", "This looks like")),
    ],
)
def test_values_that_cannot_be_are_refused_at_their_field(project, rows, manager, said, refusal):
    field, message = refusal
    before = kept(project)

    with pytest.raises(ValidationError) as error:
        plan.change_task(task=rows["Build"], version=1, by=manager, **said)

    assert error.value.message_dict[field][0].startswith(message)
    assert kept(project) == before


def test_finished_work_is_not_taken_back_by_a_percentage(rows, manager):
    days = {"actual_start": date(2026, 1, 5), "actual_finish": date(2026, 1, 7)}
    plan.change_task(task=rows["Build"], version=None, by=manager, **days)

    with pytest.raises(ValidationError, match="Clear the day it finished first"):
        plan.change_task(task=rows["Build"], version=None, percent_complete=50, by=manager)


@pytest.mark.parametrize("name", ["milestone", "budget_line"])
def test_records_of_another_project_are_refused(rows, manager, name):
    factory = {"milestone": MilestoneFactory, "budget_line": BudgetLineFactory}[name]

    with pytest.raises(ValidationError, match="Choose one of this project"):
        plan.change_task(task=rows["Build"], version=None, by=manager, **{name: factory()})


def test_a_summary_is_changed_through_its_rows(project, rows, manager):
    before = kept(project)

    with pytest.raises(RefusalError, match="sums up the rows below it"):
        plan.change_task(task=rows["Design"], version=1, duration=9, by=manager)

    assert kept(project) == before
    renamed = plan.change_task(
        task=rows["Design"], version=1, name="Plan it", duration=4, by=manager
    )
    assert renamed.name == "Plan it"


def test_a_row_that_earns_in_the_baseline_stays_until_its_progress_is_cleared(
    project, rows, manager
):
    BudgetLineFactory(project=project, amount=900)
    for name in ("Draw", "Build"):
        plan.change_task(task=rows[name], version=None, by=manager, planned_cost=400)
    given = {"name": "Approved", "reason": "Board", "finish": january(29)}
    set_first_baseline(project=project, by=manager, **given)
    today = timezone.localdate()
    Task.objects.filter(pk=rows["Draw"].pk).update(actual_start=today, percent_complete=20)
    before = kept(project)

    with pytest.raises(
        RefusalError, match="“Draw” has progress and earns in the approved baseline"
    ):
        plan.remove_task(task=fresh(rows["Design"]), by=manager)

    assert kept(project) == before
    plan.remove_task(task=fresh(rows["Build"]), by=manager)
    Task.objects.filter(pk=rows["Draw"].pk).update(actual_start=None, percent_complete=0)
    plan.remove_task(task=fresh(rows["Design"]), by=manager)
    assert not project.tasks.exists()


def test_removing_a_summary_removes_what_lies_below_and_its_links(project, rows, manager):
    plan.remove_task(task=rows["Design"], by=manager)

    assert plan_now(project) == [(1, "1", "Build", january(4), january(8))]
    assert TaskLink.objects.count() == 0
    removed = AuditEvent.objects.filter(action="task.removed").order_by("sequence")
    assert [json.loads(e.body)["before"]["name"] for e in removed] == ["Review", "Draw", "Design"]


def test_a_row_without_rows_below_is_work_again(project, rows, manager):
    plan.change_task(
        task=rows["Draw"], version=None, by=manager,
        actual_start=date(2026, 1, 5), actual_finish=date(2026, 1, 7),
    )  # fmt: skip
    assert fresh(rows["Design"]).percent_complete == 75

    plan.remove_task(task=fresh(rows["Draw"]), by=manager)
    plan.remove_task(task=fresh(rows["Review"]), by=manager)

    design = fresh(rows["Design"])
    assert (design.is_summary, design.percent_complete) == (False, 0)


def names(project):
    return [(task.outline, task.name) for task in project.tasks.in_order()]


def test_rows_move_with_what_lies_below_them(project, rows, manager):
    plan.move_task(task=rows["Design"], direction="down", by=manager)
    assert names(project) == [("1", "Build"), ("2", "Design"), ("2.1", "Draw"), ("2.2", "Review")]
    assert AuditEvent.objects.latest("sequence").action == "task.moved"

    plan.move_task(task=fresh(rows["Design"]), direction="up", by=manager)
    assert names(project) == [("1", "Design"), ("1.1", "Draw"), ("1.2", "Review"), ("2", "Build")]

    plan.move_task(task=fresh(rows["Build"]), direction="in", by=manager)
    assert names(project)[3] == ("1.3", "Build")

    plan.move_task(task=fresh(rows["Draw"]), direction="out", by=manager)
    assert names(project) == [("1", "Design"), ("1.1", "Review"), ("1.2", "Build"), ("2", "Draw")]


@pytest.mark.parametrize(
    ("moved", "message"),
    [
        (("Design", "up"), "first row of its level"),
        (("Build", "down"), "last row of its level"),
        (("Design", "in"), "no row above"),
        (("Build", "out"), "highest level"),
    ],
)
def test_moves_that_lead_nowhere_are_refused(project, rows, manager, moved, message):
    name, direction = moved
    before = kept(project)

    with pytest.raises(RefusalError, match=message):
        plan.move_task(task=rows[name], direction=direction, by=manager)

    assert kept(project) == before


def test_work_that_has_begun_and_milestones_sum_up_nothing(project, rows, manager):
    plan.change_task(task=rows["Draw"], version=None, by=manager, actual_start=date(2026, 1, 5))
    before = kept(project)

    with pytest.raises(RefusalError, match="“Draw” has progress of its own"):
        plan.move_task(task=rows["Review"], direction="in", by=manager)
    with pytest.raises(RefusalError, match="“Draw” has progress of its own"):
        plan.create_task(project=project, name="x", parent=rows["Draw"], by=manager)
    assert kept(project) == before

    plan.change_task(task=rows["Review"], version=None, duration=0, by=manager)
    with pytest.raises(RefusalError, match="“Review” is a milestone"):
        plan.create_task(project=project, name="x", parent=rows["Review"], by=manager)


def test_links_are_made_and_taken_away(project, rows, manager):
    link = plan.link_tasks(
        predecessor=rows["Draw"], successor=rows["Build"], kind=LinkKind.FINISH_FINISH, lag=9,
        by=manager,
    )  # fmt: skip
    assert fresh(rows["Build"]).finish == january(19)
    assert AuditEvent.objects.latest("sequence").action == "task.linked"

    plan.unlink_tasks(link=link, by=manager)
    assert fresh(rows["Build"]).finish == january(14)
    assert AuditEvent.objects.latest("sequence").action == "task.unlinked"


def test_links_that_cannot_be_are_refused(project, rows, manager):
    other = plan.create_task(project=ProjectFactory(), name="x", by=manager)
    before = kept(project)

    for predecessor, message in (
        (other, "one plan"),
        (rows["Build"], "cannot wait for itself"),
        (rows["Review"], "linked already"),
    ):
        with pytest.raises((RefusalError, ValidationError), match=message):
            plan.link_tasks(predecessor=predecessor, successor=rows["Build"], by=manager)

    with pytest.raises(RefusalError, match="in a loop"):
        plan.link_tasks(predecessor=rows["Build"], successor=rows["Draw"], by=manager)
    assert kept(project) == before


def test_rescheduling_says_what_it_did(project, rows, manager):
    Task.objects.update(finish=None, start=None)

    finish = plan.reschedule(project=project, by=manager)

    assert finish == january(14)
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.target) == ("plan.rescheduled", audit.target_of(project))
    assert plan_now(project)[1] == (2, "1.1", "Draw", january(4), january(6))
    assert plan.reschedule(project=ProjectFactory(), by=manager) is None


def test_a_task_takes_its_own_calendar_then_the_projects_then_the_default(project, manager):
    CalendarFactory(weekdays="1111110", is_default=True)
    own, every_day = CalendarFactory(weekdays="1110000"), CalendarFactory(weekdays="1111111")
    every_day.exceptions.create(first_date=january(5), last_date=january(6))
    task = plan.create_task(project=project, name="x", duration=8, by=manager)
    assert task.finish == january(12)

    project.calendar = own
    project.save()
    plan.reschedule(project=project, by=manager)
    assert fresh(task).finish == january(19)

    changed = plan.change_task(task=task, version=None, calendar=every_day, by=manager)
    assert changed.finish == january(13)


def test_a_change_costs_the_same_statements_in_a_small_and_a_larger_plan(
    project, rows, manager, django_assert_num_queries
):
    task = Task.objects.select_related("project").get(pk=rows["Draw"].pk)
    with django_assert_num_queries(36):
        plan.change_task(task=task, version=None, duration=4, by=manager)
    for number in range(12):
        plan.create_task(project=project, name=f"Part {number}", waits_for="4", by=manager)

    with django_assert_num_queries(36):
        plan.change_task(task=task, version=None, duration=5, by=manager)
