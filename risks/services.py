"""Write the registers."""

from typing import Any

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, only
from projects.models import Project
from projects.services.projects import TOPIC
from risks.models import Issue, Risk, RiskState

RISK_FIELDS = (
    "external_id",
    "title",
    "description",
    "kind",
    "state",
    "likelihood",
    "impact",
    "inherent_likelihood",
    "inherent_impact",
    "target_likelihood",
    "target_impact",
    "strategy",
    "response",
    "owner",
    "review_date",
    "proximity_date",
    "cost_impact",
)
ISSUE_FIELDS = (
    "external_id",
    "title",
    "description",
    "severity",
    "state",
    "owner",
    "due_date",
    "resolution",
)


@all_or_nothing
def create_risk(*, project: Project, by: User | None, **fields: Any) -> Risk:
    record = Risk(project=project, **only(fields, RISK_FIELDS))
    risk = add(record, by=by, action="risk.created", scope=project)
    announce(TOPIC, project.pk)
    return risk


@all_or_nothing
def change_risk(*, risk: Risk, version: int | None, by: User | None, **fields: Any) -> Risk:
    changed = change(
        risk,
        version=version,
        by=by,
        action="risk.changed",
        scope=risk.project,
        **only(fields, RISK_FIELDS),
    )
    announce(TOPIC, risk.project_id)
    return changed


@all_or_nothing
def create_issue(
    *, project: Project, by: User | None, from_risk: Risk | None = None, **fields: Any
) -> Issue:
    """
    Add an issue; one that comes from a risk marks that risk as occurred and keeps the link.

    Raises RefusalError when the risk is another project's or not open.
    """
    if from_risk is not None:
        _check_may_occur(from_risk, project)
    record = Issue(project=project, from_risk=from_risk, **only(fields, ISSUE_FIELDS))
    issue = add(record, by=by, action="issue.created", scope=project)
    if from_risk is not None:
        change(
            from_risk,
            version=None,
            by=by,
            action="risk.occurred",
            scope=project,
            state=RiskState.OCCURRED.value,
        )
    announce(TOPIC, project.pk)
    return issue


def _check_may_occur(risk: Risk, project: Project) -> None:
    # locked, so that two readers cannot make two issues of it at once
    now = Risk.objects.select_for_update().get(pk=risk.pk)
    if now.project_id != project.pk:
        raise RefusalError("An issue and the risk it comes from belong to the same project.")
    if now.state != RiskState.OPEN:
        over = "has occurred already" if now.state == RiskState.OCCURRED else "is closed"
        raise RefusalError(f"This risk {over}: it cannot become an issue.")


@all_or_nothing
def change_issue(*, issue: Issue, version: int | None, by: User | None, **fields: Any) -> Issue:
    changed = change(
        issue,
        version=version,
        by=by,
        action="issue.changed",
        scope=issue.project,
        **only(fields, ISSUE_FIELDS),
    )
    announce(TOPIC, issue.project_id)
    return changed
