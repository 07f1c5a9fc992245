"""How far the dates of milestones were off, so many weeks before they came: of a portfolio, of a project."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Max, Min
from django.db.models.functions import Cast, Coalesce

from pmo.accounts.models import User, marked
from pmo.common.folding import fold
from pmo.organization.current import category_name
from projects.domain.earning.punctuality import HORIZONS, DoneMilestone, Spread, asked_on, spread_of
from projects.domain.kinds import MilestoneKind
from projects.domain.namesakes import Named, told_apart
from projects.models import Milestone, Project
from reports.cached_pages import kept
from reports.models import FrozenMilestone, Snapshot
from reports.selectors.documents import visible_ids
from reports.selectors.visible_rows import VisibleRows

WEEKS = 52  # that are looked back on
EVERYTHING = ""
# what is told apart, each a column of the table of misses; the first holds nothing but EVERYTHING
DIMENSIONS = (WHOLE, MANAGER, CATEGORY, KIND) = ("whole", "manager", "category", "kind")

# a manager's id as text, or the name where only that is known
WHO = Coalesce(Cast("manager_id", CharField()), "manager_name")

Spreads = Mapping[int, Spread]  # by horizon in weeks


class PunctualityGroup(NamedTuple):
    """The milestones of one manager, category or kind."""

    name: str
    spreads: Spreads
    key: str = ""  # of `WHO`, for a manager


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """Of all that the reader may see, and by group; `since` is the first day looked at."""

    since: date
    whole: Spreads
    managers: Sequence[PunctualityGroup]
    categories: Sequence[PunctualityGroup]
    kinds: Sequence[PunctualityGroup]


class Tally(NamedTuple):
    """So many milestones of a group were so many days off; projects instead where `days` is None."""

    dimension: str
    name: str
    weeks: int
    days: int | None
    number: int


def punctuality_of(view: VisibleRows) -> Punctuality:
    """
    Compare forecasts with what came, for the milestones done in the last 52 weeks.

    Up to an hour old, as the page says: it looks at every freeze of a year, and a milestone more does
    not change what a year says. A new freeze or another set of projects counts at once.
    """
    newest = max(view.regular_days, default=None)
    name = f"punctuality:{view.scope.key}:{newest}:{view.today}"
    found = kept(name, seen=visible_ids(view.user), make=lambda: _compared(view))
    # codes are kept and named now: a category may have another name since
    named = [
        PunctualityGroup(category_name(group.name), group.spreads) for group in found.categories
    ]
    return replace(
        found,
        categories=sorted(named, key=lambda group: fold(group.name)),
        managers=_marked(found.managers),
    )


def _marked(managers: Sequence[PunctualityGroup]) -> list[PunctualityGroup]:
    """Mark who is deactivated by now: what is kept may be an hour old."""
    known = [group.key for group in managers if group.key.isdecimal()]
    if not known:
        return list(managers)
    left = User.objects.filter(pk__in=known, is_active=False).values_list("pk", flat=True)
    gone = set(map(str, left))
    return [
        group._replace(name=marked(group.name)) if group.key in gone else group
        for group in managers
    ]


def _compared(view: VisibleRows) -> Punctuality:
    since = view.today - timedelta(weeks=WEEKS)
    misses: dict[tuple[str, str, int], dict[int, int]] = defaultdict(dict)
    projects: dict[tuple[str, str, int], int] = {}
    for dimension, name, weeks, days, number in _tallies(view, since):
        if days is None:
            projects[dimension, name, weeks] = number
        else:
            misses[dimension, name, weeks][days] = number

    def spreads(dimension: str, name: str) -> Spreads:
        return {
            weeks: spread_of(
                misses.get((dimension, name, weeks), {}),
                projects=projects.get((dimension, name, weeks), 0),
            )
            for weeks in HORIZONS
        }

    managers = _managers(view)

    def groups(dimension: str, label: Callable[[str], str] = str) -> list[PunctualityGroup]:
        names = {name for kind, name, _ in projects if kind == dimension and name}
        found = [PunctualityGroup(label(name), spreads(dimension, name), name) for name in names]
        return sorted(found, key=lambda group: fold(group.name))

    return Punctuality(
        since=since,
        whole=spreads(WHOLE, EVERYTHING),
        managers=groups(MANAGER, lambda key: managers.get(key, key)),
        categories=groups(CATEGORY),
        kinds=groups(KIND, lambda name: MilestoneKind(name).label),
    )


def _managers(view: VisibleRows) -> dict[str, str]:
    """Return by the key of `WHO` what the managers are called, namesakes told apart."""
    live = Snapshot.objects.live().of_scope(view.scope, on=view.today)
    named = live.visible_to(view.user).order_by().annotate(who=WHO).values("who")
    said = named.annotate(
        name=Max("manager_name"), unit=Max("manager__unit__name"), code=Min("code")
    )
    rows = list(said.order_by("who").values_list("who", "name", "unit", "code"))
    names = told_apart(Named(name, (unit or "", code)) for _, name, unit, code in rows)
    return {key: name for (key, *_), name in zip(rows, names, strict=True)}


def _tallies(view: VisibleRows, since: date) -> list[Tally]:
    """Count the misses by group and days inside the database, reading the asked freezes alone."""
    moments = _moments(view, since)
    live = Snapshot.objects.live().of_scope(view.scope, on=view.today)
    try:
        seen, seen_values = (
            live.visible_to(view.user)
            .order_by()
            .annotate(who=WHO)
            .values_list("project_id", "who", "category")
            .query.sql_with_params()
        )
    except EmptyResultSet:
        return []
    if not moments:
        return []
    adapted = connection.ops.adapt_datefield_value
    values = [
        value
        for done, weeks, frozen in moments
        for value in (adapted(done), weeks, adapted(frozen))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(seen, len(moments)), [*values, *seen_values])
        return [Tally(*row) for row in cursor.fetchall()]


def _moments(view: VisibleRows, since: date) -> list[tuple[date, int, date]]:
    """Return for each day of actual dates and each horizon the freeze that tells what was forecast."""
    freezes = sorted(view.regular_days)
    days = (since + timedelta(days=number) for number in range((view.today - since).days + 1))
    return [
        (day, weeks, frozen)
        for day in days
        for weeks in HORIZONS
        if (frozen := asked_on(day, weeks, freezes)) is not None
    ]


def _statement(seen: str, moments: int) -> str:
    quote = connection.ops.quote_name
    frozen, milestones = (quote(one._meta.db_table) for one in (FrozenMilestone, Milestone))
    days = "done - said"
    if connection.vendor == "sqlite":
        days = "CAST(julianday(done) - julianday(said) AS integer)"
    rows = ", ".join(["(%s, %s, %s)"] * moments)
    counted = " UNION ALL ".join(
        f"SELECT '{column}', {column}, weeks, days, COUNT(*)"  # noqa: S608 - our own column names
        f" FROM misses GROUP BY {column}, weeks, days"
        f" UNION ALL SELECT '{column}', {column}, weeks, NULL, COUNT(*)"
        f" FROM {'heard_by_kind' if column == KIND else 'heard'} GROUP BY {column}, weeks"
        for column in DIMENSIONS
    )
    # the freezes are looked up one by one: joined, the planner may take a way that lasts minutes
    return (
        f"WITH moments(done, weeks, frozen) AS (VALUES {rows}),"  # noqa: S608 - own table names
        f" seen(project_id, manager, category) AS ({seen}),"
        " told(project_id, whole, manager, category, kind, weeks, done, said) AS MATERIALIZED ("
        f" SELECT m.project_id, '{EVERYTHING}', s.manager, s.category, m.kind, t.weeks, t.done,"
        f" (SELECT f.due_date FROM {frozen} f WHERE f.date = t.frozen"
        " AND f.project_id = m.project_id AND f.milestone = m.id"
        " AND NOT f.is_early AND NOT f.is_done)"
        f" FROM {milestones} m JOIN moments t ON t.done = m.actual_date"
        " JOIN seen s ON s.project_id = m.project_id),"
        " misses AS MATERIALIZED ("
        f" SELECT project_id, whole, manager, category, kind, weeks, {days} AS days"
        " FROM told WHERE said IS NOT NULL),"
        # a project has one manager and one category, and milestones of several kinds
        " heard AS MATERIALIZED"
        " (SELECT DISTINCT project_id, whole, manager, category, weeks FROM misses),"
        " heard_by_kind AS (SELECT DISTINCT project_id, kind, weeks FROM misses)"
        f" {counted}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMilestones:
    """A project's done milestones, latest first, and the next one that is due."""

    asked_at: date
    came: Sequence[DoneMilestone]
    next_name: str = ""
    next_due: date | None = None


def milestones_of(project: Project, *, today: date) -> ProjectMilestones:
    """Return what was forecast of the done milestones and what is to come, in two statements."""
    said: dict[int, dict[date, date]] = defaultdict(dict)
    frozen = FrozenMilestone.objects.filter(project=project, is_early=False, is_done=False)
    for pk, day, due in frozen.values_list("milestone", "date", "due_date"):
        if due is not None:
            said[pk][day] = due
    rows = list(
        Milestone.objects.filter(project=project)
        .by_date()
        .values_list("pk", "name", "actual_date", "due_date")
    )
    coming = [(name, due) for _, name, done, due in rows if done is None and due and due >= today]
    next_name, next_due = coming[0] if coming else ("", None)
    return ProjectMilestones(
        asked_at=today,
        came=[
            DoneMilestone(name=name, done=done, said=said[pk])
            for pk, name, done, _ in reversed(rows)
            if done is not None
        ],
        next_name=next_name,
        next_due=next_due,
    )
