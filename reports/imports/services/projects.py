"""Write rows about projects: the project, its people, money and status; a second time changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.records import ledger
from portfolio import services as portfolios
from portfolio.models import PortfolioProject
from projects.domain.stages import Stage
from projects.models import (
    BudgetLine,
    CostEntry,
    ForecastEntry,
    Project,
    ProjectMember,
    StatusUpdate,
)
from projects.services import money, projects
from reports.imports.domain import ImportRow
from reports.imports.domain.likeness import is_same_text
from reports.imports.services.known import Known, held_projects
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Change, Setting, Written
from reports.imports.services.showing import change_of, reasons_changed
from reports.imports.services.statuses import publish_said

KIND = "project"
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
OURS = {own: name for name, own in (COPIED | DATES | {"unit": "unit", "program": "program"}).items()}  # fmt: skip
PEOPLE = {"manager": Role.MANAGER, "sponsor": Role.SPONSOR}
BUDGET_LINE = "Approved budget"
LONGEST_REASON = 200


@dataclass(slots=True)
class Begun:
    """A row whose project is there, and what belongs to it not yet."""

    row: ImportRow
    project: Project
    is_new: bool
    people: dict[str, User]
    changes: list[Change]


class ProjectWriter:
    """Writes rows of one day in two goes: the projects, then their people, money and status."""

    later = (
        Project,
        ProjectMember,
        BudgetLine,
        ForecastEntry,
        CostEntry,
        StatusUpdate,
        PortfolioProject,
    )

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Lock and read the projects that the rows are about."""
        self._held = held_projects(setting.lookups.keys(rows, "code"))

    def begin(self, row: ImportRow, setting: Setting) -> Begun:
        """Create or change the project itself; raise one of `refusals.ERRORS`."""
        key = setting.lookups.key(row)
        people = {field: user for field in PEOPLE if (user := setting.lookups.person(row, field))}
        if key is None:
            return Begun(row, _create(row, setting), True, people, [])
        if key not in self._held:
            raise RowRefusedError("code", "This project is gone.", "Check the file again.")
        project = self._held[key]
        setting.lookups.may_change(project)
        return Begun(row, project, False, people, _change(project, row, setting))

    def settle(self, begun: Sequence[Begun], setting: Setting) -> None:
        """Read what the rows' parts are compared with; the projects are in the database by now."""
        first = begun[0].row
        for one in begun:
            if one.is_new:
                setting.lookups.add(one.project)
        prefetch_related_objects([one.project for one in begun], "members__user", "baselines")
        self._known = Known(
            [one.project for one in begun if not one.is_new],
            setting.fields,
            day=setting.day_of(first),
            is_dated="as_of" in first.values,
            portfolio=setting.portfolio,
        )

    def finish(self, begun: Begun, setting: Setting) -> Written:
        """Write the project's parts; raise one of `refusals.ERRORS`."""
        changes = list(begun.changes)
        for part in PARTS:
            changes += part(begun, setting, self._known)
        if begun.is_new:
            said = begun.row.values.items()
            brings = [change_of(KIND, name, None, value) for name, value in said if name != "as_of"]
            return Written("created", tuple(brings), begun.project.pk)
        return Written("updated" if changes else "unchanged", tuple(changes), begun.project.pk)


def _fields(row: ImportRow, setting: Setting, known: Project | None) -> dict[str, Any]:
    """Return the project's own fields that the row speaks of; blank cells leave things as they are."""
    fields: dict[str, Any] = {
        own: row.values[name] for name, own in COPIED.items() if name in row.values
    }
    reasons = dict(known.stated_reasons) if known else {}
    if known:
        fields = {k: v for k, v in fields.items() if not is_same_text(getattr(known, k), v)}
    for name, own in DATES.items():
        if known and _is_settled(known, row, name, setting):
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


def _is_settled(known: Project, row: ImportRow, name: str, setting: Setting) -> bool:
    """
    Say whether a date is left alone: one that is filled once only, and is.

    So is a forecast of the day on which the project did finish: our own files state that one.
    """
    if name in setting.once:
        return getattr(known, DATES[name]) is not None
    done = known.actual_finish_date
    return name == "forecast_finish" and done is not None and row.values.get(name) == done


def _create(row: ImportRow, setting: Setting) -> Project:
    fields = _fields(row, setting, None)
    if "unit" not in fields:
        raise RowRefusedError(
            "unit",
            "A new project needs a unit.",
            "A column with units, or one unit for the rows that name none.",
        )
    if "code" not in fields:
        fields["code"] = setting.lookups.free_code()
    if stage := row.values.get("stage") or setting.stage:
        fields["stage"] = stage
    elif setting.names_stages:
        raise RowRefusedError(
            "stage",
            "A new project needs a stage.",
            "A stage in this row, or one for all new projects that name none.",
        )
    return projects.create_project(by=setting.by, **fields)


def _change(project: Project, row: ImportRow, setting: Setting) -> list[Change]:
    before = project.version
    fields = _fields(row, setting, project)
    changes = [
        change_of(KIND, OURS[own], getattr(project, own), value)
        for own, value in fields.items()
        if own in OURS and getattr(project, own) != value
    ]
    reasons = list(reasons_changed(project.stated_reasons, fields["stated_reasons"]))
    changed = projects.change_project(project=project, version=None, by=setting.by, **fields)
    return (changes or reasons) if changed.version != before else []


def _stage(begun: Begun, setting: Setting, _known: Known) -> list[Change]:
    target, now = begun.row.values.get("stage"), begun.project.stage
    if target is None or now == target:
        return []
    projects.change_stage(
        project=begun.project,
        target=Stage(str(target)),
        reason=f"Imported from {setting.file_name}",
        version=None,
        by=setting.by,
    )
    return [change_of(KIND, "stage", now, target)]


def _people(begun: Begun, setting: Setting, _known: Known) -> list[Change]:
    """Name the row's people; whoever held the role before leaves it, unless the person is among them."""
    changes, project = [], begun.project
    for field, user in begun.people.items():
        role = PEOPLE[field]
        holders = [member for member in project.members.all() if member.role == role]
        others = [member for member in holders if member.user_id != user.pk]
        if len(others) < len(holders):
            continue
        projects.name_person(project=project, user=user, role=role, by=setting.by)
        if others and (book := ledger.current()):
            # the last manager may leave once the next one is there
            book.put_down()
        for member in others:
            projects.unname_person(member=member, by=setting.by)
        before = ", ".join(sorted(member.user.name for member in holders))
        changes.append(change_of(KIND, field, before, user.name))
    return changes


def _budgets(begun: Begun, setting: Setting, known: Known) -> list[Change]:
    years = {"approved_budget": None, "year_budget": setting.fiscal_year_of(begun.row)}
    return [
        change
        for field, year in years.items()
        if (change := _budget(begun, setting, known, field, year))
    ]


def _budget(
    begun: Begun, setting: Setting, known: Known, field: str, year: int | None
) -> Change | None:
    """Write the amount as the one line of its year; None when nothing changed."""
    said = _amount(begun.row, field)
    if said is None:
        return None
    amount, reason = said
    lines = known.lines(begun.project, year)
    own = [line for line in lines if line.category == BUDGET_LINE]
    if len(lines) > len(own):
        if amount is not None and sum((line.amount or Decimal()) for line in lines) == amount:
            return None
        raise RowRefusedError(
            field,
            "This budget is kept in several lines, whose sum differs.",
            "The sum of the lines, or a change of the lines on the project's budget page.",
        )
    if not own:
        money.create_budget_line(
            project=begun.project,
            by=setting.by,
            category=BUDGET_LINE,
            fiscal_year=year,
            amount=amount,
            stated_reason=reason,
        )
        return change_of(KIND, field, None, _said_of(amount, reason))
    before, old = own[0].version, _said_of(own[0].amount, own[0].stated_reason)
    line = money.change_budget_line(
        line=own[0], version=None, by=setting.by, amount=amount, stated_reason=reason
    )
    return change_of(KIND, field, old, _said_of(amount, reason)) if line.version != before else None


def _said_of(amount: Decimal | None, reason: str) -> Decimal | str:
    return reason if amount is None else amount


def _amount(row: ImportRow, field: str) -> tuple[Decimal | None, str] | None:
    """Return amount and reason, one of them empty; None when the row does not speak of it."""
    value = row.values.get(field)
    if isinstance(value, Decimal):
        return value, ""
    if field in row.reasons:
        return None, row.reasons[field][:LONGEST_REASON]
    return None


def _forecasts(begun: Begun, setting: Setting, known: Known) -> list[Change]:
    changes = []
    years = {"forecast_cost": None, "year_forecast": setting.fiscal_year_of(begun.row)}
    for field, year in years.items():
        said = _amount(begun.row, field)
        if said is None:
            continue
        amount, reason = said
        standing = known.forecast(begun.project, year)
        entry = money.import_forecast(
            project=begun.project,
            amount=amount,
            stated_reason=reason,
            fiscal_year=year,
            stated_on=setting.day_of(begun.row),
            by=setting.by,
            standing=standing,
        )
        if entry:
            old = _said_of(standing.amount, standing.stated_reason) if standing else None
            changes.append(change_of(KIND, field, old, _said_of(amount, reason)))
    return changes


def _spent(begun: Begun, setting: Setting, known: Known) -> list[Change]:
    """Book the difference to what is booked: the file gives the total so far."""
    value = begun.row.values.get("spent")
    if not isinstance(value, Decimal):
        return []
    booked = known.booked(begun.project)
    if value == booked:
        return []
    money.record_cost(
        project=begun.project,
        by=setting.by,
        entry_date=setting.day_of(begun.row),
        amount=value - booked,
        note=f"Spent to date, from {setting.file_name}"[:LONGEST_REASON],
    )
    return [change_of(KIND, "spent", booked, value)]


def _status(begun: Begun, setting: Setting, known: Known) -> list[Change]:
    return publish_said(KIND, begun.row, begun.project, setting, known)


def _membership(begun: Begun, setting: Setting, known: Known) -> list[Change]:
    if setting.portfolio is None:
        return [Change("", "Portfolio", "empty", setting.entering)] if setting.entering else []
    if known.entry(begun.project):
        return []
    portfolios.add_project(
        portfolio=setting.portfolio,
        project=begun.project,
        by=setting.by,
        on=setting.day_of(begun.row),
        present=None,
    )
    return [Change("", "Portfolio", "empty", setting.portfolio.name)]


Part = Callable[[Begun, Setting, Known], list[Change]]
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
