"""Figures of the registers, for many projects at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from risks.domain.matrix import HIGH_FROM
from risks.models import Issue, IssueState, Risk, RiskState


@dataclass(slots=True, kw_only=True)
class RegisterFigures:
    """Counts of one project; overdue actions are reviews and issues past their date."""

    open_risks: int = 0
    high_risks: int = 0
    top_risk: str = ""
    top_risk_score: int | None = None
    open_issues: int = 0
    overdue_actions: int = 0


def register_figures(ids: Collection[int], *, as_of: date) -> dict[int, RegisterFigures]:
    """Return the counts by project id, in two queries."""
    found = {pk: RegisterFigures() for pk in ids}
    risks = (
        Risk.objects.threats()
        .filter(project__in=ids, state=RiskState.OPEN)
        .order_by("score", "pk")
        .values_list("project_id", "title", "score", "review_date")
    )
    for pk, title, score, review in risks:
        figures = found[pk]
        figures.open_risks += 1
        figures.high_risks += score >= HIGH_FROM
        figures.top_risk, figures.top_risk_score = title, score
        figures.overdue_actions += review is not None and review < as_of
    issues = Issue.objects.filter(project__in=ids, state=IssueState.OPEN)
    for pk, due in issues.values_list("project_id", "due_date"):
        found[pk].open_issues += 1
        found[pk].overdue_actions += due is not None and due < as_of
    return found
