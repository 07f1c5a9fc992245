"""What of running projects a person answers for, and handing that over."""

from django.db.models import Count, Q

from pmo.accounts.holdings import Handed, Held, Keeper, Part, register
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import Role
from pmo.common.records.search import as_read
from pmo.common.records.writing import all_or_nothing
from projects.domain.kinds import OPEN_CHANGES
from projects.domain.stages import ACTIVE
from projects.models import InProjectQuerySet, Project, ProjectMember
from projects.services import projects as services
from projects.words import leaving as words

DUTIES = (Role.MANAGER, Role.SPONSOR, Role.CLINICAL_LEAD, Role.TEAM_MEMBER)


def _held(person: User) -> InProjectQuerySet[ProjectMember]:
    return ProjectMember.objects.filter(
        user=person,
        role__in=[role.value for role in DUTIES],
        project__stage__in=[stage.value for stage in ACTIVE],
    )


def part_of(person: User, reader: User) -> Part:
    """Name the roles on running projects, with what waits there for a manager."""
    held = _held(person)
    waits = Q(project__change_requests__state__in=[state.value for state in OPEN_CHANGES])
    rows = (
        held.visible_to(reader)
        .annotate(
            milestones=Count(
                "project__milestones",
                filter=Q(project__milestones__actual_date=None),
                distinct=True,
            ),
            changes=Count("project__change_requests", filter=waits, distinct=True),
        )
        .select_related("project")
        .order_by(*as_read("project__name", "pk"))
    )
    found = tuple(
        Held(str(row.project), words.held_as(row), row.project.get_absolute_url()) for row in rows
    )
    return Part(title=words.TITLE, rows=found, hidden=held.count() - len(found))


@all_or_nothing
def hand_over(person: User, to: User, by: User) -> Handed:
    """Name `to` in each role that `by` may give, and take the person off."""
    held = _held(person)
    done = 0
    for row in held.filter(project__in=Project.objects.visible_to(by)).select_related(
        "project__unit"
    ):
        if not can(by, Permission.PROJECT_GOVERN, row.project).allowed:
            continue
        if not row.project.members.filter(user=to, role=row.role).exists():
            services.name_person(project=row.project, user=to, role=Role(row.role), by=by)
        services.unname_person(member=row, by=by)
        done += 1
    return Handed(done, held.count())


register("projects", Keeper(order=1, part_of=part_of, hand_over=hand_over))
