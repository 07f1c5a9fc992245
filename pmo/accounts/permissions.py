"""Everything that can be allowed, as noun.verb. `roles.py` says who may; nothing else does."""

from enum import StrEnum


class Permission(StrEnum):
    # Signed in at all
    HOME_OPEN = "home.open"
    TOKEN_CHANGE = "token.change"  # noqa: S105 - a permission's name
    FIND = "find.use"
    WORDS_KEEP = "words.keep"  # what one types oneself and did not save

    OFFICE_OPEN = "office.open"

    # People, units and the trail
    ACCOUNT_LIST = "account.list"
    ACCOUNT_CHANGE = "account.change"
    PERSON_NAME = "person.name"  # add a person without an address, who cannot sign in
    UNIT_CHANGE = "unit.change"
    UNIT_ADD = "unit.add"  # those that an import names; not to change or move one
    ORGANIZATION_VIEW = "organization.view"
    ORGANIZATION_CHANGE = "organization.change"
    AUDIT_VIEW = "audit.view"
    COMPONENT_VIEW = "component.view"
    JOB_VIEW = "job.view"
    CLOCK_CONFIRM = "clock.confirm"  # say that a clock which jumped is right

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
    PLAN_CHANGE = "plan.change"
    CALENDAR_CHANGE = "calendar.change"
    BASELINE_SET = "baseline.set"  # the first one; later ones come from approved changes
    CHANGE_RAISE = "change.raise"
    CHANGE_ASSESS = "change.assess"
    CHANGE_DECIDE = "change.decide"  # within the project manager's tolerance
    CHANGE_DECIDE_LARGER = "change.decide_larger"  # within the sponsor's
    CHANGE_DECIDE_ANY = "change.decide_any"
    TOLERANCE_CHANGE = "tolerance.change"
    RESERVE_CHANGE = "reserve.change"
    VARIANCE_EXPLAIN = "variance.explain"
    FUNDING_VIEW = "funding.view"
    FUNDING_CHANGE = "funding.change"
    BUDGET_CHANGE = "budget.change"
    COST_RECORD = "cost.record"
    FORECAST_CHANGE = "forecast.change"
    STAKEHOLDER_CHANGE = "stakeholder.change"
    STAKEHOLDER_GROUP_CHANGE = "stakeholder_group.change"  # the organization's register
    COMMUNICATION_CHANGE = "communication.change"  # the plan and adoption; a sender sends anyway
    COMMUNICATION_APPROVE = "communication.approve"  # text for patients, never one's own
    STATUS_WRITE = "status.write"
    STATUS_CHASE = "status.chase"
    STATUS_JUDGE = "status.judge"  # set and validate colors where that is the office's
    TEMPLATE_CHANGE = "template.change"
    LESSON_CHANGE = "lesson.change"
    START_CONFIRM = "start.confirm"  # what a template brought as an example

    # Risks and issues
    RISK_CHANGE = "risk.change"
    ISSUE_CHANGE = "issue.change"

    # Portfolio
    PORTFOLIO_CHANGE = "portfolio.change"
    PORTFOLIO_KIND = "portfolio.kind"  # of the office: who decides what on its projects
    OBJECTIVE_CHANGE = "objective.change"

    # Committees and decisions: *_LIST opens a page; its rows come from visible_to()
    COMMITTEE_LIST = "committee.list"
    COMMITTEE_VIEW = "committee.view"  # its members, meetings and minutes
    COMMITTEE_CHANGE = "committee.change"
    MEETING_RUN = "meeting.run"  # agenda, attendance, others' votes, outcomes, minutes
    VOTE_CAST = "vote.cast"  # one's own
    DECISION_LIST = "decision.list"
    DECISION_VIEW = "decision.view"
    DECISION_RAISE = "decision.raise"  # ask, edit until it is decided, withdraw
    DECISION_TAKE = "decision.take"  # of a person; a committee decides in its meeting
    CONDITION_ANSWER = "condition.answer"  # say what shows that it is met
    GATE_CHANGE = "gate.change"  # lay, plan and take off the gates of a project
    GATE_EVIDENCE = "gate.evidence"
    GATE_ASK = "gate.ask"  # put a gate before who decides it
    GATE_HOLD = "gate.hold"  # hold or stop a project, where the kind of office lets the office
    GATE_SET_CHANGE = "gate_set.change"
    CONDITION_CLOSE = "condition.close"  # verify, or record that the body waived it

    # Requests for projects, and capital
    REQUEST_SUBMIT = "request.submit"  # ask for a project; also to change or withdraw one's own
    REQUEST_VIEW = "request.view"
    REQUEST_TRIAGE = "request.triage"  # decide on requests, and verify grounds
    REQUEST_CLASSIFY = "request.classify"  # say for finance what is capital
    INTAKE_RULES = "intake.rules"
    CAPITAL_VIEW = "capital.view"
    CAPITAL_CHANGE = "capital.change"  # cycles and the replacement list

    # Reports
    DASHBOARD_VIEW = "dashboard.view"
    REPORT_RUN = "report.run"
    SUMMARY_VIEW = "summary.view"
    SUMMARY_REVIEW = "summary.review"
    SUMMARY_ISSUE = "summary.issue"
    AUDIENCE_TEXT_CHANGE = "audience_text.change"
    SUBSCRIPTION_CHANGE = "subscription.change"
    IMPORT_RUN = "import.run"
    IMPORT_UNDO = "import.undo"  # also what somebody else imported; one's own goes with import.run
    FREEZE_NOW = "freeze.now"
    FREEZE_VOID = "freeze.void"
