"""The fixed lists a project's fields choose from."""

from enum import StrEnum


class Category(StrEnum):
    EHR = "ehr"
    TELEHEALTH = "telehealth"
    FACILITY = "facility"
    SAFETY = "safety"
    COMPLIANCE = "compliance"
    VALUE_BASED = "value_based"
    VACCINE = "vaccine"
    CYBER = "cyber"
    ERP = "erp"
    DEVICE = "device"
    WORKFORCE = "workforce"
    OTHER = "other"

    @property
    def label(self) -> str:
        return CATEGORY_LABELS[self]


CATEGORY_LABELS: dict[Category, str] = {
    Category.EHR: "Health records and clinical IT",
    Category.TELEHEALTH: "Telehealth and access",
    Category.FACILITY: "Buildings and facilities",
    Category.SAFETY: "Patient safety and infection",
    Category.COMPLIANCE: "Compliance",
    Category.VALUE_BASED: "Value-based care",
    Category.VACCINE: "Vaccines and public health",
    Category.CYBER: "Cybersecurity",
    Category.ERP: "Finance and ERP",
    Category.DEVICE: "Devices and AI",
    Category.WORKFORCE: "Workforce",
    Category.OTHER: "Other",
}


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
