"""Writers who meet in a project: what was decided counts, and nothing is kept twice."""

from datetime import date
from decimal import Decimal

import pytest

from pmo.common.records import audit
from pmo.common.records.writing import RefusalError
from projects.models import Baseline, BaselineItem, ForecastEntry, Milestone, PlanImport, TaskStep
from projects.services import milestones, plan, plan_imports, task_steps
from projects.services.baselines import set_first_baseline
from projects.services.money import make_forecast
from projects.services.projects import change_project
from tests.factories import BudgetLineFactory, MilestoneFactory, ProjectFactory, TaskFactory
from tests.projects.test_services_plan_imports import SMALL
from tests.projects.test_services_status_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(record):
    """The record as another request reads it."""
    return type(record).objects.get(pk=record.pk)


def test_the_same_forecast_made_by_four_at_once_is_kept_once(lead, project):
    outcomes = race(4, lambda _: make_forecast(project=project, amount=Decimal(5), by=lead))

    assert outcomes == ["won"] * 4
    assert ForecastEntry.objects.count() == 1
    assert audit.faults() == []


def test_of_files_uploaded_at_once_by_one_person_the_last_stays(lead, project):
    race(
        3,
        lambda _: plan_imports.upload_file(
            project=project, file_name="plan.xml", content=SMALL, by=lead
        ),
    )

    states = sorted(PlanImport.objects.values_list("state", flat=True))
    assert len(states) == 3
    assert states[1:] == ["discarded", "discarded"]


def test_a_baseline_and_the_dates_it_approves_never_disagree(lead):
    project = ProjectFactory()
    BudgetLineFactory(project=project)
    milestone = MilestoneFactory(project=project, baseline_date=date(2026, 6, 1))
    acts = (
        lambda: set_first_baseline(project=project, by=lead, name="Plan", reason="Board"),
        lambda: milestones.change_milestone(
            milestone=fresh(milestone), version=None, by=lead, baseline_date=date(2026, 7, 1)
        ),
        lambda: change_project(
            project=fresh(project), version=None, by=lead, baseline_finish_date=date(2027, 7, 1)
        ),
    )

    race(3, lambda number: acts[number]())

    assert BaselineItem.objects.get().finish == fresh(milestone).baseline_date
    assert Baseline.objects.get().finish == fresh(project).baseline_finish_date


def test_a_step_and_the_removal_of_its_task_end_well(lead, project):
    task = plan.create_task(project=project, by=lead, name="Wall", earning="steps")
    acts = (
        lambda: plan.remove_task(task=fresh(task), by=lead),
        lambda: task_steps.create_step(task=task, by=lead, name="Poured", weight=1),
    )

    outcomes = race(2, lambda number: acts[number]())

    assert sorted(outcomes) in (["won", "won"], ["RefusalError", "won"])
    assert TaskStep.objects.count() == 0


def test_a_milestone_that_a_baseline_approved_meanwhile_stays(lead, project):
    opened = MilestoneFactory(project=project, baseline_date=None)
    Milestone.objects.filter(pk=opened.pk).update(baseline_date=date(2026, 6, 1))

    with pytest.raises(RefusalError, match="part of the approved plan"):
        milestones.remove_milestone(milestone=opened, by=lead)


def test_a_step_that_was_done_meanwhile_stays(lead, project):
    task = TaskFactory(project=project, earning="steps")
    opened = task_steps.create_step(task=task, by=lead, name="Poured", weight=1)
    TaskStep.objects.filter(pk=opened.pk).update(done_on=date(2026, 6, 1))

    with pytest.raises(RefusalError, match="has earned"):
        task_steps.remove_step(step=opened, by=lead)
