"""Which values of a task go together; page, API and import ask here through the services."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from pmo.common.records.writing import RefusalError
from projects.domain.kinds import Constraint, TaskKind
from projects.models import Task
from projects.selectors.baselining import latest_baseline

DONE = 100  # percent
# what a summary takes from the rows below it
OF_ITS_OWN = (
    "duration",
    "kind",
    "constraint",
    "constraint_date",
    "actual_start",
    "actual_finish",
    "percent_complete",
)


def settled(task: Task, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values completed by what follows from them; raises for what cannot be."""
    fields = dict(values)
    if task.is_summary:
        if any(name in fields and fields[name] != getattr(task, name) for name in OF_ITS_OWN):
            raise RefusalError("This row sums up the rows below it. Change those instead.")
        return fields
    _settle_kind(task, fields)
    _settle_constraint(task, fields)
    _settle_progress(task, fields)
    for name in ("milestone", "budget_line"):
        record = fields.get(name)
        if record is not None and record.project_id != task.project_id:
            raise ValidationError({name: "Choose one of this project."})
    return fields


def _settle_kind(task: Task, fields: dict[str, Any]) -> None:
    """Zero days make a milestone, a milestone has zero days; what was said wins over what follows."""
    duration, kind = fields.get("duration", task.duration), fields.get("kind", task.kind)
    point = TaskKind.MILESTONE.value
    if "kind" in fields and "duration" not in fields:
        if kind == point:
            fields["duration"] = 0
        elif not duration:
            fields["duration"] = 1
    elif "kind" not in fields and duration is not None:
        if not duration:
            fields["kind"] = point
        elif kind == point:
            fields["kind"] = TaskKind.WORK.value
    elif kind == point and duration:
        raise ValidationError({"duration": "A milestone takes no time: give it 0 days."})
    elif kind != point and duration == 0:
        raise ValidationError(
            {"duration": "Work takes a day at least. Choose Milestone for 0 days."}
        )


def _settle_constraint(task: Task, fields: dict[str, Any]) -> None:
    constraint = fields.get("constraint", task.constraint)
    if constraint == Constraint.NONE.value:
        if "constraint" in fields:
            fields["constraint_date"] = None
        elif fields.get("constraint_date"):
            fields["constraint"] = Constraint.START_NOT_BEFORE.value
    elif (
        "constraint_date" in fields and "constraint" not in fields and not fields["constraint_date"]
    ):
        fields["constraint"] = Constraint.NONE.value


def _settle_progress(task: Task, fields: dict[str, Any]) -> None:
    today = timezone.localdate()
    begun: date | None = fields.get("actual_start", task.actual_start)
    ended: date | None = fields.get("actual_finish", task.actual_finish)
    done = fields.get("percent_complete", task.percent_complete)
    if begun and begun > today:
        raise ValidationError({"actual_start": "Work cannot have started in the future."})
    if ended and ended > today:
        raise ValidationError({"actual_finish": "Work cannot have finished in the future."})
    if fields.get("kind", task.kind) == TaskKind.MILESTONE.value:
        fields["actual_start"], fields["percent_complete"] = ended, DONE if ended else 0
        return
    if ended:
        if "percent_complete" in fields and done != DONE and task.actual_finish == ended:
            raise ValidationError(
                {"percent_complete": "Finished work is 100% done. Clear the day it finished first."}
            )
        fields["percent_complete"] = DONE
    elif done == DONE:
        raise ValidationError({"actual_finish": "Say on which day it was finished."})
    if (done or ended) and not begun:
        raise ValidationError({"actual_start": "Say on which day the work started."})


def keep_earned(task: Task) -> None:
    """Raise RefusalError where a row, or one below it, has earned money of the approved baseline."""
    baseline = latest_baseline(task.project)
    if baseline is None:
        return
    below = Q(pk=task.pk) | Q(outline__startswith=f"{task.outline}.")
    begun = Task.objects.filter(below, project=task.project, actual_start__isnull=False)
    earned = baseline.items.filter(task_number__in=begun.values("pk"), amount__gt=0).first()
    if earned is not None:
        raise RefusalError(
            f"“{earned.name}” has progress and earns in the approved baseline, so it stays. Clear its"
            " progress first if the work never began."
        )
