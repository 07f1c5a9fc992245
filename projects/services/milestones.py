"""Write milestones."""

from datetime import date
from typing import Any

from django.db import transaction

from pmo.accounts.models import User
from pmo.common.events import announce
from pmo.common.writing import RefusalError, add, change, only, remove
from projects.models import Milestone, Project
from projects.services.projects import TOPIC

MILESTONE_FIELDS = frozenset(
    {"name", "kind", "baseline_date", "forecast_date", "actual_date", "weight"}
)


@transaction.atomic
def create_milestone(*, project: Project, by: User | None, **fields: Any) -> Milestone:
    record = Milestone(project=project, **only(fields, MILESTONE_FIELDS))
    milestone = add(record, by=by, action="milestone.created", scope=project)
    announce(TOPIC, project.pk)
    return milestone


@transaction.atomic
def change_milestone(
    *, milestone: Milestone, version: int | None, by: User | None, **fields: Any
) -> Milestone:
    changed = change(
        milestone,
        version=version,
        by=by,
        action="milestone.changed",
        scope=milestone.project,
        **only(fields, MILESTONE_FIELDS),
    )
    announce(TOPIC, milestone.project_id)
    return changed


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User | None) -> None:
    """Remove one that was never baselined; raises RefusalError for a baselined one."""
    if milestone.baseline_date:
        raise RefusalError("A milestone with a baseline stays: it is part of the approved plan.")
    project = milestone.project
    remove(milestone, by=by, action="milestone.removed", scope=project)
    announce(TOPIC, project.pk)


def set_dates(
    milestone: Milestone, *, forecast: date | None, actual: date | None, by: User | None
) -> Milestone:
    """Write the two dates a status update may move, inside its transaction."""
    return change(
        milestone,
        version=None,
        by=by,
        action="milestone.changed",
        scope=milestone.project,
        forecast_date=forecast,
        actual_date=actual,
    )
