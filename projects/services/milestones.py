"""Write milestones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, only, remove
from projects.models import Milestone, Project, Task
from projects.services.projects import KEPT, TOPIC, keep_to_baseline, locked
from projects.services.task_references import release_tasks

MILESTONE_FIELDS = frozenset(
    {"name", "kind", "baseline_date", "forecast_date", "actual_date", "weight"}
)
DATES = ("forecast", "actual")
REFERRED = "Something that was recorded about this milestone refers to it, so it stays."
NOT_YET = ValidationError("A milestone cannot be done in the future.", code="future")


@all_or_nothing
def create_milestone(*, project: Project, by: User | None, **fields: Any) -> Milestone:
    if fields.get("baseline_date") and locked(project).baselines.exists():
        raise RefusalError(KEPT)
    record = Milestone(project=project, **_accepted(fields))
    milestone = add(record, by=by, action="milestone.created", scope=project)
    announce(TOPIC, project.pk)
    return milestone


@all_or_nothing
def change_milestone(
    *,
    milestone: Milestone,
    version: int | None,
    by: User | None,
    through: int | None = None,
    **fields: Any,
) -> Milestone:
    """Change it; `through` is the number of the baseline that moves the baseline date, if one does."""
    if through is None:
        baselined = Milestone.objects.filter(pk=milestone.pk, project__baselines__isnull=False)
        keep_to_baseline(milestone.project, milestone, baselined, fields, "baseline_date")
    changed = change(
        milestone,
        version=version,
        by=by,
        action="milestone.changed",
        scope=milestone.project,
        **_accepted(fields),
    )
    announce(TOPIC, milestone.project_id)
    return changed


def _accepted(fields: Mapping[str, Any]) -> dict[str, Any]:
    accepted = only(fields, MILESTONE_FIELDS)
    done = accepted.get("actual_date")
    if done and done > timezone.localdate():
        raise ValidationError({"actual_date": NOT_YET})
    return accepted


@all_or_nothing
def remove_milestone(*, milestone: Milestone, by: User | None) -> None:
    """
    Remove one that was never baselined; raises RefusalError for a baselined one.

    A row of the plan that stands for it stands for none from then on.
    """
    project = locked(milestone.project)
    # read anew: a baseline that was being set gave it its date
    if Milestone.objects.filter(pk=milestone.pk, baseline_date__isnull=False).exists():
        raise RefusalError("A milestone with a baseline stays: it is part of the approved plan.")
    tasks = Task.objects.filter(milestone=milestone)
    release_tasks(tasks=tasks, name="milestone", project=project, by=by)
    try:
        remove(milestone, by=by, action="milestone.removed", scope=project)
    except ProtectedError as error:
        raise RefusalError(REFERRED) from error
    announce(TOPIC, project.pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The dates one status update sets on a milestone, and those its writer saw before."""

    set: Mapping[str, date | None]  # "forecast" and "actual", only what the writer touched
    seen: Mapping[str, date | None] = field(default_factory=dict)


def move_dates(
    *, project: Project, moves: Mapping[int, Move], by: User | None, today: date
) -> list[audit.Entry]:
    """
    Write what an update says of milestones, in two statements inside its transaction.

    Returns the events for the update's own record. Raises ValidationError with the faults under the
    names "m<id>_forecast" and "m<id>_actual"; then nothing is written.
    """
    if not moves:
        return []
    rows = Milestone.objects.filter(project=project, pk__in=moves)
    faults: dict[str, ValidationError] = {}
    moved, entries = [], []
    for row in rows.select_for_update(no_key=True).order_by("pk"):
        before = {f"{name}_date": getattr(row, f"{name}_date") for name in DATES}
        faults |= _faults(row, moves[row.pk], today)
        for name, day in moves[row.pk].set.items():
            setattr(row, f"{name}_date", day)
        after = {name: getattr(row, name) for name in before}
        changed = {name for name in after if after[name] != before[name]}
        if not changed:
            continue
        row.version += 1
        row.changed_at, row.changed_by = timezone.now(), by
        moved.append(row)
        entries.append(
            audit.Entry(
                "milestone.changed",
                row,
                project,
                {name: before[name] for name in changed},
                {name: after[name] for name in changed},
            )
        )
    if faults:
        raise ValidationError(faults)
    written = ["forecast_date", "actual_date", "version", "changed_at", "changed_by"]
    Milestone.objects.bulk_update(moved, written)
    return entries


def _faults(row: Milestone, move: Move, today: date) -> dict[str, ValidationError]:
    found = {}
    for name, day in move.set.items():
        now = getattr(row, f"{name}_date")
        at = f"m{row.pk}_{name}"
        if name in move.seen and now not in (move.seen[name], day):
            found[at] = moved_meanwhile(now)
        elif name == "actual" and day and day > today:
            found[at] = NOT_YET
        elif name == "forecast" and day is None and row.baseline_date is None:
            found[at] = ValidationError("Give the milestone a forecast date.", code="required")
    return found


def moved_meanwhile(now: date | None) -> ValidationError:
    """Say that somebody else changed a date since the writer saw it; `params` hold what it is now."""
    moved = f"This was moved to {formats.day(now)}" if now else "This date was removed"
    return ValidationError(
        f"{moved} in the meantime. Check it and publish again.",
        code="moved",
        params={"now": now},
    )
