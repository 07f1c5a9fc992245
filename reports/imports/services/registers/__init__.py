"""Write rows of registers: milestones, risks, issues, stakeholders, statuses."""

from reports.imports.services.registers.base import RegisterWriter
from reports.imports.services.registers.milestones import MilestoneWriter
from reports.imports.services.registers.risks import IssueWriter, LogWriter, RiskWriter
from reports.imports.services.registers.stakeholders import StakeholderWriter
from reports.imports.services.registers.statuses import StatusWriter

WRITERS: dict[str, type[RegisterWriter | LogWriter | StatusWriter]] = {
    "milestone": MilestoneWriter,
    "risk": RiskWriter,
    "issue": IssueWriter,
    "raid": LogWriter,
    "stakeholder": StakeholderWriter,
    "status": StatusWriter,
}
