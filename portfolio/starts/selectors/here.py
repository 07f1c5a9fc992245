"""The rows that came with a template as the project has them now, in the template's own terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.models import ItemState, ProjectStart, StartItem
from projects.communication.domain.timing import DAYS, MONTHS, Cadence
from projects.communication.models import CommunicationItem
from projects.domain.kinds import LinkKind
from projects.models import BudgetLine, Project, Stakeholder, Task, TaskLink
from projects.models.stakeholders import Level
from projects.project_templates.domain.network import LinkSaid, link_of, scaled
from projects.project_templates.domain.sections import ROLES, Document, Row
from risks.models import Risk

LEVELS = {"low": Level.LOW, "medium": Level.MEDIUM, "high": Level.HIGH}
DAYS_A_MONTH = 30
LENGTHS = {**DAYS, **{one: months * DAYS_A_MONTH for one, months in MONTHS.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRecords:
    """What was made of a project's items, by what it is and its key; links by the task that waits."""

    start: ProjectStart
    document: Document
    found: Mapping[str, Mapping[int, Any]]
    links: Mapping[int, Sequence[LinkSaid]]

    def of(self, item: StartItem) -> Any:
        return self.found.get(item.record_kind, {}).get(item.record_pk or 0)


def records_of(project: Project, start: ProjectStart) -> TakenRecords:
    """Fetch what was made of a project's items, each kind in one query."""
    messages = CommunicationItem.objects.filter(project=project)
    found: dict[str, dict[int, Any]] = {
        ItemKind.TASK: {row.pk: row for row in Task.objects.filter(project=project)},
        ItemKind.LINE: {row.pk: row for row in BudgetLine.objects.filter(project=project)},
        ItemKind.RISK: {row.pk: row for row in Risk.objects.filter(project=project)},
        ItemKind.STAKEHOLDER: {r.pk: r for r in Stakeholder.objects.filter(project=project)},
        ItemKind.MESSAGE: {row.pk: row for row in messages},
    }
    links: dict[int, list[LinkSaid]] = {}
    for link in TaskLink.objects.filter(project=project).select_related("predecessor"):
        name = link.predecessor.external_id or f"row {link.predecessor.position}"
        links.setdefault(link.successor_id, []).append(
            LinkSaid(name, LinkKind(link.kind), link.lag)
        )
    return TakenRecords(start=start, document=start.from_version.document, found=found, links=links)


def here_row(
    item: StartItem, was: Row | None, now: Row | None, records: TakenRecords
) -> Row | None:
    """Return an item as the project has it; None where the project removed it."""
    if item.state == ItemState.REMOVED:
        return None
    if not item.record_kind:
        return dict(item.said)
    record = records.of(item)
    if record is None:
        return None
    known = was or item.said
    return {**known, **_READ[item.record_kind](record, known, now or known, records)}


def _task(task: Task, was: Row, now: Row, records: TakenRecords) -> Row:
    percent = records.start.percent
    links = set(records.links.get(task.pk, ()))
    said = sorted(map(str, links))
    after = next((one["after"] for one in (was, now) if _at_pace(one, percent) == links), said)
    days = next(
        (one["days"] for one in (was, now) if scaled(one["days"], percent) == task.duration),
        task.duration,
    )
    has_role = task.notes == role_note(records.document, was)
    return {"name": task.name, "days": days, "after": after} | (
        {} if has_role else {"role": task.notes}
    )


def _at_pace(row: Row, percent: int) -> set[LinkSaid]:
    links = filter(None, map(link_of, row["after"]))
    return {link._replace(lag=scaled(link.lag, percent)) for link in links}


def role_note(document: Document, row: Row) -> str:
    """Return what a task's notes say of the role that does it."""
    roles = {one["key"]: one["name"] for one in ROLES.rows_of(document)}
    return f"Role: {roles[row['role']]}" if row.get("role") in roles else ""


def _line(line: BudgetLine, _was: Row, _now: Row, _records: TakenRecords) -> Row:
    return {"name": line.category}


def _risk(risk: Risk, was: Row, _now: Row, _records: TakenRecords) -> Row:
    return {
        "name": risk.title,
        "consequence": risk.impact,
        "likelihood": risk.likelihood,
        "score": risk.impact * risk.likelihood,
        "response": risk.strategy or was["response"],
        "action": risk.response,
    }


def _stakeholder(one: Stakeholder, _was: Row, _now: Row, _records: TakenRecords) -> Row:
    said = {level: name for name, level in LEVELS.items()}
    return {
        "group": one.name,
        "category": one.category,
        "power": said[Level(one.power)],
        "interest": said[Level(one.interest)],
        "now": one.engagement,
        "wanted": one.engagement_wanted,
    }


def _message(one: CommunicationItem, was: Row, now: Row, _records: TakenRecords) -> Row:
    text = one.text or one.message
    message = next((row["message"] for row in (was, now) if _is_said(one, row["message"])), text)
    repeat = next(
        (
            row.get("repeat_days")
            for row in (was, now)
            if cadence_of(row.get("repeat_days")).value == one.cadence
        ),
        LENGTHS.get(Cadence(one.cadence)),
    )
    return {"message": message, "channel": one.channel, "repeat_days": repeat}


def _is_said(one: CommunicationItem, message: str) -> bool:
    return message == one.text or (not one.text and " ".join(message.split()) == one.message)


def cadence_of(repeat_days: int | None) -> Cadence:
    """Return the cadence that comes nearest to so many days; once where it is not repeated."""
    if not repeat_days:
        return Cadence.ONCE
    return min(LENGTHS, key=lambda one: (abs(LENGTHS[one] - repeat_days), LENGTHS[one]))


_READ: dict[str, Callable[[Any, Row, Row, TakenRecords], Row]] = {
    ItemKind.TASK: _task,
    ItemKind.LINE: _line,
    ItemKind.RISK: _risk,
    ItemKind.STAKEHOLDER: _stakeholder,
    ItemKind.MESSAGE: _message,
}
