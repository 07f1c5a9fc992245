"""Confirm, change and remove what came with a template, and fill its roles."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing, change, locked_of
from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.models import ItemState, StartItem
from portfolio.starts.services.bringing import set_aside
from portfolio.starts.services.messages import plan_message
from projects.communication.models import CommunicationItem
from projects.communication.services.items import remove_item as remove_message
from projects.models import BudgetLine, Project
from projects.project_templates.domain.sections import BY_NAME, COMMUNICATION, RESERVE
from projects.project_templates.services.library import screen
from projects.services.money import change_budget_line, remove_budget_line
from projects.services.projects import locked, name_person

GONE = "This was removed from the project already."
NO_MESSAGE = "This is no message."
PLANNED = "This message is planned already."
NO_EXAMPLE = "This is no example: there is nothing to confirm."
ROLE_OF = {"pm": Role.MANAGER, "sponsor": Role.SPONSOR, "clinical_lead": Role.CLINICAL_LEAD}


@all_or_nothing
def confirm_item(*, item: StartItem, version: int | None, by: User | None) -> StartItem:
    """Say that an example holds for this project; a line of the budget that was only said is booked."""
    saved = _standing(item)
    if saved.state != ItemState.EXAMPLE:
        raise RefusalError(NO_EXAMPLE)
    if saved.record_kind == ItemKind.LINE:
        _book(saved, saved.amount or Decimal(), by)
    return change(
        saved,
        version=version,
        by=by,
        action="start_item.confirmed",
        scope=saved.project,
        state=ItemState.CONFIRMED.value,
    )


@all_or_nothing
def confirm_items(*, project: Project, items: list[StartItem], by: User | None) -> int:
    """Confirm many examples of one project; returns how many were."""
    done = 0
    with audit.gathered():
        for item in items:
            if item.project_id != project.pk:
                raise RefusalError("Only what came with this project can be confirmed here.")
            if item.state == ItemState.EXAMPLE:
                confirm_item(item=item, version=None, by=by)
                done += 1
    return done


@all_or_nothing
def change_item(
    *,
    item: StartItem,
    version: int | None,
    by: User | None,
    amount: Decimal | None = None,
    **said: Any,
) -> StartItem:
    """Put the project's own values in place of an example: it counts as confirmed."""
    saved = _standing(item)
    known = {spec.name for spec in BY_NAME[saved.section].fields}
    if unknown := set(said) - known:
        raise ValidationError(f"There is no {', '.join(sorted(unknown))} here.")
    screen(said)
    values: dict[str, Any] = {"said": {**saved.said, **_given(said)}}
    if saved.state == ItemState.EXAMPLE:
        values["state"] = ItemState.CONFIRMED.value
    if saved.record_kind == ItemKind.LINE and amount is not None:
        _book(saved, amount, by)
        values["amount"] = amount
    return change(
        saved,
        version=version,
        by=by,
        action="start_item.changed",
        scope=saved.project,
        **values,
    )


def _given(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain values as a document holds them: whole numbers stay whole."""
    return {
        name: (int(value) if value == int(value) else float(value))
        if isinstance(value, Decimal)
        else value
        for name, value in said.items()
    }


@all_or_nothing
def remove_item(
    *, item: StartItem, by: User | None, action: str = "start_item.removed", **values: Any
) -> StartItem:
    """
    Take an item away that does not fit the project; its budget line or message goes too.

    `action` and `values` are for the template that has it no more.
    """
    saved = _standing(item)
    if saved.record_kind == ItemKind.LINE:
        line = BudgetLine.objects.filter(project=saved.project, pk=saved.record_pk or 0).first()
        if line is not None:
            remove_budget_line(line=line, by=by)
    if saved.record_kind == ItemKind.MESSAGE:
        message = CommunicationItem.objects.filter(
            project=saved.project, pk=saved.record_pk or 0
        ).first()
        if message is not None:
            remove_message(item=message, by=by)
    return change(
        saved,
        version=None,
        by=by,
        action=action,
        scope=saved.project,
        state=ItemState.REMOVED.value,
        **values,
    )


@all_or_nothing
def plan_item(*, item: StartItem, by: User | None) -> StartItem:
    """Plan a message that could not be planned when the project was started."""
    saved = _standing(item)
    if saved.section != COMMUNICATION.name:
        raise RefusalError(NO_MESSAGE)
    if saved.record_kind:
        raise RefusalError(PLANNED)
    project = saved.project
    manager = project.members.filter(role=Role.MANAGER).select_related("user").first()
    made = plan_message(
        project=project,
        item=saved,
        sender=manager.user if manager else None,
        finish=project.tasks.aggregate(last=Max("finish"))["last"],
        by=by,
    )
    return change(
        saved,
        version=None,
        by=by,
        action="start_item.planned",
        scope=project,
        record_kind=ItemKind.MESSAGE,
        record_pk=made.pk,
    )


@all_or_nothing
def fill_role(
    *, item: StartItem, person: User | None, by: User | None, names: bool = False
) -> StartItem:
    """
    Say who fills a role, or with None that it is open; with `names` the person is named on the project too.
    """
    saved = _standing(item)
    if saved.section != "roles":
        raise RefusalError("This is no role.")
    project = saved.project
    if names and person is not None and not project.members.filter(user=person).exists():
        role = ROLE_OF.get(saved.said["key"], Role.TEAM_MEMBER)
        name_person(project=project, user=person, role=role, by=by)
    return change(
        saved,
        version=None,
        by=by,
        action="start_item.role_filled" if person else "start_item.role_opened",
        scope=project,
        filled_by=person,
    )


def _standing(item: StartItem) -> StartItem:
    locked(item.project)
    saved = locked_of(item)
    if saved.state == ItemState.REMOVED:
        raise RefusalError(GONE)
    return saved


def _book(item: StartItem, amount: Decimal, by: User | None) -> None:
    """Book a line that was only said, or correct one that is booked; contingency is set aside."""
    line = BudgetLine.objects.filter(project=item.project, pk=item.record_pk or 0).first()
    if line is None:
        raise RefusalError("The budget line is no longer there. Remove this example.")
    before = line.amount or Decimal()
    change_budget_line(line=line, version=None, by=by, amount=amount, stated_reason="")
    if item.said.get("kind") == RESERVE and amount != before:
        set_aside(item.project, amount - before, by)
