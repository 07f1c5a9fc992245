"""Record why a project costs or lasts other than its baseline said."""

from typing import Any

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import add, all_or_nothing, change, only, remove
from projects.models import Project, VarianceCause
from projects.validators import days_within_a_century

CAUSE_FIELDS = frozenset({"measure", "cause", "amount", "days", "explanation"})


@all_or_nothing
def note_cause(*, project: Project, by: User | None, **fields: Any) -> VarianceCause:
    """Note a cause, today: whether it still counts depends on the day it was noted."""
    days_within_a_century("days", fields.get("days"))
    record = VarianceCause(
        project=project, noted_on=timezone.localdate(), **only(fields, CAUSE_FIELDS)
    )
    return add(record, by=by, action="variance_cause.noted", scope=project)


@all_or_nothing
def change_cause(
    *, record: VarianceCause, version: int | None, by: User | None, **fields: Any
) -> VarianceCause:
    days_within_a_century("days", fields.get("days"))
    return change(
        record,
        version=version,
        by=by,
        action="variance_cause.changed",
        scope=record.project,
        **only(fields, CAUSE_FIELDS),
    )


@all_or_nothing
def remove_cause(*, record: VarianceCause, by: User | None) -> None:
    remove(record, by=by, action="variance_cause.removed", scope=record.project)
