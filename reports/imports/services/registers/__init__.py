"""Write rows of registers: milestones, risks, issues and stakeholders, found again in their project."""

from reports.imports.services.registers.base import RegisterWriter
from reports.imports.services.registers.milestones import MilestoneWriter
from reports.imports.services.registers.risks import IssueWriter, LogWriter, RiskWriter
from reports.imports.services.registers.stakeholders import StakeholderWriter

WRITERS: dict[str, type[RegisterWriter | LogWriter]] = {
    "milestone": MilestoneWriter,
    "risk": RiskWriter,
    "issue": IssueWriter,
    "raid": LogWriter,
    "stakeholder": StakeholderWriter,
}
