"""Figures of the registers, for many projects at once, and who may answer for an entry."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from projects.models import Project
from projects.selectors.facts import Facts, read, shaped
from projects.selectors.people import answering_for
from risks.domain.matrix import EXTREME_FROM, HIGH_FROM
from risks.models import (
    Issue,
    IssueQuerySet,
    IssueState,
    Risk,
    RiskKind,
    RiskQuerySet,
    RiskState,
    Severity,
)


class Threat(NamedTuple):
    """An open threat as the register's figures see it."""

    project_id: int
    likelihood: int
    impact: int
    title: str
    review_date: date | None
    pk: int

    @property
    def score(self) -> int:
        return self.likelihood * self.impact


@dataclass(slots=True, kw_only=True)
class RegisterFigures:
    """Counts of one project; overdue actions are reviews and issues past their date."""

    open_risks: int = 0
    high_risks: int = 0
    top_risk: str = ""
    top_risk_score: int | None = None
    open_issues: int = 0
    overdue_actions: int = 0


def register_facts(ids: Collection[int]) -> list["QuerySet[Any, Any]"]:
    """Return the queries of threats (of any state) and open issues, shaped to be read with others."""
    threats = Risk.objects.threats().filter(project__in=ids)
    number = Cast(F("likelihood") * 10 + F("impact"), BigIntegerField())
    threat: dict[str, Any] = {
        "pk": F("pk"),
        "number": number,
        "text": F("title"),
        "first": F("review_date"),
    }
    issues = Issue.objects.filter(project__in=ids, state=IssueState.OPEN)
    return [
        shaped(threats.filter(state=RiskState.OPEN), "threat", **threat),
        shaped(threats.exclude(state=RiskState.OPEN), "past_threat", **threat),
        shaped(issues, "issue", pk=F("pk"), first=F("due_date")),
    ]


def open_threats(facts: Facts) -> list[Threat]:
    """Return the open threats, the lowest score first."""
    found = [
        Threat(fact.project_id, *divmod(fact.number or 0, 10), fact.text, fact.first, fact.pk or 0)
        for fact in facts.get("threat", [])
    ]
    return sorted(found, key=lambda threat: (threat.score, threat.pk))


def register_figures(
    ids: Collection[int], *, as_of: date, facts: Facts | None = None
) -> dict[int, RegisterFigures]:
    """Return the counts by project id; `facts` are for a caller that has read the rows."""
    facts = facts if facts is not None else read(register_facts(ids))
    found = {pk: RegisterFigures() for pk in ids}
    for threat in open_threats(facts):
        figures = found[threat.project_id]
        figures.open_risks += 1
        figures.high_risks += threat.score >= HIGH_FROM
        figures.top_risk, figures.top_risk_score = threat.title, threat.score
        figures.overdue_actions += threat.review_date is not None and threat.review_date < as_of
    for issue in facts.get("issue", []):
        found[issue.project_id].open_issues += 1
        found[issue.project_id].overdue_actions += issue.first is not None and issue.first < as_of
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCounts:
    """Counts over some risks; high includes extreme, both are of open threats only."""

    total: int
    open: int
    occurred: int
    closed: int
    high: int
    extreme: int
    opportunities: int
    overdue: int


# open threats by likelihood and impact; cells without any are left out
Cells = dict[tuple[int, int], int]


def risk_counts(risks: RiskQuerySet, *, as_of: date) -> RiskCounts:
    return register_counts(risks, as_of=as_of)[0]


def map_counts(risks: RiskQuerySet) -> Cells:
    """Return how many open threats stand in each cell (likelihood, impact) that has any."""
    rows = risks.open().threats().order_by().values_list("likelihood", "impact")
    return {(x, y): number for x, y, number in rows.annotate(number=Count("pk"))}


def register_counts(risks: RiskQuerySet, *, as_of: date) -> tuple[RiskCounts, Cells]:
    """Count risks for a list and for its map in one query, which reads the register once."""
    overdue = Count("pk", filter=Q(review_date__lt=as_of))
    kinds = risks.order_by().values_list("state", "kind", "likelihood", "impact")
    counts: Counter[str] = Counter()
    cells: Counter[tuple[int, int]] = Counter()
    for state, kind, likelihood, impact, number, late in kinds.annotate(
        n=Count("pk"), late=overdue
    ):
        counts["total"] += number
        counts[state] += number
        if state != RiskState.OPEN:
            continue
        counts["overdue"] += late
        if kind == RiskKind.OPPORTUNITY:
            counts["opportunities"] += number
            continue
        cells[likelihood, impact] += number
        counts["high"] += number * (likelihood * impact >= HIGH_FROM)
        counts["extreme"] += number * (likelihood * impact >= EXTREME_FROM)
    return RiskCounts(**{one.name: counts[one.name] for one in fields(RiskCounts)}), cells


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCounts:
    """Counts over some issues; critical and overdue are of open ones only."""

    total: int
    open: int
    resolved: int
    critical: int
    overdue: int


def issue_counts(issues: IssueQuerySet, *, as_of: date) -> IssueCounts:
    """Count in one query."""
    is_open = Q(state=IssueState.OPEN)
    return IssueCounts(
        **issues.order_by().aggregate(
            total=Count("pk"),
            open=Count("pk", filter=is_open),
            resolved=Count("pk", filter=Q(state=IssueState.RESOLVED)),
            critical=Count("pk", filter=is_open & Q(severity=Severity.CRITICAL)),
            overdue=Count("pk", filter=is_open & Q(due_date__lt=as_of)),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a list of the registers rests on: all projects, the hidden, and those without an entry."""

    projects: int
    hidden: int
    without: int


def coverage(user: User, entries: type[Risk] | type[Issue]) -> Coverage:
    """Count the projects behind a user's register; hidden ones are a number, never a name."""
    visible = Project.objects.visible_to(user)
    registered = Exists(entries._default_manager.filter(project=OuterRef("pk")))
    found = Project.objects.aggregate(
        projects=Count("pk"),
        seen=Count("pk", filter=Q(pk__in=visible.order_by().values("pk"))),
    )
    return Coverage(
        projects=found["projects"],
        hidden=found["projects"] - found["seen"],
        without=visible.exclude(registered).count(),
    )


def owners_for(project: Project, *, and_also: int | None = None) -> QuerySet[User]:
    """
    Return who may answer for a risk or issue: people named on the project, and the office.

    `and_also` is the present owner, who stays possible after leaving either.
    """
    return answering_for(project, Permission.RISK_CHANGE, and_also=and_also)
