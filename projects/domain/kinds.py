"""The fixed lists a project's fields choose from."""

from projects.domain.labels import Labeled


class Lane(Labeled):
    MANDATORY = "mandatory"
    STRATEGIC = "strategic"
    OPERATIONAL = "operational"


class MilestoneKind(Labeled):
    GATE = "gate"
    GO_LIVE = "go_live", "Go-live"
    DELIVERABLE = "deliverable"


class StakeholderCategory(Labeled):
    """Which part of the hospital, or of the world around it, somebody speaks for."""

    C_SUITE = "c_suite", "Executives"
    MEDICAL_STAFF = "medical_staff", "Medical staff"
    NURSING = "nursing"
    CLINICAL_SERVICES = "clinical_services", "Clinical services"
    IT = "it", "Information technology"
    PATIENTS = "patients"
    BOARD = "board"
    VENDORS = "vendors"
    PAYERS = "payers"
    UNIONS = "unions"
    REGULATORS = "regulators"


class BudgetKind(Labeled):
    CAPITAL = "capital"
    OPERATING = "operating"


class CostKind(Labeled):
    ACTUAL = "actual", "Actual cost"
    COMMITMENT = "commitment"


class TaskKind(Labeled):
    WORK = "work"
    MILESTONE = "milestone"
    # takes time and money but is no work of its own: scaffolding, a rented crane
    SUPPORT = "support"


class LinkKind(Labeled):
    FINISH_START = "FS", "Finish to start"
    START_START = "SS", "Start to start"
    FINISH_FINISH = "FF", "Finish to finish"
    START_FINISH = "SF", "Start to finish"


class Constraint(Labeled):
    NONE = "none", "As soon as possible"
    START_NOT_BEFORE = "start_not_before", "Start no earlier than"
    START_NOT_AFTER = "start_not_after", "Start no later than"
    FINISH_NOT_BEFORE = "finish_not_before", "Finish no earlier than"
    FINISH_NOT_AFTER = "finish_not_after", "Finish no later than"
    MUST_START = "must_start", "Must start on"
    MUST_FINISH = "must_finish", "Must finish on"


class EarningMethod(Labeled):
    """How a piece of work earns its planned value."""

    PERCENT = "percent", "Percent complete"
    ZERO_HUNDRED = "zero_hundred", "0/100: all when it is done"
    FIFTY_FIFTY = "fifty_fifty", "50/50: half at the start, half when done"
    STEPS = "steps", "Weighted steps"
    EFFORT = "effort", "Level of effort: as time passes"


class EarnsBy(Labeled):
    """What a project's earned value is counted from; fixed with each baseline."""

    TASKS = "tasks", "Tasks of the plan"
    MILESTONES = "milestones", "Milestones by weight"
    PERCENT = "percent", "Percent complete in the status update"


class FundingKind(Labeled):
    CAPITAL = "capital", "Capital program"
    OPERATING = "operating", "Operating budget"
    GRANT = "grant"
    DONATION = "donation"
    BOND = "bond", "Bond or loan"


class ReserveKind(Labeled):
    CONTINGENCY = "contingency"
    MANAGEMENT = "management", "Management reserve"


class Cause(Labeled):
    """Why a project costs or lasts other than its first baseline said."""

    APPROVED = "approved", "Approved changes"
    RATE = "rate", "Prices and rates"
    SCOPE = "scope"
    DELAY = "delay"
    ESTIMATE = "estimate", "Estimate revised"


class ChangeState(Labeled):
    RAISED = "raised"
    ASSESSED = "assessed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    IMPLEMENTED = "implemented"


OPEN_CHANGES = (ChangeState.RAISED, ChangeState.ASSESSED, ChangeState.APPROVED)


class ChangeFunding(Labeled):
    NONE = "none", "No money needed"
    NEW = "new", "New money"
    CONTINGENCY = "contingency"
    MANAGEMENT = "management", "Management reserve"
