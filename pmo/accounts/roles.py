"""The whole permission table of the system. Nothing else grants anything."""

from functools import cache

from django.db import models

from pmo.accounts.permissions import Permission as P  # noqa: N817 - the table is read by column


class Role(models.TextChoices):
    # across the organization or one unit and everything below it
    ADMINISTRATOR = "administrator", "Administrator"
    PMO_LEAD = "pmo_lead", "PMO lead"
    PMO_ANALYST = "pmo_analyst", "PMO analyst"
    EXECUTIVE = "executive", "Executive"
    AUDITOR = "auditor", "Auditor"
    UNIT_HEAD = "unit_head", "Unit head"
    STAFF = "staff", "Staff"
    # on one project
    SPONSOR = "sponsor", "Sponsor"
    MANAGER = "manager", "Project manager"
    CLINICAL_LEAD = "clinical_lead", "Clinical lead"
    TEAM_MEMBER = "team_member", "Team member"
    READER = "reader", "Reader"
    # in one committee, towards one decision
    COMMITTEE_CHAIR = "committee_chair", "Committee chair or deputy"
    COMMITTEE_SECRETARY = "committee_secretary", "Committee secretary"
    COMMITTEE_MEMBER = "committee_member", "Committee member"
    DECIDER = "decider", "Decider"
    PARTY = "party", "Party to a decision"


ORGANIZATION_ROLES = (
    Role.ADMINISTRATOR,
    Role.PMO_LEAD,
    Role.PMO_ANALYST,
    Role.EXECUTIVE,
    Role.AUDITOR,
    Role.UNIT_HEAD,
    Role.STAFF,
)
PROJECT_ROLES = (Role.SPONSOR, Role.MANAGER, Role.CLINICAL_LEAD, Role.TEAM_MEMBER, Role.READER)
# held by a seat in a committee, or by what a decision says; nobody gives them by themselves
COMMITTEE_ROLES = (
    Role.COMMITTEE_CHAIR,
    Role.COMMITTEE_SECRETARY,
    Role.COMMITTEE_MEMBER,
    Role.DECIDER,
    Role.PARTY,
)

DESCRIPTIONS: dict[Role, str] = {
    Role.ADMINISTRATOR: "Runs Rounds: people, units, the organization's settings, background jobs. Sees no project.",
    Role.PMO_LEAD: "Leads the project management office: everything, confidential projects too.",
    Role.PMO_ANALYST: "Works in the office: projects, imports, reports and summaries.",
    Role.EXECUTIVE: "Reads every project but the confidential ones, and the weekly summary.",
    Role.AUDITOR: "Reads every project but the confidential ones, and who did what.",
    Role.UNIT_HEAD: "Reads the projects of the unit and the units below it.",
    Role.STAFF: "May sign in; sees the projects the person is named on.",
    Role.SPONSOR: "Answers for the project; keeps its risks and stakeholders, decides changes within tolerance.",
    Role.MANAGER: "Runs the project: status, milestones, costs, forecasts, risks, stakeholders.",
    Role.CLINICAL_LEAD: "Speaks for the clinicians; reads the project and keeps risks and issues.",
    Role.TEAM_MEMBER: "Works on the project; keeps milestones' forecasts, risks and issues.",
    Role.READER: "Reads the project.",
    Role.COMMITTEE_CHAIR: "Chairs the committee, or stands in: votes, runs its meetings, reads what is put before it.",
    Role.COMMITTEE_SECRETARY: "Prepares the committee's meetings, records attendance, votes and outcomes, writes the minutes.",
    Role.COMMITTEE_MEMBER: "Votes in the committee; reads what is put before it, also on a confidential project.",
    Role.DECIDER: "Is the person who decides what was asked.",
    Role.PARTY: "Raised the decision or answers for one of its conditions.",
}

_SIGNED_IN = {P.HOME_OPEN, P.TOKEN_CHANGE, P.FIND, P.WORDS_KEEP, P.REQUEST_SUBMIT}
_OPEN_PAGES = _SIGNED_IN | {
    P.PROJECT_LIST,
    P.DASHBOARD_VIEW,
    P.SUMMARY_VIEW,
    P.COMMITTEE_LIST,
    P.DECISION_LIST,
}
_READ = _OPEN_PAGES | {P.PROJECT_VIEW, P.DECISION_VIEW, P.REQUEST_VIEW}
_IN_COMMITTEE = {P.COMMITTEE_VIEW, P.DECISION_VIEW, P.VOTE_CAST}
_RUN_MEETINGS = {
    P.COMMITTEE_VIEW,
    P.MEETING_RUN,
    P.DECISION_RAISE,
    P.CONDITION_ANSWER,
    P.CONDITION_CLOSE,
}
_RUN_PROJECT = {
    P.PROJECT_CHANGE,
    P.MILESTONE_CHANGE,
    P.PLAN_CHANGE,
    P.CHANGE_RAISE,
    P.CHANGE_ASSESS,
    P.VARIANCE_EXPLAIN,
    P.COST_RECORD,
    P.FORECAST_CHANGE,
    P.STAKEHOLDER_CHANGE,
    P.COMMUNICATION_CHANGE,
    P.STATUS_WRITE,
    P.LESSON_CHANGE,
    P.START_CONFIRM,
    P.GATE_EVIDENCE,
    P.GATE_ASK,
    P.RISK_CHANGE,
    P.ISSUE_CHANGE,
    P.DECISION_RAISE,
}
_OFFICE = (
    _READ
    | _RUN_PROJECT
    | _RUN_MEETINGS
    | {
        P.COMMITTEE_CHANGE,
        P.DECISION_TAKE,
        P.OFFICE_OPEN,
        P.PROJECT_CREATE,
        P.PROJECT_GOVERN,
        P.PROGRAM_CHANGE,
        P.MILESTONE_BASELINE,
        P.CALENDAR_CHANGE,
        P.BASELINE_SET,
        P.RESERVE_CHANGE,
        P.FUNDING_VIEW,
        P.FUNDING_CHANGE,
        P.BUDGET_CHANGE,
        P.STATUS_CHASE,
        P.STATUS_JUDGE,
        P.STAKEHOLDER_GROUP_CHANGE,
        P.COMMUNICATION_APPROVE,
        P.AUDIENCE_TEXT_CHANGE,
        P.TEMPLATE_CHANGE,
        P.GATE_CHANGE,
        P.GATE_HOLD,
        P.GATE_SET_CHANGE,
        P.PORTFOLIO_CHANGE,
        P.OBJECTIVE_CHANGE,
        P.REQUEST_TRIAGE,
        P.CAPITAL_VIEW,
        P.CAPITAL_CHANGE,
        P.REPORT_RUN,
        P.SUMMARY_REVIEW,
        P.SUBSCRIPTION_CHANGE,
        P.IMPORT_RUN,
        P.COMPONENT_VIEW,
        P.JOB_VIEW,
        P.ACCOUNT_LIST,
        P.PERSON_NAME,
        P.ORGANIZATION_VIEW,
    }
)

GRANTS: dict[Role, frozenset[P]] = {
    Role.ADMINISTRATOR: frozenset(
        _SIGNED_IN
        | {
            P.OFFICE_OPEN,
            P.ACCOUNT_LIST,
            P.ACCOUNT_CHANGE,
            P.UNIT_CHANGE,
            P.ORGANIZATION_VIEW,
            P.ORGANIZATION_CHANGE,
            P.AUDIT_VIEW,
            P.JOB_VIEW,
            P.CLOCK_CONFIRM,
            P.COMPONENT_VIEW,
        }
    ),
    Role.PMO_LEAD: frozenset(
        _OFFICE
        | {
            P.PROJECT_VIEW_CONFIDENTIAL,
            P.SUMMARY_ISSUE,
            P.FREEZE_NOW,
            P.FREEZE_VOID,
            P.IMPORT_UNDO,
            P.CLOCK_CONFIRM,
            P.UNIT_ADD,
            P.AUDIT_VIEW,
            P.CHANGE_DECIDE,
            P.CHANGE_DECIDE_LARGER,
            P.CHANGE_DECIDE_ANY,
            P.TOLERANCE_CHANGE,
            P.PORTFOLIO_KIND,
            P.REQUEST_CLASSIFY,
            P.INTAKE_RULES,
        }
    ),
    Role.PMO_ANALYST: frozenset(_OFFICE),
    Role.EXECUTIVE: frozenset(
        _READ | {P.FUNDING_VIEW, P.COMMITTEE_VIEW, P.CAPITAL_VIEW, P.REQUEST_CLASSIFY}
    ),
    Role.AUDITOR: frozenset(
        _READ | {P.AUDIT_VIEW, P.ACCOUNT_LIST, P.FUNDING_VIEW, P.COMMITTEE_VIEW, P.CAPITAL_VIEW}
    ),
    Role.UNIT_HEAD: frozenset(_READ),
    Role.STAFF: frozenset(_OPEN_PAGES),
    Role.SPONSOR: frozenset(
        _READ
        | {
            P.RISK_CHANGE,
            P.ISSUE_CHANGE,
            P.STAKEHOLDER_CHANGE,
            P.COMMUNICATION_CHANGE,
            P.COMMUNICATION_APPROVE,
            P.LESSON_CHANGE,
            P.START_CONFIRM,
            P.GATE_EVIDENCE,
            P.CHANGE_RAISE,
            P.CHANGE_DECIDE,
            P.CHANGE_DECIDE_LARGER,
            P.DECISION_RAISE,
        }
    ),
    Role.MANAGER: frozenset(_READ | _RUN_PROJECT | {P.CHANGE_DECIDE}),
    Role.CLINICAL_LEAD: frozenset(
        _READ | {P.GATE_EVIDENCE, P.RISK_CHANGE, P.ISSUE_CHANGE, P.CHANGE_RAISE, P.LESSON_CHANGE}
    ),
    Role.TEAM_MEMBER: frozenset(
        _READ | {P.MILESTONE_CHANGE, P.RISK_CHANGE, P.ISSUE_CHANGE, P.LESSON_CHANGE}
    ),
    Role.READER: frozenset(_READ),
    Role.COMMITTEE_CHAIR: frozenset(_IN_COMMITTEE | _RUN_MEETINGS),
    Role.COMMITTEE_SECRETARY: frozenset(_IN_COMMITTEE | _RUN_MEETINGS),
    Role.COMMITTEE_MEMBER: frozenset(_IN_COMMITTEE),
    Role.DECIDER: frozenset({P.DECISION_VIEW, P.DECISION_TAKE, P.CONDITION_CLOSE}),
    Role.PARTY: frozenset({P.DECISION_VIEW, P.CONDITION_ANSWER}),
}


@cache
def roles_granting(permission: P) -> frozenset[Role]:
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)
