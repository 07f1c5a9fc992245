"""Write the stakeholders of a project, how they stand from a day on, and the organization's register."""

from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import (
    RefusalError,
    add,
    all_or_nothing,
    change,
    insert,
    locked_of,
    only,
    remove,
)
from projects.models import EngagementRecord, Project, Stakeholder, StakeholderGroup

STAKEHOLDER_FIELDS = frozenset(
    {
        "group",
        "name",
        "position",
        "category",
        "lead",
        "power",
        "interest",
        "engagement",
        "engagement_wanted",
        "approach",
        "action_due",
    }
)
GROUP_FIELDS = frozenset({"name", "category", "lead", "note"})
USED = "A project names this group, so it stays in the register."


@all_or_nothing
def create_stakeholder(*, project: Project, by: User | None, **fields: Any) -> Stakeholder:
    record = Stakeholder(project=project, **only(fields, STAKEHOLDER_FIELDS))
    stakeholder = add(record, by=by, action="stakeholder.created", scope=project)
    _note_engagement(stakeholder, by)
    return stakeholder


@all_or_nothing
def change_stakeholder(
    *, stakeholder: Stakeholder, version: int | None, by: User | None, **fields: Any
) -> Stakeholder:
    """Change a stakeholder; another engagement than before is kept with its day."""
    saved = locked_of(stakeholder)
    before = (saved.engagement, saved.engagement_wanted)
    changed = change(
        stakeholder,
        version=version,
        by=by,
        action="stakeholder.changed",
        scope=stakeholder.project,
        **only(fields, STAKEHOLDER_FIELDS),
    )
    if (changed.engagement, changed.engagement_wanted) != before:
        _note_engagement(changed, by)
    return changed


def _note_engagement(stakeholder: Stakeholder, by: User | None) -> None:
    insert(
        EngagementRecord(
            project=stakeholder.project,
            stakeholder=stakeholder,
            engagement=stakeholder.engagement,
            engagement_wanted=stakeholder.engagement_wanted,
            noted_on=timezone.localdate(),
            noted_by=by,
        )
    )


@all_or_nothing
def create_group(*, by: User | None, **fields: Any) -> StakeholderGroup:
    """Add a person or group to the organization's register."""
    record = StakeholderGroup(**only(fields, GROUP_FIELDS))
    return add(record, by=by, action="stakeholder_group.created")


@all_or_nothing
def change_group(
    *, group: StakeholderGroup, version: int | None, by: User | None, **fields: Any
) -> StakeholderGroup:
    return change(
        group,
        version=version,
        by=by,
        action="stakeholder_group.changed",
        **only(fields, GROUP_FIELDS),
    )


@all_or_nothing
def remove_group(*, group: StakeholderGroup, by: User | None) -> None:
    """Take a group out of the register; raises RefusalError while a project names it."""
    try:
        remove(locked_of(group, to_remove=True), by=by, action="stakeholder_group.removed")
    except ProtectedError as error:
        raise RefusalError(USED) from error
