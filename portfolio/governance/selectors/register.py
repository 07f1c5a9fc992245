"""The register of decisions as pages and the API ask it: what waits, is late, is unratified, blocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

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
from portfolio.governance.models import Condition, Decision, DecisionQuerySet
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
    rows = Decision.objects.filter(
        project=project, is_out_of_cycle=True, state=DecisionState.DECIDED.value
    )
    overdue = Q(ratification=None, decided_on__lt=today - timedelta(days=RATIFY_WITHIN))
    return rows.filter(overdue | Q(ratification__is_ratified=False))


def blocking(project: Project, what: Blocks, today: date) -> "Iterable[Condition]":
    """Return the overdue conditions of a project's standing decisions that stand in the way of this."""
    rows = Condition.objects.overdue(today).filter(
        decision__project=project, decision__state=DecisionState.DECIDED.value, blocks=what.value
    )
    return rows.select_related("decision", "owner").order_by("due", "pk")


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
