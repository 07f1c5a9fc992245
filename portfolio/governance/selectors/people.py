"""Who may be named: as decider, as owner of a condition or of an action, as presenter."""

from datetime import date

from django.db.models import Q, QuerySet

from pmo.accounts.models import Membership, User
from pmo.accounts.roles import Role
from pmo.common.records.search import as_read
from portfolio.governance.models import Committee, CommitteeMember, Decision
from projects.models import Project, ProjectMember

OFFICE = (Role.PMO_LEAD, Role.PMO_ANALYST)
LEADING = (Role.EXECUTIVE, Role.PMO_LEAD, Role.UNIT_HEAD)


def _named(rows: Q, and_also: int | None) -> QuerySet[User]:
    people = User.objects.filter(Q(is_active=True) & rows | Q(pk=and_also))
    return people.order_by(*as_read("name", "pk"))


def _with_roles(*roles: Role) -> Q:
    return Q(pk__in=Membership.objects.filter(role__in=roles).values("user"))


def _of_committee(committee: Committee | None, day: date) -> Q:
    seats = CommitteeMember.objects.filter(committee=committee).on(day)
    return Q(pk__in=seats.values("person"))


def _of_project(project: Project | None) -> Q:
    return Q(pk__in=ProjectMember.objects.filter(project=project).values("user"))


def owners_for(decision: Decision, day: date) -> QuerySet[User]:
    """Return who may answer for a condition: the committee, the project's people, the office, leaders."""
    return _named(
        _of_committee(decision.decider_committee, day)
        | _of_project(decision.project)
        | _with_roles(*OFFICE, *LEADING),
        decision.decider_person_id,
    )


def deciders_for(project: Project | None, and_also: int | None) -> QuerySet[User]:
    """Return who may decide alone: executives, heads of units, the PMO lead, the project's sponsors."""
    sponsors = ProjectMember.objects.filter(project=project, role=Role.SPONSOR).values("user")
    return _named(_with_roles(*LEADING) | Q(pk__in=sponsors), and_also)


def around(committee: Committee, day: date, project: Project | None = None) -> QuerySet[User]:
    """Return who may present, or be asked to do something: the committee, the project, the office."""
    rows = _of_committee(committee, day) | _of_project(project) | _with_roles(*OFFICE)
    return _named(rows, None)


def sitting(committee: Committee, day: date) -> QuerySet[User]:
    return _named(_of_committee(committee, day), None)
