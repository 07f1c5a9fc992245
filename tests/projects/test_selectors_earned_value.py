"""Rows in, figures out: the right baseline, the right progress, in one statement."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from projects.domain.earning.figure import known, missing
from projects.models import ForecastEntry, Task, TaskStep
from projects.selectors.earned_value import earned_of
from projects.words.earned_value import DEFINITIONS
from tests.factories import (
    CostEntryFactory,
    MilestoneFactory,
    ProjectFactory,
    UpdateFactory,
    person,
)
from tests.factories.earning import (
    FINISH,
    START,
    BaselineFactory,
    ItemFactory,
    TaskFactory,
    earning_project,
)

pytestmark = pytest.mark.django_db
HALF = START + timedelta(days=177)  # Wednesday 1 July: 128 of 255 working days
NO_BASELINE = missing("No approved baseline to earn against.")


def of(project, as_of=HALF):
    return earned_of([project.pk], as_of=as_of)[project.pk]


def step(task, weight, done_on):
    return TaskStep.objects.create(
        project=task.project,
        task=task,
        name=f"Step {weight}",
        weight=weight,
        done_on=done_on,
    )


def by_steps(task, steps):
    """Freeze a baseline of 1,000 that one task earns by these steps."""
    return ItemFactory(
        baseline=BaselineFactory(project=task.project),
        task_number=task.pk,
        earning="steps",
        amount=Decimal(1000),
        steps=[[one.pk, one.weight] for one in steps],
    )


def values(found):
    standing = found.standing
    return [f.value for f in (standing.budget, standing.planned, standing.earned, standing.actual)]


def test_tasks_earn_their_part_of_the_frozen_amounts():
    found = of(earning_project(percent=40))

    assert values(found) == [Decimal(1000), Decimal("501.96"), Decimal(400), Decimal(600)]
    assert found.found.cpi == known(Decimal(400) / 600)
    assert found.time.earned_schedule == known(Decimal(102))
    assert (found.elapsed, found.planned_duration) == (known(Decimal(128)), known(Decimal(255)))
    # 255 ÷ (102 ÷ 128) = 320 working days
    assert found.finish.value == date(2027, 3, 26)


def test_project_without_a_baseline_says_so_and_still_knows_its_cost():
    other = ProjectFactory()
    ForecastEntry.objects.create(project=other, amount=Decimal(7), made_on=START)

    found = of(other)

    assert found.standing.budget == found.found.cpi == found.time.spi_t == NO_BASELINE
    assert found.standing.actual == missing("No cost recorded.")
    assert found.standing.bottom_up == known(Decimal(7))
    assert found.finish == (None, "No approved baseline to earn against.")


def test_baseline_that_held_on_the_day_counts():
    project = earning_project(percent=40)
    second = BaselineFactory(
        project=project,
        number=2,
        approved_on=HALF,
        budget_at_completion=Decimal(2000),
        finish=FINISH + timedelta(days=365),
    )
    ItemFactory(baseline=second, task_number=project.tasks.get().pk, amount=Decimal(2000))

    assert of(project, HALF - timedelta(days=1)).standing.budget == known(Decimal(1000))
    assert of(project, HALF).standing.budget == known(Decimal(2000))
    assert of(project, HALF).standing.earned == known(Decimal(800))
    assert of(project, START - timedelta(days=1)).standing.budget == NO_BASELINE


def test_milestones_earn_their_weight_when_they_are_done():
    project = ProjectFactory()
    baseline = BaselineFactory(project=project, earns_by="milestones")
    for amount, day, done in ((300, 10, HALF), (700, 20, None)):
        one = MilestoneFactory(project=project, actual_date=done)
        when = START + timedelta(days=day)
        ItemFactory(
            baseline=baseline,
            milestone_number=one.pk,
            kind="milestone",
            earning="zero_hundred",
            start=when,
            finish=when,
            amount=Decimal(amount),
        )

    assert of(project).standing.earned == known(Decimal(300))
    assert of(project, HALF - timedelta(days=1)).standing.earned == known(Decimal(0))
    assert of(project, START + timedelta(days=19)).standing.planned == known(Decimal(300))


def said(project, percent, day):
    at = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    monday = day - timedelta(days=day.weekday())
    UpdateFactory(project=project, week=monday, percent_complete=percent, published_at=at)


def test_percent_complete_of_the_last_update_that_gave_one_earns():
    project = ProjectFactory()
    baseline = BaselineFactory(project=project, earns_by="percent")
    ItemFactory(baseline=baseline, amount=Decimal(1000))
    assert of(project).standing.earned == missing("No status update gives a percent complete.")
    assert of(project).found.eac == missing("No status update gives a percent complete.")

    said(project, 30, HALF - timedelta(weeks=3))
    said(project, None, HALF - timedelta(weeks=2))
    said(project, 80, HALF + timedelta(weeks=1))

    assert of(project).standing.earned == known(Decimal(300))


def test_steps_count_when_they_were_done():
    project = ProjectFactory()
    task = TaskFactory(project=project, earning="steps")
    steps = [
        step(task, weight, done) for weight, done in ((1, HALF), (3, HALF + timedelta(days=1)))
    ]
    by_steps(task, steps)

    assert of(project).standing.earned == known(Decimal(250))
    assert of(project, HALF + timedelta(days=1)).standing.earned == known(Decimal(1000))


def test_steps_count_by_the_method_that_was_frozen():
    project = ProjectFactory()
    task = TaskFactory(project=project, earning="percent")
    by_steps(task, [step(task, 1, HALF)])

    assert of(project).standing.earned == known(Decimal(1000))


def test_weights_that_are_edited_after_the_baseline_move_nothing():
    project = ProjectFactory()
    task = TaskFactory(project=project, earning="steps")
    first, second = step(task, 1, HALF), step(task, 3, None)
    by_steps(task, [first, second])

    TaskStep.objects.filter(pk=first.pk).update(weight=97)
    step(task, 50, HALF)

    assert of(project).standing.earned == known(Decimal(250))


def test_step_that_was_removed_after_the_baseline_stays_undone():
    project = ProjectFactory()
    task = TaskFactory(project=project, earning="steps")
    first, second = step(task, 1, HALF), step(task, 3, None)
    by_steps(task, [first, second])

    second.delete()

    assert of(project).standing.earned == known(Decimal(250))


def test_task_whose_steps_came_after_the_baseline_earns_when_it_is_done():
    project = ProjectFactory()
    task = TaskFactory(project=project, earning="steps")
    by_steps(task, [])
    step(task, 1, HALF)

    assert of(project).standing.earned == known(Decimal(0))
    Task.objects.filter(pk=task.pk).update(actual_start=START, actual_finish=HALF)
    assert of(project).standing.earned == known(Decimal(1000))


class TestCancelled:
    def test_figures_stay_those_of_the_day_and_nothing_is_forecast(self):
        project = earning_project(percent=40, stage="cancelled", cancelled_on=HALF)
        planned = of(project).standing.planned

        found = of(project, HALF + timedelta(days=90))

        assert found.standing.planned == planned
        why = missing("The project was cancelled: nothing is left to forecast.")
        assert found.found.eac == found.found.eac_low == found.found.tcpi_budget == why
        assert found.time.duration == why
        assert (found.finish.value, found.finish.reason) == (None, why.reason)
        assert found.found.cpi.value is not None

    def test_before_the_day_it_was_forecast(self):
        project = earning_project(percent=40, stage="cancelled", cancelled_on=HALF)

        assert of(project, HALF - timedelta(days=1)).found.eac.value is not None

    def test_of_an_unknown_day_nothing_is_forecast_either(self):
        project = earning_project(percent=40, stage="cancelled")

        assert of(project).found.eac.value is None

    def test_what_is_booked_later_is_spent(self):
        project = earning_project(percent=40, stage="cancelled", cancelled_on=HALF)
        CostEntryFactory(project=project, amount=50, entry_date=HALF + timedelta(days=5))

        assert of(project, HALF + timedelta(days=9)).standing.actual == known(Decimal(650))


@pytest.mark.parametrize(
    ("method", "percent", "earned"),
    [("percent", 40, 400), ("fifty_fifty", 40, 500), ("zero_hundred", 40, 0)],
)
def test_task_that_was_split_earns_as_the_rows_below_it(method, percent, earned):
    project = ProjectFactory()
    task = TaskFactory(project=project, is_summary=True, percent_complete=percent)
    Task.objects.filter(pk=task.pk).update(start=HALF, finish=HALF + timedelta(days=9))
    baseline = BaselineFactory(project=project)
    ItemFactory(baseline=baseline, task_number=task.pk, earning=method, amount=Decimal(1000))

    assert of(project, HALF - timedelta(days=1)).standing.earned == known(Decimal(0))
    assert of(project).standing.earned == known(Decimal(earned))
    Task.objects.filter(pk=task.pk).update(percent_complete=100, finish=HALF)
    assert of(project).standing.earned == known(Decimal(1000))


def test_work_that_had_not_begun_or_ended_on_the_day_does_not_count():
    project = earning_project(percent=100)
    project.tasks.update(actual_start=HALF, actual_finish=HALF + timedelta(days=2))

    assert of(project, HALF - timedelta(days=1)).standing.earned == known(Decimal(0))
    project.tasks.update(percent_complete=60)
    assert of(project, HALF).standing.earned == known(Decimal(600))
    assert of(project, HALF + timedelta(days=2)).standing.earned == known(Decimal(1000))


def test_time_stands_still_at_the_actual_finish_and_a_finished_project_earned_it_all():
    project = earning_project(percent=100, actual_finish_date=HALF)
    project.tasks.update(actual_finish=HALF)
    second = BaselineFactory(
        project=project, number=2, undistributed=Decimal(100), budget_at_completion=Decimal(1100)
    )
    ItemFactory(baseline=second, task_number=project.tasks.get().pk, amount=Decimal(1000))

    found = of(project, HALF + timedelta(days=90))

    assert found.standing.earned == known(Decimal(1100))
    assert found.elapsed == known(Decimal(128))
    assert found.finish.value == HALF


@pytest.mark.parametrize(("undistributed", "finish"), [(0, HALF), (100, None)])
def test_time_stands_still_when_the_last_work_ended_unless_money_waits_for_more(
    undistributed, finish
):
    project = earning_project(percent=100)
    project.tasks.update(actual_finish=HALF)
    second = BaselineFactory(
        project=project, number=2, budget_at_completion=Decimal(1000 + undistributed)
    )
    ItemFactory(baseline=second, task_number=project.tasks.get().pk, amount=Decimal(1000))

    found = of(project, HALF + timedelta(days=90))

    assert found.standing.earned == known(Decimal(1000))
    assert (found.elapsed == known(Decimal(128))) is (finish is not None)
    assert (found.finish.value == HALF) is (finish is not None)


def test_pieces_follow_their_own_calendar():
    project = ProjectFactory()
    week = {"weekdays": "1111100", "exceptions": []}
    closed = {"weekdays": "1111111", "exceptions": [["2026-01-05", "2026-01-08", False]]}
    baseline = BaselineFactory(
        project=project, finish=date(2026, 1, 18), calendars={"project": week, "7": closed}
    )
    ItemFactory(baseline=baseline, amount=Decimal(1000), calendar="7", finish=date(2026, 1, 18))

    assert of(project, date(2026, 1, 8)).standing.planned == known(Decimal(0))
    assert of(project, date(2026, 1, 10)).standing.planned == known(Decimal(200))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"finish": None}, "The baseline has no finish date."),
        ({"budget_at_completion": None}, "The baseline has no money."),
        ({"budget_at_completion": Decimal(0)}, "The baseline has no money."),
        (
            {"budget_at_completion": Decimal(10)},
            "The pieces of work are worth more than the budget.",
        ),
    ],
)
def test_baseline_that_cannot_be_earned_against_says_why(fields, reason):
    baseline = BaselineFactory(**fields)
    ItemFactory(baseline=baseline, amount=Decimal(1000))

    found = of(baseline.project)

    assert found.standing.budget == found.found.cpi == missing(reason)


def test_many_projects_take_one_statement(django_assert_num_queries):
    three = [earning_project(percent=percent).pk for percent in (0, 50, 100)]

    with django_assert_num_queries(1):
        one = earned_of(three[:1], as_of=HALF)
    with django_assert_num_queries(1):
        found = earned_of(three, as_of=HALF)

    assert one[three[0]] == found[three[0]]
    assert [found[pk].found.complete.value for pk in three] == [0, Decimal("0.5"), 1]


def test_api_gives_every_figure_with_its_formula_or_reason(lead):
    client = APIClient()
    client.force_authenticate(lead)
    project = earning_project(percent=40)

    answer = client.get(f"/api/v1/projects/{project.pk}/earned-value/")

    figures = {figure["key"]: figure for figure in answer.data["figures"]}
    assert (answer.status_code, answer.data["baseline"]) == (200, 1)
    assert answer.data["method"] == "At current cost efficiency (CPI)"
    assert set(figures) == set(DEFINITIONS)
    assert figures["earned"]["value"] == "400.00"
    assert figures["eac_bottom_up"]["value"] is None
    assert figures["eac_bottom_up"]["reason"] == "No forecast made."
    assert figures["cpi"]["formula"] == "Earned, divided by spent."


def test_api_hides_the_figures_of_hidden_projects():
    client = APIClient()
    client.force_authenticate(person(Role.EXECUTIVE))
    project = earning_project(is_confidential=True)

    assert client.get(f"/api/v1/projects/{project.pk}/earned-value/").status_code == 404
