import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pmo.common.models import AuditEvent
from pmo.common.writing import EditConflictError, RefusalError
from projects.models import Milestone
from projects.services import milestones as services
from tests.factories import MilestoneFactory

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


def test_the_two_moving_dates_are_written_together(lead):
    milestone = MilestoneFactory(baseline_date=JUNE, forecast_date=JUNE)

    services.set_dates(milestone, forecast=JULY, actual=JULY, by=lead)

    saved = Milestone.objects.get()
    assert (saved.baseline_date, saved.forecast_date, saved.actual_date) == (JUNE, JULY, JULY)
