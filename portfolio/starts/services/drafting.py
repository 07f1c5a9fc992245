"""
A finished project as the draft of a template: what it did and how long it took, and who it was about.

Money becomes shares of a round sum. Nobody is named: roles stand for people, and names in texts are put
aside. What the project has not is left out, so that the check of a template says what is missing.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.domain.names import is_person, names_in, people_said, without_names
from portfolio.starts.domain.sharing import shared
from portfolio.starts.models import ItemState, StartItem
from portfolio.starts.selectors.here import LENGTHS, LEVELS
from portfolio.starts.selectors.items import start_of
from portfolio.starts.services.drafted_plan import MANAGER, DraftedPlan, drafted_plan
from portfolio.starts.words import drafting as words
from projects.communication.domain.timing import Cadence
from projects.communication.models import CommunicationItem
from projects.communication.selectors.items import SHOWN_WITH
from projects.domain.kinds import StakeholderCategory
from projects.models import BudgetLine, Project, Stakeholder
from projects.models.stakeholders import Level
from projects.project_templates.domain.checking import CODE, KEY
from projects.project_templates.domain.sections import (
    ADOPTION,
    ANCHORED,
    COMMUNICATION,
    LONGEST_TEXT,
    MEASURES,
    MOST_DAYS,
    OBLIGATIONS,
    RESERVE,
    RESPONSES,
    SCHEMA,
    START,
    TRAINING,
    SectionSpec,
)
from projects.project_templates.domain.texts import texts_of
from projects.project_templates.models import ProjectTemplate
from risks.models import Risk, RiskKind

PARTS = Decimal(1000)  # a sum shared out in cents, so that shares have five places
FIGURES = 2  # of the round sum
ROLES = {
    Role.MANAGER: (MANAGER, "Project manager"),
    Role.SPONSOR: ("sponsor", "Executive sponsor"),
    Role.CLINICAL_LEAD: ("clinical_lead", "Clinical lead"),
    Role.TEAM_MEMBER: ("team", "Project team"),
}
LONGEST_KEY = 20
# kept sections with the field that names a task
ANCHORED_BY = {ANCHORED: "from", OBLIGATIONS: "due", TRAINING: "by", MEASURES: "", ADOPTION: ""}


def draft_of(project: Project) -> dict[str, Any]:
    """Return the document of a template that a project like this would start from."""
    items = list(
        StartItem.objects.filter(project=project).exclude(state=ItemState.REMOVED).in_order()
    )
    roles = _roles(project, items)
    plan = drafted_plan(project, {role["name"]: role["key"] for role in roles})
    start = start_of(project)
    before = start.from_version.document if start else {}
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "code": free_template_code(project),
        "name": project.name,
        "category": project.category,
        "project_category": project.category,
        "lane": project.lane,
        "compliance_profile": list(before.get("compliance_profile") or []),
        "scale": dict(start.sizes) if start else {},
        "phases": plan.phases,
        "tasks": plan.tasks,
        "anchored": _kept(ANCHORED, items, plan),
        "budget": _budget(project, items),
        "roles": roles,
        "stakeholders": list(_stakeholders(project)),
        "risks": list(_risks(project, items)),
        "measures": _kept(MEASURES, items, plan),
        "obligations": _kept(OBLIGATIONS, items, plan),
        "training": _kept(TRAINING, items, plan),
        "adoption": _kept(ADOPTION, items, plan),
        "communication": _messages(project, plan),
    }
    said: dict[str, Any] = without_names(document, known_people(project))
    return {name: value for name, value in said.items() if value not in ([], {})}


def known_people(project: Project) -> list[str]:
    """Return the names of everybody who has an account, and of the people with a stake in the project."""
    rows = Stakeholder.objects.filter(project=project).order_by("pk")
    concerned = [
        name for name, position in rows.values_list("name", "position") if is_person(name, position)
    ]
    return [*User.objects.order_by("pk").values_list("name", flat=True), *concerned]


def people_in(document: Any, project: Project) -> list[str]:
    """Return whom the texts of a document name, and how somebody is reached."""
    return people_said(texts_of(document), known_people(project))


def free_template_code(project: Project) -> str:
    """Return a code for the template, from the project's."""
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in project.code.lower())
    stem = f"from_{plain}".strip("_")[:30]
    taken = set(
        ProjectTemplate.objects.filter(code__startswith=stem).values_list("code", flat=True)
    )
    code, number = stem, 1
    while code in taken or not CODE.fullmatch(code):
        number += 1
        code = f"{stem}_{number}"
    return code


def _roles(project: Project, items: list[StartItem]) -> list[dict[str, Any]]:
    """Return the roles that the template asked for, and those of the people named on the project."""
    found = {item.said["key"]: item.said["name"] for item in items if item.section == "roles"}
    held = set(project.members.values_list("role", flat=True)) | {Role.MANAGER.value}
    for role, (key, name) in ROLES.items():
        if role.value in held:
            found.setdefault(key, name)
    return [{"key": key, "name": name} for key, name in found.items()]


def _kept(section: SectionSpec, items: list[StartItem], plan: DraftedPlan) -> list[dict[str, Any]]:
    """Return what came with a template and has no record of its own, at the tasks as they are called now."""
    field = ANCHORED_BY[section]
    known = {row["id"] for row in plan.tasks}
    found = []
    for item in items:
        if item.section != section.name:
            continue
        row = dict(item.said)
        if field and row[field] != START:
            row[field] = plan.by_id.get(row[field], row[field])
            if row[field] not in known:
                continue
        found.append(row)
    return found


def _budget(project: Project, items: list[StartItem]) -> dict[str, Any]:
    """Return the lines as shares of a round sum; equal ones where no amount is known."""
    lines = list(BudgetLine.objects.filter(project=project).order_by("pk"))
    # whole-life lines, or those of years where there are no others: never both
    counted = [line for line in lines if line.fiscal_year is None] or lines
    kinds = {
        item.record_pk: item.said.get("kind") for item in items if item.record_kind == ItemKind.LINE
    }
    sums: dict[tuple[str, str], Decimal] = {}
    for line in counted:
        kind = RESERVE if kinds.get(line.pk) == RESERVE else str(line.kind)
        key = (str(line.category), kind)
        sums[key] = sums.get(key, Decimal()) + (line.amount or Decimal())
    if not sums:
        return {}
    total = sum(sums.values(), Decimal())
    parts = shared(PARTS, list(sums.values()) if total else [Decimal(1)] * len(sums))
    shares = [
        {"name": name, "kind": kind, "share": float(part / PARTS)}
        for (name, kind), part in zip(sums, parts, strict=True)
    ]
    return {"illustrative_total": _round(total), "lines": shares}


def _round(total: Decimal) -> int:
    """Return a sum to two figures: an example, and nobody's approved amount."""
    places = FIGURES - len(str(int(total)))
    return int(round(int(total), places)) if places < 0 else int(total)


def _stakeholders(project: Project) -> Iterator[dict[str, Any]]:
    levels = {level: name for name, level in LEVELS.items()}
    seen = set()
    rows = Stakeholder.objects.filter(project=project).select_related("group").order_by("pk")
    for one in rows:
        name = _audience(one)
        if name in seen:
            continue
        seen.add(name)
        yield {
            "group": name,
            "category": one.category_now or StakeholderCategory.CLINICAL_SERVICES.value,
            "power": levels[Level(one.power)],
            "interest": levels[Level(one.interest)],
            "now": one.engagement,
            "wanted": one.engagement_wanted,
        }


def _audience(one: Stakeholder) -> str:
    """Name a stakeholder as the register does, where it is there; a person is called by position."""
    name = str(one.group) if one.group is not None else str(one.name)
    position = "" if one.group is not None else str(one.position)
    if is_person(name, position) or _has_account(name):
        return str(one.position) or one.category_label or words.TO_PLAN
    return name


def _has_account(name: str) -> bool:
    return bool(names_in([name], list(User.objects.values_list("name", flat=True))))


def _risks(project: Project, items: list[StartItem]) -> Iterator[dict[str, Any]]:
    """Yield the threats as they were seen first, each with the role that looked after it."""
    owners = {
        item.filled_by_id: item.said["key"]
        for item in items
        if item.section == "roles" and item.filled_by_id
    }
    said = {item.record_pk: item.said for item in items if item.record_kind == ItemKind.RISK}
    for user, role in project.members.values_list("user", "role"):
        owners.setdefault(user, ROLES.get(Role(role), (MANAGER, ""))[0])
    rows = Risk.objects.filter(project=project, kind=RiskKind.THREAT).order_by("pk")
    taken: set[str] = set()
    for number, risk in enumerate(rows, start=1):
        own = str(risk.external_id)
        is_fine = KEY.fullmatch(own) and len(own) <= LONGEST_KEY and own not in taken
        key = own if is_fine else f"N{number}"
        taken.add(key)
        consequence = risk.inherent_impact or risk.impact
        likelihood = risk.inherent_likelihood or risk.likelihood
        yield {
            "id": key,
            "name": risk.title,
            "consequence": consequence,
            "likelihood": likelihood,
            "score": consequence * likelihood,
            "response": risk.strategy if risk.strategy in RESPONSES else "reduce",
            "owner": owners.get(risk.owner_id or 0) or said.get(risk.pk, {}).get("owner", MANAGER),
            "action": risk.response or words.TO_PLAN,
        }


def _messages(project: Project, plan: DraftedPlan) -> list[dict[str, Any]]:
    """Return what was said to whom, counted from the milestone it hung on or from the start."""
    found: dict[str, dict[str, Any]] = {}
    rows = CommunicationItem.objects.filter(project=project).select_related(*SHOWN_WITH)
    for item in rows.order_by("pk"):
        anchor = plan.by_milestone.get(item.milestone_id or 0)
        day = item.first_day
        if anchor is None and (day is None or project.start_date is None):
            continue
        days = item.offset_days if anchor else (day - project.start_date).days
        row = {
            "audience": _heard_by(item),
            "message": (item.text or item.message)[:LONGEST_TEXT],
            "channel": item.channel,
            "from": anchor or START,
            "calendar_days": max(-MOST_DAYS, min(days, MOST_DAYS)),
        }
        if repeat := LENGTHS.get(Cadence(item.cadence)):
            row["repeat_days"] = repeat
        found.setdefault(COMMUNICATION.key_of(row), row)
    return list(found.values())


def _heard_by(item: CommunicationItem) -> str:
    """Name the audience of a message; a person of the register is called by the part of the hospital."""
    if item.stakeholder:
        return _audience(item.stakeholder)
    if item.group and (is_person(str(item.group)) or _has_account(str(item.group))):
        return StakeholderCategory(item.group.category).label
    return str(item.audience)
