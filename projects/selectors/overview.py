"""What the list of projects and the page of one project say, in a fixed number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import PROJECT_ROLES
from pmo.common.page.inline_charts import StripMark
from pmo.common.records.prepared import prepared
from pmo.common.records.search import as_read
from projects.domain.calendar import week_of
from projects.domain.colors import Color, is_better
from projects.domain.health import is_stale
from projects.domain.stages import ACTIVE
from projects.models import (
    Milestone,
    Project,
    ProjectMember,
    ProjectQuerySet,
    Stakeholder,
    StatusUpdate,
)
from projects.rules import health_rules
from projects.selectors.figures import Figures, figures_of

STRIP_LENGTH = 12  # more marks than this cannot be told apart
NEXT_SHOWN = 5
EVERY = Q(pk__isnull=False)
FINISH = Coalesce("actual_finish_date", "forecast_finish_date")
FINISH_SLIP = ExpressionWrapper(
    FINISH - F("baseline_finish_date"),
    output_field=DurationField(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the manager says: `color` is NONE when nothing was said lately, `said` is what was."""

    color: Color = Color.NONE
    said: Color = Color.NONE
    updated_on: date | None = None
    is_stale: bool = True
    update: StatusUpdate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCounts:
    """All and active ones; of these late are past the baseline, unknown lack one of the two dates."""

    total: int
    listed: int  # of the total, those chosen by a filter
    active: int
    late: int
    unknown: int
    worst_slip: int | None


class ProjectRow(NamedTuple):
    """One line of the list."""

    project: Project
    declared: Declared
    figures: Figures

    @property
    def is_disputed(self) -> bool:
        """True when the manager's color is better news than the data's."""
        return is_better(self.declared.color, self.figures.overall.color)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything of a project's first page that comes from this app."""

    row: ProjectRow
    upcoming: list[Milestone]
    strip: list[StripMark]
    members: list[ProjectMember]
    stakeholders: list[Stakeholder]


def counts_of(projects: ProjectQuerySet, *, chosen: Q = EVERY) -> ProjectCounts:
    """Count `projects`, those `chosen`, and the active ones by finish, in one query."""
    # dates are compared as they are: the slip in days is worked out only for those that are late
    late = Q(finish__gt=F("baseline_finish_date"))
    # by stage, for a row is placed once where a filter would ask each figure anew whether it is active
    by_stage = list(
        projects.annotate(finish=FINISH, slip=FINISH_SLIP)
        .order_by()
        .values("stage")
        .annotate(
            total=Count("pk"),
            listed=Count("pk", filter=chosen),
            late=Count("pk", filter=late),
            unknown=Count("pk", filter=Q(finish=None) | Q(baseline_finish_date=None)),
            worst=Max("slip", filter=late),
        )
    )
    active = [row for row in by_stage if row["stage"] in ACTIVE]
    worst = max((row["worst"] for row in active if row["worst"]), default=None)
    return ProjectCounts(
        total=sum(row["total"] for row in by_stage),
        listed=sum(row["listed"] for row in by_stage),
        active=sum(row["total"] for row in active),
        late=sum(row["late"] for row in active),
        unknown=sum(row["unknown"] for row in active),
        worst_slip=worst.days if worst else None,
    )


def hidden_from(user: User, *, seen: int) -> int:
    """Count the projects that a reader of so many does not see; few that are kept back are counted themselves."""
    kept = Project.objects.kept_from(user)
    return Project.objects.count() - seen if kept is None else kept.count()


def declared_of(ids: Collection[int], *, as_of: date) -> dict[int, Declared]:
    """Return what was last said about each project, by project id."""
    found, rules = {pk: Declared() for pk in ids}, health_rules()
    for update in _last_said(ids, week_of(as_of)):
        on = timezone.localtime(update.published_at).date() if update.published_at else None
        stale = is_stale(on, as_of=as_of, rules=rules)
        said = Color(update.overall or Color.NONE)
        found[update.project_id] = Declared(
            color=Color.NONE if stale else said,
            said=said,
            updated_on=on,
            is_stale=stale,
            update=update,
        )
    return found


@prepared
def _last_said(ids: Collection[int], until: date) -> "QuerySet[StatusUpdate]":
    updates = StatusUpdate.objects.published().filter(project__in=ids)
    return updates.latest_per_project(until=until)


def in_order(ids: Collection[int]) -> list[Project]:
    """
    Return the projects of one page with what its rows show, in the order of `ids`.

    A list sorts ids alone: sorting ten thousand whole records to show 25 costs twice as much.
    """
    found = {project.pk: project for project in _named(ids)}
    return [found[pk] for pk in ids if pk in found]


@prepared
def _named(ids: Collection[int]) -> "QuerySet[Project]":
    return Project.objects.filter(pk__in=ids).select_related("unit").with_names()


def rows_of(projects: Iterable[Project], *, as_of: date) -> list[ProjectRow]:
    rows = list(projects)
    figures = figures_of(rows, as_of=as_of)
    declared = declared_of([project.pk for project in rows], as_of=as_of)
    return [ProjectRow(p, declared[p.pk], figures[p.pk]) for p in rows]


def overview_of(project: Project, *, as_of: date) -> Overview:
    milestones = _milestones(project.pk)
    undone = [milestone for milestone in milestones if milestone.actual_date is None]
    return Overview(
        row=rows_of([project], as_of=as_of)[0],
        upcoming=undone[:NEXT_SHOWN],
        strip=[_mark(milestone) for milestone in _near(milestones, undone)],
        members=members_of(project),
        stakeholders=stakeholders_of(project),
    )


@prepared
def _milestones(project: int) -> "QuerySet[Milestone]":
    return Milestone.objects.filter(project=project).by_date()


def members_of(project: Project) -> list[ProjectMember]:
    """Return who is named, the answerable first."""
    order = {role.value: place for place, role in enumerate(PROJECT_ROLES)}
    return sorted(_members(project.pk), key=lambda member: order[member.role])


@prepared
def _members(project: int) -> "QuerySet[ProjectMember]":
    members = ProjectMember.objects.filter(project=project).select_related("user")
    return members.order_by(*as_read("user__name", "pk"))


def stakeholders_of(project: Project) -> list[Stakeholder]:
    """Return the most powerful first, and among them the most interested."""
    return _stakeholders(project.pk)


@prepared
def _stakeholders(project: int) -> "QuerySet[Stakeholder]":
    rows = Stakeholder.objects.filter(project=project)
    return rows.order_by(*as_read("-power", "-interest", "name", "pk"))


def _near(milestones: list[Milestone], undone: list[Milestone]) -> list[Milestone]:
    """Keep what fits on a strip: what comes next, and before it what was done last."""
    coming = undone[: STRIP_LENGTH - STRIP_LENGTH // 3]
    done = [milestone for milestone in milestones if milestone.actual_date is not None]
    return done[-(STRIP_LENGTH - len(coming)) :] + coming


def _mark(milestone: Milestone) -> StripMark:
    return StripMark(
        name=milestone.name,
        date=milestone.due_date,
        done=milestone.actual_date is not None,
        days_late=milestone.slip_days,
    )
