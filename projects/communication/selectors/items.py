"""Items of the plan of communication: when each is due next, and how many are due, late and sent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q
from django.db.models.functions import Greatest

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.search import as_read
from projects.communication.domain.timing import Cadence, late_through, next_due
from projects.communication.models import (
    CommunicationItem,
    CommunicationItemQuerySet,
    CommunicationSending,
)
from projects.domain.stages import ACTIVE
from projects.models import Project

SOON = timedelta(days=7)
SHOWN_WITH = (
    "project",
    "sender",
    "milestone",
    "group__lead",
    "stakeholder__lead",
    "stakeholder__group__lead",
)


def done_through(ids: Iterable[int]) -> dict[int, date]:
    """Return by item the later of its last sending and of the due day that one answered."""
    rows = CommunicationSending.objects.filter(item__in=ids).order_by().values_list("item")
    return dict(rows.annotate(done=Greatest(Max("sent_on"), Max("covers"))))


def next_due_of(item: CommunicationItem, done: date | None) -> date | None:
    return next_due(
        first=item.first_day,
        cadence=Cadence(item.cadence),
        until=item.last_day,
        done_through=done,
    )


def plan_items(project: Project) -> list[CommunicationItem]:
    """Return the items of a project, the next due first, and last those with nothing more due."""
    rows = project.communication_items.select_related(*SHOWN_WITH)
    found = rows.order_by(*as_read("next_due", "message", "pk"))
    return sorted(found, key=lambda item: item.next_due is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCounts:
    """Items over some projects; due includes overdue, which includes late (five working days)."""

    total: int
    open: int
    due: int
    overdue: int
    late: int


def item_counts(items: CommunicationItemQuerySet, *, today: date) -> ItemCounts:
    """Count in one query; what is due is so only in projects that run."""
    is_open = Q(next_due__isnull=False, project__stage__in=[stage.value for stage in ACTIVE])
    late = late_through(today)
    return ItemCounts(
        **items.order_by().aggregate(
            total=Count("pk"),
            open=Count("pk", filter=is_open),
            due=Count("pk", filter=is_open & Q(next_due__lte=today)),
            overdue=Count("pk", filter=is_open & Q(next_due__lt=today)),
            late=Count("pk", filter=is_open & Q(next_due__lte=late)),
        )
    )


def late_in(project_ids: Collection[int], day: date) -> dict[int, int]:
    """Count what these projects have not sent and was due five working days before a day or longer."""
    rows = CommunicationItem.objects.late(day).filter(project__in=project_ids).order_by()
    return dict(rows.values_list("project").annotate(number=Count("pk")))


def due_from(person: User, *, today: date) -> list[CommunicationItem]:
    """Return what a person has to send within a week, and what is overdue, in one query."""
    rows = CommunicationItem.objects.visible_to(person).due(today + SOON).filter(sender=person)
    return list(rows.select_related("project").order_by("next_due", "pk"))


def may_send(user: User, item: CommunicationItem) -> bool:
    """Say whether somebody may note that it went out: its sender, and whoever keeps the plan."""
    return (
        item.sender_id == user.pk
        or can(user, Permission.COMMUNICATION_CHANGE, item.project).allowed
    )
