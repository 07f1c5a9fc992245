"""Everything that can be allowed, as noun.verb. `roles.py` says who may; nothing else does."""

from enum import StrEnum


class Permission(StrEnum):
    # Signed in at all
    HOME_OPEN = "home.open"
    TOKEN_CHANGE = "token.change"  # noqa: S105 - a permission's name
    FIND = "find.use"

    # People, units and the trail
    ACCOUNT_LIST = "account.list"
    ACCOUNT_CHANGE = "account.change"
    UNIT_CHANGE = "unit.change"
    AUDIT_VIEW = "audit.view"
    COMPONENT_VIEW = "component.view"
    JOB_VIEW = "job.view"

    # Projects: *_LIST opens a page; its rows come from visible_to()
    PROJECT_LIST = "project.list"
    PROJECT_VIEW = "project.view"
    PROJECT_VIEW_CONFIDENTIAL = "project.view_confidential"
    PROJECT_CREATE = "project.create"
    PROJECT_CHANGE = "project.change"
    PROJECT_GOVERN = "project.govern"  # confidentiality, people, stage, baseline dates, program
    PROGRAM_CHANGE = "program.change"
    MILESTONE_CHANGE = "milestone.change"
    MILESTONE_BASELINE = "milestone.baseline"
    BUDGET_CHANGE = "budget.change"
    COST_RECORD = "cost.record"
    FORECAST_CHANGE = "forecast.change"
    STAKEHOLDER_CHANGE = "stakeholder.change"
    STATUS_WRITE = "status.write"
    STATUS_CHASE = "status.chase"

    # Risks and issues
    RISK_CHANGE = "risk.change"
    ISSUE_CHANGE = "issue.change"

    # Portfolio
    PORTFOLIO_CHANGE = "portfolio.change"
    OBJECTIVE_CHANGE = "objective.change"

    # Reports
    DASHBOARD_VIEW = "dashboard.view"
    REPORT_RUN = "report.run"
    SUMMARY_VIEW = "summary.view"
    SUMMARY_REVIEW = "summary.review"
    SUMMARY_ISSUE = "summary.issue"
    SUBSCRIPTION_CHANGE = "subscription.change"
    IMPORT_RUN = "import.run"
