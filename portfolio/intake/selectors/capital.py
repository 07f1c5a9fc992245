"""What a request would buy by side, what is left of a cycle, and what is due to be replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from pmo.accounts.models import User
from pmo.common.folding import by_name
from portfolio.intake.domain.capital import Sorted, sides_of
from portfolio.intake.domain.contingency import left
from portfolio.intake.domain.kinds import ACCEPTED, IN_TRIAGE
from portfolio.intake.domain.replacement import Sign, is_due, score, signs
from portfolio.intake.models import (
    CapitalCycle,
    ContingencyDraw,
    IntakeRules,
    ProjectRequest,
    ReplacementItem,
    RequestItem,
)
from projects.domain.kinds import BudgetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsBySide:
    """The items of a request with the side of each, and the sums."""

    rows: Sequence[tuple[RequestItem, BudgetKind]]
    sums: Sorted


def items_of(request: ProjectRequest, rules: IntakeRules) -> ItemsBySide:
    items = list(request.items.order_by("bought_with", "pk"))
    sums = sides_of([item.as_cost for item in items], threshold=rules.capital_threshold)
    return ItemsBySide(rows=[(item, sums.sides[item.pk]) for item in items], sums=sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleFigures:
    """What a cycle asks, pays and keeps; requests are those that the reader may see."""

    contingency: Decimal
    drawn: Decimal
    left: Decimal
    asked: Decimal
    accepted: Decimal


def cycle_figures(cycle: CapitalCycle, reader: User) -> CycleFigures:
    draws = list(cycle.draws.values_list("amount", flat=True))
    rows = ProjectRequest.objects.visible_to(reader).filter(cycle=cycle)
    return CycleFigures(
        contingency=cycle.contingency,
        drawn=sum(draws, Decimal()),
        left=left(cycle.contingency, draws),
        asked=_capital(rows.filter(state__in=[one.value for one in (*IN_TRIAGE, *ACCEPTED)])),
        accepted=_capital(rows.filter(state__in=[one.value for one in ACCEPTED])),
    )


def _capital(rows: "QuerySet[ProjectRequest]") -> Decimal:
    found: Decimal | None = rows.aggregate(sum=Sum("capital_estimate"))["sum"]
    return found or Decimal()


def draws_of(cycle: CapitalCycle, reader: User) -> list[ContingencyDraw]:
    """Return the draws, the latest first; one for a request that the reader may not see keeps silent."""
    draws = list(cycle.draws.select_related("by", "request").order_by("-drawn_on", "-pk"))
    wanted = {draw.request_id for draw in draws if draw.request_id}
    visible = ProjectRequest.objects.visible_to(reader).filter(pk__in=wanted)
    seen = set(visible.values_list("pk", flat=True)) if wanted else set()
    for draw in draws:
        is_open = draw.request_id is None or draw.request_id in seen
        setattr(draw, "is_open", is_open)
        setattr(draw, "shown_request", draw.request if is_open else None)
    return draws


def paid_by(request: ProjectRequest) -> ContingencyDraw | None:
    """Return what the contingency paid for an emergency; None where it paid nothing yet."""
    return ContingencyDraw.objects.filter(request=request).select_related("cycle").first()


def requests_of(cycle: CapitalCycle, reader: User) -> "QuerySet[ProjectRequest]":
    """Return the requests of a cycle that the reader may see, the dearest first."""
    rows = ProjectRequest.objects.visible_to(reader).filter(cycle=cycle).select_related("unit")
    return rows.order_by("-capital_estimate", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A thing in use with its score, what speaks for replacing it, and whether that is enough."""

    item: ReplacementItem
    score: int
    signs: Sequence[Sign]
    is_due: bool


def ranked(items: "QuerySet[ReplacementItem]", rules: IntakeRules, today: date) -> list[Ranked]:
    """Return the things by score, the most urgent first; the age of today counts."""
    found = []
    for item in items:
        worn = item.as_worn(today)
        spoken = signs(worn, service_share=rules.service_share)
        due = is_due(worn, service_share=rules.service_share, at_least=rules.signs_needed)
        found.append(Ranked(item=item, score=score(worn), signs=spoken, is_due=due))
    return sorted(
        found, key=lambda one: (-one.score, not one.is_due, *by_name(one.item.name, one.item.pk))
    )


def requests_behind(rows: Sequence[Ranked], reader: User) -> dict[int, ProjectRequest]:
    """Return by id the requests that replace these things, as far as the reader may see them."""
    wanted = {row.item.request_id for row in rows if row.item.request_id}
    return ProjectRequest.objects.visible_to(reader).in_bulk(wanted) if wanted else {}
