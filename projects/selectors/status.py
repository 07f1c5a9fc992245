"""
What a status update is written on: the last one, the live figures, and what moved between them.

The weekly rhythm too: which update is due when, and whose came in.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.page import formats as written
from pmo.common.records.audit import target_of
from pmo.common.records.prepared import prepared
from pmo.organization.current import organization
from projects.domain.calendar import week_of
from projects.domain.colors import Color
from projects.domain.kinds import CostKind
from projects.domain.rhythm import due_at
from projects.models import CostEntry, Milestone, MilestoneQuerySet, Project, StatusUpdate
from projects.rules import axes_in_use, axis_names
from projects.selectors.figures import Figures, figures_of
from projects.selectors.rhythm import rhythm_now

RECENTLY_DONE = timedelta(days=28)
MOST_MILESTONES = 20
MOST_EVENTS = 200


class Moved(StrEnum):
    """What kind of thing moved."""

    FINISH = "finish"
    COST = "cost"
    OVERDUE = "overdue"
    BOOKED = "booked"
    DONE = "done"
    DATED = "dated"
    SHIFTED = "shifted"
    RISK_RAISED = "risk_raised"
    ISSUE_RAISED = "issue_raised"
    RISKS_CLOSED = "risks_closed"
    ISSUES_RESOLVED = "issues_resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSince:
    """
    One thing that moved since the last update; `is_worse` is None where neither is meant.

    `days` and `amount` are the change, positive when later or more; `on` and `total` what holds now.
    """

    what: Moved
    name: str = ""
    on: date | None = None
    days: int = 0
    amount: Decimal = Decimal()
    total: Decimal = Decimal()
    count: int = 0
    is_worse: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDue:
    """When the update of a week is due, in the organization's zone."""

    week: date
    at: datetime
    now: datetime

    @property
    def is_late(self) -> bool:
        return self.now > self.at


def due_now(now: datetime) -> UpdateDue:
    """Return the week that `now` falls in, and when its update is due."""
    local = timezone.localtime(now)
    zone: Any = timezone.get_current_timezone()
    week = week_of(local.date())
    return UpdateDue(week=week, at=due_at(week, rhythm_now(), zone=zone), now=local)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """Everything the form shows beside its fields."""

    project: Project
    due: UpdateDue
    week: date  # the one this update is for
    revision: int
    draft: StatusUpdate | None
    last: StatusUpdate | None  # the last one published, of any week
    same: StatusUpdate | None  # the one published for `week`, which this update corrects
    figures: Figures
    milestones: Sequence[Milestone]
    more_milestones: int
    moved: Sequence[MovedSince]

    @property
    def is_correction(self) -> bool:
        return self.same is not None

    @property
    def is_past(self) -> bool:
        """True for a correction of a week after which another was published: it moves no record."""
        return self.last is not None and self.last.week > self.week


def page_of(project: Project, *, now: datetime) -> StatusPage:
    """Read what the form of this project needs, in a fixed number of queries."""
    due = due_now(now)
    today = due.now.date()
    draft = next(iter(_draft(project.pk)), None)
    last = last_update(project)
    week = draft.week if draft and draft.revision > 1 else due.week
    same = last if last and last.week == week else None
    if draft and draft.revision > 1 and same is None:
        of_week = StatusUpdate.objects.published().filter(project=project, week=week)
        same = of_week.select_related("author").newest_first().first()
    found = figures_of([project], as_of=today)[project.pk]
    milestones, more = milestones_to_edit(project, today=today)
    return StatusPage(
        project=project,
        due=due,
        week=week,
        revision=same.revision + 1 if same else 1,
        draft=draft,
        last=last,
        same=same,
        figures=found,
        milestones=milestones,
        more_milestones=more,
        moved=moved_since(project, last, found, today=today),
    )


@prepared
def _draft(project: int) -> "QuerySet[StatusUpdate]":
    drafts = StatusUpdate.objects.drafts().select_related("author").filter(project=project)
    return drafts.order_by("pk")[:1]


def last_update(project: Project) -> StatusUpdate | None:
    return next(iter(_last(project.pk)), None)


@prepared
def _last(project: int) -> "QuerySet[StatusUpdate]":
    said = StatusUpdate.objects.published().filter(project=project)
    return said.select_related("author").newest_first()[:1]


def milestones_to_edit(project: Project, *, today: date) -> tuple[list[Milestone], int]:
    """Return what is not done or was done lately, and how many more than fit there are."""
    since = today - RECENTLY_DONE
    found = _first_to_edit(project.pk, since)
    if len(found) <= MOST_MILESTONES:
        return found, 0
    return found[:MOST_MILESTONES], _to_edit(project.pk, since).count() - MOST_MILESTONES


def _to_edit(project: int, done_since: date) -> MilestoneQuerySet:
    rows = Milestone.objects.filter(project=project)
    return rows.filter(Q(actual_date=None) | Q(actual_date__gte=done_since))


@prepared
def _first_to_edit(project: int, done_since: date) -> "QuerySet[Milestone]":
    return _to_edit(project, done_since).by_date()[: MOST_MILESTONES + 1]


def changes_since(last: StatusUpdate | None, project: Project, found: Figures) -> list[MovedSince]:
    """Compare the live finish and forecast with what the last update said."""
    if last is None:
        return []
    moved = []
    finish, said = project.forecast_finish_date, last.forecast_finish_date
    if finish and said and finish != said:
        days = (finish - said).days
        moved.append(MovedSince(what=Moved.FINISH, days=days, on=finish, is_worse=days > 0))
    cost, said_cost = found.money.forecast.value, last.forecast_cost
    if cost is not None and said_cost is not None and cost != said_cost:
        change = cost - said_cost
        moved.append(
            MovedSince(what=Moved.COST, amount=change, total=cost, is_worse=cost > said_cost)
        )
    return moved


def moved_since(
    project: Project, last: StatusUpdate | None, found: Figures, *, today: date
) -> list[MovedSince]:
    """List what moved in the records since the last update; empty without one."""
    if last is None or last.published_at is None:
        return []
    said_on = timezone.localtime(last.published_at).date()
    moved = changes_since(last, project, found)
    milestones = _milestone_dates(project.pk)
    events = _events_since(project, last)
    moved += _moved_milestones(events, {pk: name for pk, name, *_ in milestones})
    moved += [
        MovedSince(what=Moved.OVERDUE, name=name, on=due, is_worse=True)
        for _, name, due, done in milestones
        if done is None and due and said_on <= due < today
    ]
    for booked in _booked(project.pk, said_on, today):
        if booked:
            moved.append(MovedSince(what=Moved.BOOKED, amount=booked))
    return moved + _register_moves(events)


@prepared
def _milestone_dates(project: int) -> "QuerySet[Any, Any]":
    rows = Milestone.objects.filter(project=project).by_date()
    return rows.values_list("pk", "name", "due_date", "actual_date")


@prepared
def _booked(project: int, after: date, until: date) -> "QuerySet[Any, Any]":
    costs = CostEntry.objects.filter(
        project=project, kind=CostKind.ACTUAL, entry_date__gt=after, entry_date__lte=until
    )
    sums = costs.order_by().values("project").annotate(total=Sum("amount"))
    return sums.values_list("total", flat=True)


def _events_since(project: Project, last: StatusUpdate) -> list[dict[str, Any]]:
    """Return what the trail says after the last update: its own event is the last of its writing."""
    scope = target_of(project)
    number = next(iter(_published_as(target_of(last))), None)
    if number is None:
        events = AuditEvent.objects.filter(scope=scope, at__gt=last.published_at)
        bodies = list(_newest(events))
    else:
        bodies = _bodies_after(scope, number)
    return [json.loads(body) for body in reversed(bodies)]


@prepared
def _published_as(target: str) -> "QuerySet[Any, int]":
    events = AuditEvent.objects.filter(target=target, action="status.published")
    return events.order_by("sequence").values_list("sequence", flat=True)[:1]


@prepared
def _bodies_after(scope: str, sequence: int) -> "QuerySet[Any, str]":
    return _newest(AuditEvent.objects.filter(scope=scope, sequence__gt=sequence))


def _newest(events: "QuerySet[AuditEvent]") -> "QuerySet[Any, str]":
    return events.order_by("-sequence").values_list("body", flat=True)[:MOST_EVENTS]


def _moved_milestones(
    events: Iterable[Mapping[str, Any]], names: Mapping[int, str]
) -> list[MovedSince]:
    """Join each milestone's moves into one: from where it was to where it is."""
    first: dict[int, str | None] = {}
    latest: dict[int, str | None] = {}
    done: list[int] = []
    for event in events:
        kind, _, key = event["target"].partition(":")
        if kind != "projects.milestone" or event["action"] != "milestone.changed":
            continue
        pk, before, after = int(key), event["before"], event["after"]
        if "forecast_date" in after:
            first.setdefault(pk, before["forecast_date"])
            latest[pk] = after["forecast_date"]
        if after.get("actual_date") and pk not in done:
            done.append(pk)
    moved = [
        MovedSince(what=Moved.DONE, name=names[pk], is_worse=False) for pk in done if pk in names
    ]
    for pk, was in first.items():
        now = latest[pk]
        if pk not in names or pk in done or not now or now == was:
            continue
        to = date.fromisoformat(now)
        if was is None:
            moved.append(MovedSince(what=Moved.DATED, name=names[pk], on=to))
            continue
        days = (to - date.fromisoformat(was)).days
        moved.append(
            MovedSince(what=Moved.SHIFTED, name=names[pk], days=days, on=to, is_worse=days > 0)
        )
    return moved


RAISED = {"risk.created": Moved.RISK_RAISED, "issue.created": Moved.ISSUE_RAISED}
# what was done to an entry -> the state that closes it, and what moved
CLOSED = {
    "risk.changed": ("closed", Moved.RISKS_CLOSED),
    "issue.changed": ("resolved", Moved.ISSUES_RESOLVED),
}


def _register_moves(events: Iterable[Mapping[str, Any]]) -> list[MovedSince]:
    """Name what was raised in the registers and count what was closed."""
    moved = []
    closed = dict.fromkeys((what for _, what in CLOSED.values()), 0)
    for event in events:
        action, after = event["action"], event["after"]
        if what := RAISED.get(action):
            is_worse = True if after.get("kind") != "opportunity" else None
            moved.append(MovedSince(what=what, name=after.get("title", ""), is_worse=is_worse))
        elif action in CLOSED and after.get("state") == CLOSED[action][0]:
            closed[CLOSED[action][1]] += 1
    return moved + [
        MovedSince(what=what, count=count, is_worse=False)
        for what, count in closed.items()
        if count
    ]


def revisions_of(update: StatusUpdate) -> list[StatusUpdate]:
    """Return every published revision of the update's week, newest first."""
    rows = StatusUpdate.objects.published().filter(project=update.project, week=update.week)
    return list(rows.select_related("author").newest_first())


def neighbors_of(update: StatusUpdate) -> tuple[StatusUpdate | None, StatusUpdate | None]:
    """Return the last updates of the week before and the week after that were published."""
    said = StatusUpdate.objects.published().filter(project=update.project)
    return (
        said.filter(week__lt=update.week).newest_first().first(),
        said.filter(week__gt=update.week).order_by("week", "-revision", "-pk").first(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisSaid:
    """One axis of a published update, as it was said, under the name it has now."""

    label: str
    color: Color
    note: str


def lines_of(update: StatusUpdate) -> list[AxisSaid]:
    """Return the axes in use, and those that were when the update judged them."""
    in_use = axes_in_use()
    lines = {
        axis: AxisSaid(label=name, color=update.color_of(axis), note=update.note_of(axis))
        for axis, name in axis_names().items()
    }
    return [
        line
        for axis, line in lines.items()
        if axis in in_use or line.note or line.color is not Color.NONE
    ]


def facts_of(update: StatusUpdate) -> list[tuple[str, str]]:
    """Return the figures an update says; "" where it says none."""
    percent, cost, finish = (
        update.percent_complete,
        update.forecast_cost,
        update.forecast_finish_date,
    )
    return [
        ("Complete", "" if percent is None else f"{percent}%"),
        ("Forecast cost", "" if cost is None else written.money_exact(cost, organization().money)),
        ("Forecast finish", written.day(finish) if finish else ""),
    ]
