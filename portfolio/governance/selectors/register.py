"""The register of decisions as pages and the API ask it: what waits, is late, is unratified, blocks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from pmo.accounts.models import User
from portfolio.governance.domain.delay import (
    RATIFY_WITHIN,
    Ratified,
    delay_cost,
    delay_days,
    ratification,
)
from portfolio.governance.domain.kinds import (
    WAITING,
    Blocks,
    ConditionState,
    DecisionState,
)
from portfolio.governance.models import (
    Condition,
    ConditionQuerySet,
    Decision,
    DecisionQuerySet,
)
from projects.models import Project


def late_days(decision: Decision, today: date) -> int:
    """Return the working days that a decision is, or was, late; what is not asked is never late."""
    if decision.state in (DecisionState.DRAFT, DecisionState.WITHDRAWN):
        return 0
    return delay_days(decision.needed_by, decision.asked_on, decision.decided_on or today)


def late_cost(decision: Decision, today: date) -> Decimal | None:
    """Return what the delay costs so far, or cost; None where no cost of a day was given."""
    return delay_cost(late_days(decision, today), decision.delay_cost)


def ratification_of(decision: Decision, today: date) -> Ratified | None:
    """Say how a decision between meetings stands; None for others. Reads `ratification`."""
    if not decision.is_out_of_cycle or decision.decided_on is None:
        return None
    said = getattr(decision, "ratification", None)
    return ratification(decision.decided_on, today, said.is_ratified if said else None)


def unratified(project: Project, today: date) -> DecisionQuerySet:
    """Return the decisions on a project for which new commitments are refused: not ratified in time, or refused."""
    return _unratified(today).filter(project=project)


def _unratified(today: date) -> DecisionQuerySet:
    rows = Decision.objects.filter(is_out_of_cycle=True, state=DecisionState.DECIDED.value)
    overdue = Q(ratification=None, decided_on__lt=today - timedelta(days=RATIFY_WITHIN))
    return rows.filter(overdue | Q(ratification__is_ratified=False))


class Owing(NamedTuple):
    """What the approvals of a project still owe."""

    conditions: int = 0  # overdue
    approvals: int = 0  # not ratified in time, or refused


def owing_in(project_ids: Collection[int], day: date) -> dict[int, Owing]:
    """Count by project what its standing approvals owed on a day and owe still, in two statements."""
    late = Condition.objects.overdue(day).filter(
        decision__project__in=project_ids, decision__state=DecisionState.DECIDED.value
    )
    conditions = _by_project(late, "decision__project")
    approvals = _by_project(_unratified(day).filter(project__in=project_ids), "project")
    return {
        pk: Owing(conditions.get(pk, 0), approvals.get(pk, 0))
        for pk in conditions.keys() | approvals.keys()
    }


def _by_project(rows: "QuerySet[Any]", name: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(name).annotate(number=Count("pk")))


def overdue_of(project: Project, today: date) -> ConditionQuerySet:
    """Return the overdue conditions of a project's standing decisions: each blocks the next gate (rule 2e)."""
    rows = Condition.objects.overdue(today).filter(
        decision__project=project, decision__state=DecisionState.DECIDED.value
    )
    return rows.select_related("decision", "owner").order_by("due", "pk")


def blocking(project: Project, what: Blocks, today: date) -> "Iterable[Condition]":
    """Return those of the overdue conditions that stand in the way of this besides."""
    return overdue_of(project, today).filter(blocks=what.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCounts:
    """How many decisions a reader sees, by how they stand."""

    total: int
    waiting: int
    overdue: int
    decided: int
    drafts: int


def register_counts_of(rows: DecisionQuerySet, today: date) -> RegisterCounts:
    waiting = Q(state__in=[one.value for one in WAITING])
    found = rows.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=waiting),
        overdue=Count("pk", filter=waiting & Q(needed_by__lt=today)),
        decided=Count("pk", filter=Q(state=DecisionState.DECIDED.value)),
        drafts=Count("pk", filter=Q(state=DecisionState.DRAFT.value)),
    )
    return RegisterCounts(**found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionCounts:
    """How many conditions a reader sees, by how they stand."""

    total: int
    open: int
    overdue: int


def condition_counts(reader: User, today: date) -> ConditionCounts:
    is_open = Q(state=ConditionState.OPEN.value)
    found = Condition.objects.visible_to(reader).aggregate(
        total=Count("pk"),
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due__lt=today)),
    )
    return ConditionCounts(**found)
