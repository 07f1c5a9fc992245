"""Which grounds of mandatory work do not hold any more."""

from datetime import date

from django.db import models

from portfolio.intake.domain.grounds import has_lapsed
from portfolio.intake.domain.kinds import ACCEPTED, RequestState
from portfolio.intake.models import MandatoryGround, ProjectRequest
from projects.domain.kinds import Lane


def is_over(request: ProjectRequest, ground: MandatoryGround, today: date) -> bool:
    is_waiting = RequestState(request.state) in ACCEPTED and request.project_id is None
    return is_waiting and request.lane == Lane.MANDATORY and has_lapsed(ground.bites_on, today)


def lapsed(today: date) -> "models.QuerySet[ProjectRequest]":
    """Return the accepted mandatory requests whose date is over, and that are no project yet."""
    return ProjectRequest.objects.filter(
        state__in=[state.value for state in ACCEPTED],
        lane=Lane.MANDATORY.value,
        project=None,
        ground__bites_on__lt=today,
    ).order_by("pk")
