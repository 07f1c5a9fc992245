"""Write projects, programs and the people named on a project."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import PROJECT_ROLES, Role
from pmo.common.background import jobs
from pmo.common.background.events import announce
from pmo.common.records.ledger import once_it_is_there
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
    only,
    remove,
    writing_many,
)
from projects.asks import stage_faults
from projects.domain.stages import REQUIRED_FROM, Stage, can_move
from projects.models import Program, Project, ProjectMember
from projects.validators import category_in_use

TOPIC = "projects.project"
# an update said words and colors, and no date or sum of the project moved
SAID = "projects.said"
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
        "calendar",
        "includes_contingency",
        "stated_reasons",
    }
)
# what the manager may not decide alone
GOVERNED_FIELDS = frozenset(
    {"code", "unit", "program", "baseline_finish_date", "includes_contingency", "is_confidential"}
)
PROGRAM_FIELDS = frozenset({"code", "name", "purpose"})
NOT_YET = ValidationError("A project cannot have finished in the future.", code="future")
KEPT = "This date belongs to the project's baseline. Raise a change request to move it."
# a job computes the plan again when these change
PLANNED_FROM = frozenset({"start_date", "calendar"})
COMPUTE = "plan.compute"


class StageChangeError(RefusalError):
    """The project may not move from its stage to the one asked for."""


def locked(project: Project) -> Project:
    """Return the project as saved, held until the transaction ends: what it decides waits here."""
    return locked_of(project)


def keep_to_baseline(
    project: Project, record: Model, baselined: QuerySet[Any], fields: Mapping[str, Any], name: str
) -> None:
    """
    Refuse another value of an approved date than the saved one.

    `baselined` holds `record`, or nothing where its project has no baseline. Holds the project: a
    baseline that is being set at this moment counts.
    """
    if name not in fields:
        return
    held = writing_many(record)
    if held is not None and getattr(held, name) == fields[name]:
        return
    locked(project)
    # asked of the table: a form has written its values into the record already
    for saved in baselined.values_list(name, flat=True)[:1]:
        if saved != fields[name]:
            raise RefusalError(KEPT)


@all_or_nothing
def create_program(*, by: User | None, **fields: Any) -> Program:
    return add(Program(**only(fields, PROGRAM_FIELDS)), by=by, action="program.created")


@all_or_nothing
def change_program(
    *, program: Program, version: int | None, by: User | None, **fields: Any
) -> Program:
    return change(
        program, version=version, by=by, action="program.changed", **only(fields, PROGRAM_FIELDS)
    )


@all_or_nothing
def create_project(*, by: User | None, manager: User | None = None, **fields: Any) -> Project:
    """Add a project; names its manager too when given."""
    _check_finish(fields)
    _check_category(fields, kept=None)
    project = add(Project(**only(fields, PROJECT_FIELDS)), by=by, action="project.created")
    if manager:
        name_person(project=project, user=manager, role=Role.MANAGER, by=by)
    once_it_is_there(project, lambda: announce(TOPIC, project.pk))
    return project


@all_or_nothing
def change_project(
    *,
    project: Project,
    version: int | None,
    by: User | None,
    through: int | None = None,
    **fields: Any,
) -> Project:
    """
    Change everything but the stage, which has a service of its own.

    `through` is the number of the baseline that moves the baseline finish; without it a project that
    has a baseline keeps its finish, and RefusalError is raised.
    """
    allowed = PROJECT_FIELDS - {"stage"}
    _check_finish(fields)
    if through is None:
        baselined = Project.objects.filter(pk=project.pk, baselines__isnull=False)
        keep_to_baseline(project, project, baselined, fields, "baseline_finish_date")
    if "category" in fields:
        _check_category(fields, kept=_saved(project, "category")[0])
    before = _saved(project, *PLANNED_FROM) if fields.keys() & PLANNED_FROM else None
    changed = change(
        project,
        version=version,
        by=by,
        action="project.changed",
        scope=project,
        **only(fields, allowed),
    )
    if before and before != _saved(project, *PLANNED_FROM) and changed.tasks.exists():
        jobs.enqueue(
            kind=COMPUTE,
            key=f"project:{changed.pk}:{changed.version}",
            params={"project": changed.pk},
            by=by,
        )
    announce(TOPIC, project.pk)
    return changed


def _check_finish(fields: Mapping[str, Any]) -> None:
    done = fields.get("actual_finish_date")
    if done and done > timezone.localdate():
        raise ValidationError({"actual_finish_date": NOT_YET})


def _check_category(fields: Mapping[str, Any], *, kept: str | None) -> None:
    if "category" not in fields:
        return
    try:
        category_in_use(fields["category"], kept=kept)
    except ValidationError as error:
        raise ValidationError({"category": error}) from error


def _saved(project: Project, *names: str) -> tuple[Any, ...]:
    """Return the saved values; asked of the table, for a form has written its own into the record."""
    if held := writing_many(project):
        return tuple(getattr(held, name) for name in names)
    return tuple(Project.objects.filter(pk=project.pk).values_list(*names).get())


@all_or_nothing
def change_stage(
    *, project: Project, target: Stage, reason: str, version: int | None, by: User | None
) -> Project:
    """
    Move the project on; raises StageChangeError when its stage, required fields or gates forbid it.

    A project that is cancelled keeps the day: its figures are as of then.
    """
    saved = locked(project)
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
    if faults := stage_faults(saved, target):
        raise StageChangeError(" ".join(faults))
    changed = change(
        saved,
        version=version,
        by=by,
        action="project.stage_changed",
        scope=saved,
        event_reason=reason,
        stage=target.value,
        cancelled_on=timezone.localdate() if target is Stage.CANCELLED else None,
    )
    announce(TOPIC, project.pk)
    return changed


@all_or_nothing
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


@all_or_nothing
def unname_person(*, member: ProjectMember, by: User | None) -> None:
    """Take somebody off; raises RefusalError for the last manager of an active project."""
    project = locked(member.project)  # a gate may be looking for its sponsor
    managers = project.members.filter(role=Role.MANAGER).exclude(pk=member.pk)
    if member.role == Role.MANAGER and project.is_reporting and not managers.exists():
        raise RefusalError("Name another manager first: this project reports each week.")
    remove(member, by=by, action="project.person_removed", scope=project)
    announce(TOPIC, project.pk)
