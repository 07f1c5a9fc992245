"""What came with a template, with the days that the plan gives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from portfolio.starts.models import ItemState, ProjectStart, StartItem
from projects.models import Project, Task
from projects.project_templates.domain.network import counted_from
from projects.project_templates.domain.sections import (
    ADOPTION,
    BY_NAME,
    PHASES,
    SECTIONS,
    START,
    TASKS,
    SectionSpec,
)
from projects.project_templates.models import ProjectTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedItem:
    """An item with its days, the first one next; no day where its anchor is gone."""

    item: StartItem
    section: SectionSpec
    days: Sequence[date]

    @property
    def day(self) -> date | None:
        return self.days[0] if self.days else None


def start_of(project: Project) -> ProjectStart | None:
    rows = ProjectStart.objects.filter(project=project)
    return rows.select_related("from_version__template").first()


def template_started_from(project: Project) -> ProjectTemplate | None:
    start = start_of(project)
    return start.from_version.template if start else None


def items_of(project: Project, *sections: str) -> list[DatedItem]:
    """Return what stands of these sections, or of all that are no rows of the plan, in their order."""
    wanted = sections or [one.name for one in SECTIONS if one not in (TASKS, PHASES)]
    rows = StartItem.objects.filter(project=project, section__in=wanted).standing().in_order()
    last = _last_day(project)
    return [_dated(item, project, last) for item in rows.select_related("anchor", "filled_by")]


def _last_day(project: Project) -> date | None:
    found: date | None = Task.objects.filter(project=project).aggregate(last=Max("finish"))["last"]
    return found


def _dated(item: StartItem, project: Project, last: date | None) -> DatedItem:
    item.project = project  # who may decide on it is asked of the project, once
    return DatedItem(
        item=item, section=BY_NAME[item.section], days=days_of(item, project.start_date, last)
    )


def days_of(item: StartItem, begins: date | None, last: date | None) -> list[date]:
    """
    Return the days of an item, counted from where the plan has its anchor now.

    Repeated ones go on until the plan's last day; nothing where there is no anchor any more.
    """
    said = item.said
    day = begins if said.get("from") == START else item.anchor.finish if item.anchor else None
    if day is None:
        return []
    if item.section == ADOPTION.name:
        rows = [{"calendar_days": days} for days in said["check_days_after_go_live"]]
    else:
        rows = [{**said, "calendar_days": said.get("calendar_days", 0)}]
    return sorted(one for row in rows for one in counted_from(day, row, until=last or day))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCounts:
    """How much of what came with a template waits for somebody."""

    examples: int
    confirmed: int
    open_roles: int
    roles: int


def counts_of(project: Project) -> StartCounts:
    standing = StartItem.objects.filter(project=project).standing()
    roles = Q(section="roles")
    found = standing.aggregate(
        examples=Count("pk", filter=Q(state=ItemState.EXAMPLE)),
        confirmed=Count("pk", filter=Q(state=ItemState.CONFIRMED)),
        open_roles=Count("pk", filter=roles & Q(filled_by=None)),
        roles=Count("pk", filter=roles),
    )
    return StartCounts(**found)
