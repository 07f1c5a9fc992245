"""Take over one line of a later version of the template, or keep the project's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.records import audit, doubts
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change
from portfolio.starts.domain.adopting import AdoptLine, LineKind
from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.models import ItemState, ProjectStart, StartItem
from portfolio.starts.selectors.adoption import AdoptPreview, preview_of
from portfolio.starts.selectors.here import cadence_of, role_note
from portfolio.starts.services.bringing import (
    EXAMPLES,
    example_reason,
    example_total,
    item_of,
    line_kind,
    name_of,
    risk_fields,
    stakeholder_fields,
)
from portfolio.starts.services.confirming import remove_item
from portfolio.starts.services.messages import can_plan, plan_message, words_of
from portfolio.starts.words import adopting as words
from projects.communication.services.items import change_item as change_message
from projects.domain.kinds import MilestoneKind, TaskKind
from projects.domain.plan.predecessors import Wait, written
from projects.domain.stages import ACTIVE
from projects.models import Project, Task
from projects.project_templates.domain.network import link_of, scaled
from projects.project_templates.domain.sections import (
    BUDGET,
    COMMUNICATION,
    PHASES,
    RISKS,
    STAKEHOLDERS,
    TASKS,
    Row,
)
from projects.services.milestones import create_milestone
from projects.services.money import change_budget_line, create_budget_line
from projects.services.plan import change_task, create_task, remove_task
from projects.services.projects import locked
from projects.services.stakeholders import change_stakeholder, create_stakeholder
from risks.services import change_risk, create_risk

# who may change a part of a project takes it over; the rest is the owner's
NEEDED = {
    TASKS.name: Permission.PLAN_CHANGE,
    BUDGET.name: Permission.BUDGET_CHANGE,
    RISKS.name: Permission.RISK_CHANGE,
    STAKEHOLDERS.name: Permission.STAKEHOLDER_CHANGE,
    COMMUNICATION.name: Permission.COMMUNICATION_CHANGE,
}
ANSWERED_FOR = "Answered for when the template was published"


def needed_for(section: str) -> Permission:
    return NEEDED.get(section, Permission.START_CONFIRM)


def name_of_line(line: AdoptLine) -> str:
    return name_of(line.section, line.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopting:
    """One line on its way into a project."""

    project: Project
    preview: AdoptPreview
    line: AdoptLine
    by: User | None

    @property
    def item(self) -> StartItem | None:
        return self.preview.items.get((self.line.section.name, self.line.key))

    @property
    def record(self) -> Any:
        return self.preview.records.of(self.item) if self.item else None

    @property
    def moved(self) -> dict[str, Any]:
        """Return the fields that are taken over, as the template says them now."""
        return {move.spec.name: move.now for move in self.line.moves}

    def tasks(self) -> dict[str, Task]:
        """Return the project's tasks by the ids that the template gave them."""
        rows = Task.objects.filter(project=self.project).exclude(external_id="")
        return {row.external_id: row for row in rows.select_related("milestone")}


@all_or_nothing
def adopt_line(
    *,
    project: Project,
    section: str,
    key: str,
    seal: str,
    by: User | None,
    over_own: bool = False,
) -> StartItem:
    """
    Take one line over, as it was seen; raises RefusalError where template or project moved since.

    What the project changed itself is replaced with `over_own` alone. Money and targets are examples again.
    Doubtful words were answered for by whoever published them; a button has no place to ask again.
    """
    one = _found(project, section, key, seal, by)
    line = one.line
    if line.by_hand is not None:
        raise RefusalError(words.by_hand(line.by_hand))
    if line.own and not over_own:
        raise RefusalError(words.own_refusal(line))
    with doubts.answered(doubts.said().reason or ANSWERED_FOR), audit.gathered():
        return _adopted(one)


def _adopted(one: Adopting) -> StartItem:
    if one.line.kind is LineKind.GONE:
        return _take_away(one)
    if one.line.kind is LineKind.ADDED:
        return _bring(one)
    change_record = _CHANGE.get(one.item.record_kind if one.item else "")
    if change_record is not None and one.record is not None:
        change_record(one)
    return _note(
        one, "start_item.taken_over", said={**(one.item.said if one.item else {}), **one.moved}
    )


@all_or_nothing
def keep_own(*, project: Project, section: str, key: str, seal: str, by: User | None) -> StartItem:
    """Keep what the project has: the line is offered again when the template says yet another thing."""
    one = _found(project, section, key, seal, by)
    if one.item is not None:
        return _note(one, "start_item.left", said=None)
    item = item_of(project, one.line.section, one.line.row, {})
    item.state = ItemState.REMOVED
    item.base = dict(one.line.row)
    item.position = len(one.preview.items) + 1
    return add(item, by=by, action="start_item.left", scope=project)


def _found(project: Project, section: str, key: str, seal: str, by: User | None) -> Adopting:
    saved = locked(project)  # two who take over the same line come one after the other
    if not ProjectStart.objects.filter(project=saved).exists():
        raise RefusalError(words.NO_TEMPLATE)
    if saved.stage not in {stage.value for stage in ACTIVE}:
        raise RefusalError(words.OVER)
    preview = preview_of(project)
    line = preview.line(section, key) if preview else None
    if preview is None or line is None:
        raise RefusalError(words.SETTLED)
    if line.seal != seal:
        raise RefusalError(words.MEANWHILE)
    return Adopting(project=project, preview=preview, line=line, by=by)


def _note(one: Adopting, action: str, said: Mapping[str, Any] | None) -> StartItem:
    """Keep what the template says now as what this row was last compared with."""
    item = one.item
    assert item is not None  # noqa: S101 - a line that is not new has its item
    values: dict[str, Any] = {"base": dict(one.line.now or {})}
    if said is not None:
        values["said"] = dict(said)
        values["name"] = name_of(one.line.section, said)
        if item.section in EXAMPLES:
            values["state"] = ItemState.EXAMPLE.value
        if item.record_kind == ItemKind.LINE and "share" in one.moved:
            values["amount"] = _amount(one)
    return change(item, version=None, by=one.by, action=action, scope=one.project, **values)


def _take_away(one: Adopting) -> StartItem:
    item = one.item
    assert item is not None  # noqa: S101 - a line that is not new has its item
    if item.record_kind == ItemKind.TASK and one.record is not None:
        remove_task(task=one.record, by=one.by)
    return remove_item(item=item, by=one.by, action="start_item.taken_over", base={})


def _bring(one: Adopting) -> StartItem:
    section, row = one.line.section, one.line.row
    item = item_of(one.project, section, row, one.tasks())
    item.base = dict(row)
    item.position = len(one.preview.items) + 1
    make = _MAKE.get(section.name)
    if make is not None:
        item.record_kind, item.record_pk = make(one, item)
    return add(item, by=one.by, action="start_item.taken_over", scope=one.project)


def _amount(one: Adopting) -> Decimal:
    """Return the example of a line at the share that the template gives it now."""
    start, document = one.preview.start, one.preview.version.document
    whole = start.total if start.total is not None else example_total(document, start.sizes)
    return (whole * Decimal(str(one.line.row["share"]))).quantize(Decimal("0.01"))


def _waits(one: Adopting, row: Row, tasks: Mapping[str, Task]) -> str:
    """Write the links of a row with the rows of this plan; raises RefusalError for one that is not here."""
    waits = []
    for link in filter(None, map(link_of, row["after"])):
        if link.task not in tasks:
            raise RefusalError(words.task_first(link.task))
        lag = scaled(link.lag, one.preview.start.percent)
        waits.append(Wait(tasks[link.task].position, link.kind, lag))
    return written(waits)


def _make_task(one: Adopting, item: StartItem) -> tuple[str, int]:
    row, tasks = one.line.row, one.tasks()
    document = one.preview.version.document
    waits_for = _waits(one, row, tasks)
    milestone = None
    if row.get("milestone"):
        milestone = create_milestone(
            project=one.project,
            by=one.by,
            name=row["name"],
            kind=MilestoneKind(row["milestone"]).value,
        )
    task = create_task(
        project=one.project,
        by=one.by,
        parent=_phase(one, row),
        waits_for=waits_for,
        name=row["name"],
        duration=scaled(row["days"], one.preview.start.percent),
        kind=(TaskKind.WORK if row["days"] else TaskKind.MILESTONE).value,
        notes=role_note(document, row),
        external_id=row["id"],
        milestone=milestone,
    )
    return ItemKind.TASK, task.pk


def _phase(one: Adopting, row: Row) -> Task:
    """Return the row of the plan that sums up a phase; made where the template has a new one."""
    phases = PHASES.rows_of(one.preview.version.document)
    name = next(phase["name"] for phase in phases if phase["key"] == row["phase"])
    rows = Task.objects.filter(project=one.project, parent=None, name=name)
    return rows.order_by("position").first() or create_task(
        project=one.project, by=one.by, name=name, duration=1
    )


def _change_task(one: Adopting) -> None:
    moved, row = one.moved, one.line.row
    fields: dict[str, Any] = {}
    if "name" in moved:
        fields["name"] = moved["name"]
    if "days" in moved:
        fields["duration"] = scaled(moved["days"], one.preview.start.percent)
    if "role" in moved:
        fields["notes"] = role_note(one.preview.version.document, row)
    waits_for = _waits(one, row, one.tasks()) if "after" in moved else None
    change_task(task=one.record, version=None, by=one.by, waits_for=waits_for, **fields)


def _make_line(one: Adopting, item: StartItem) -> tuple[str, int]:
    row = one.line.row
    item.amount = _amount(one)
    line = create_budget_line(
        project=one.project,
        by=one.by,
        category=row["name"],
        kind=line_kind(row, BUDGET.rows_of(one.preview.version.document)),
        stated_reason=example_reason(item.amount),
    )
    return ItemKind.LINE, line.pk


def _change_line(one: Adopting) -> None:
    fields = {"category": one.line.row["name"], "stated_reason": example_reason(_amount(one))}
    change_budget_line(line=one.record, version=None, by=one.by, **fields)


def _make_risk(one: Adopting, item: StartItem) -> tuple[str, int]:
    row = one.line.row
    roles = StartItem.objects.filter(project=one.project, section="roles", key=row["owner"])
    owner = roles.select_related("filled_by").first()
    risk = create_risk(
        project=one.project,
        by=one.by,
        external_id=row["id"],
        owner=owner.filled_by if owner else None,
        **risk_fields(row),
    )
    return ItemKind.RISK, risk.pk


def _change_risk(one: Adopting) -> None:
    names = {
        "name": ("title",),
        "consequence": ("impact", "inherent_impact"),
        "likelihood": ("likelihood", "inherent_likelihood"),
        "response": ("strategy",),
        "action": ("response",),
    }
    said = risk_fields(one.line.row)
    fields = {name: said[name] for moved in one.moved for name in names.get(moved, ())}
    change_risk(risk=one.record, version=None, by=one.by, **fields)


def _make_stakeholder(one: Adopting, item: StartItem) -> tuple[str, int]:
    made = create_stakeholder(project=one.project, by=one.by, **stakeholder_fields(one.line.row))
    return ItemKind.STAKEHOLDER, made.pk


def _change_stakeholder(one: Adopting) -> None:
    names = {
        "category": "category",
        "power": "power",
        "interest": "interest",
        "now": "engagement",
        "wanted": "engagement_wanted",
    }
    said = stakeholder_fields(one.line.row)
    fields = {names[moved]: said[names[moved]] for moved in one.moved if moved in names}
    change_stakeholder(stakeholder=one.record, version=None, by=one.by, **fields)


def _make_message(one: Adopting, item: StartItem) -> tuple[str, int | None]:
    if not can_plan(one.project, item):
        return "", None
    last = max((task.finish for task in one.tasks().values() if task.finish), default=None)
    made = plan_message(project=one.project, item=item, sender=None, finish=last, by=one.by)
    return ItemKind.MESSAGE, made.pk


def _change_message(one: Adopting) -> None:
    fields: dict[str, Any] = {}
    if "message" in one.moved:
        fields |= words_of(one.moved["message"])
    if "repeat_days" in one.moved:
        fields["cadence"] = cadence_of(one.moved["repeat_days"]).value
    change_message(item=one.record, version=None, by=one.by, **fields)


_MAKE: dict[str, Callable[[Adopting, StartItem], tuple[str, int | None]]] = {
    TASKS.name: _make_task,
    BUDGET.name: _make_line,
    RISKS.name: _make_risk,
    STAKEHOLDERS.name: _make_stakeholder,
    COMMUNICATION.name: _make_message,
}
_CHANGE: dict[str, Callable[[Adopting], None]] = {
    ItemKind.TASK: _change_task,
    ItemKind.LINE: _change_line,
    ItemKind.RISK: _change_risk,
    ItemKind.STAKEHOLDER: _change_stakeholder,
    ItemKind.MESSAGE: _change_message,
}
