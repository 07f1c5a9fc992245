"""Write one project row: the project, its people, money and status; a second time changes nothing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from pmo.accounts.roles import Role
from portfolio import services as portfolios
from portfolio.models import PortfolioProject
from projects.domain.calendar import week_of
from projects.domain.kinds import CostKind
from projects.domain.origins import imported_from, is_imported
from projects.domain.stages import Stage
from projects.models import BudgetLine, Project, StatusUpdate
from projects.services import money, projects, status
from reports.imports.domain import RECORD_KINDS, ImportRow, normalized
from reports.imports.domain.cells import COLORS
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Setting, Written

KIND = RECORD_KINDS["project"]
# our field -> the project's own, for what is copied as it is
COPIED = {
    "code": "code",
    "name": "name",
    "description": "summary",
    "category": "category",
    "lane": "lane",
}
DATES = {
    "start_date": "start_date",
    "baseline_finish": "baseline_finish_date",
    "forecast_finish": "forecast_finish_date",
    "actual_finish": "actual_finish_date",
}
PEOPLE = {"manager": Role.MANAGER, "sponsor": Role.SPONSOR}
STATUS = ("color", "published_rating", "percent_complete", "summary")
BUDGET_LINE = "Approved budget"
LONGEST_REASON = 200


def write_project(row: ImportRow, setting: Setting) -> Written:
    """Create or update the row's project; raise one of `refusals.ERRORS`."""
    project = setting.lookups.project(row)
    is_new = project is None
    changes: list[str] = []
    if project is None:
        project = _create(row, setting)
    else:
        changes += _change(project, row, setting)
    for part in PARTS:
        changes += part(project, row, setting)
    outcome = "created" if is_new else "updated" if changes else "unchanged"
    return Written(outcome, tuple(dict.fromkeys(changes)), project.pk)


def _fields(row: ImportRow, setting: Setting, known: Project | None) -> dict[str, Any]:
    """Return the project's own fields that the row speaks of; blank cells leave things as they are."""
    fields: dict[str, Any] = {
        own: row.values[name] for name, own in COPIED.items() if name in row.values
    }
    reasons = dict(known.stated_reasons) if known else {}
    for name, own in DATES.items():
        if name in setting.once and known and getattr(known, own) is not None:
            continue
        if name in row.values:
            fields[own] = row.values[name]
            reasons.pop(name, None)
        elif name in row.reasons:
            fields[own] = None
            reasons[name] = row.reasons[name]
    if "color" in row.values:
        reasons.pop("overall", None)
        if "color" in row.reasons:
            reasons["overall"] = row.reasons["color"]
    fields["stated_reasons"] = reasons
    if unit := setting.lookups.unit(row):
        fields["unit"] = unit
    if program := setting.lookups.program(row):
        fields["program"] = program
    return fields


def _create(row: ImportRow, setting: Setting) -> Project:
    fields = _fields(row, setting, None)
    if "unit" not in fields:
        raise RowRefusedError(
            "unit",
            "A new project needs a unit.",
            "A column with units, or one unit for the rows that name none.",
        )
    fields.setdefault("code", _next_code())
    if stage := row.values.get("stage") or setting.stage:
        fields["stage"] = stage
    elif setting.names_stages:
        raise RowRefusedError(
            "stage",
            "A new project needs a stage.",
            "A stage in this row, or one for all new projects that name none.",
        )
    project = projects.create_project(by=setting.by, **fields)
    setting.lookups.add(project)
    return project


def _next_code() -> str:
    number = Project.objects.count() + 1
    while Project.objects.filter(code=f"P-{number:04}").exists():
        number += 1
    return f"P-{number:04}"


def _change(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    before = project.version
    fields = _fields(row, setting, project)
    names = {own: name for name, own in (COPIED | DATES | {"unit": "unit", "program": "program"}).items()}  # fmt: skip
    moved = [
        KIND.field(names[own]).label
        for own, value in fields.items()
        if own in names and getattr(project, own) != value
    ]
    changed = projects.change_project(project=project, version=None, by=setting.by, **fields)
    if changed.version == before:
        return []
    return moved or ["Stated reasons"]


def _stage(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    target = row.values.get("stage")
    if target is None or Project.objects.values_list("stage", flat=True).get(pk=project.pk) == target:  # fmt: skip
        return []
    projects.change_stage(
        project=project,
        target=Stage(str(target)),
        reason=f"Imported from {setting.file_name}",
        version=None,
        by=setting.by,
    )
    return ["Stage"]


def _people(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    """Name the row's people; whoever held the role before leaves it."""
    changes = []
    for field, role in PEOPLE.items():
        user = setting.lookups.person(row, field)
        if user is None:
            continue
        holders = list(project.members.filter(role=role))
        if not any(member.user_id == user.pk for member in holders):
            projects.name_person(project=project, user=user, role=role, by=setting.by)
            changes.append(KIND.field(field).label)
        for member in holders:
            if member.user_id != user.pk:
                projects.unname_person(member=member, by=setting.by)
                changes.append(KIND.field(field).label)
    return changes


def _budgets(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    years = {"approved_budget": None, "year_budget": setting.fiscal_year_of(row)}
    return [
        KIND.field(field).label
        for field, year in years.items()
        if _budget(project, row, setting, field, year)
    ]


def _budget(
    project: Project, row: ImportRow, setting: Setting, field: str, year: int | None
) -> bool:
    """Write the amount as the one line of its year; True when something changed."""
    said = _amount(row, field)
    if said is None:
        return False
    amount, reason = said
    lines = list(BudgetLine.objects.filter(project=project, fiscal_year=year))
    own = [line for line in lines if line.category == BUDGET_LINE]
    if len(lines) > len(own):
        if amount is not None and sum((line.amount or Decimal()) for line in lines) == amount:
            return False
        raise RowRefusedError(
            field,
            "This budget is kept in several lines, whose sum differs.",
            "The sum of the lines, or a change of the lines on the project's budget page.",
        )
    if not own:
        money.create_budget_line(
            project=project,
            by=setting.by,
            category=BUDGET_LINE,
            fiscal_year=year,
            amount=amount,
            stated_reason=reason,
        )
        return True
    before = own[0].version
    line = money.change_budget_line(
        line=own[0], version=None, by=setting.by, amount=amount, stated_reason=reason
    )
    return line.version != before


def _amount(row: ImportRow, field: str) -> tuple[Decimal | None, str] | None:
    """Return amount and reason, one of them empty; None when the row does not speak of it."""
    value = row.values.get(field)
    if isinstance(value, Decimal):
        return value, ""
    if field in row.reasons:
        return None, row.reasons[field][:LONGEST_REASON]
    return None


def _forecasts(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    changes = []
    years = {"forecast_cost": None, "year_forecast": setting.fiscal_year_of(row)}
    for field, year in years.items():
        said = _amount(row, field)
        if said is None:
            continue
        amount, reason = said
        entry = money.import_forecast(
            project=project,
            amount=amount,
            stated_reason=reason,
            fiscal_year=year,
            stated_on=setting.day_of(row),
            by=setting.by,
        )
        changes += [KIND.field(field).label] if entry else []
    return changes


def _spent(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    """Book the difference to what is booked: the file gives the total so far."""
    value = row.values.get("spent")
    if not isinstance(value, Decimal):
        return []
    day = setting.day_of(row)
    booked = project.cost_entries.filter(kind=CostKind.ACTUAL, entry_date__lte=day)
    difference = value - (booked.aggregate(total=Sum("amount"))["total"] or Decimal())
    if not difference:
        return []
    money.record_cost(
        project=project,
        by=setting.by,
        entry_date=day,
        amount=difference,
        note=f"Spent to date, from {setting.file_name}"[:LONGEST_REASON],
    )
    return [KIND.field("spent").label]


def _status(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    """Publish what the row says of the status, unless it is what was said already."""
    if not any(name in row.values for name in STATUS):
        return []
    said = _said(row, setting)
    week = week_of(setting.day_of(row))
    published = StatusUpdate.objects.published().filter(project=project)
    dated = published.filter(week=week) if "as_of" in row.values else published.filter(week__lte=week)  # fmt: skip
    latest = dated.newest_first().first()
    if latest and all(_is_same(name, getattr(latest, name), value) for name, value in said.items()):
        return []
    if StatusUpdate.objects.drafts().filter(project=project).exists():
        raise RowRefusedError(
            "color",
            "The manager is writing a status update of this project.",
            "Have the draft published or discarded first.",
        )
    status.publish_update(
        project=project, by=setting.by, week=week, at=setting.moment_of(row), **said
    )
    return ["Status"]


def _said(row: ImportRow, setting: Setting) -> dict[str, Any]:
    rating = row.values.get("published_rating") or row.reasons.get("color")
    if not rating and normalized(row.texts.get("color", "")) not in COLORS:
        rating = row.texts.get("color")  # a word of theirs that the mapping translates
    said: dict[str, Any] = {
        "published_rating": _clipped(str(rating), 60)
        if rating
        else imported_from(setting.file_name)
    }
    said["overall"] = str(row.values.get("color", "none"))
    if "summary" in row.values:
        said["overall_note"] = str(row.values["summary"])
    percent = row.values.get("percent_complete")
    if isinstance(percent, Decimal):
        said["percent_complete"] = int(percent.to_integral_value())
    return said


def _is_same(name: str, before: Any, now: Any) -> bool:
    """Say whether nothing new is said: the same words out of another file are not."""
    if name == "published_rating" and is_imported(before) and is_imported(now):
        return True
    return bool(before == now)


def _clipped(text: str, longest: int) -> str:
    """Cut at a bracket or a word, so that what stays reads as one."""
    if len(text) <= longest:
        return text
    head = text.split(" (", maxsplit=1)[0]
    return head if len(head) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0]}…"


def _membership(project: Project, row: ImportRow, setting: Setting) -> list[str]:
    if setting.portfolio is None:
        return []
    present = PortfolioProject.objects.filter(
        portfolio=setting.portfolio, project=project, removed_on=None
    )
    if present.exists():
        return []
    portfolios.add_project(
        portfolio=setting.portfolio, project=project, by=setting.by, on=setting.day_of(row)
    )
    return ["Portfolio"]


Part = Callable[[Project, ImportRow, Setting], list[str]]
PARTS: tuple[Part, ...] = (_stage, _people, _budgets, _forecasts, _spent, _status, _membership)


def leave(setting: Setting, staying: set[int], day: date) -> int:
    """End the membership of the portfolio's projects that are not among `staying`; return how many."""
    if setting.portfolio is None:
        return 0
    gone = PortfolioProject.objects.filter(
        portfolio=setting.portfolio, removed_on=None, added_on__lte=day
    ).exclude(project__in=staying)
    entries = list(gone.select_related("project").order_by("pk"))
    for entry in entries:
        portfolios.end_membership(entry=entry, by=setting.by, on=day)
    return len(entries)
