"""Messages of a template become messages of the project's plan of communication."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pmo.accounts.models import User
from pmo.common.folding import fold
from pmo.common.records.writing import RefusalError, all_or_nothing
from portfolio.starts.models import StartItem
from portfolio.starts.selectors.here import cadence_of
from projects.communication.domain.timing import shifted
from projects.communication.models import CommunicationItem
from projects.communication.models.items import THROUGH_LEAD
from projects.communication.services.items import create_item
from projects.domain.kinds import StakeholderCategory
from projects.models import Project, StakeholderGroup, Task
from projects.project_templates.domain.sections import START

LONGEST = 200  # of the line that a message is known by; the whole stands in its text
NOBODY_CALLED_SO = (
    "No stakeholder of this project and no group of the register is called “{name}”. Add one of that"
    " name, or plan the message by hand."
)
NO_DAY = "The task that its day is counted from is no longer in the plan. Plan the message by hand."


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Who is meant by a row's audience, as the columns of a message, and who talks to them."""

    columns: Mapping[str, Any]
    lead: User | None
    category: str

    @property
    def lacks_lead(self) -> bool:
        """Say whether a named person has to be there first."""
        return self.category in THROUGH_LEAD and self.lead is None


@all_or_nothing
def plan_message(
    *, project: Project, item: StartItem, sender: User | None, finish: date | None, by: User | None
) -> CommunicationItem:
    """
    Plan the message of a row that is kept: on the milestone of its anchor, or on the day of a mere task.

    `finish` ends what is repeated. Raises RefusalError where nobody fits its audience, a named person
    has to be there first, or it has no day.
    """
    said = item.said
    found = addressed(project, str(said["audience"]))
    if found is None:
        raise RefusalError(NOBODY_CALLED_SO.format(name=said["audience"]))
    when = _when(project, item, finish)
    if not when:
        raise RefusalError(NO_DAY)
    return create_item(
        project=project,
        by=by,
        channel=said["channel"],
        cadence=cadence_of(said.get("repeat_days")).value,
        sender=found.lead or sender,
        **found.columns,
        **words_of(str(said["message"])),
        **when,
    )


def words_of(message: str) -> dict[str, str]:
    line = " ".join(message.split())
    short = line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    return {"message": short, "text": "" if short == message else message}


def addressed(project: Project, name: str) -> Addressed | None:
    """
    Return who is meant; None where nobody is called so.

    First the project's own stakeholders, then the register, then the parts of the hospital.
    """
    wanted = fold(name.strip())
    for one in project.stakeholders.select_related("group__lead", "lead").order_by("pk"):
        if fold(str(one.name)) == wanted:
            return Addressed(
                columns={"stakeholder": one}, lead=one.lead_now, category=one.category_now
            )
    for group in StakeholderGroup.objects.select_related("lead").order_by("pk"):
        if fold(str(group.name)) == wanted:
            return Addressed(columns={"group": group}, lead=group.lead, category=group.category)
    for part in StakeholderCategory:
        if wanted in {part.value, fold(part.label)}:
            return Addressed(columns={"category": part.value}, lead=None, category=part.value)
    return None


def can_plan(project: Project, item: StartItem) -> bool:
    """Say whether the message of a row can be planned as it is."""
    found = addressed(project, str(item.said["audience"]))
    return found is not None and not found.lacks_lead and bool(_when(project, item, None))


def _when(project: Project, item: StartItem, finish: date | None) -> Mapping[str, Any]:
    """Return the day as the columns of a message; nothing where its anchor is gone."""
    offset = int(item.said["calendar_days"])
    anchor: Task | None = item.anchor
    if item.said["from"] == START:
        day = project.start_date
    elif anchor is None:
        return {}
    elif anchor.milestone is not None:
        until = None
        if item.said.get("repeat_days") and finish and anchor.milestone.due_date:
            until = max((finish - anchor.milestone.due_date).days, offset)
        return {
            "milestone": anchor.milestone,
            "offset_days": offset,
            "until_offset_days": until,
        }
    else:
        day = anchor.finish
    due = shifted(day, offset)
    if due is None:
        return {}
    ends = max(finish, due) if finish and item.said.get("repeat_days") else None
    return {"due_on": due, "ends_on": ends}
