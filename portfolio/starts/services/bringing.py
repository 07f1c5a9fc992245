"""What a template brings into a new project, section by section; parts of starting one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pmo.accounts.models import User
from pmo.common.page import formats
from pmo.common.records.writing import insert_all
from pmo.organization.current import organization
from portfolio.governance.selectors.gate_sets import rows_of_set, set_for
from portfolio.governance.services.gates import GatePlan, lay_gates
from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.domain.sharing import grown, shared
from portfolio.starts.models import ItemState, ProjectStart, StartItem
from portfolio.starts.selectors.here import LEVELS, role_note
from portfolio.starts.services.messages import can_plan, plan_message
from projects.domain.kinds import BudgetKind, MilestoneKind, ReserveKind
from projects.models import Milestone, Project, Task, WorkCalendar
from projects.models.plan import EVERY_DAY
from projects.project_templates.domain.network import CourseLaid, link_of, scaled
from projects.project_templates.domain.sections import (
    ADOPTION,
    ANCHORED,
    BUDGET,
    COMMUNICATION,
    GO_LIVE,
    MEASURES,
    OBLIGATIONS,
    PHASES,
    RESERVE,
    RISKS,
    ROLES,
    STAKEHOLDERS,
    TASKS,
    TRAINING,
    Document,
    Row,
    SectionSpec,
    in_region,
)
from projects.project_templates.domain.sections import EVERY_DAY as SEVEN_DAYS
from projects.project_templates.services.laying import LaidPlan, LaidTask, lay_plan
from projects.services.calendars import create_calendar
from projects.services.milestones import create_milestone
from projects.services.money import create_budget_line
from projects.services.reserves import move_reserve
from projects.services.stakeholders import create_stakeholder
from risks.services import create_risk

# what is an example until somebody confirms it: sums, baselines, targets
EXAMPLES = frozenset({section.name for section in (BUDGET, MEASURES, TRAINING, ADOPTION)})
# where the day of a kept item is said
ANCHORS = {
    ANCHORED.name: "from",
    COMMUNICATION.name: "from",
    OBLIGATIONS.name: "due",
    TRAINING.name: "by",
}
SET_ASIDE = "Set aside with the template’s budget"


@dataclass(kw_only=True)
class Brought:
    """A project that is being filled from a template; `people` are by the key of their role."""

    project: Project
    document: Document
    start: ProjectStart
    course: CourseLaid
    by: User | None
    people: Mapping[str, User | None]
    tasks: dict[str, Task] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)
    items: list[StartItem] = field(default_factory=list)

    def rows(self, section: SectionSpec) -> list[dict[str, Any]]:
        return [row for row in section.rows_of(self.document) if in_region(row, self.start.region)]

    def keep(self, section: SectionSpec, row: Row, **fields: Any) -> None:
        """Keep a row as this project has it; `fields` name what was made of it."""
        item = item_of(self.project, section, row, self.tasks)
        item.position = len(self.items) + 1
        for name, value in fields.items():
            setattr(item, name, value)
        self.items.append(item)


def item_of(
    project: Project, section: SectionSpec, row: Row, tasks: Mapping[str, Task]
) -> StartItem:
    """Return a row of a template as a project has it, unsaved; `tasks` are by their ids."""
    anchor = GO_LIVE if section is ADOPTION else row.get(ANCHORS.get(section.name, ""), "")
    return StartItem(
        project=project,
        section=section.name,
        key=section.key_of(row),
        name=name_of(section, row),
        said=dict(row),
        state=ItemState.EXAMPLE if section.name in EXAMPLES else ItemState.KEPT,
        anchor=tasks.get(anchor),
    )


def name_of(section: SectionSpec, row: Row) -> str:
    """Return what a row is called on a page."""
    for name in ("name", "group", "audience", "code"):
        if row.get(name):
            return str(row[name])
    return section.key_of(row)


def bring_everything(brought: Brought) -> None:
    for bring in (
        _plan, _gates, _budget, _roles, _stakeholders, _risks,
        _kept(ANCHORED), _kept(MEASURES), _kept(OBLIGATIONS), _kept(TRAINING), _kept(ADOPTION),
        _messages,
    ):  # fmt: skip
        bring(brought)
    for item in brought.items:
        item.changed_by = brought.by
        item.clean_fields(exclude={"project", "anchor", "filled_by", "changed_by"})
    insert_all(brought.items)


def _plan(brought: Brought) -> None:
    timings = brought.course.timings
    for row in TASKS.rows_of(brought.document):
        if row.get("milestone"):
            brought.milestones[row["id"]] = create_milestone(
                project=brought.project,
                by=brought.by,
                name=row["name"],
                kind=MilestoneKind(row["milestone"]).value,
                forecast_date=timings[row["id"]].finish,
            )
    phases = {row["key"]: row["name"] for row in PHASES.rows_of(brought.document)}
    rows = [_laid(brought, row) for row in TASKS.rows_of(brought.document)]
    brought.tasks = lay_plan(
        project=brought.project, plan=LaidPlan(phases=phases, tasks=rows), by=brought.by
    )
    for row in TASKS.rows_of(brought.document):
        brought.keep(TASKS, row, record_kind=ItemKind.TASK, record_pk=brought.tasks[row["id"]].pk)


def _gates(brought: Brought) -> None:
    """Lay the gates in the order of their dates; what each opens says the set of the project's category."""
    known = {row.code: row for row in rows_of_set(set_for(brought.project.category))}
    rows = [row for row in TASKS.rows_of(brought.document) if row.get("gate")]
    rows.sort(key=lambda row: brought.course.timings[row["id"]].finish)
    plans = [
        GatePlan(
            code=row["gate"],
            name=row["name"],
            stage=(known[row["gate"]].stage or None) if row["gate"] in known else None,
            milestone=brought.milestones[row["id"]],
        )
        for row in rows
    ]
    lay_gates(project=brought.project, gates=plans, by=brought.by)


def _laid(brought: Brought, row: Row) -> LaidTask:
    start = brought.start
    is_held = row["id"] == GO_LIVE and brought.course.is_held
    is_seven = is_held or (start.seven_days and row.get("calendar") == SEVEN_DAYS)
    return LaidTask(
        key=row["id"],
        phase=row["phase"],
        name=row["name"],
        duration=scaled(row["days"], start.percent),
        after=[
            link._replace(lag=scaled(link.lag, start.percent))
            for link in filter(None, map(link_of, row["after"]))
        ],
        notes=role_note(brought.document, row),
        milestone=brought.milestones.get(row["id"]),
        calendar=every_day(brought.by) if is_seven else None,
        not_before=start.go_live if is_held else None,
    )


def every_day(by: User | None) -> WorkCalendar:
    """Return the calendar of seven-day work; made once."""
    plain = WorkCalendar.objects.filter(weekdays=EVERY_DAY, exceptions=None).order_by("pk").first()
    return plain or create_calendar(
        name="Every day of the week", weekdays=EVERY_DAY, days=(), by=by
    )


def example_total(document: Document, sizes: Mapping[str, Any]) -> Decimal:
    """Return the example's sum for these sizes: in proportion to the first size that is a number."""
    total = Decimal(str(document["budget"].get("illustrative_total") or 0))
    for name, given in (document.get("scale") or {}).items():
        if isinstance(given, int | float):
            wanted = sizes.get(name, given)
            return grown(total, given, wanted) if isinstance(wanted, int | float) else total
    return total


def _budget(brought: Brought) -> None:
    """Add the lines: with the sum that was given they are booked, the example's sum is only said."""
    rows, total = brought.rows(BUDGET), brought.start.total
    booked = total is not None
    whole = total if total is not None else example_total(brought.document, brought.start.sizes)
    parts = shared(whole, [Decimal(str(row["share"])) for row in rows])
    for row, amount in zip(rows, parts, strict=True):
        line = create_budget_line(
            project=brought.project,
            by=brought.by,
            category=row["name"],
            kind=line_kind(row, rows),
            amount=amount if booked else None,
            stated_reason="" if booked else example_reason(amount),
        )
        if booked and row["kind"] == RESERVE and amount:
            set_aside(brought.project, amount, brought.by)
        brought.keep(BUDGET, row, amount=amount, record_kind=ItemKind.LINE, record_pk=line.pk)


def line_kind(row: Row, rows: list[dict[str, Any]]) -> str:
    """Return the kind of a line; contingency is of the kind that most of the money is."""
    if row["kind"] != RESERVE:
        return str(row["kind"])
    of_kind = {
        kind: sum(one["share"] for one in rows if one["kind"] == kind) for kind in BudgetKind
    }
    return max(BudgetKind, key=lambda kind: of_kind[kind]).value


def example_reason(amount: Decimal) -> str:
    return f"Example of the template, not confirmed: {formats.money_exact(amount, organization().money)}"


def set_aside(project: Project, amount: Decimal, by: User | None) -> None:
    move_reserve(
        project=project, reserve=ReserveKind.CONTINGENCY, amount=amount, reason=SET_ASIDE, by=by
    )


def _roles(brought: Brought) -> None:
    for row in brought.rows(ROLES):
        brought.keep(ROLES, row, filled_by=brought.people.get(row["key"]))


def _stakeholders(brought: Brought) -> None:
    for row in brought.rows(STAKEHOLDERS):
        made = create_stakeholder(project=brought.project, by=brought.by, **stakeholder_fields(row))
        brought.keep(STAKEHOLDERS, row, record_kind=ItemKind.STAKEHOLDER, record_pk=made.pk)


def stakeholder_fields(row: Row) -> dict[str, Any]:
    return {
        "name": row["group"],
        "category": row["category"],
        "power": LEVELS[row["power"]],
        "interest": LEVELS[row["interest"]],
        "engagement": row["now"],
        "engagement_wanted": row["wanted"],
    }


def _risks(brought: Brought) -> None:
    for row in brought.rows(RISKS):
        made = create_risk(
            project=brought.project,
            by=brought.by,
            external_id=row["id"],
            owner=brought.people.get(row["owner"]),
            **risk_fields(row),
        )
        brought.keep(RISKS, row, record_kind=ItemKind.RISK, record_pk=made.pk)


def risk_fields(row: Row) -> dict[str, Any]:
    return {
        "title": row["name"],
        "likelihood": row["likelihood"],
        "impact": row["consequence"],
        "inherent_likelihood": row["likelihood"],
        "inherent_impact": row["consequence"],
        "strategy": row["response"],
        "response": row["action"],
    }


def _messages(brought: Brought) -> None:
    """Plan what is said to whom; what waits for a named person is kept until it can be planned."""
    for row in brought.rows(COMMUNICATION):
        item = item_of(brought.project, COMMUNICATION, row, brought.tasks)
        made = None
        if can_plan(brought.project, item):
            made = plan_message(
                project=brought.project,
                item=item,
                sender=brought.people.get("pm"),
                finish=brought.course.finish,
                by=brought.by,
            )
        brought.keep(
            COMMUNICATION,
            row,
            record_kind=ItemKind.MESSAGE if made else "",
            record_pk=made.pk if made else None,
        )


def _kept(section: SectionSpec) -> Callable[[Brought], None]:
    def bring(brought: Brought) -> None:
        for row in brought.rows(section):
            brought.keep(section, row)

    return bring
