import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.models import Milestone
from projects.services import milestones as services
from tests.factories import MilestoneFactory, TaskFactory

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def last_event():
    return json.loads(AuditEvent.objects.latest("sequence").body)


def test_a_milestone_is_created_in_its_project(lead, project):
    milestone = services.create_milestone(
        project=project, by=lead, name="Permit", kind="gate", forecast_date=JUNE
    )

    saved = Milestone.objects.get()
    assert (saved.project, saved.name, saved.kind, saved.due_date) == (
        project,
        "Permit",
        "gate",
        JUNE,
    )
    event = last_event()
    assert event["action"] == "milestone.created"
    assert event["target"] == f"projects.milestone:{milestone.pk}"
    assert event["scope"] == f"projects.project:{project.pk}"


def test_a_milestone_without_any_date_is_refused(lead, project):
    with pytest.raises(ValidationError, match="baseline or a forecast date"):
        services.create_milestone(project=project, by=lead, name="Permit")

    assert not Milestone.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_milestone_cannot_change_its_project(lead, project):
    with pytest.raises(TypeError, match="project"):
        services.change_milestone(milestone=MilestoneFactory(), version=1, by=lead, project=project)


def test_a_moved_date_is_kept_with_the_one_before(lead, project):
    milestone = MilestoneFactory(project=project, baseline_date=JUNE, forecast_date=JUNE)

    changed = services.change_milestone(milestone=milestone, version=1, by=lead, forecast_date=JULY)

    assert (changed.forecast_date, changed.version) == (JULY, 2)
    assert Milestone.objects.get().slip_days == 30
    event = last_event()
    assert event["before"] == {"forecast_date": "2026-06-01"}
    assert event["after"] == {"forecast_date": "2026-07-01"}


def test_the_second_of_two_editors_is_told(lead):
    milestone = MilestoneFactory()
    services.change_milestone(milestone=milestone, version=1, by=lead, forecast_date=JULY)

    with pytest.raises(EditConflictError):
        services.change_milestone(milestone=milestone, version=1, by=lead, name="Other")

    assert Milestone.objects.get().name == milestone.name


def test_a_milestone_with_a_baseline_stays(lead):
    milestone = MilestoneFactory(baseline_date=JUNE)

    with pytest.raises(RefusalError, match="part of the approved plan"):
        services.remove_milestone(milestone=milestone, by=lead)

    assert Milestone.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_removed_milestone_leaves_what_it_said(lead):
    milestone = MilestoneFactory(name="Permit", baseline_date=None, forecast_date=JUNE)

    services.remove_milestone(milestone=milestone, by=lead)

    assert not Milestone.objects.exists()
    assert last_event()["action"] == "milestone.removed"
    assert last_event()["before"]["name"] == "Permit"


def test_the_row_that_stood_for_a_removed_milestone_says_so_in_the_trail(lead):
    milestone = MilestoneFactory(baseline_date=None, forecast_date=JUNE)
    task = TaskFactory(project=milestone.project, milestone=milestone)
    number = milestone.pk

    services.remove_milestone(milestone=milestone, by=lead)

    event = json.loads(AuditEvent.objects.get(action="task.changed").body)
    assert event["target"] == f"projects.task:{task.pk}"
    assert event["scope"] == f"projects.project:{task.project_id}"
    assert event["before"] == {"milestone_id": number}
    assert event["after"] == {"milestone_id": None}
    task.refresh_from_db()
    assert (task.milestone, task.version, task.changed_by) == (None, 2, lead)


@pytest.mark.parametrize("days", [0, 1])
def test_nothing_is_done_before_its_day(lead, project, days):
    milestone = MilestoneFactory(project=project)
    day = timezone.localdate() + timedelta(days=days)

    def finish():
        services.change_milestone(milestone=milestone, version=1, by=lead, actual_date=day)

    if days:
        with pytest.raises(ValidationError, match="cannot be done in the future"):
            finish()
        with pytest.raises(ValidationError, match="cannot be done in the future"):
            services.create_milestone(
                project=project, by=lead, name="B", forecast_date=day, actual_date=day
            )
    else:
        finish()

    assert [m.actual_date for m in Milestone.objects.all()] == [None if days else day]
