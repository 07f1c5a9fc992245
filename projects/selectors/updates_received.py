"""Whose status update is due, came in, or is missing, for many projects in a fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.models import User, marked
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.roles import Role
from pmo.common.models import Job, JobState
from pmo.common.page import formats as written
from pmo.common.records.search import as_read
from projects.domain.colors import Color, is_better
from projects.domain.health import Measure
from projects.domain.labels import Labeled
from projects.domain.origins import is_imported
from projects.domain.stages import REPORTING
from projects.measures import disputed
from projects.models import Project, ProjectMember, StatusUpdate
from projects.models.project import ProjectQuerySet
from projects.models.status import UpdateState
from projects.office import are_updates_optional
from projects.selectors.figures import Figures, figures_of
from projects.selectors.status import MovedSince, UpdateDue, changes_since, due_now

PAGE_SIZE = 25
SILENT = timedelta(weeks=2)
REMINDER = "status.reminder"  # the kind of job that mails one project manager


class Arrival(Labeled):
    """Where the update of a week is, what needs chasing first."""

    MISSING = "missing", "Not started"
    DRAFT = "draft", "Draft open"
    RECEIVED = "received"
    OPTIONAL = "optional", "Not required"


RANKS = {Arrival.MISSING: 0, Arrival.DRAFT: 1, Arrival.RECEIVED: 2, Arrival.OPTIONAL: 3}


class SaidLast(NamedTuple):
    """What the manager of one project said last, and is about to say."""

    last: StatusUpdate | None
    draft: StatusUpdate | None

    def came(self, week: date, *, is_optional: bool) -> Arrival:
        if self.last and self.last.week >= week:
            return Arrival.RECEIVED
        if self.draft:
            return Arrival.DRAFT
        return Arrival.OPTIONAL if is_optional else Arrival.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """How far the update of one project is, and what its last one says beside the data."""

    project: Project
    came: Arrival
    due: UpdateDue
    last: StatusUpdate | None
    draft: StatusUpdate | None
    measured: Measure
    is_optional: bool  # the kind of office leaves the update to the manager

    @property
    def is_from_table(self) -> bool:
        return self.last is not None and is_imported(self.last.published_rating)

    @property
    def declared(self) -> Color:
        return Color(self.last.overall or Color.NONE) if self.last else Color.NONE

    @property
    def is_disputed(self) -> bool:
        return is_better(self.declared, self.measured.color)


@dataclass(frozen=True, slots=True, kw_only=True)
class MyProject(Reported):
    """One project somebody is named on."""

    roles: str
    may_write: bool
    is_due: bool
    moved: Sequence[MovedSince]

    @property
    def url(self) -> str:
        if self.came is Arrival.RECEIVED and not self.draft and self.last:
            return self.last.get_absolute_url()
        return reverse("projects:status_form", args=[self.project.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The projects of one person, those that owe an update first."""

    page: "Page[Project]"
    rows: Sequence[MyProject]
    owed: int  # updates this person owes this week
    reporting: int  # projects this person reports on


def my_projects(user: User, *, now: datetime, page: str | None) -> Mine:
    due = due_now(now)
    named = ProjectMember.objects.filter(user=user)
    manages = Exists(named.filter(project=OuterRef("pk"), role=Role.MANAGER))
    projects = (
        Project.objects.visible_to(user)
        .active()
        .filter(pk__in=named.values("project_id"))
        .annotate(manages=manages, is_optional=are_updates_optional())
    )
    reports = Q(manages=True, stage__in=REPORTING, is_optional=False)
    owed = reports & ~Q(pk__in=_reported(due.week))
    counts = projects.aggregate(
        owed=Count("pk", filter=owed), reporting=Count("pk", filter=reports)
    )
    first = Case(When(owed, then=Value(0)), When(manages=True, then=Value(1)), default=Value(2))
    shown = Paginator(projects.order_by(first, *as_read("name", "pk")), PAGE_SIZE).get_page(page)
    rows = list(shown)
    roles = _roles_of(user, [row.pk for row in rows])
    said = _said([row.pk for row in rows])
    found = figures_of(rows, as_of=due.now.date())
    return Mine(
        page=shown,
        rows=[_my_row(row, due, roles[row.pk], said[row.pk], found[row.pk]) for row in rows],
        **counts,
    )


def _my_row(
    row: Any, due: UpdateDue, roles: list[Role], said: SaidLast, found: Figures
) -> MyProject:
    came = said.came(due.week, is_optional=row.is_optional)
    is_owed = row.manages and row.is_reporting and not row.is_optional
    return MyProject(
        project=row,
        roles=", ".join(role.label for role in roles),
        may_write=row.manages,
        came=came,
        is_due=is_owed and came is not Arrival.RECEIVED,
        is_optional=row.is_optional,
        due=due,
        last=said.last,
        draft=said.draft,
        measured=found.overall,
        moved=changes_since(said.last, row, found),
    )


def _roles_of(user: User, ids: Collection[int]) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = {pk: [] for pk in ids}
    rows = ProjectMember.objects.filter(user=user, project__in=ids).order_by("pk")
    for pk, role in rows.values_list("project_id", "role"):
        found[pk].append(Role(role))
    return found


def _reported(since: date) -> "QuerySet[Any, Any]":
    """
    Return the ids of projects with a published update of that week or a later one.

    Nothing in it depends on the row outside: the database reads it once, however many rows ask.
    """
    said = StatusUpdate.objects.published().filter(week__gte=since)
    return said.order_by().values("project_id")


def _said(ids: Collection[int]) -> dict[int, SaidLast]:
    """Return the last published update and the open draft of a few projects."""
    rows = StatusUpdate.objects.filter(project__in=ids).select_related("author")
    last = StatusUpdate.objects.published().filter(project=OuterRef("project")).newest_first()
    rows = rows.filter(Q(state=UpdateState.DRAFT) | Q(pk=Subquery(last.values("pk")[:1])))
    found = {pk: SaidLast(None, None) for pk in ids}
    for row in rows.order_by("pk"):
        name = "last" if row.is_published else "draft"
        found[row.project_id] = found[row.project_id]._replace(**{name: row})
    return found


def chased_by(user: User) -> ProjectQuerySet:
    """Keep the reporting projects whose managers this user may remind."""
    projects = Project.objects.reporting().visible_to(user)
    scope = scope_of(user, Permission.STATUS_CHASE)
    if scope.everywhere:
        return projects
    below = Q(pk__in=[])
    for path in scope.paths:
        below |= Q(unit__path__startswith=path)
    return projects.filter(below)


def missing(projects: ProjectQuerySet, *, week: date) -> ProjectQuerySet:
    """Keep the projects without a published update of that week."""
    return projects.exclude(pk__in=_reported(week))


class Reminder(NamedTuple):
    """Today's reminder to one manager, and where it stands."""

    state: JobState
    at: datetime | None  # when it was sent, or failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Reported):
    """One reporting project in a week, as the office follows it."""

    manager: str
    left: str  # managers who are still named and are deactivated
    came_late_at: datetime | None  # when it came, if that was late
    weeks_silent: int | None  # weeks since the last one; None when there was never one
    reminder: Reminder | None  # today's

    @property
    def is_late(self) -> bool:
        return self.came is not Arrival.RECEIVED and not self.is_optional and self.due.is_late


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many projects report, and where their updates are; these add up to `total`."""

    total: int
    missing: int
    draft: int
    received: int
    optional: int  # not required, and not sent or begun
    silent: int  # of those not received: nothing for two weeks or more
    disputed: int
    unreachable: int  # of those not received: no manager whom a mail reaches
    hidden: int  # reporting projects this reader may not see


def reporting_projects(user: User, *, week: date) -> ProjectQuerySet:
    """Return what `received_counts` counts and `received_rows` shows, what needs chasing first."""
    drafts = StatusUpdate.objects.drafts().order_by().values("project_id")
    quarrels = disputed()
    rank = Case(
        When(pk__in=_reported(week), then=Value(RANKS[Arrival.RECEIVED])),
        When(pk__in=drafts, then=Value(RANKS[Arrival.DRAFT])),
        When(is_optional=True, then=Value(RANKS[Arrival.OPTIONAL])),
        default=Value(RANKS[Arrival.MISSING]),
    )
    return (
        chased_by(user)
        .annotate(is_optional=are_updates_optional())
        .annotate(
            rank=rank,
            is_silent=_flag(~Q(pk__in=_reported(week - SILENT + timedelta(days=1)))),
            is_disputed=_flag(Q(pk__in=[] if quarrels is None else quarrels)),
        )
        .order_by(*as_read("rank", "-is_silent", "name", "pk"))
    )


def _flag(condition: Q) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


_OPEN = [RANKS[Arrival.MISSING], RANKS[Arrival.DRAFT]]


def received_counts(projects: ProjectQuerySet) -> Counts:
    found = projects.order_by().aggregate(
        total=Count("pk"),
        **{came.value: Count("pk", filter=Q(rank=RANKS[came])) for came in Arrival},
        silent=Count("pk", filter=Q(is_silent=True, is_optional=False)),
        disputed=Count("pk", filter=Q(is_disputed=True)),
        unreachable=Count("pk", filter=Q(rank__in=_OPEN) & ~_is_reached()),
    )
    return Counts(hidden=Project.objects.reporting().count() - found["total"], **found)


def received_rows(rows: Sequence[Any], *, now: datetime) -> list[Received]:
    due = due_now(now)
    ids = [row.pk for row in rows]
    said = _said(ids)
    found = figures_of(rows, as_of=due.now.date())
    managers, left = _managers(ids)
    reminders = _reminders({user for named in managers.values() for user in named}, due.now.date())
    return [
        _received(
            row,
            due,
            said[row.pk],
            measured=found[row.pk].overall,
            managers=managers[row.pk],
            left=left[row.pk],
            reminders=reminders,
        )
        for row in rows
    ]


def came_late(last: StatusUpdate, due: UpdateDue) -> datetime | None:
    """Return when an update came, if late; one out of a spreadsheet is nobody's that was due."""
    if last.published_at is None or last.published_at <= due.at:
        return None
    if is_imported(last.published_rating):
        return None
    return timezone.localtime(last.published_at)


def _received(
    row: Any,
    due: UpdateDue,
    said: SaidLast,
    *,
    measured: Measure,
    managers: Mapping[int, str],
    left: Collection[str],
    reminders: Mapping[int, Reminder],
) -> Received:
    last, came = said.last, said.came(due.week, is_optional=row.is_optional)
    silent = (due.week - last.week).days // 7 if last else None
    return Received(
        project=row,
        manager=written.listing(managers.values()),
        left=written.listing(left),
        came=came,
        due=due,
        came_late_at=(
            came_late(last, due)
            if last and came is Arrival.RECEIVED and not row.is_optional
            else None
        ),
        weeks_silent=silent,
        last=last,
        draft=said.draft,
        measured=measured,
        is_optional=row.is_optional,
        reminder=next((reminders[user] for user in managers if user in reminders), None),
    )


def reminder_key(user_id: int, day: date) -> str:
    """Name the one reminder that somebody may get on a day."""
    return f"{day.isoformat()}:{user_id}"


def _reached() -> "QuerySet[ProjectMember]":
    """Keep the managers whom a mail reaches: active, with an address."""
    return ProjectMember.objects.filter(
        role=Role.MANAGER, user__is_active=True, user__email__isnull=False
    )


def _is_reached() -> Q:
    return Q(pk__in=_reached().values("project_id"))


def unreached(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Keep the projects of which nobody is reminded."""
    return projects.exclude(_is_reached())


def left_out(user: User, *, now: datetime) -> list[str]:
    """Name the projects that owe an update and of which this user's reminders reach nobody."""
    owed = unreached(missing(chased_by(user), week=due_now(now).week))
    return list(owed.order_by(*as_read("name", "pk")).values_list("name", flat=True))


def managers_of(projects: Any) -> list[int]:
    """Return the ids of the managers of these projects whom a mail reaches, each once."""
    rows = _reached().filter(project__in=projects)
    return sorted(set(rows.values_list("user_id", flat=True)))


def _managers(ids: Collection[int]) -> tuple[dict[int, dict[int, str]], dict[int, list[str]]]:
    """Return the active managers of each project, by id, with their names; and who was deactivated."""
    rows = ProjectMember.objects.filter(project__in=ids, role=Role.MANAGER).order_by("pk")
    found: dict[int, dict[int, str]] = {pk: {} for pk in ids}
    left: dict[int, list[str]] = {pk: [] for pk in ids}
    names = ("project_id", "user_id", "user__name", "user__is_active")
    for project, user, name, is_active in rows.values_list(*names):
        if is_active:
            found[project][user] = name
        else:
            left[project].append(marked(name))
    return found, left


def _reminders(users: Collection[int], day: date) -> dict[int, Reminder]:
    """Return today's reminder to each of these people who got one."""
    keys = {reminder_key(user, day): user for user in users}
    jobs = Job.objects.filter(kind=REMINDER, key__in=list(keys))
    return {
        keys[key]: Reminder(JobState(state), timezone.localtime(at) if at else None)
        for key, state, at in jobs.values_list("key", "state", "finished_at")
    }
