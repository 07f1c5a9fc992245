"""What projects ask of gates before a stage or a commitment, and what of gates is for a person to do."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.page.waiting import WaitingItem, finds_waiting
from portfolio.governance.domain.gates import EvidenceKind, EvidenceState
from portfolio.governance.domain.kinds import DecisionState
from portfolio.governance.models import EvidenceItem, GateReview
from portfolio.governance.selectors.gates import spend_block, stage_block
from portfolio.governance.words import gates as words
from projects.asks import asked_before_commitment, asked_before_stage
from projects.domain.stages import ACTIVE, Stage
from projects.models import Project

SHOWN = 20


@asked_before_stage
def before_stage(project: Project, target: Stage) -> list[str]:
    block = stage_block(project, target, today=timezone.localdate())
    return words.stage_faults(block, target.label.lower()) if block else []


@asked_before_commitment
def before_commitment(project: Project) -> list[str]:
    block = spend_block(project, today=timezone.localdate())
    return words.spend_faults(block) if block else []


@finds_waiting("gates", order=25)
def evidence_to_give(person: Any, today: date) -> Sequence[WaitingItem]:
    """Name the evidence that reviews asked of a person's projects still lack, and reviews sent back."""
    del today
    projects = Project.objects.named(person, Role.MANAGER, Role.SPONSOR).filter(
        stage__in=[stage.value for stage in ACTIVE]
    )
    waiting = GateReview.objects.waiting().filter(project__in=projects.values("pk"))
    items = EvidenceItem.objects.filter(
        gate__in=waiting.values("gate"), state=EvidenceState.OPEN.value, is_required=True
    ).exclude(kind=EvidenceKind.FIELD.value)
    found = [
        WaitingItem(
            text=words.to_give(item),
            url=item.get_absolute_url(),
            about=str(item.project),
        )
        for item in items.select_related("gate", "project").order_by("pk")[:SHOWN]
    ]
    deferred = waiting.filter(
        Q(decision__state=DecisionState.DEFERRED.value)
        & Q(project__in=Project.objects.named(person, Role.MANAGER).values("pk"))
    )
    found += [
        WaitingItem(
            text=words.to_answer(review),
            url=review.gate.get_absolute_url(),
            about=str(review.project),
            due=review.decision.needed_by,
        )
        for review in deferred.select_related("gate", "project", "decision").order_by("pk")[:SHOWN]
    ]
    return found
