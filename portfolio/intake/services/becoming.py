"""Make a project of an accepted request."""

from datetime import date
from typing import Any

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.records.writing import RefusalError, all_or_nothing, change, locked_of, only
from portfolio.intake.domain.kinds import RequestState, TimelineKind
from portfolio.intake.models import ProjectRequest
from portfolio.intake.services import keeping
from projects.domain.kinds import Lane
from projects.models import Project
from projects.services import projects

MADE_FROM = (RequestState.CASE, RequestState.EMERGENCY)
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
    _check_may(saved)
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
    _check_may(saved)
    if saved.is_confidential and not project.is_confidential:
        raise RefusalError("A confidential request becomes a confidential project only.")
    linked = change(saved, version=version, by=by, action="request.became_project", project=project)
    keeping.tell(linked, TimelineKind.PROJECT, "", who=by, on=on)
    return linked


def _check_may(request: ProjectRequest) -> None:
    if RequestState(request.state) not in MADE_FROM:
        raise RefusalError("Only a request with a business case or an emergency becomes a project.")
    if request.project_id:
        raise RefusalError("This request became a project already.")
