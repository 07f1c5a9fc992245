"""Write projects, programs, the people named on a project, and its stakeholders."""

from typing import Any

from django.db import transaction

from pmo.accounts.models import User
from pmo.accounts.roles import PROJECT_ROLES, Role
from pmo.common.events import announce
from pmo.common.writing import EditConflictError, RefusalError, add, change, only, remove
from projects.domain.stages import REQUIRED_FROM, Stage, can_move
from projects.models import Program, Project, ProjectMember, Stakeholder

TOPIC = "projects.project"
PROJECT_FIELDS = frozenset(
    {
        "code",
        "name",
        "summary",
        "category",
        "lane",
        "stage",
        "unit",
        "program",
        "start_date",
        "baseline_finish_date",
        "forecast_finish_date",
        "actual_finish_date",
        "is_confidential",
        "stated_reasons",
    }
)
# what the manager may not decide alone
GOVERNED_FIELDS = frozenset({"code", "unit", "program", "baseline_finish_date", "is_confidential"})
PROGRAM_FIELDS = frozenset({"code", "name", "purpose"})
STAKEHOLDER_FIELDS = frozenset(
    {"name", "position", "power", "interest", "engagement", "engagement_wanted", "approach"}
)


class StageChangeError(RefusalError):
    """The project may not move from its stage to the one asked for."""


@transaction.atomic
def create_program(*, by: User | None, **fields: Any) -> Program:
    return add(Program(**only(fields, PROGRAM_FIELDS)), by=by, action="program.created")


@transaction.atomic
def change_program(
    *, program: Program, version: int | None, by: User | None, **fields: Any
) -> Program:
    return change(
        program, version=version, by=by, action="program.changed", **only(fields, PROGRAM_FIELDS)
    )


@transaction.atomic
def create_project(*, by: User | None, manager: User | None = None, **fields: Any) -> Project:
    """Add a project; names its manager too when given."""
    project = add(Project(**only(fields, PROJECT_FIELDS)), by=by, action="project.created")
    if manager:
        name_person(project=project, user=manager, role=Role.MANAGER, by=by)
    announce(TOPIC, project.pk)
    return project


@transaction.atomic
def change_project(
    *, project: Project, version: int | None, by: User | None, **fields: Any
) -> Project:
    """Change everything but the stage, which has a service of its own."""
    allowed = PROJECT_FIELDS - {"stage"}
    changed = change(
        project,
        version=version,
        by=by,
        action="project.changed",
        scope=project,
        **only(fields, allowed),
    )
    announce(TOPIC, project.pk)
    return changed


@transaction.atomic
def change_stage(
    *, project: Project, target: Stage, reason: str, version: int | None, by: User | None
) -> Project:
    """Move the project on; raises StageChangeError when the stage or its required fields forbid it."""
    saved = Project.objects.select_for_update().get(pk=project.pk)
    if version is not None and saved.version != version:
        raise EditConflictError(saved)
    now = Stage(saved.stage)
    if not can_move(now, target):
        raise StageChangeError(f"A project in {now.label} cannot move to {target.label}.")
    missing = [
        name.replace("_", " ")
        for name in REQUIRED_FROM.get(target, ())
        if getattr(saved, name) is None
    ]
    if missing:
        raise StageChangeError(f"Before {target.label}, fill in: {', '.join(missing)}.")
    changed = change(
        saved,
        version=version,
        by=by,
        action="project.stage_changed",
        scope=saved,
        reason=reason,
        stage=target.value,
    )
    announce(TOPIC, project.pk)
    return changed


@transaction.atomic
def name_person(*, project: Project, user: User, role: Role, by: User | None) -> ProjectMember:
    if role not in PROJECT_ROLES:
        raise RefusalError(f"{role.label} is not a role on a project.")
    member = add(
        ProjectMember(project=project, user=user, role=role.value),
        by=by,
        action="project.person_named",
        scope=project,
    )
    announce(TOPIC, project.pk)
    return member


@transaction.atomic
def unname_person(*, member: ProjectMember, by: User | None) -> None:
    """Take somebody off; raises RefusalError for the last manager of an active project."""
    project = member.project
    managers = project.members.filter(role=Role.MANAGER).exclude(pk=member.pk)
    if member.role == Role.MANAGER and project.is_reporting and not managers.exists():
        raise RefusalError("Name another manager first: this project reports each week.")
    remove(member, by=by, action="project.person_removed", scope=project)
    announce(TOPIC, project.pk)


@transaction.atomic
def create_stakeholder(*, project: Project, by: User | None, **fields: Any) -> Stakeholder:
    record = Stakeholder(project=project, **only(fields, STAKEHOLDER_FIELDS))
    return add(record, by=by, action="stakeholder.created", scope=project)


@transaction.atomic
def change_stakeholder(
    *, stakeholder: Stakeholder, version: int | None, by: User | None, **fields: Any
) -> Stakeholder:
    return change(
        stakeholder,
        version=version,
        by=by,
        action="stakeholder.changed",
        scope=stakeholder.project,
        **only(fields, STAKEHOLDER_FIELDS),
    )
