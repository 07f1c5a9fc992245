"""Make a project of an accepted request."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.records.writing import RefusalError, all_or_nothing, change, locked_of, only
from portfolio.intake.domain.kinds import RequestState, TimelineKind
from portfolio.intake.models import MandatoryGround, ProjectRequest
from portfolio.intake.selectors.grounds import is_over
from portfolio.intake.services import keeping
from portfolio.starts.services.starting import StartWish, start_project
from projects.domain.kinds import Lane
from projects.models import Project
from projects.project_templates.models import ProjectTemplate
from projects.services import projects

MADE_FROM = (RequestState.CASE, RequestState.EMERGENCY)
LONGEST_GROUND = 300  # characters that a start keeps of it
LONGEST_SUMMARY = 1000
NEW_FIELDS = ("code", "name", "summary", "category", "unit")


@all_or_nothing
def make_project(
    *,
    request: ProjectRequest,
    version: int | None,
    by: User,
    manager: User | None = None,
    **fields: Any,
) -> Project:
    """Add the project with the request's lane, confidence and sponsor; the request keeps the link."""
    saved = locked_of(request)
    check_may(saved)
    project = projects.create_project(
        by=by,
        manager=manager,
        lane=saved.lane or Lane.STRATEGIC.value,
        is_confidential=saved.is_confidential,
        **only(fields, NEW_FIELDS),
    )
    if saved.sponsor and saved.sponsor != manager:
        projects.name_person(project=project, user=saved.sponsor, role=Role.SPONSOR, by=by)
    link_project(request=saved, version=version, by=by, project=project)
    return project


@all_or_nothing
def start_from_template(
    *,
    request: ProjectRequest,
    version: int | None,
    by: User,
    template: ProjectTemplate,
    wish: StartWish,
    is_confidential: bool = False,
    **fields: Any,
) -> Project:
    """
    Start the project from a template with the request's lane, confidence and ground; both are linked.

    What `fields` leave out is the request's: name, unit, sponsor and summary.
    """
    saved = locked_of(request)
    check_may(saved)
    ground = MandatoryGround.objects.filter(request=saved).first()
    if ground is not None and saved.lane == Lane.MANDATORY:
        wish = replace(
            wish,
            ground=wish.ground or str(ground)[:LONGEST_GROUND],
            ground_date=wish.ground_date or ground.bites_on,
        )
    own = {
        "name": saved.title,
        "unit": saved.unit,
        "sponsor": saved.sponsor,
        "summary": saved.problem[:LONGEST_SUMMARY],
    }
    project = start_project(
        template=template,
        by=by,
        wish=wish,
        lane=saved.lane,
        is_confidential=saved.is_confidential or is_confidential,
        **own | fields,
    )
    link_project(request=saved, version=version, by=by, project=project)
    return project


@all_or_nothing
def link_project(
    *,
    request: ProjectRequest,
    version: int | None,
    by: User,
    project: Project,
    on: date | None = None,
) -> ProjectRequest:
    """Say which project a request became, where it was added already."""
    saved = locked_of(request)
    check_may(saved)
    if saved.is_confidential and not projects.locked(project).is_confidential:
        raise RefusalError("A confidential request becomes a confidential project only.")
    linked = change(saved, version=version, by=by, action="request.became_project", project=project)
    keeping.tell(linked, TimelineKind.PROJECT, "", who=by, on=on)
    return linked


def may_become(request: ProjectRequest) -> bool:
    """Say whether it goes on as a project, and is none yet."""
    return RequestState(request.state) in MADE_FROM and request.project_id is None


def check_may(request: ProjectRequest) -> None:
    """Raise RefusalError that says why a request becomes no project, or not yet."""
    if RequestState(request.state) not in MADE_FROM:
        raise RefusalError("Only a request with a business case or an emergency becomes a project.")
    if request.project_id:
        raise RefusalError("This request became a project already.")
    ground = MandatoryGround.objects.filter(request=request).first()
    if ground is not None and is_over(request, ground, timezone.localdate()):
        raise RefusalError("The date of the ground has passed. Send the request back to triage.")
