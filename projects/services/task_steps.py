"""Write the weighted steps by which a task earns."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, only, remove
from projects.domain.kinds import EarningMethod
from projects.models import Task, TaskStep
from projects.services.plan import row_of
from projects.services.projects import TOPIC, locked

STEP_FIELDS = frozenset({"name", "weight", "done_on"})
NOT_YET = ValidationError("A step cannot be done in the future.", code="future")


@all_or_nothing
def create_step(*, task: Task, by: User | None, **fields: Any) -> TaskStep:
    """Add a step; raises RefusalError for a task that earns in another way."""
    project = locked(task.project)
    task = row_of(project, task)
    if task.is_summary or task.earning != EarningMethod.STEPS:
        raise RefusalError("Only a task that earns by weighted steps has steps. Choose that first.")
    record = TaskStep(project_id=task.project_id, task=task, **_accepted(fields))
    step = add(record, by=by, action="task_step.created", scope=task.project)
    announce(TOPIC, task.project_id)
    return step


@all_or_nothing
def change_step(*, step: TaskStep, version: int | None, by: User | None, **fields: Any) -> TaskStep:
    changed = change(
        step,
        version=version,
        by=by,
        action="task_step.changed",
        scope=step.project,
        **_accepted(fields),
    )
    announce(TOPIC, step.project_id)
    return changed


@all_or_nothing
def remove_step(*, step: TaskStep, by: User | None) -> None:
    """Remove a step; raises RefusalError for one that has earned."""
    project = locked(step.project)
    if TaskStep.objects.filter(pk=step.pk, done_on__isnull=False).exists():
        raise RefusalError("This step is done and has earned. Take its date back first.")
    remove(step, by=by, action="task_step.removed", scope=project)
    announce(TOPIC, project.pk)


def _accepted(fields: dict[str, Any]) -> dict[str, Any]:
    accepted = only(fields, STEP_FIELDS)
    done = accepted.get("done_on")
    if done and done > timezone.localdate():
        raise ValidationError({"done_on": NOT_YET})
    return accepted
