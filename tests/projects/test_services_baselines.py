import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from pmo.common.models import AppendOnlyError, AuditEvent
from pmo.common.records import guards
from pmo.common.records.writing import RefusalError
from projects.models import (
    Baseline,
    BaselineItem,
    CalendarException,
    Milestone,
    Project,
    ReserveMovement,
    Task,
    TaskStep,
    WorkCalendar,
)
from projects.services import milestones, projects
from projects.services.baselines import set_first_baseline
from tests.factories import BudgetLineFactory, MilestoneFactory

pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 1, 5), date(2026, 2, 2)
FINISH = date(2027, 1, 4)  # of the factory's project


def set_it(project, lead, **fields):
    given = {"name": "Approved plan", "reason": "Board of 4 January", **fields}
    return set_first_baseline(project=project, by=lead, **given)


def task(project, position, cost=None, **fields):
    """A week's work in January, as the plan shows it."""
    given = {"start": JAN, "finish": date(2026, 1, 9), "duration": 5, **fields}
    return Task.objects.create(
        project=project, position=position, name=f"Task {position}", planned_cost=cost, **given
    )


def months(baseline):
    rows = baseline.periods.order_by("month", "kind")
    return [(row.month.isoformat(), row.kind, row.amount) for row in rows]


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_tasks_bring_their_dates_and_money(lead, project):
    line = BudgetLineFactory(project=project, amount=Decimal(1000), kind="operating")
    group = task(project, 1, 999, is_summary=True)
    first = task(project, 2, Decimal(300), parent=group, budget_line=line)
    second = task(project, 3, Decimal(500), start=date(2026, 1, 26), finish=date(2026, 2, 6))

    baseline = set_it(project, lead)

    assert (baseline.number, baseline.earns_by) == (1, "tasks")
    assert (baseline.start, baseline.finish) == (date(2026, 1, 5), FINISH)
    assert (baseline.distributed, baseline.undistributed) == (Decimal(800), Decimal(200))
    assert baseline.budget_at_completion == Decimal(1000)
    items = list(baseline.items.order_by("position"))
    assert [(i.task_number, i.amount, i.is_summary) for i in items] == [
        (group.pk, None, True),
        (first.pk, Decimal(300), False),
        (second.pk, Decimal(500), False),
    ]
    assert (items[1].start, items[1].finish, items[1].duration) == (JAN, date(2026, 1, 9), 5)
    assert months(baseline) == [
        ("2026-01-01", "operating", Decimal(550)),
        ("2026-02-01", "operating", Decimal(250)),
    ]


def test_steps_are_frozen_with_their_weights(lead, project):
    BudgetLineFactory(project=project, amount=Decimal(1000))
    by_steps = task(project, 1, Decimal(300), earning="steps")
    by_percent = task(project, 2, Decimal(500))
    made = [
        TaskStep.objects.create(project=project, task=one, name=name, weight=weight)
        for one, name, weight in (
            (by_steps, "Design", 1),
            (by_steps, "Build", 3),
            (by_percent, "Unused", 9),
        )
    ]

    baseline = set_it(project, lead)

    kept = dict(baseline.items.values_list("task_number", "steps"))
    assert kept == {by_steps.pk: [[made[0].pk, 1], [made[1].pk, 3]], by_percent.pk: []}


def test_milestones_share_the_money_by_weight_where_no_task_costs_anything(lead, project):
    BudgetLineFactory(project=project, amount=Decimal(100))
    task(project, 1)
    early = MilestoneFactory(project=project, baseline_date=FEB, weight=1)
    late = MilestoneFactory(project=project, baseline_date=None, forecast_date=FINISH, weight=2)

    baseline = set_it(project, lead)

    assert baseline.earns_by == "milestones"
    amounts = baseline.items.exclude(milestone_number=None).values_list(
        "milestone_number", "amount"
    )
    assert dict(amounts) == {early.pk: Decimal("33.33"), late.pk: Decimal("66.67")}
    assert months(baseline) == [
        ("2026-02-01", "capital", Decimal("33.33")),
        ("2027-01-01", "capital", Decimal("66.67")),
    ]
    assert Milestone.objects.get(pk=late.pk).baseline_date == FINISH


def test_a_milestone_in_the_plan_keeps_its_weight_and_earns_as_a_milestone(lead, project):
    BudgetLineFactory(project=project, amount=Decimal(1000))
    heavy = MilestoneFactory(project=project, weight=3)
    MilestoneFactory(project=project, weight=1)
    row = Task.objects.create(
        project=project, position=1, name="Go-live", kind="milestone", duration=0, milestone=heavy
    )

    baseline = set_it(project, lead)

    assert baseline.earns_by == "milestones"
    assert [item.amount for item in baseline.items.order_by("position")] == [750, 250]
    assert baseline.items.get(task_number=row.pk).milestone_number == heavy.pk


def test_a_project_without_parts_earns_as_a_whole(lead, project):
    BudgetLineFactory(project=project, amount=Decimal("1000.01"))

    baseline = set_it(project, lead)

    assert baseline.earns_by == "percent"
    item = baseline.items.get()
    assert (item.task_number, item.milestone_number) == (None, None)
    assert (item.start, item.finish, item.amount) == (JAN, FINISH, Decimal("1000.01"))
    assert sum(amount for *_, amount in months(baseline)) == Decimal("1000.01")


def test_the_whole_ends_with_the_finish_that_is_approved(lead, project):
    BudgetLineFactory(project=project, amount=Decimal(100))

    baseline = set_it(project, lead, finish=date(2026, 12, 1))

    assert baseline.items.get().finish == baseline.finish == date(2026, 12, 1)


def test_reserves_lie_beside_the_budget_for_work(lead, project):
    BudgetLineFactory(project=project, amount=Decimal(100))
    Project.objects.filter(pk=project.pk).update(includes_contingency=True)
    for reserve, amount in (("contingency", 10), ("management", 5)):
        ReserveMovement.objects.create(
            project=project, reserve=reserve, amount=amount, reason="Set aside", made_on=JAN
        )

    baseline = set_it(project, lead)

    assert (baseline.distributed, baseline.contingency) == (Decimal(85), Decimal(10))
    assert (baseline.management_reserve, baseline.budget_at_completion) == (Decimal(5), Decimal(95))


def test_without_any_money_the_dates_are_frozen_alone(lead, project):
    task(project, 1)

    baseline = set_it(project, lead)

    assert (baseline.distributed, baseline.budget_at_completion) == (None, None)
    assert months(baseline) == []


def test_working_days_are_frozen_with_it(lead, project):
    own = WorkCalendar.objects.create(name="Site", weekdays="1111110")
    CalendarException.objects.create(calendar=own, first_date=FEB, last_date=FEB, name="Holiday")
    Project.objects.filter(pk=project.pk).update(calendar=own)
    night = WorkCalendar.objects.create(name="Nights", weekdays="1111111")
    task(project, 1, calendar=night)

    baseline = set_it(project, lead)

    assert baseline.calendars == {
        "project": {"weekdays": "1111110", "exceptions": [["2026-02-02", "2026-02-02", False]]},
        str(night.pk): {"weekdays": "1111111", "exceptions": []},
    }
    assert baseline.items.get().calendar == str(night.pk)


def test_holidays_carry_no_money(lead, project):
    own = WorkCalendar.objects.create(name="Site", is_default=True)
    CalendarException.objects.create(
        calendar=own, first_date=date(2026, 1, 1), last_date=date(2026, 1, 31)
    )
    BudgetLineFactory(project=project, amount=Decimal(50))
    task(project, 1, Decimal(50), start=date(2026, 1, 26), finish=date(2026, 2, 6))

    assert months(set_it(project, lead)) == [("2026-02-01", "capital", Decimal(50))]


def test_it_moves_the_approved_dates_and_says_so(lead, project):
    Project.objects.filter(pk=project.pk).update(baseline_finish_date=None)
    project.refresh_from_db()
    MilestoneFactory(project=project, baseline_date=None, forecast_date=FINISH)

    set_it(project, lead)

    assert Project.objects.get(pk=project.pk).baseline_finish_date == FINISH
    assert actions() == ["project.changed", "milestone.changed", "baseline.set"]
    event = json.loads(AuditEvent.objects.latest("sequence").body)
    assert event["scope"] == f"projects.project:{project.pk}"
    assert (event["after"]["name"], event["after"]["items"]) == ("Approved plan", 1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"finish": date(2026, 1, 8)}, "The plan finishes on 9 Jan 2026, after the finish to be"),
        ({}, r"The tasks cost 200\.00, but the approved budget without its reserves is 150\.00"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_and_leaves_no_trace(lead, project, fields, sentence):
    BudgetLineFactory(project=project, amount=Decimal(150))
    task(project, 1, Decimal(200))

    with pytest.raises(RefusalError, match=sentence), transaction.atomic():
        set_it(project, lead, **fields)

    assert not Baseline.objects.exists()
    assert actions() == []


@pytest.mark.parametrize(
    ("start", "finish"),
    [
        (date(2026, 1, 1), date(9999, 12, 31)),
        (date(2026, 1, 1), date(2201, 1, 1)),
        (date(1, 1, 1), date(2027, 2, 1)),
    ],
)
def test_dates_centuries_away_are_refused_and_leave_no_trace(lead, project, start, finish):
    guards.take_down()  # as release 0.1 took it
    project.start_date = start
    project.save()

    with pytest.raises(RefusalError, match="between 1900 and 2200"):
        set_it(project, lead, finish=finish)

    assert not Baseline.objects.exists()
    assert actions() == []


def test_reserves_beyond_the_budget_are_refused(lead, project):
    BudgetLineFactory(project=project, amount=Decimal(5))
    ReserveMovement.objects.create(
        project=project, reserve="management", amount=6, reason="Set aside", made_on=JAN
    )

    with pytest.raises(
        RefusalError, match="More is set aside in reserves than the approved budget holds"
    ):
        set_it(project, lead)


def test_a_project_without_any_finish_is_refused(lead, project):
    Project.objects.filter(pk=project.pk).update(
        baseline_finish_date=None, forecast_finish_date=None
    )

    with pytest.raises(RefusalError, match="Give the project a baseline or forecast finish first"):
        set_it(project, lead)


def test_a_name_is_needed(lead, project):
    with pytest.raises(ValidationError) as refusal:
        set_it(project, lead, name="")

    assert set(refusal.value.error_dict) == {"name"}


def test_the_second_one_is_refused(lead, project):
    set_it(project, lead)

    with pytest.raises(RefusalError, match="Only an approved change request makes the next"):
        set_it(project, lead)

    assert Baseline.objects.count() == 1


class TestOnceThereIsOne:
    """The approved dates are the baseline's: nobody moves them directly."""

    @pytest.fixture
    def milestone(self, lead, project):
        milestone = MilestoneFactory(project=project, baseline_date=FEB)
        set_it(project, lead)
        return milestone

    @pytest.mark.parametrize("in_form", [False, True])
    def test_the_finish_stays(self, lead, project, milestone, in_form):
        project.refresh_from_db()
        if in_form:  # which writes into the record before it asks the service
            project.baseline_finish_date = FEB

        with pytest.raises(RefusalError, match="Raise a change request to move it"):
            projects.change_project(
                project=project, version=None, by=lead, baseline_finish_date=FEB
            )

        assert Project.objects.get().baseline_finish_date == FINISH

    def test_a_milestone_stays(self, lead, milestone):
        with pytest.raises(RefusalError, match="Raise a change request to move it"):
            milestones.change_milestone(
                milestone=milestone, version=None, by=lead, baseline_date=FINISH
            )
        with pytest.raises(RefusalError, match="Raise a change request to move it"):
            milestones.create_milestone(
                project=milestone.project, by=lead, name="New", baseline_date=FINISH
            )

        assert [m.baseline_date for m in Milestone.objects.all()] == [FEB]

    def test_what_says_the_same_date_may_be_saved(self, lead, project, milestone):
        projects.change_project(
            project=project, version=None, by=lead, name="Renamed", baseline_finish_date=FINISH
        )
        milestones.change_milestone(
            milestone=milestone, version=None, by=lead, name="Renamed", baseline_date=FEB
        )
        milestones.create_milestone(
            project=project, by=lead, name="New", baseline_date=None, forecast_date=FEB
        )

        assert Project.objects.get().name == "Renamed"
        assert Milestone.objects.filter(name="Renamed").exists()

    def test_it_never_changes(self, milestone):
        baseline = Baseline.objects.get()

        with pytest.raises(AppendOnlyError):
            Baseline.objects.update(name="Other")
        with pytest.raises(AppendOnlyError):
            BaselineItem.objects.all().delete()
        baseline.name = "Other"
        with pytest.raises(DatabaseError), transaction.atomic():
            baseline.save()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE projects_baselineitem SET amount = 1")

        assert Baseline.objects.get().name == "Approved plan"
