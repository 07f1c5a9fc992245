"""The fixed lists a project's fields choose from."""

from enum import StrEnum


class Lane(StrEnum):
    MANDATORY = "mandatory"
    STRATEGIC = "strategic"
    OPERATIONAL = "operational"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class MilestoneKind(StrEnum):
    GATE = "gate"
    GO_LIVE = "go_live"
    DELIVERABLE = "deliverable"

    @property
    def label(self) -> str:
        return {"gate": "Gate", "go_live": "Go-live", "deliverable": "Deliverable"}[self.value]


class BudgetKind(StrEnum):
    CAPITAL = "capital"
    OPERATING = "operating"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class CostKind(StrEnum):
    ACTUAL = "actual"
    COMMITMENT = "commitment"

    @property
    def label(self) -> str:
        return {"actual": "Actual cost", "commitment": "Commitment"}[self.value]


class TaskKind(StrEnum):
    WORK = "work"
    MILESTONE = "milestone"
    SUPPORT = (
        "support"  # takes time and money but is no work of its own: scaffolding, a rented crane
    )

    @property
    def label(self) -> str:
        return {"work": "Work", "milestone": "Milestone", "support": "Support"}[self.value]


class LinkKind(StrEnum):
    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"

    @property
    def label(self) -> str:
        return LINK_LABELS[self]


LINK_LABELS: dict[LinkKind, str] = {
    LinkKind.FINISH_START: "Finish to start",
    LinkKind.START_START: "Start to start",
    LinkKind.FINISH_FINISH: "Finish to finish",
    LinkKind.START_FINISH: "Start to finish",
}


class Constraint(StrEnum):
    NONE = "none"
    START_NOT_BEFORE = "start_not_before"
    START_NOT_AFTER = "start_not_after"
    FINISH_NOT_BEFORE = "finish_not_before"
    FINISH_NOT_AFTER = "finish_not_after"
    MUST_START = "must_start"
    MUST_FINISH = "must_finish"

    @property
    def label(self) -> str:
        return CONSTRAINT_LABELS[self]


CONSTRAINT_LABELS: dict[Constraint, str] = {
    Constraint.NONE: "As soon as possible",
    Constraint.START_NOT_BEFORE: "Start no earlier than",
    Constraint.START_NOT_AFTER: "Start no later than",
    Constraint.FINISH_NOT_BEFORE: "Finish no earlier than",
    Constraint.FINISH_NOT_AFTER: "Finish no later than",
    Constraint.MUST_START: "Must start on",
    Constraint.MUST_FINISH: "Must finish on",
}


class EarningMethod(StrEnum):
    """How a piece of work earns its planned value."""

    PERCENT = "percent"
    ZERO_HUNDRED = "zero_hundred"
    FIFTY_FIFTY = "fifty_fifty"
    STEPS = "steps"
    EFFORT = "effort"

    @property
    def label(self) -> str:
        return EARNING_LABELS[self]


EARNING_LABELS: dict[EarningMethod, str] = {
    EarningMethod.PERCENT: "Percent complete",
    EarningMethod.ZERO_HUNDRED: "0/100: all when it is done",
    EarningMethod.FIFTY_FIFTY: "50/50: half at the start, half when done",
    EarningMethod.STEPS: "Weighted steps",
    EarningMethod.EFFORT: "Level of effort: as time passes",
}


class EarnsBy(StrEnum):
    """What a project's earned value is counted from; fixed with each baseline."""

    TASKS = "tasks"
    MILESTONES = "milestones"
    PERCENT = "percent"

    @property
    def label(self) -> str:
        return {
            "tasks": "Tasks of the plan",
            "milestones": "Milestones by weight",
            "percent": "Percent complete in the status update",
        }[self.value]


class FundingKind(StrEnum):
    CAPITAL = "capital"
    OPERATING = "operating"
    GRANT = "grant"
    DONATION = "donation"
    BOND = "bond"

    @property
    def label(self) -> str:
        return {
            "capital": "Capital program",
            "operating": "Operating budget",
            "grant": "Grant",
            "donation": "Donation",
            "bond": "Bond or loan",
        }[self.value]


class ReserveKind(StrEnum):
    CONTINGENCY = "contingency"
    MANAGEMENT = "management"

    @property
    def label(self) -> str:
        return {"contingency": "Contingency", "management": "Management reserve"}[self.value]


class Cause(StrEnum):
    """Why a project costs or lasts other than its first baseline said."""

    APPROVED = "approved"
    RATE = "rate"
    SCOPE = "scope"
    DELAY = "delay"
    ESTIMATE = "estimate"

    @property
    def label(self) -> str:
        return CAUSE_LABELS[self]


CAUSE_LABELS: dict[Cause, str] = {
    Cause.APPROVED: "Approved changes",
    Cause.RATE: "Prices and rates",
    Cause.SCOPE: "Scope",
    Cause.DELAY: "Delay",
    Cause.ESTIMATE: "Estimate revised",
}


class ChangeState(StrEnum):
    RAISED = "raised"
    ASSESSED = "assessed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    IMPLEMENTED = "implemented"

    @property
    def label(self) -> str:
        return self.value.capitalize()


OPEN_CHANGES = (ChangeState.RAISED, ChangeState.ASSESSED, ChangeState.APPROVED)


class ChangeFunding(StrEnum):
    NONE = "none"
    NEW = "new"
    CONTINGENCY = "contingency"
    MANAGEMENT = "management"

    @property
    def label(self) -> str:
        return {
            "none": "No money needed",
            "new": "New money",
            "contingency": "Contingency",
            "management": "Management reserve",
        }[self.value]
