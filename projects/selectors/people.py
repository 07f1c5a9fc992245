"""Who may answer for something of a project."""

from django.db.models import Q, QuerySet

from pmo.accounts.models import Membership, User
from pmo.accounts.permissions import Permission
from pmo.accounts.roles import roles_granting
from pmo.common.records.search import as_read
from projects.models import Project, ProjectMember


def answering_for(
    project: Project, permission: Permission, *, and_also: int | None = None
) -> QuerySet[User]:
    """
    Return the people named on the project, and those of the office who hold `permission` there.

    `and_also` is who answers now and stays possible after leaving either.
    """
    office = roles_granting(permission) & roles_granting(Permission.PROJECT_VIEW)
    if project.is_confidential:
        office &= roles_granting(Permission.PROJECT_VIEW_CONFIDENTIAL)
    ids = [int(part) for part in project.unit_path.split("/") if part]
    holders = Membership.objects.filter(Q(unit=None) | Q(unit__in=ids), role__in=office)
    named = ProjectMember.objects.filter(project=project)
    may = Q(pk__in=named.values("user_id")) | Q(pk__in=holders.values("user_id"))
    return User.objects.filter(Q(may, is_active=True) | Q(pk=and_also)).order_by(
        *as_read("name", "pk")
    )
